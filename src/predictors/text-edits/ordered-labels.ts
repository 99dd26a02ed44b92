/** Orders as the choice of a label follows them: deleted ones are never chosen, pinned ones before all others where their conditions hold. */
import type { Forest } from "../lifted/forest.ts";
import type { Condition } from "../lifted/leaves.ts";
import type { TokenSet } from "../lifted/tokens.ts";

/** By index of a choice's labels. */
export interface OrderedLabels {
  readonly deleted: readonly number[];
  readonly pinned: readonly PinnedLabel[];
}

export interface PinnedLabel {
  readonly label: number;
  /** Kinds of situation: all conditions of one of them hold. */
  readonly kinds: readonly (readonly Condition[])[];
}

interface Labelled {
  readonly forest: Forest;
  readonly templates: readonly unknown[];
}

/** The share of a deleted label: less than that of any other. */
const never = -1;

/** After a vote: takes the shares of what is deleted away, and returns what is to be tried first, the likeliest first. */
export function follow(
  { deleted, pinned }: OrderedLabels,
  { forest, templates }: Labelled,
  situation: TokenSet,
  shares: Float64Array,
): readonly number[] {
  // The vote has written the shares of the forest's own labels.
  shares.fill(0, forest.labels.length, templates.length);
  for (const label of deleted) shares[label] = never;
  return pinned
    .filter(({ kinds }) =>
      kinds.some((conditions) => conditions.every((one) => situation.has(one.token) === one.present)),
    )
    .map(({ label }) => label)
    .sort((a, b) => (shares[b] ?? 0) - (shares[a] ?? 0));
}
