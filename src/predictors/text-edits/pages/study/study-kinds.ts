/** Learns which things are meant by words that no text shows as a name ("something soft"), from what answers call them. */
import type { Kinds } from "../naming/fits.ts";

export interface KindCounts {
  /** Grows with what is added. */
  readonly kinds: Kinds;
  add(words: string, name: string): void;
}

const kindsMax = 1_000;
const namesMax = 64;
const seenMin = 2;

export function createKindCounts(): KindCounts {
  const kinds = new Map<string, Set<string>>();
  const counts = new Map<string, Map<string, number>>();
  return {
    kinds,
    add(words, name) {
      const [kind, one] = [words.toLowerCase(), name.toLowerCase()];
      const own = counts.get(kind) ?? new Map<string, number>();
      if (!counts.has(kind) && counts.size >= kindsMax) return;
      counts.set(kind, own);
      if (!own.has(one) && own.size >= namesMax) return;
      const times = (own.get(one) ?? 0) + 1;
      own.set(one, times);
      if (times === seenMin) kinds.set(kind, (kinds.get(kind) ?? new Set()).add(one));
    },
  };
}
