/** Work in slices: between two of them others may have their turn. */
export type Slices = Iterable<void>;

/** All of them at once. */
export function exhaust(slices: Slices): void {
  for (const _ of slices);
}
