/**
 * The learner's memory: what followed each key, bounded. Majority of the truths, the newest of equals; at most four different truths are
 * counted per key (the least frequent makes room). When the bounds bite, the key unused for longest goes.
 */
import type { Entry } from "./precision.ts";

export interface Limits {
  readonly entriesMax: number;
  readonly bytesMax: number;
}

/** Four truths a key: a fifth disagreeing answer says that the key does not determine the outcome. */
const truthsMax = 4;

interface Truth {
  text: string;
  count: number;
}
export interface Held {
  truths: Truth[];
  total: number;
}

export interface RecallMemory {
  readonly size: number;
  readonly bytes: number;
  readonly evicted: number;
  get(key: string): Entry | null;
  /** Returns the keys whose entry changed: this one, and those that were evicted to make room. */
  learn(key: string, text: string): readonly string[];
  entries(): IterableIterator<[string, Held]>;
  restore(key: string, held: Held): void;
}

export function createMemory(limits: Limits): RecallMemory {
  const held = new Map<string, Held>();
  let bytes = 0;
  let evicted = 0;

  function evict(): readonly string[] {
    const gone: string[] = [];
    while (held.size > limits.entriesMax || bytes > limits.bytesMax) {
      const oldest = held.entries().next().value;
      if (oldest === undefined || held.size === 1) break;
      held.delete(oldest[0]);
      bytes -= sizeOf(oldest[0], oldest[1]);
      evicted += 1;
      gone.push(oldest[0]);
    }
    return gone;
  }

  return {
    get size() {
      return held.size;
    },
    get bytes() {
      return bytes;
    },
    get evicted() {
      return evicted;
    },
    get(key) {
      const found = held.get(key);
      return found === undefined ? null : entryOf(found);
    },
    learn(key, text) {
      const found = held.get(key) ?? { truths: [], total: 0 };
      bytes -= found.total === 0 ? 0 : sizeOf(key, found);
      count(found, text);
      bytes += sizeOf(key, found);
      // A Map keeps the order of insertion: setting anew makes this the newest.
      held.delete(key);
      held.set(key, found);
      return [key, ...evict()];
    },
    entries: () => held.entries(),
    restore(key, one) {
      held.set(key, one);
      bytes += sizeOf(key, one);
    },
  };
}

function entryOf({ truths, total }: Held): Entry {
  let best = truths[0];
  for (const truth of truths) if (best === undefined || truth.count > best.count) best = truth;
  return { next: best?.text ?? "", support: best?.count ?? 0, total };
}

/** Newest first, so that of equal counts the newest wins. */
function count(held: Held, text: string): void {
  const at = held.truths.findIndex((truth) => truth.text === text);
  const truth = at < 0 ? { text, count: 0 } : held.truths.splice(at, 1)[0];
  if (truth === undefined) return;
  truth.count += 1;
  held.total += 1;
  held.truths.unshift(truth);
  if (held.truths.length <= truthsMax) return;
  let least = held.truths.length - 1;
  for (let index = least; index > 0; index--) {
    if ((held.truths[index]?.count ?? 0) < (held.truths[least]?.count ?? 0)) least = index;
  }
  held.truths.splice(least, 1);
}

function sizeOf(key: string, { truths }: Held): number {
  let size = key.length + 64;
  for (const { text } of truths) size += text.length + 48;
  return size;
}
