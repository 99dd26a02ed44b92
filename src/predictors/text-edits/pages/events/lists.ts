/**
 * Lists in sentences: "On the shelf are a cup and a lamp.", "You hold: a cup.". What an event does to them: a thing that it names leaves the
 * list that shows it, or enters one that speaks of another thing that it names, or of none; and what a thing is called among others changes ("a
 * closed box", "an open box"). Such rules are kept among the edits. English articles, joiners and "is" with "are" are given.
 */
import { hole } from "../../reading.ts";
import { itemOf, itemsIn, listed } from "../text/items.ts";
import { lift, listHole, putBack } from "../text/lift.ts";
import { goesOn } from "../text/nodes.ts";
import { ofLines, type Segment } from "../text/sentences.ts";
import { mentions, replaced } from "../text/words.ts";
import { editKey } from "./edits.ts";
import { emptiedText, filledText } from "./empties.ts";
import type { PageEvent } from "./event.ts";

export interface ListIn {
  readonly before: string;
  readonly items: readonly string[];
  readonly after: string;
}

const begins = /(?:[\s:])(?:an?|some) /;
const item = /^(?:an?|some) \S/;
const place = / (?:on|in) (?:it|the (?:(?! (?:on|in) the )[^,.])*)\.$/;
/** What is said of a thing behind its name; a list where it says what the thing holds ("a tray that has a cup and a spoon on it"). */
const clause = / (?:that|which) \w+ /;
/** It says how the thing is, and nothing behind that. */
const state = / (?:that|which) (?:is|are) [^,]*\.$/;
const clauses = new RegExp(clause, "g");

/** The lists that sentences that say `what` end with; null where they show none, and of lines that are indented, which are no sentences. */
export function listsIn(segments: readonly Segment[], what = ""): readonly (ListIn | null)[] {
  if (!segments.some(({ text }) => text.includes(what))) return [];
  const isOfLine = ofLines(segments);
  return segments.map(({ text }, at) => (isOfLine[at] || !text.includes(what) ? null : listIn(text)));
}

/** The list that the sentence ends with; null where it shows none. */
export function listIn(sentence: string): ListIn | null {
  if (!sentence.endsWith(".") || /^\s/.test(sentence)) return null;
  const from = listFrom(sentence);
  if (from === null) return null;
  const list = sentence.slice(from);
  const end = place.exec(list)?.index ?? list.length - 1;
  const items = itemsIn(list.slice(0, end));
  if (items.some((one) => !item.test(one) || goesOn.test(one))) return null;
  return { before: sentence.slice(0, from), items, after: list.slice(end) };
}

/** What stands behind an item goes on about it ("a box that is closed"): it is said of this one alone. */
export function saysMore(after: string): boolean {
  return clause.test(after);
}

/** Where the list may begin; null where what is said last is no list. */
function listFrom(sentence: string): number | null {
  let from: number | null = null;
  for (const found of sentence.matchAll(clauses)) from = found.index + found[0].length;
  if (from !== null && item.test(sentence.slice(from))) return from;
  if (state.test(sentence)) return null;
  const first = begins.exec(sentence);
  return first === null ? null : first.index + 1;
}

function listText({ before, items, after }: ListIn, isAgreeing = false): string {
  const [one, more] = [singular(before), isAgreeing ? before.replace(/ is $/, " are ") : before];
  return `${items.length > 1 ? more : one}${listed(items)}${after}`;
}

/** What stands before a list of one. */
export function singular(before: string): string {
  return before.replace(/ are $/, " is ");
}

/** The sentence with its list, the words that are told apart by number alone being one. */
export function withoutList(sentence: string): string {
  const list = listIn(sentence);
  return list === null ? sentence : `${singular(list.before)}${listHole}${list.after}`;
}

/** Which of the items is the thing; −1: none. */
export function placeIn({ items }: Pick<ListIn, "items">, name: string): number {
  const ends = items.findIndex((one) => one.endsWith(` ${name}`));
  return ends >= 0 ? ends : items.findIndex((one) => mentions(one, name));
}

/** Rules of lists are told apart by the number of the argument, those of names by what the thing was called. */
export const listedMark = "\u0004listed ";
export const calledMark = "\u0004called ";
const leaves = "\u0004leaves";
const enters = "\u0004enters";
/** Names hold wherever the thing is shown. */
export const anywhere = "";
const between = "\u0003";

export function listedKey(event: PageEvent, standing: string, at: number): string {
  return editKey(event, standing, `${listedMark}${at}`);
}

export function calledAsKey(event: PageEvent, lifted: string): string {
  return editKey(event, anywhere, `${calledMark}${lifted}`);
}

/** How a text calls the thing among others, the name taken out. */
export function calledAs(text: string, name: string, at: number): { readonly words: string; lifted: string } | null {
  const words = name === "" ? null : itemOf(text, name);
  return words === null || !item.test(words) ? null : { words, lifted: replaced(words, name, hole(String(at))) };
}

export interface Entrance {
  /** What stands around the list, what the event names taken out. */
  readonly before: string;
  readonly after: string;
  /** The sentence that stands where there is no item; empty: none does. */
  readonly empty: string;
  readonly separator: string;
  readonly isFirst: boolean;
  /** Where there is no such list, one is written. */
  readonly isMade: boolean;
  /** Of more than one it says "are" for "is". */
  readonly isAgreeing: boolean;
}

export function entranceText({ before, after, empty, separator, isFirst, isMade, isAgreeing }: Entrance): string {
  const flags = [isFirst ? "first" : "last", isMade ? "made" : "", isAgreeing ? "are" : ""];
  return [enters, before, after, empty, separator, ...flags].join(between);
}

