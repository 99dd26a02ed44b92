/** What was counted most often, the first of several, how often, and how often all was; `none` where nothing was. */
export function mostOf<T>(counts: ReadonlyMap<T, number>, none: T): readonly [best: T, most: number, sum: number] {
  let [best, most, sum] = [none, 0, 0];
  for (const [one, count] of counts) {
    sum += count;
    if (count > most) [best, most] = [one, count];
  }
  return [best, most, sum];
}

/**
 * One more of the value under the key: how often it was counted now. 0, and nothing is counted, where there are `keysMax` other keys, or `valuesMax`
 * other values of the key.
 */
export function countIn<K, V>(
  counts: Map<K, Map<V, number>>,
  key: K,
  value: V,
  { keysMax = Number.POSITIVE_INFINITY, valuesMax = Number.POSITIVE_INFINITY } = {},
): number {
  const own = counts.get(key) ?? new Map<V, number>();
  if (!counts.has(key) && counts.size >= keysMax) return 0;
  counts.set(key, own);
  if (!own.has(value) && own.size >= valuesMax) return 0;
  const times = (own.get(value) ?? 0) + 1;
  own.set(value, times);
  return times;
}
