/** The newest records in memory, bounded: live consumers read from here and hardly ever from the file. */
import type { LogRecord, ReadLimits } from "../port.ts";

interface Block {
  readonly place: string;
  readonly records: readonly LogRecord[];
  readonly bytes: number;
}

export interface Tail {
  add(place: string, records: readonly LogRecord[], bytes: number): void;
  /** Null where `from` is older than what is held. */
  read(place: string, from: number, limits: ReadLimits): readonly LogRecord[] | null;
}

/** What a record costs beside its value. */
const recordBytes = 200;

export function createTail(bytesMax: number): Tail {
  const blocks = new Map<string, Block[]>();
  const order: Block[] = [];
  let oldest = 0;
  let held = 0;

  function shrink(): void {
    while (held > bytesMax && oldest < order.length - 1) {
      const block = order[oldest++];
      if (block === undefined) continue;
      blocks.get(block.place)?.shift();
      held -= block.bytes;
    }
    // The places of what is gone are given back now and then, not one by one.
    if (oldest > 10_000) {
      order.splice(0, oldest);
      oldest = 0;
    }
  }

  return {
    add(place, records, bytes) {
      const block = { place, records, bytes: bytes + records.length * recordBytes };
      const its = blocks.get(place) ?? [];
      if (its.length === 0) blocks.set(place, its);
      its.push(block);
      order.push(block);
      held += block.bytes;
      shrink();
    },
    read(place, from, limits) {
      const its = blocks.get(place);
      const first = its?.[0]?.records[0];
      if (its === undefined || first === undefined || from < first.offset) return null;
      const found: LogRecord[] = [];
      let bytes = 0;
      for (let at = blockAt(its, from); at < its.length; at++) {
        for (const record of its[at]?.records ?? []) {
          if (record.offset < from) continue;
          bytes += record.value?.length ?? 0;
          if (found.length > 0 && (found.length >= limits.recordsMax || bytes > limits.bytesMax)) return found;
          found.push(record);
        }
      }
      return found;
    },
  };
}

/** The block that holds the offset, or the first one behind it. */
function blockAt(blocks: readonly Block[], from: number): number {
  let low = 0;
  let high = blocks.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((blocks[middle]?.records.at(-1)?.offset ?? 0) < from) low = middle + 1;
    else high = middle;
  }
  return low;
}
