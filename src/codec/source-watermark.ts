/**
 * Drops what was seen before. Every derived record carries the input record that it came from and its index there; per upstream
 * partition these never decrease in a topic, so whatever is not newer than the highest one seen is a repetition of a crashed commit.
 */
import type { Json } from "../json/json.ts";
import type { Source } from "./records.ts";

export interface SourceWatermark {
  /** True once per source, in order; false for anything at or below the highest seen of its partition. */
  isNew(source: Source): boolean;
  snapshot(): Json;
  /** Replaces everything. Throws on what `snapshot` did not make. */
  restore(snapshot: Json): void;
}

/** Kafka allows more partitions than this in a topic only on clusters far beyond one pipeline's input. */
const partitionsMax = 100_000;

export function createSourceWatermark(): SourceWatermark {
  const seen = new Map<number, { offset: number; index: number }>();

  function isNew(source: Source): boolean {
    const { partition, offset, index } = source;
    const highest = seen.get(partition);
    if (highest === undefined) {
      if (seen.size >= partitionsMax) throw new Error(`more than ${partitionsMax} upstream partitions`);
      seen.set(partition, { offset, index });
      return true;
    }
    if (offset < highest.offset || (offset === highest.offset && index <= highest.index)) return false;
    highest.offset = offset;
    highest.index = index;
    return true;
  }

  function snapshot(): Json {
    return [...seen].sort(([a], [b]) => a - b).map(([partition, { offset, index }]) => [partition, offset, index]);
  }

  function restore(rows: Json): void {
    if (!Array.isArray(rows)) throw new Error("not a snapshot of a source watermark");
    seen.clear();
    for (const row of rows as readonly Json[]) {
      const [partition, offset, index] = Array.isArray(row) ? (row as readonly Json[]) : [];
      if (typeof partition !== "number" || typeof offset !== "number" || typeof index !== "number") {
        throw new Error("not a snapshot of a source watermark");
      }
      seen.set(partition, { offset, index });
    }
  }

  return { isNew, snapshot, restore };
}
