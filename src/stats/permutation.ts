/**
 * A permutation test of two arms within strata (tasks): the arms' labels are dealt anew inside each stratum, so that neither tasks nor the
 * dependence of steps within an episode pass for a difference. p = (1 + as far or farther) / (1 + deals), which is exact at any size
 * (Phipson and Smyth, 2010). Seeded: the same data gives the same p.
 */
import { createRandom, type Random } from "./random.ts";

export interface Stratified {
  /** Indices of each stratum's episodes. */
  readonly strata: readonly (readonly number[])[];
  /** Which episodes are of the second arm, by index. */
  readonly second: readonly boolean[];
}

/** `distance` is larger the more the arms differ. */
export function permutationTest(
  { strata, second }: Stratified,
  distance: (second: readonly boolean[]) => number,
  deals: number,
  seed: number,
): number {
  const random = createRandom(seed);
  // Sums in another order differ in their last digits.
  const observed = distance(second) - 1e-12;
  const dealt = [...second];
  let asFar = 0;
  for (let deal = 0; deal < deals; deal++) {
    for (const stratum of strata) shuffle(dealt, stratum, random);
    if (distance(dealt) >= observed) asFar += 1;
  }
  return (1 + asFar) / (1 + deals);
}

function shuffle(labels: boolean[], places: readonly number[], random: Random): void {
  for (let last = places.length - 1; last > 0; last--) {
    const [a = 0, b = 0] = [places[last], places[random.below(last + 1)]];
    const held = labels[a] ?? false;
    labels[a] = labels[b] ?? false;
    labels[b] = held;
  }
}
