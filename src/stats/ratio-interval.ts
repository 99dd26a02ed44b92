/**
 * Intervals of a ratio of two independent proportions, (x1/n1) / (x0/n0). Koopman's score interval (Biometrics 40, 1984, 513-517) holds its
 * level also with few successes and exists at none; Katz' interval on the log scale (Biometrics 34, 1978, 469-474) is a closed form for what
 * is computed very often.
 */
import { type Interval, z95 } from "./wilson.ts";

export interface Proportion {
  readonly successes: number;
  readonly tries: number;
}

/** Halvings of the bracket on the log scale: beyond double precision. */
const halvings = 80;
/** exp(±60) lies beyond every ratio of counts below 2^52. */
const logMax = 60;

/** 95 % by default. Null without tries on a side or without any success; the upper end is Infinity where the denominator has none. */
export function koopman(numerator: Proportion, denominator: Proportion, z = z95): Interval | null {
  if (numerator.tries <= 0 || denominator.tries <= 0) return null;
  if (numerator.successes === 0 && denominator.successes === 0) return null;
  const isInside = (ratio: number) => scoreStatistic(numerator, denominator, ratio) < z * z;
  const { successes: x1, tries: n1 } = numerator;
  const { successes: x0, tries: n0 } = denominator;
  const middle = x1 === 0 ? -logMax : x0 === 0 ? logMax : Math.log(x1 * n0) - Math.log(x0 * n1);
  return {
    lower: x1 === 0 ? 0 : Math.exp(edge(middle, -logMax, isInside)),
    upper: x0 === 0 ? Number.POSITIVE_INFINITY : Math.exp(edge(middle, logMax, isInside)),
  };
}

/** 95 % by default. Null where a side has no success. */
export function katzLog(numerator: Proportion, denominator: Proportion, z = z95): Interval | null {
  const { successes: x1, tries: n1 } = numerator;
  const { successes: x0, tries: n0 } = denominator;
  if (x1 <= 0 || x0 <= 0) return null;
  const ratio = (x1 * n0) / (x0 * n1);
  const spread = z * Math.sqrt(1 / x1 - 1 / n1 + 1 / x0 - 1 / n0);
  return { lower: ratio * Math.exp(-spread), upper: ratio * Math.exp(spread) };
}

/** Pearson's statistic at p1 = ratio * p0, with p1 at its restricted maximum likelihood (Koopman, equation 2). */
function scoreStatistic(numerator: Proportion, denominator: Proportion, ratio: number): number {
  const { successes: x1, tries: n1 } = numerator;
  const { successes: x0, tries: n0 } = denominator;
  const b = ratio * (n1 + x0) + x1 + n0;
  // The smaller root, written so that nothing cancels.
  const p1 = (2 * ratio * (x1 + x0)) / (b + Math.sqrt(Math.max(0, b * b - 4 * ratio * (n1 + n0) * (x1 + x0))));
  const p0 = p1 / ratio;
  return part(x1, n1, p1) + part(x0, n0, p0);
}

function part(successes: number, tries: number, p: number): number {
  const away = successes - tries * p;
  const variance = tries * p * (1 - p);
  if (variance > 0) return (away * away) / variance;
  return Math.abs(away) < 1e-9 ? 0 : Number.POSITIVE_INFINITY;
}

/** Where `holds`, true at `from`, stops being true on the way to `to`; the log of a ratio. */
function edge(from: number, to: number, holds: (ratio: number) => boolean): number {
  let [inside, outside] = [from, to];
  for (let at = 0; at < halvings; at++) {
    const middle = (inside + outside) / 2;
    if (holds(Math.exp(middle))) inside = middle;
    else outside = middle;
  }
  return (inside + outside) / 2;
}
