/**
 * In which order lessons are learnt: each epoch shuffled by the seed, taken in windows, each window sorted by length into batches (so that
 * little is padding) and the batches shuffled. All of it follows from seed, epoch and window, so a resumed training goes on where it was.
 */
import { createRandom } from "../../stats/random.ts";

/** Batches that are sorted together. */
export const windowBatches = 12;

/** The lessons of an epoch, by index. */
export function orderOf(count: number, seed: number, epoch: number): Int32Array {
  const random = createRandom(seed * 7_919 + epoch);
  const order = Int32Array.from({ length: count }, (_, at) => at);
  for (let at = count - 1; at > 0; at--) {
    const other = random.below(at + 1);
    const held = order[at] ?? 0;
    order[at] = order[other] ?? 0;
    order[other] = held;
  }
  return order;
}

/** Cuts a window into batches, by length; their order is shuffled. `lengthOf`: what is sorted by. */
export function batchesOf<Item>(
  items: readonly Item[],
  size: number,
  seed: number,
  lengthOf: (item: Item) => number,
): readonly (readonly Item[])[] {
  const sorted = items
    .map((item, at) => ({ item, at, length: lengthOf(item) }))
    .sort((a, b) => a.length - b.length || a.at - b.at)
    .map(({ item }) => item);
  const batches: (readonly Item[])[] = [];
  for (let from = 0; from < sorted.length; from += size) batches.push(sorted.slice(from, from + size));
  const random = createRandom(seed);
  return batches
    .map((batch) => ({ batch, rank: random.next() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ batch }) => batch);
}
