/** Wilson's score interval of a proportion, without continuity correction. */
export interface Interval {
  readonly lower: number;
  readonly upper: number;
}

/** The 97.5 % quantile of the normal distribution: two-sided 95 %. */
export const z95 = 1.959963984540054;

/** 95 % by default. Null without tries: nothing is known then. */
export function wilson(successes: number, tries: number, z = z95): Interval | null {
  if (tries <= 0) return null;
  const p = successes / tries;
  const z2 = z * z;
  const middle = p + z2 / (2 * tries);
  const spread = z * Math.sqrt((p * (1 - p)) / tries + z2 / (4 * tries * tries));
  const scale = 1 + z2 / tries;
  return {
    lower: successes === 0 ? 0 : Math.max(0, (middle - spread) / scale),
    upper: successes === tries ? 1 : Math.min(1, (middle + spread) / scale),
  };
}