export function entranceOf(outcome: string): Entrance | null {
  const [mark, before = "", after = "", empty = "", separator = "", order, made, are] = outcome.split(between);
  return mark === enters
    ? {
        before,
        after,
        empty,
        separator,
        isFirst: order === "first",
        isMade: made === "made",
        isAgreeing: are === "are",
      }
    : null;
}

export function leavingText(empty: string): string {
  return leaves + between + empty;
}

/** The lifted sentence that is left; empty: none is. Null: nothing leaves. */
function leftOf(outcome: string): string | null {
  const [mark, empty = ""] = outcome.split(between);
  return mark === leaves ? empty : null;
}

/**
 * The segments after what the event does to lists; the same array where it does nothing. `isEdited`: the event makes another sentence of this one,
 * whatever the thing is called in it.
 */
export function relisted(
  edits: ReadonlyMap<string, string>,
  segments: readonly Segment[],
  event: PageEvent,
  standing: string,
  isEdited: (at: number) => boolean,
): readonly Segment[] {
  const fixed = new Set(segments.filter((_, at) => isEdited(at)));
  let after = segments;
  for (const [at, name] of event.names.slice(0, -1).entries()) {
    if (name === "") continue;
    after = recalled(edits, after, event, name, at, fixed);
    const outcome = edits.get(listedKey(event, standing, at));
    if (outcome === undefined) continue;
    const entrance = entranceOf(outcome);
    after =
      entrance === null
        ? withoutThing(edits, after, event, name, leftOf(outcome) ?? "")
        : withThing(edits, after, event, at, entrance);
  }
  return after;
}

/** A thing that is called by its name alone may be so in any state: the sentence tells which it is in. */
const plainName = new RegExp(`^(?:an?|some) ${hole("").slice(0, 1)}\\d+${hole("").slice(1)}$`);

function recalled(
  edits: ReadonlyMap<string, string>,
  segments: readonly Segment[],
  event: PageEvent,
  name: string,
  at: number,
  fixed: ReadonlySet<Segment>,
): readonly Segment[] {
  let isSame = true;
  const after = segments.map((one) => {
    const called = one.text.includes(name) ? calledAs(one.text, name, at) : null;
    const now = called === null ? undefined : edits.get(calledAsKey(event, called.lifted));
    if (called === null || now === undefined) return one;
    if (fixed.has(one) && (plainName.test(called.lifted) || plainName.test(now))) return one;
    isSame = false;
    return { ...one, text: replaced(one.text, called.words, putBack(now, event.names)) };
  });
  return isSame ? segments : after;
}

function withoutThing(
  edits: ReadonlyMap<string, string>,
  segments: readonly Segment[],
  { names }: PageEvent,
  name: string,
  empty: string,
): readonly Segment[] {
  const lists = listsIn(segments, name);
  const at = lists.findIndex((one) => one !== null && placeIn(one, name) >= 0);
  const [own, list] = [segments[at], lists[at] ?? null];
  if (own === undefined || list === null) return segments;
  const items = list.items.toSpliced(placeIn(list, name), 1);
  const text =
    items.length > 0 ? listText({ ...list, items }) : (emptiedText(edits, list, names) ?? putBack(empty, names));
  if (text !== "") return segments.with(at, { ...own, text });
  // What is left of a text that is a list alone nobody has seen.
  return segments.length > 1 ? segments.toSpliced(at, 1) : segments;
}

function withThing(
  edits: ReadonlyMap<string, string>,
  segments: readonly Segment[],
  { names, items }: PageEvent,
  at: number,
  { before, after, empty, separator, isFirst, isMade, isAgreeing }: Entrance,
): readonly Segment[] {
  const [name = "", own] = [names[at], items[at] ?? null];
  if (own === null) return segments;
  const owners = names.filter((_, other) => other !== at && before.concat(after).includes(hole(String(other))));
  const [start, end] = [putBack(before, names), putBack(after, names)];
  const lists = listsIn(segments);
  const place = lists.findIndex((list) => {
    if (list === null) return false;
    if (isMade && owners.length > 0 && !saysMore(before)) return singular(list.before) === start && list.after === end;
    if (owners.length > 0) return owners.every((one) => mentions(list.before + list.after, one));
    return list.before === start && list.after === end;
  });
  const [known, list] = [segments[place], lists[place] ?? null];
  if (known !== undefined && list !== null) {
    if (placeIn(list, name) >= 0) return segments;
    const all = isFirst ? [own, ...list.items] : [...list.items, own];
    return segments.with(place, { ...known, text: listText({ ...list, items: all }, isAgreeing) });
  }
  const bareAt =
    owners.length === 0 ? -1 : segments.findIndex(({ text }) => owners.every((one) => mentions(text, one)));
  const bare = segments[bareAt];
  const filled = bare === undefined ? null : filledText(edits, bare.text, own, names);
  if (bare !== undefined && filled !== null) return segments.with(bareAt, { ...bare, text: filled });
  if (!isMade) return segments;
  const text = listText({ before: start, items: [own], after: end });
  const filler = empty === "" ? -1 : segments.findIndex((one) => one.text === putBack(empty, names));
  const found = segments[filler];
  if (found !== undefined) return segments.with(filler, { ...found, text });
  return separator === "" ? segments : [...segments, { separator, text }];
}

/** What stands around a list, what the event names taken out but for the item. */
export function frameIn({ before, after }: ListIn, { names }: PageEvent, at: number): readonly [string, string] {
  const others = names.slice(0, -1).with(at, "");
  return [lift(singular(before), others, []), lift(after, others, [])];
}
