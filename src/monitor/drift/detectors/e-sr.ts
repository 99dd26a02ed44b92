/**
 * e-Shiryaev–Roberts (Shin, Ramdas, Rinaldo, arXiv 2203.03532). For each bet b: M_b ← (1 + b (x − p0)) (1 + M_b); the statistic is the mean
 * over the bets, and drift is found where it reaches A. If the mean of x given the past is at most p0, the average run length to a false
 * alarm is at least A episodes, whatever the distribution and however the steps of an episode hang together.
 *
 * b = f / p0 for f in .02 … .4, so that every factor is at least 1 − f > 0. p0 is the upper end of the baseline's interval, not its mean.
 * Finds rises only. The statistic shown is ln of the mean, the limit ln A.
 */
import type { Json } from "../../../json/json.ts";
import { type BaselineError, type Detector, type DetectorFactory, fitValue, numbersOf } from "./detector.ts";

/** Average run length to a false alarm, in episodes. */
export const runLengthDefault = 5_000;
const fractions: readonly number[] = [0.02, 0.05, 0.1, 0.2, 0.4];
/** A reference that was never wrong has a bound above zero all the same; below this the bets would be beyond reason. */
const errorMin = 1e-4;
/** Beyond it nothing is gained by counting on, and the sum stays finite. */
const evidenceMax = 1e200;

export const eSr: DetectorFactory = {
  name: "e-sr",
  needsBaseline: true,
  create: ({ upper }: BaselineError) => {
    const p0 = Math.max(errorMin, upper);
    return createESr({ p0, bets: betsFor(p0), runLength: runLengthDefault });
  },
};

export function betsFor(p0: number): readonly number[] {
  return fractions.map((fraction) => fraction / p0);
}

export interface ESrOptions {
  readonly p0: number;
  /** 1 − bet · p0 must be positive. */
  readonly bets: readonly number[];
  /** A. */
  readonly runLength: number;
}

export function createESr({ p0, bets, runLength }: ESrOptions): Detector {
  let evidence = bets.map(() => 0);
  const mean = () => evidence.reduce((sum, one) => sum + one, 0) / bets.length;

  return {
    take(value) {
      const x = fitValue(value);
      if (x === null) return null;
      for (let at = 0; at < bets.length; at++) {
        const factor = 1 + (bets[at] ?? 0) * (x - p0);
        evidence[at] = Math.min(evidenceMax, factor * (1 + (evidence[at] ?? 0)));
      }
      if (mean() < runLength) return null;
      evidence = bets.map(() => 0);
      return "up";
    },
    get statistic() {
      return Math.log(Math.max(mean(), Number.MIN_VALUE));
    },
    limit: Math.log(runLength),
    reset() {
      evidence = bets.map(() => 0);
    },
    snapshot: () => [...evidence],
    restore(snapshot: Json) {
      evidence = [...numbersOf(snapshot, bets.length)];
    },
  };
}
