/** Open-loop runs counted by their length. */
import type { RunLength } from "./open-loop.ts";

/** Ratios 0 to 1. */
export interface RunsResult {
  readonly length: RunLength;
  /** Runs. */
  readonly n: number;
  /** Of the runs: the last step was right. */
  readonly exact: number;
  /** Of the runs: all steps were right. */
  readonly held: number;
  /** Of all steps of all runs: right. */
  readonly steps: number;
  /** Steps before the first miss, in the mean; a run without a miss counts with its length. */
  readonly heldSteps: number;
  /** Steps of a run, in the mean. */
  readonly meanLength: number;
}

export interface Runs {
  add(length: RunLength, rights: readonly boolean[]): void;
  result(): readonly RunsResult[];
}

export function createRuns(): Runs {
  const all = new Map<RunLength, { n: number; last: number; held: number; right: number; first: number; of: number }>();
  return {
    add(length, rights) {
      const known = all.get(length) ?? { n: 0, last: 0, held: 0, right: 0, first: 0, of: 0 };
      all.set(length, known);
      const miss = rights.indexOf(false);
      known.n += 1;
      known.last += Number(rights.at(-1) === true);
      known.held += Number(miss < 0);
      known.right += rights.filter((right) => right).length;
      known.first += miss < 0 ? rights.length : miss;
      known.of += rights.length;
    },
    result: () =>
      [...all]
        .sort(([a], [b]) => orderOf(a) - orderOf(b))
        .map(([length, { n, last, held, right, first, of }]) => ({
          ...{ length, n, exact: last / n, held: held / n, steps: right / of },
          ...{ heldSteps: first / n, meanLength: of / n },
        })),
  };
}

function orderOf(length: RunLength): number {
  return length === "all" ? Number.POSITIVE_INFINITY : length;
}
