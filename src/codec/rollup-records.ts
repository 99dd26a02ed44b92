/** The rollup record and the tally that everything shown is computed from. */
import type { Arm, Kind, Quality } from "./records.ts";

export type WindowName = "1m" | "5m" | "1h" | "24h" | "all";
/** Counts of one predictor over some set of scored steps. Everything shown is a function of these. */
export interface Tally {
  /** Steps with an entry; `match` of them exact. Abstained, failed and late entries are tries without a match; missing ones are counted apart. */
  readonly tries: number;
  readonly match: number;
  readonly dynamicTries: number;
  readonly dynamicMatch: number;
  readonly abstained: number;
  readonly failed: number;
  readonly late: number;
  readonly missing: number;
  readonly fieldsEqual: number;
  readonly fieldsTotal: number;
  readonly changedHit: number;
  readonly changedPredicted: number;
  readonly changedActual: number;
  readonly tokenF1Sum: number;
  readonly tokenTries: number;
  readonly brierSum: number;
  readonly brierTries: number;
  /** Steps on which the baseline has an entry too, with both numbers of matches: the paired skill. */
  readonly pairedTries: number;
  readonly pairedMatch: number;
  readonly pairedBaselineMatch: number;
}

/** `rollups`: one (environment, window), written at most once a second while it moves. `all` is everything, in hours of event time. */
export interface Rollup {
  readonly environment: string;
  readonly window: WindowName;
  readonly kind: Kind;
  /** Wall-clock end of the window, epoch ms. */
  readonly at: number;
  /** Length of one bucket, ms; the last bucket ends at `end`. */
  readonly bucketMs: number;
  readonly end: number;
  readonly baseline: string;
  readonly transitions: number;
  /** Transitions by quality: the coverage is ok / all. */
  readonly quality: readonly { readonly quality: Quality; readonly transitions: number }[];
  readonly episodes: number;
  /** Best reachable accuracy from situations seen at least twice; null where there is none. */
  readonly ceiling: number | null;
  readonly ceilingSamples: number;
  readonly predictors: readonly {
    readonly predictor: string;
    readonly version: string;
    readonly tally: Tally;
    /** tries and matches per bucket, oldest first. */
    readonly tries: readonly number[];
    readonly matches: readonly number[];
    /** Tries and matches per step index (the last entry gathers the rest); only in window `all`, else empty. */
    readonly stepTries: readonly number[];
    readonly stepMatches: readonly number[];
    /** Steps about which it said nothing, by reason; beyond a bound of reasons the rest are `other`. */
    readonly abstentions: readonly { readonly reason: string; readonly steps: number }[];
  }[];
  /** Counts of the consistency ratio; only in window `all`, else empty. */
  readonly consistency: readonly ConsistencyCell[];
  /** Simulated arms against the real one on the same tasks; only in window `all`, else empty. */
  readonly arms: readonly ArmComparison[];
}

/** One arm against the real one: the newest episodes of an agent on the tasks of both. Null below a handful of episodes. */
export interface ArmComparison {
  readonly worldModel: string;
  readonly agent: string;
  readonly arm: Arm;
  readonly tasks: number;
  readonly episodes: number;
  readonly realEpisodes: number;
  /** Which actions. */
  readonly actions: ArmMix | null;
  /** Steps per episode. */
  readonly steps: ArmDifference | null;
  /** Share of an episode's next states that no other real episode shows. */
  readonly novelty: ArmDifference | null;
}

/**
 * `distance`: total variation between the shares of actions, 0 to 1, with a 95 % bootstrap interval over tasks (null below two). Chance alone
 * makes it larger than 0: whether the arms differ says `p`, by a permutation test within tasks.
 */
export interface ArmMix {
  readonly distance: number;
  readonly lower: number | null;
  readonly upper: number | null;
  readonly p: number;
  /** The actions whose shares differ most. */
  readonly moved: readonly { readonly name: string; readonly real: number; readonly simulated: number }[];
}

/** Means over tasks, their difference with its 95 % interval over tasks (null below two), and p of a permutation test within tasks. */
export interface ArmDifference {
  readonly real: number;
  readonly simulated: number;
  readonly difference: number;
  readonly lower: number | null;
  readonly upper: number | null;
  readonly p: number;
}

/** Runs of one arm; `errors` of them ended without a verdict. */
export interface ArmRuns {
  readonly runs: number;
  readonly successes: number;
  readonly errors: number;
}

/** Runs of one agent with one world model, since the beginning. */
export interface ConsistencyCell {
  /** `name` or `name@version`; `unnamed` where an agent has no name. */
  readonly worldModel: string;
  readonly agent: string;
  /** The agent at work for real, in the simulation, and its simulated plans carried out for real (W2R). */
  readonly real: ArmRuns;
  readonly simulated: ArmRuns;
  readonly transfer: ArmRuns;
  /** Tasks that ran for real and as a transfer: how many, how many of them several times in an arm, and of the others how both ended. */
  readonly pairs: {
    readonly tasks: number;
    readonly repeated: number;
    readonly both: number;
    readonly transferOnly: number;
    readonly realOnly: number;
    readonly neither: number;
    /** Sums over those tasks of the share of successes: numerator is transfer, denominator real. */
    readonly numerator: number;
    readonly denominator: number;
    readonly numeratorSquared: number;
    readonly denominatorSquared: number;
    readonly product: number;
  };
  /** Plans whose simulated and transferred runs have both ended, by which of them succeeded. */
  readonly plans: {
    readonly both: number;
    readonly simulatedOnly: number;
    readonly transferOnly: number;
    readonly neither: number;
  };
}
