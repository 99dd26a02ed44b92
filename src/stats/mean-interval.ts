/** The mean of independent values with Student's interval: for differences of two arms, one value a task. */
import type { Interval } from "./wilson.ts";

export interface Mean {
  readonly value: number;
  /** 95 %; null below two values. */
  readonly interval: Interval | null;
}

/** Null without values. */
export function meanOf(values: readonly number[]): Mean | null {
  const n = values.length;
  if (n === 0) return null;
  const value = values.reduce((sum, one) => sum + one, 0) / n;
  if (n < 2) return { value, interval: null };
  const variance = values.reduce((sum, one) => sum + (one - value) ** 2, 0) / (n - 1);
  const spread = student95(n - 1) * Math.sqrt(variance / n);
  return { value, interval: { lower: value - spread, upper: value + spread } };
}

/** 97.5 % quantile of Student's t. Exact at one and two degrees, else Hill's expansion (CACM algorithm 396), right to four digits. */
export function student95(degrees: number): number {
  if (degrees === 1) return Math.tan(Math.PI * 0.475);
  if (degrees === 2) return Math.sqrt(2 / (0.05 * (2 - 0.05)) - 2);
  const a = 1 / (degrees - 0.5);
  const b = 48 / (a * a);
  const c = ((20_700 * a) / b - 98) * a - 16 + 96.36;
  const d = ((94.5 / (b + c) - 3) / b + 1) * Math.sqrt((a * Math.PI) / 2) * degrees;
  let x = d * 0.05;
  let y = x ** (2 / degrees);
  if (y > 0.05 + a) {
    x = -1.959963984540054;
    y = x * x;
    const e = degrees < 5 ? c + 0.3 * (degrees - 4.5) * (x + 0.6) : c;
    const f = (((0.05 * d * x - 5) * x - 7) * x - 2) * x + b + e;
    y = (((((0.4 * y + 6.3) * y + 36) * y + 94.5) / f - y - 3) / b + 1) * x;
    y = Math.expm1(a * y * y);
  } else {
    y =
      ((1 / (((degrees + 6) / (degrees * y) - 0.089 * d - 0.822) * (degrees + 2) * 3) + 0.5 / (degrees + 4)) * y - 1) *
        ((degrees + 1) / (degrees + 2)) +
      1 / y;
  }
  return Math.sqrt(degrees * y);
}
