/** What was counted most often, the first of several, how often, and how often all was; `none` where nothing was. */
export function mostOf<T>(counts: ReadonlyMap<T, number>, none: T): readonly [best: T, most: number, sum: number] {
  let [best, most, sum] = [none, 0, 0];
  for (const [one, count] of counts) {
    sum += count;
    if (count > most) [best, most] = [one, count];
  }
  return [best, most, sum];
}
