/** Pearson's test that two samples have the same mix of categories; the tail of the chi-square distribution by the incomplete gamma function. */
import { logGamma } from "./log-gamma.ts";

export interface ChiSquare {
  readonly statistic: number;
  readonly freedom: number;
  /** P(a statistic at least so large, were the mixes the same). */
  readonly p: number;
}

/** Counts per category, in the same order; categories that are empty on both sides do not count. */
export function sameMix(a: readonly number[], b: readonly number[]): ChiSquare {
  const sumA = a.reduce((sum, one) => sum + one, 0);
  const sumB = b.reduce((sum, one) => sum + one, 0);
  if (sumA === 0 || sumB === 0) return { statistic: 0, freedom: 0, p: 1 };
  let statistic = 0;
  let categories = 0;
  for (let at = 0; at < Math.max(a.length, b.length); at++) {
    const [countA, countB] = [a[at] ?? 0, b[at] ?? 0];
    const both = countA + countB;
    if (both === 0) continue;
    categories += 1;
    const wantedA = (both * sumA) / (sumA + sumB);
    const wantedB = both - wantedA;
    statistic += (countA - wantedA) ** 2 / wantedA + (countB - wantedB) ** 2 / wantedB;
  }
  return { statistic, freedom: Math.max(0, categories - 1), p: chiSquareTail(statistic, categories - 1) };
}

/** P(X ≥ x) of a chi-square variable with so many degrees of freedom. */
export function chiSquareTail(x: number, freedom: number): number {
  if (freedom <= 0 || x <= 0) return 1;
  return upperGamma(freedom / 2, x / 2);
}

const termsMax = 10_000;
const enough = 1e-14;

/** Q(a, x), the regularised upper incomplete gamma function: series below a + 1, continued fraction above (Numerical Recipes 3, section 6.2). */
function upperGamma(a: number, x: number): number {
  const scale = Math.exp(-x + a * Math.log(x) - logGamma(a));
  if (x < a + 1) {
    let term = 1 / a;
    let sum = term;
    for (let at = 1; at < termsMax && term > sum * enough; at++) {
      term *= x / (a + at);
      sum += term;
    }
    return Math.max(0, 1 - sum * scale);
  }
  let b = x + 1 - a;
  let c = 1e300;
  let d = 1 / b;
  let value = d;
  for (let at = 1; at < termsMax; at++) {
    const factor = -at * (at - a);
    b += 2;
    d = 1 / (factor * d + b);
    c = b + factor / c;
    const change = c * d;
    value *= change;
    if (Math.abs(change - 1) < enough) break;
  }
  return Math.min(1, scale * value);
}
