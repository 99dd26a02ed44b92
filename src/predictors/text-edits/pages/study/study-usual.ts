/** Learns how things of a name are shown when a text shows them for the first time in an episode. */
import { countIn, mostOf } from "../../most.ts";
import type { Node } from "../text/nodes.ts";

export interface UsualCounts {
  begin(): void;
  /** The things of a page. */
  add(nodes: readonly Node[]): void;
  decided(): ReadonlyMap<string, string>;
}

const namesMax = 4_000;
const textsMax = 16;
const textCharsMax = 80;
const seenMin = 3;
const share = 0.5;

export function createUsualCounts(): UsualCounts {
  const counts = new Map<string, Map<string, number>>();
  let known = new Set<string>();
  return {
    begin() {
      known = new Set();
    },
    add(nodes) {
      const before = known;
      known = new Set(known);
      for (const { name, text } of nodes) {
        if (before.has(name) || text.length > textCharsMax || text.includes("\n")) continue;
        known.add(name);
        countIn(counts, name, text, { keysMax: namesMax, valuesMax: textsMax });
      }
    },
    decided: () =>
      new Map(
        [...counts].flatMap(([name, texts]) => {
          const [best, most, sum] = mostOf(texts, "");
          return most >= seenMin && most > share * sum ? [[name, best] as const] : [];
        }),
      ),
  };
}
