/**
 * Since when: the place behind which the means of passages differ most from a known level, (n − k) (mean of k… − level)², the likelihood-ratio
 * estimate of a change point of a mean (Page 1955; Hawkins 1977). Only rises count.
 */
export function changePoint(values: readonly number[], level: number): number {
  let best = values.length - 1;
  let bestGain = Number.NEGATIVE_INFINITY;
  let sum = 0;
  for (let at = values.length - 1; at >= 0; at--) {
    sum += (values[at] ?? 0) - level;
    if (sum <= 0) continue;
    const gain = (sum * sum) / (values.length - at);
    if (gain > bestGain) {
      bestGain = gain;
      best = at;
    }
  }
  return Math.max(0, best);
}
