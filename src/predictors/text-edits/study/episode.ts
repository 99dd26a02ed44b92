/** Episodes as a study looks at them: read once, walked several times. */
import type { Facts } from "../context.ts";
import type { ReadAction, ReadText, Values } from "../reading.ts";

export interface StudiedStep {
  readonly action: ReadAction;
  readonly text: ReadText;
}

export interface StudiedEpisode {
  readonly facts: Facts;
  readonly first: string | null;
  readonly steps: readonly StudiedStep[];
}

/** A walk over the episodes that comes back after each, with the steps it has looked at. */
export type Walk<T> = Generator<number, T>;

/** How far two lists hold the same: 1 for two empty ones. */
export function likeness(a: Values, b: Values): number {
  const [left, right] = [new Set(a), new Set(b)];
  if (left.size === 0 && right.size === 0) return 1;
  let both = 0;
  for (const one of left) if (right.has(one)) both += 1;
  return both / (left.size + right.size - both);
}
