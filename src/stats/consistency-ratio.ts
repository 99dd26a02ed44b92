/**
 * The consistency ratio CR = W2R / Real of one agent with one world model (arXiv 2512.18832, section 4): how often plans that were made in
 * the simulation succeed for real (arm `transfer`), over how often the agent succeeds when it works for real (arm `real`). Everything that is
 * shown of it is a function of the counts.
 *
 * Runs that raised an error stay in the denominators; the paper leaves them out, and `withoutErrors` does the same.
 */
import { bonettPrice, ratioByTask, type TaskSums } from "./paired-ratio.ts";
import { koopman } from "./ratio-interval.ts";
import type { Interval } from "./wilson.ts";

/** Runs of one arm; `errors` of them ended without a verdict, and are no successes. */
export interface ArmRuns {
  readonly runs: number;
  readonly successes: number;
  readonly errors: number;
}

/** Tasks that ran in both arms. The four counts are of tasks with one run in each; `sums` are of all, numerator `transfer`. */
export interface TaskPairs extends TaskSums {
  /** Tasks with more than one run in an arm. */
  readonly repeated: number;
  readonly both: number;
  readonly transferOnly: number;
  readonly realOnly: number;
  readonly neither: number;
}

export interface ConsistencyCounts {
  readonly real: ArmRuns;
  readonly transfer: ArmRuns;
  readonly pairs: TaskPairs;
}

export interface Ratio {
  readonly value: number;
  /** 95 %. */
  readonly interval: Interval;
}

/** Why there is no ratio. */
export type Withheld = "no-real-runs" | "no-transfer-runs" | "few-real-successes";

export interface Consistency {
  /** All runs of both arms, Koopman's interval. */
  readonly ratio: Ratio | null;
  /** Null where there is a ratio. */
  readonly withheld: Withheld | null;
  /** The same tasks in both arms: narrower. Null with too few of them. */
  readonly paired: (Ratio & { readonly tasks: number; readonly method: "bonett-price" | "by-task" }) | null;
  /** The paper's variant: runs with errors left out. */
  readonly withoutErrors: Ratio | null;
}

/** Below so many real successes a ratio says nothing. */
const realSuccessesMin = 5;

export const noPairs: TaskPairs = {
  tasks: 0,
  repeated: 0,
  both: 0,
  transferOnly: 0,
  realOnly: 0,
  neither: 0,
  numerator: 0,
  denominator: 0,
  numeratorSquared: 0,
  denominatorSquared: 0,
  product: 0,
};

export function consistencyOf({ real, transfer, pairs }: ConsistencyCounts): Consistency {
  const withheld = withheldOf(real, transfer);
  return {
    ratio: withheld === null ? unpaired(transfer, real, true) : null,
    withheld,
    paired: withheld === null ? paired(pairs) : null,
    withoutErrors: withheld === null ? unpaired(transfer, real, false) : null,
  };
}

/** How several agents do with one world model, said in two ways that are easily confused. Agents whose ratio is withheld are left out. */
export interface ConsistencyAverages {
  readonly agents: number;
  /** Mean W2R over mean Real: what the paper's row "average" is. */
  readonly ratioOfMeans: number;
  /** Mean of the agents' ratios. */
  readonly meanOfRatios: number;
}

/** Null where no agent has a ratio. */
export function averagesOf(all: readonly ConsistencyCounts[]): ConsistencyAverages | null {
  const shown = all.filter(({ real, transfer }) => withheldOf(real, transfer) === null);
  if (shown.length === 0) return null;
  const mean = (value: (one: ConsistencyCounts) => number) =>
    shown.reduce((sum, one) => sum + value(one), 0) / shown.length;
  const rate = ({ successes, runs }: ArmRuns) => successes / runs;
  return {
    agents: shown.length,
    ratioOfMeans: mean(({ transfer }) => rate(transfer)) / mean(({ real }) => rate(real)),
    meanOfRatios: mean(({ transfer, real }) => rate(transfer) / rate(real)),
  };
}

function withheldOf(real: ArmRuns, transfer: ArmRuns): Withheld | null {
  if (real.runs === 0) return "no-real-runs";
  if (transfer.runs === 0) return "no-transfer-runs";
  return real.successes < realSuccessesMin ? "few-real-successes" : null;
}

function unpaired(transfer: ArmRuns, real: ArmRuns, withErrors: boolean): Ratio | null {
  const side = ({ successes, runs, errors }: ArmRuns) => ({ successes, tries: withErrors ? runs : runs - errors });
  const [numerator, denominator] = [side(transfer), side(real)];
  const interval = koopman(numerator, denominator);
  if (interval === null) return null;
  const value = (numerator.successes * denominator.tries) / (numerator.tries * denominator.successes);
  return { value, interval };
}

function paired(pairs: TaskPairs): Consistency["paired"] {
  const { tasks, repeated, both, transferOnly, realOnly, neither, numerator, denominator } = pairs;
  // Of repeated tasks the shares of successes count, so the bound is on their sum.
  if (denominator < realSuccessesMin) return null;
  const interval =
    repeated === 0
      ? bonettPrice({ both, numeratorOnly: transferOnly, denominatorOnly: realOnly, neither })
      : ratioByTask(pairs);
  if (interval === null) return null;
  return { value: numerator / denominator, interval, tasks, method: repeated === 0 ? "bonett-price" : "by-task" };
}
