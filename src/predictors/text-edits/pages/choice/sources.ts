/** Where whole texts come from: what the episode has shown, what its context tells, what other episodes were answered. */

import { mix } from "../../../lifted/hash.ts";
import type { SegmentSource } from "../../../text-segments.ts";
import type { Remembered } from "../../remembered.ts";
import { askedKeys, exitKey, type PageBelief, shownKey } from "../belief.ts";
import { courseKeys, movedAsLast, movedEvenly, movedWithin } from "../events/numbers.ts";
import type { ClausedAction } from "../naming/clauses.ts";
import { referentsOf } from "../naming/here.ts";
import { pageNaming, seenFrom } from "../places.ts";
import type { PageStructure } from "../structure.ts";
import { fillIn, isFilled, type Told } from "../text/lift.ts";
import { curveTexts } from "./curves.ts";
import type { TextSight } from "./texts.ts";

/** In words, for explanations, and what kind of source it is. The order matters to labels that were learnt: new ones go to the end. */
const sources: readonly (readonly [words: string, kind: SegmentSource])[] = [
  ["the last answer to this action", "earlier"],
  ["the last answer to this action at this place", "earlier"],
  ["the last answer to this action about what was turned to last", "earlier"],
  ["the last answer to this action after this text", "earlier"],
  ["the page of this place", "page"],
  ["the page that this way leads to", "page"],
  ["the text before", "earlier"],
  ["the text before that", "earlier"],
  ["the text two before that", "earlier"],
  ["the first text", "earlier"],
  ["the text of the context that the argument names", "context"],
  ["the page that the argument names", "page"],
  ["what was answered in another world", "memory"],
  ["what was answered at such a place in another world", "memory"],
  ["what was answered about what was turned to last in another world", "memory"],
  ["what another episode of this world was answered", "memory"],
  ["what another episode of this world was answered at this place", "memory"],
  ["what another episode of this world was answered about what was turned to last", "memory"],
  ["the last answer to this action, its numbers moved on as before", "counted"],
  ["the last answer to this action, its numbers moved on evenly", "counted"],
  ["the text in which was turned to what was turned to last", "earlier"],
  ["the last answer to this action, its numbers moved on as those of something else, or straight on", "counted"],
  ["the numbers that followed the last in another world", "memory"],
  ["the numbers that followed the last two in another world", "memory"],
  ["what is shown of the argument", "page"],
  ["the last answer to this action, its numbers moved on as the last four allow", "counted"],
  ["how a number of something else went on that agrees with two readings", "memory"],
  ["how a number of something else went on that agrees with three readings", "memory"],
  ["how a number of something else went on that agrees with six readings", "memory"],
  ["the text before, moved on", "counted"],
  ["the text that said before what the text before says, moved on", "earlier"],
  ["the amounts, as believed", "counted"],
  ["what another episode was answered after this text", "memory"],
  ["what another episode of this world was answered that had gone the same way", "memory"],
  ["the menu of what may be meant", "page"],
];
export const sourceNames = sources.map(([words]) => words);
export const sourceKinds = sources.map(([, kind]) => kind);
/** The text before, moved on: known where verbs move it alone. */
export const movedSource = 29;
/** What is shown of the argument. */
export const shownSource = 24;
/** No labels of forests (rivals.ts). */
export const [rivalSource, waySource] = [32, 33];
/** Known where there are menus. */
export const menuSource = 34;
/** What memory was asked by `askedKeys`: of other worlds, then of other episodes of this one. */
export const [firstOfWorlds, firstOfFellows, firstBehind] = [12, 15, 18];

/** What other episodes of the same world were answered. */
export function isOfFellows(source: number): boolean {
  return source >= firstOfFellows && source < firstBehind;
}

export interface Asked {
  readonly action: ClausedAction;
  readonly actionText: string;
  /** By hash. */
  readonly episode: number;
}

/** By source; null where it knows nothing. */
export type Proposals = readonly (string | null)[];

export function proposalsOf(
  structure: PageStructure,
  belief: PageBelief,
  { texts, curves }: Pick<Remembered, "texts" | "curves">,
  { action, actionText, episode }: Asked,
): Proposals {
  const { answers, pages, current, exits, shown, told } = belief;
  const asked = askedKeys(belief, actionText);
  const own = [...asked, shownKey(belief, actionText)].map((key) => answers.get(key)?.text ?? null);
  const way = current === null ? undefined : exits.get(exitKey(current, actionText));
  const others = asked.map((key) => othersTold(texts.of(key, belief.world), told));
  const fellows = asked.map((key) => othersTold(texts.of(mix(key, belief.world), episode), told));
  const [named] = action.args;
  const course = belief.courses.get(actionText);
  const curved = curveTexts(curves, course, belief.ticks + 1, belief.world);
  return [
    ...own,
    current === null ? null : (pages.get(current) ?? null),
    way === undefined ? null : (pages.get(way) ?? null),
    belief.text,
    shown.at(-2) ?? null,
    shown.at(-3) ?? null,
    belief.first,
    named === undefined ? null : entryOf(belief, named),
    named === undefined ? null : pageOf(structure, belief, named),
    ...others,
    ...fellows,
    movedAsLast(course, belief.ticks + 1),
    movedEvenly(course, belief.ticks + 1),
    belief.registerFrom,
    // Where what others have shown tells the way it needs no guess.
    curved[1] ?? movedWithin(course, belief.ticks + 1),
    ...(courseKeys(course, actionText, belief.ticks + 1) ?? [0, 0]).map((key) =>
      key === 0 ? null : (texts.of(key, belief.world)?.text ?? null),
    ),
    named === undefined ? null : (referentsOf(belief, action)[0]?.node.text ?? null),
    movedWithin(course, belief.ticks + 1, 4),
    ...curved,
  ];
}

function othersTold(sight: TextSight | null, told: readonly Told[]): string | null {
  return sight === null ? null : fillIn(sight.text, [], told);
}

function entryOf({ entries }: PageBelief, name: string): string | null {
  for (const own of entries.values()) {
    const text = own.get(name);
    if (text !== undefined) return text.trim();
  }
  return null;
}

function pageOf(structure: PageStructure, belief: PageBelief, name: string): string | null {
  const title = pageNaming(belief, name);
  const page = title === null ? undefined : belief.pages.get(title);
  if (page === undefined) return null;
  return title === belief.current ? page : seenFrom(structure, page);
}

/** Labels that begin so are no templates. */
export const sourceMark = "\u0004";

/** A template that explains nearly as much as a source is to be preferred: it needs nothing to be known. */
const sourceWeight = 0.75;

export function weightOf(label: string): number {
  return label.startsWith(sourceMark) ? sourceWeight : 1;
}

export function sourceLabel(at: number): string {
  return `${sourceMark}${at}`;
}

/** The text that a label stands for; null where it cannot be said. */
export function textOf(
  label: string,
  proposals: Proposals,
  told: () => readonly Told[],
  names: () => readonly (string | null)[],
): string | null {
  if (label.startsWith(sourceMark)) return proposals[Number(label.slice(1))] ?? null;
  return isFilled(label) ? label : fillIn(label, names(), told());
}
