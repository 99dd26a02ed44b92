/** What a slot of a template shows: its sources are asked in the order of how often they were right. */
import { type Belief, ownerOf, relationOf } from "./belief.ts";
import { ordered, plainListing, written } from "./listing.ts";
import { piecesOf, type ReadAction, type Values } from "./reading.ts";
import { commonest, habitKey, habitOf, placeKey, type Remembered, rateOf, tallyOf } from "./remembered.ts";
import { listKey, type Source, type Structure, slotKey, sourceText } from "./structure.ts";

export interface Filled {
  readonly values: Values;
  readonly source: Source;
  /** How often the source was right here, with two observations at a half. */
  readonly precision: number;
}

/** Arguments, then what was seen before: where nothing was decided about a slot yet. */
export function sourcesOf(structure: Structure, slot: string, args: Values): readonly Source[] {
  return (
    structure.sources.get(slot) ?? [
      ...args.map((_, at): Source => ({ from: "owner", owner: { of: "argument", at } })),
      { from: "constant" },
    ]
  );
}

/** Null where the source knows nothing. */
export function listFrom(
  source: Source,
  slot: string,
  args: Values,
  belief: Belief,
  remembered: Remembered,
): Values | null {
  if (source.from === "constant") return commonest(remembered.constants.get(slot))?.values ?? null;
  const owner = ownerOf(belief, source.owner, args);
  if (owner === undefined) return null;
  switch (source.from) {
    case "owner":
      return [owner];
    case "relation":
      return relationOf(belief, source.relation, owner) ?? null;
    case "place":
      return remembered.places.get(placeKey(belief.place, source.relation, owner)) ?? null;
    case "fellow":
      return fellowsOf(belief, source.relation, owner);
    case "habit":
      return habitOf(remembered.habits.get(habitKey(source.relation, owner)));
  }
}

function fellowsOf(belief: Belief, relation: string, owner: string): Values | null {
  let found: Values | null = null;
  for (const values of belief.sights.get(relation)?.values() ?? []) if (values.includes(owner)) found = values;
  return found;
}

export function precisionOf(remembered: Remembered, slot: string, source: Source): number {
  return rateOf(tallyOf(remembered, slot, sourceText(source)));
}

/** The best source that knows something, its list in the slot's order. */
export function fill(
  structure: Structure,
  remembered: Remembered,
  belief: Belief,
  action: ReadAction,
  template: string,
  at: number,
): Filled | null {
  const slot = slotKey(action.template, template, at);
  const { order } = structure.listings.get(listKey(template, at)) ?? plainListing;
  let best: Filled | null = null;
  for (const source of sourcesOf(structure, slot, action.args)) {
    const precision = precisionOf(remembered, slot, source);
    if (best !== null && precision <= best.precision) continue;
    const values = listFrom(source, slot, action.args, belief, remembered);
    if (values !== null) best = { values: ordered(values, order), source, precision };
  }
  return best;
}

/** The text; null where a list is empty and nobody knows how that is said. */
export function render(structure: Structure, template: string, lists: readonly Values[]): string | null {
  const { texts, styles } = piecesOf(template);
  let text = texts[0] ?? "";
  for (const [at, article] of styles.entries()) {
    const shown = listText(structure, listKey(template, at), article, lists[at] ?? []);
    if (shown === null) return null;
    text += shown + (texts[at + 1] ?? "");
  }
  return text;
}

/** `key`: `listKey`. Null where it is empty and nobody knows how that is said. */
export function listText(structure: Structure, key: string, article: string, values: Values): string | null {
  if (values.length === 0) return structure.emptyWords.get(key) ?? null;
  const { join } = structure.listings.get(key) ?? plainListing;
  return written(values, article, join);
}
