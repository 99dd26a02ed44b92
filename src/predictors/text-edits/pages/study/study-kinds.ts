/** Learns which things are meant by words that no text shows as a name ("something soft"), from what answers call them. */
import { countIn } from "../../most.ts";
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
      const times = countIn(counts, kind, one, { keysMax: kindsMax, valuesMax: namesMax });
      if (times === seenMin) kinds.set(kind, (kinds.get(kind) ?? new Set()).add(one));
    },
  };
}
