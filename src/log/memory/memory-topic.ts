/** One topic of the memory log: an array of records per partition; a compact topic forgets the older values of a key at once. */
import type { LogRecord, Range, ReadLimits, TopicInfo, TopicSpec } from "../port.ts";

export interface MemoryTopic {
  readonly name: string;
  readonly partitions: number;
  append(partition: number, key: string | null, value: Uint8Array | null, nowMs: number): number;
  range(partition: number): Range;
  read(partition: number, from: number, limits: ReadLimits): readonly LogRecord[];
  truncate(partition: number, start: number): void;
  info(): TopicInfo;
}

interface Part {
  start: number;
  end: number;
  timestamp: number;
  records: LogRecord[];
}

export function createMemoryTopic(spec: TopicSpec): MemoryTopic {
  const parts: readonly Part[] = Array.from({ length: spec.partitions }, () => ({
    start: 0,
    end: 0,
    timestamp: 0,
    records: [],
  }));
  function partOf(partition: number): Part {
    const part = parts[partition];
    if (part === undefined) throw new RangeError(`${spec.name} has no partition ${partition}`);
    return part;
  }
  return {
    name: spec.name,
    partitions: spec.partitions,
    append(partition, key, value, nowMs) {
      const part = partOf(partition);
      part.timestamp = Math.max(part.timestamp, nowMs);
      const offset = part.end++;
      if (spec.cleanup === "compact" && key !== null)
        part.records = part.records.filter((record) => record.key !== key);
      part.records.push({ topic: spec.name, partition, offset, timestamp: part.timestamp, key, value });
      return offset;
    },
    range(partition) {
      const { start, end } = partOf(partition);
      return { start, end };
    },
    read(partition, from, limits) {
      const { records } = partOf(partition);
      const found: LogRecord[] = [];
      let bytes = 0;
      for (let at = firstAtOrAfter(records, from); at < records.length; at++) {
        const record = records[at];
        if (record === undefined) break;
        bytes += record.value?.length ?? 0;
        if (found.length > 0 && (found.length >= limits.recordsMax || bytes > limits.bytesMax)) break;
        found.push(record);
      }
      return found;
    },
    truncate(partition, start) {
      const part = partOf(partition);
      part.start = Math.max(part.start, Math.min(start, part.end));
      part.records = part.records.filter((record) => record.offset >= part.start);
    },
    info() {
      const bytes = parts.reduce(
        (sum, part) => sum + part.records.reduce((own, { value }) => own + (value?.length ?? 0), 0),
        0,
      );
      return {
        name: spec.name,
        cleanup: spec.cleanup,
        partitions: parts.map(({ start, end }) => ({ start, end })),
        bytes,
      };
    },
  };
}

/** Index of the first record whose offset is not below `from`; offsets rise, with holes where compaction took some. */
function firstAtOrAfter(records: readonly LogRecord[], from: number): number {
  let low = 0;
  let high = records.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((records[middle]?.offset ?? 0) < from) low = middle + 1;
    else high = middle;
  }
  return low;
}
