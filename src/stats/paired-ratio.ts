/**
 * Intervals of a ratio of two proportions that were measured on the same tasks. Pairing matters: of 195 tasks with 90 successes in both arms,
 * 5 in the numerator's alone, 14 in the denominator's alone and 86 in neither, the ratio .913 has the paired interval .837-.997 and the
 * unpaired one .752-1.110.
 */
import { type Interval, z95 } from "./wilson.ts";

/** Tasks by the success of one run in each arm. */
export interface PairedCounts {
  readonly both: number;
  readonly numeratorOnly: number;
  readonly denominatorOnly: number;
  readonly neither: number;
}

/**
 * Bonett and Price's hybrid of two Wilson intervals (Statistics in Medicine 25, 2006, 3039-3047), one run per arm and task. 95 % by default.
 * Null where the denominator has no success; tasks that failed in both arms say nothing about the ratio.
 */
export function bonettPrice(counts: PairedCounts, z = z95): Interval | null {
  const { both, numeratorOnly, denominatorOnly } = counts;
  const x1 = both + numeratorOnly;
  const x0 = both + denominatorOnly;
  const n = both + numeratorOnly + denominatorOnly;
  if (x0 === 0) return null;
  const a = Math.sqrt((numeratorOnly + denominatorOnly + 2) / ((x1 + 1) * (x0 + 1)));
  const b = Math.sqrt((1 - (x1 + 1) / (n + 2)) / (x1 + 1));
  const c = Math.sqrt((1 - (x0 + 1) / (n + 2)) / (x0 + 1));
  const d = (a / (b + c)) * z;
  const top = scoreEnds(x1, n, d);
  const bottom = scoreEnds(x0, n, d);
  return {
    lower: top.lower / bottom.upper,
    upper: bottom.lower > 0 ? top.upper / bottom.lower : Number.POSITIVE_INFINITY,
  };
}

function scoreEnds(x: number, n: number, z: number): Interval {
  const spread = z * Math.sqrt(z * z + 4 * x * (1 - x / n));
  const scale = 2 * (n + z * z);
  return { lower: Math.max(0, (2 * x + z * z - spread) / scale), upper: (2 * x + z * z + spread) / scale };
}

/** Sums over tasks of the share of successful runs in each arm, of its square, and of the product of both. */
export interface TaskSums {
  readonly tasks: number;
  readonly numerator: number;
  readonly denominator: number;
  readonly numeratorSquared: number;
  readonly denominatorSquared: number;
  readonly product: number;
}

/**
 * The ratio of the means over tasks that may have run any number of times per arm; the task is the unit, so that runs of one task, which are
 * alike, do not pass for independent ones. Delta method on the log scale. 95 % by default. Null below two tasks or where an arm has no
 * success.
 */
export function ratioByTask(sums: TaskSums, z = z95): Interval | null {
  const { tasks: n, numerator, denominator, numeratorSquared, denominatorSquared, product } = sums;
  if (n < 2 || numerator <= 0 || denominator <= 0) return null;
  const [m1, m0] = [numerator / n, denominator / n];
  const covariance = (squares: number, a: number, b: number) => Math.max(0, (squares - n * a * b) / (n - 1));
  const cross = (product - n * m1 * m0) / (n - 1);
  const variance =
    covariance(numeratorSquared, m1, m1) / (m1 * m1) +
    covariance(denominatorSquared, m0, m0) / (m0 * m0) -
    (2 * cross) / (m1 * m0);
  const spread = z * Math.sqrt(Math.max(0, variance) / n);
  const ratio = m1 / m0;
  return { lower: ratio * Math.exp(-spread), upper: ratio * Math.exp(spread) };
}
