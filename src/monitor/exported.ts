/**
 * Which environments a process exports gauges of, when it watches more than a scrape should carry: those scored most recently. Unlike
 * counters, which add up what is beyond their bound under `other`, a gauge leaves it out: a ratio of several environments together says
 * nothing.
 */
import type { Environment } from "./environment.ts";

/** Some hundred series each. */
const environmentsMax = 200;
/** Predictors, and pairs of world model and agent, of all of them together: twenty to forty series each. */
const rowsMax = 1_500;

type Exportable = Pick<Environment, "name" | "lastScored" | "predictors" | "consistency">;

export interface Exported<T extends Exportable> {
  /** One partition's environments, least recently used first. Returns how they are taken out. */
  add(watched: () => Iterable<T>): () => void;
  /** Those of a partition that are exported now. */
  of(watched: () => Iterable<T>): readonly T[];
  /** How many are not. */
  left(): number;
}

export function createExported<T extends Exportable>(): Exported<T> {
  const all = new Set<() => Iterable<T>>();

  function chosen(): { readonly names: ReadonlySet<T>; readonly total: number } {
    const every = [...all].flatMap((watched) => [...watched()].reverse()).sort((a, b) => b.lastScored - a.lastScored);
    let rows = 0;
    const names = new Set<T>();
    for (const one of every) {
      rows += one.predictors().length + one.consistency.cells().length;
      if (names.size >= environmentsMax || rows > rowsMax) break;
      names.add(one);
    }
    return { names, total: every.length };
  }

  return {
    add(watched) {
      all.add(watched);
      return () => void all.delete(watched);
    },
    of(watched) {
      const { names } = chosen();
      return [...watched()].filter((one) => names.has(one));
    },
    left() {
      const { names, total } = chosen();
      return total - names.size;
    },
  };
}
