/** How long ago something was, as rules tell it apart. */

/** Steps up to which ages are the same; beyond the last all are. */
const ages = [1, 3, 8, 16, 32] as const;

export function ageOf(steps: number): number {
  let age = 0;
  while (age < ages.length && steps > (ages[age] ?? 0)) age += 1;
  return age;
}

export function ageWords(steps: number): string {
  const age = ageOf(steps);
  const [most, before = 0] = [ages[age], ages[age - 1]];
  if (most === undefined) return `more than ${before} steps before`;
  return age === 0 ? "in the step before" : `${before + 1} to ${most} steps before`;
}
