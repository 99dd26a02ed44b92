/**
 * The newest records in memory, bounded: live consumers read from here and hardly ever from the file. They are held as the frames that were
 * written: a few large buffers are given back when they go, thousands of small ones would leave holes.
 */
import { unpackFrame } from "../frame.ts";
import type { LogRecord, ReadLimits } from "../port.ts";

export interface TailFrame {
  readonly topic: string;
  readonly partition: number;
  readonly base: number;
  /** The offset behind the last record. */
  readonly next: number;
  readonly packed: Uint8Array;
}

export interface Tail {
  add(frame: TailFrame): void;
  /** Null where `from` is older than what is held. */
  read(topic: string, partition: number, from: number, limits: ReadLimits): readonly LogRecord[] | null;
}

export function createTail(bytesMax: number): Tail {
  const places = new Map<string, TailFrame[]>();
  const order: (TailFrame | null)[] = [];
  let oldest = 0;
  let held = 0;

  function shrink(): void {
    while (held > bytesMax && oldest < order.length - 1) {
      const frame = order[oldest];
      order[oldest++] = null;
      if (frame === null || frame === undefined) continue;
      places.get(placeOf(frame.topic, frame.partition))?.shift();
      held -= frame.packed.length;
    }
    // The places of what is gone are given back now and then, not one by one.
    if (oldest > 10_000) {
      order.splice(0, oldest);
      oldest = 0;
    }
  }

  return {
    add(frame) {
      const place = placeOf(frame.topic, frame.partition);
      const its = places.get(place) ?? [];
      places.set(place, its);
      its.push(frame);
      order.push(frame);
      held += frame.packed.length;
      shrink();
    },
    read(topic, partition, from, limits) {
      const its = places.get(placeOf(topic, partition));
      const first = its?.[0];
      if (its === undefined || first === undefined || from < first.base) return null;
      const found: LogRecord[] = [];
      let bytes = 0;
      for (let at = frameAt(its, from); at < its.length; at++) {
        const frame = its[at];
        if (frame === undefined) break;
        for (const record of unpackFrame(topic, partition, frame.base, frame.packed)) {
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

function placeOf(topic: string, partition: number): string {
  return `${topic}/${partition}`;
}

/** The frame that holds the offset, or the first one behind it. */
function frameAt(frames: readonly TailFrame[], from: number): number {
  let low = 0;
  let high = frames.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((frames[middle]?.next ?? 0) <= from) low = middle + 1;
    else high = middle;
  }
  return low;
}
