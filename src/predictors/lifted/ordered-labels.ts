/**
 * Orders as the choice between labels follows them: deleted ones are never chosen, pinned ones before all others where the conditions of one of
 * the kinds of situation hold in which they led when they were pinned.
 */
import type { OrderName } from "../rule-orders.ts";
import { has } from "./forest.ts";
import type { Condition, SituationKind } from "./leaves.ts";
import { type Places, placeOf, type TokenSet } from "./tokens.ts";

/** Labels by their index. */
export interface OrderedLabels {
  /** Labels of the forest; with those behind it that are known from orders alone. */
  readonly known: number;
  readonly count: number;
  readonly deleted: readonly number[];
  readonly pinned: readonly PinnedLabel[];
}

export interface PinnedLabel {
  readonly label: number;
  /** Kinds of situation: all conditions of one of them hold. */
  readonly kinds: readonly (readonly Condition[])[];
}

/** A kind of situation, on paper. */
export type WrittenKind = readonly (readonly [token: number, present: 0 | 1])[];

/** What was ordered of one label. */
export interface LabelOrder {
  readonly order: OrderName;
  readonly label: string;
  /** Where it is pinned. */
  readonly kinds: readonly WrittenKind[];
}

/** The kinds in which a label leads; where it leads in none, the one in which it has most. */
export function leadingKinds(kinds: readonly SituationKind[]): readonly WrittenKind[] {
  const leading = kinds.filter(({ leads }) => leads);
  return (leading.length > 0 ? leading : kinds.slice(0, 1)).map(({ conditions }) =>
    conditions.map(({ token, present }) => [token, present ? 1 : 0] as const),
  );
}

export function readKind(kind: WrittenKind): readonly Condition[] {
  return kind.map(([token, present]) => ({ token, present: present === 1 }));
}

/** The labels of a forest, and behind them those that only the orders know. */
export function withOrders<T>(
  labels: readonly T[],
  orders: readonly LabelOrder[],
): { readonly labels: readonly (T | string)[]; readonly ordered: OrderedLabels } {
  const all: (T | string)[] = [...labels];
  const deleted: number[] = [];
  const pinned: PinnedLabel[] = [];
  for (const { order, label: text, kinds } of orders) {
    const at = all.indexOf(text);
    const label = at >= 0 ? at : all.push(text) - 1;
    if (order === "delete") deleted.push(label);
    else pinned.push({ label, kinds: kinds.map(readKind) });
  }
  return { labels: all, ordered: { known: labels.length, count: all.length, deleted, pinned } };
}

const none: readonly number[] = [];

/** The share of a label that is not to be chosen: less than that of any other. */
const never = -1;

/** After a vote: what is deleted gets a share below nothing; returns what is to be tried first, the likeliest first. Nothing ordered: nothing. */
export function follow(
  ordered: OrderedLabels | undefined,
  sets: readonly TokenSet[],
  shares: Float64Array,
): readonly number[] {
  if (ordered === undefined) return none;
  const { known, count, deleted, pinned } = ordered;
  // The vote has written the shares of the forest's own labels.
  shares.fill(never, known, count);
  for (const label of deleted) shares[label] = never;
  const first = pinned
    .filter(({ kinds }) =>
      kinds.some((conditions) => conditions.every(({ token, present }) => has(sets, token) === present)),
    )
    .map(({ label }) => label);
  for (const label of first) shares[label] = Math.max(0, shares[label] ?? 0);
  return first.sort((a, b) => (shares[b] ?? 0) - (shares[a] ?? 0));
}

/** The places that must be written for pinned labels, beside those that their forest asks for. */
export function placesPinned({ pinned }: OrderedLabels): Places {
  let asked: Places = 0;
  for (const { kinds } of pinned) for (const { token } of kinds.flat()) asked |= 1 << placeOf(token);
  return asked;
}
