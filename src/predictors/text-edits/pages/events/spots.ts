/**
 * What a page says of a thing that holds others, where it changes with what it holds: "On the shelf is a cup." or "The shelf is bare.", or nothing
 * as long as it is closed. Two sights of a page show two wordings of one spot: both are kept, and the event that changes the thing turns one into
 * the other. Where an episode has not shown a wording, that which other worlds showed most often stands in.
 */
import { hole } from "../../reading.ts";
import { itemOf } from "../text/items.ts";
import { listHole } from "../text/lift.ts";
import { joined, ofLines, type Segment, segmentsOf } from "../text/sentences.ts";
import { replaced } from "../text/words.ts";
import type { PageEvent } from "./event.ts";
import { listIn, withoutList } from "./lists.ts";

/** It shows a list, says something else, or says nothing. */
export const spotStates = { listed: "listed", bare: "bare", silent: "silent" } as const;
export type SpotState = (typeof spotStates)[keyof typeof spotStates];

/** Segments one behind the other, without their lists. */
export type Wording = readonly Segment[];

export interface Spot {
  readonly thing: string;
  readonly before: Wording;
  readonly after: Wording;
}

const segmentsMax = 80;
const wordingMax = 4;
const backMax = 2;
const article = /^(?:an?|some) /;

/** A segment as it is whatever is listed in it, and whatever the things are called among others. */
function plain({ text }: Segment, names: readonly string[]): string {
  let said = withoutList(text);
  for (const name of names) {
    const called = said.includes(name) ? itemOf(said, name) : null;
    if (called !== null && article.test(called)) said = replaced(said, called, name);
  }
  return said;
}

export function stateOf(wording: Wording): SpotState {
  if (wording.length === 0) return spotStates.silent;
  return wording.some(({ text }) => text.includes(listHole)) ? spotStates.listed : spotStates.bare;
}

/** Where two sights of a page differ, by the thing that is spoken of: one of the names, the longest first. */
export function spotsIn(old: string, now: string, all: readonly string[]): readonly Spot[] {
  const names = [...new Set(all)].filter((one) => one !== "").sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
  const [was, is] = [segmentsOf(old), segmentsOf(now)];
  if (names.length === 0 || was.length > segmentsMax || is.length > segmentsMax) return [];
  const [a, b] = [was, is].map((segments) => segments.map((one) => plain(one, names))) as [string[], string[]];
  const [isOfLines, areOfLines] = [ofLines(was), ofLines(is)];
  const spots: Spot[] = [];
  for (const { from, to, start, end } of hunksOf(a, b)) {
    if (to - from > wordingMax || end - start > wordingMax || from === 0) continue;
    if (isOfLines.slice(from, to).includes(true) || areOfLines.slice(start, end).includes(true)) continue;
    const [before, after] = [wordingOf(was.slice(from, to)), wordingOf(is.slice(start, end))];
    const own = [...before, ...after].map(({ text }) => text).join(" ");
    const back = was.slice(Math.max(0, from - 1 - backMax), from).map(({ text }) => text);
    const thing = [own, ...back.reverse()]
      .map((text) => names.find((name) => text.includes(name)))
      .find((name) => name !== undefined);
    if (thing !== undefined && stateOf(before) !== stateOf(after)) spots.push({ thing, before, after });
  }
  return spots;
}

function wordingOf(segments: readonly Segment[]): Wording {
  return segments.map(({ separator, text }) => ({ separator, text: withoutList(text) }));
}

interface Hunk {
  readonly from: number;
  readonly to: number;
  readonly start: number;
  readonly end: number;
}

/** What the longest common subsequence leaves out. */
function hunksOf(a: readonly string[], b: readonly string[]): readonly Hunk[] {
  const width = b.length + 1;
  const longest = new Uint16Array((a.length + 1) * width);
  const at = (i: number, j: number) => longest[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      longest[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const hunks: Hunk[] = [];
  let [i, j, from, start] = [0, 0, 0, 0];
  const close = () => {
    if (i > from || j > start) hunks.push({ from, to: i, start, end: j });
  };
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      close();
      i += 1;
      j += 1;
      [from, start] = [i, j];
    } else if (j >= b.length || (i < a.length && at(i + 1, j) >= at(i, j + 1))) i += 1;
    else j += 1;
  }
  close();
  return hunks;
}

/** By the title of the page and the thing, what was shown of it in each state. */
export type Spots = Map<string, ReadonlyMap<SpotState, Wording>>;

const spotsMax = 256;

function spotKey(title: string, thing: string): string {
  return `${title}\u0003${thing}`;
}

export function keepSpots(spots: Spots, title: string, found: readonly Spot[]): void {
  for (const { thing, before, after } of found) {
    const key = spotKey(title, thing);
    const known = new Map(spots.get(key) ?? []);
    known.set(stateOf(before), before);
    known.set(stateOf(after), after);
    spots.delete(key);
    spots.set(key, known);
    const oldest = spots.size > spotsMax ? spots.keys().next().value : undefined;
    if (oldest !== undefined) spots.delete(oldest);
  }
}

/** What other worlds showed, and which state an event leads to. */
export interface SpotRules {
  /** By `turnKey`. */
  readonly turns: ReadonlyMap<string, Turn>;
  /** With the thing taken out, the most usual first. */
  readonly wordings: readonly Wording[];
}

export interface Turn {
  readonly to: SpotState;
  /** Nothing was said before. */
  readonly fromSilence: boolean;
  /** What it says most often, with the thing taken out. */
  readonly wording: Wording;
}

export const noSpots: SpotRules = { turns: new Map(), wordings: [] };

export function turnKey({ key }: PageEvent, at: number): string {
  return `${key}\u0003${at}`;
}

/** The page after the event has changed how what it names is spoken of. */
export function turned(rules: SpotRules, spots: Spots, title: string, page: string, event: PageEvent): string {
  let segments: readonly Segment[] | null = null;
  for (const [at, name] of event.names.slice(0, -1).entries()) {
    const turn = name === "" ? undefined : rules.turns.get(turnKey(event, at));
    if (turn === undefined) continue;
    const known = spots.get(spotKey(title, name));
    const items = turn.to === spotStates.listed ? itemsFor(event, at) : [];
    if (items === null) continue;
    segments ??= segmentsOf(page);
    segments = turnedOne(rules.wordings, known ?? new Map(), segments, { name, items, turn });
  }
  return segments === null ? page : joined(segments);
}

interface Turned {
  readonly name: string;
  readonly items: readonly string[];
  readonly turn: Turn;
}

function turnedOne(
  wordings: readonly Wording[],
  known: ReadonlyMap<SpotState, Wording>,
  segments: readonly Segment[],
  { name, items, turn: { to, fromSilence, wording: likely } }: Turned,
): readonly Segment[] {
  const usual = wordings.map((wording) => filledWith(wording, name));
  const next = known.get(to) ?? filledWith(likely, name);
  const isOfLine = ofLines(segments);
  const first = segments.findIndex(({ text }, place) => place > 0 && !isOfLine[place] && text.includes(name));
  if (first < 0) return segments;
  const found = placeOf([...known.values(), ...usual], segments, first);
  if (found === null)
    return (known.has(spotStates.silent) || fromSilence) && next.length > 0
      ? segments.toSpliced(first + 1, 0, ...written(next, items))
      : segments;
  const { place, wording } = found;
  const list = segments.slice(place, place + wording.length).flatMap(({ text }) => listIn(text) ?? [])[0];
  const isFull = stateOf(wording) === spotStates.listed;
  if (isFull && (to === spotStates.listed || (to === spotStates.bare && (list?.items.length ?? 0) > 1)))
    return segments;
  return segments.toSpliced(place, wording.length, ...written(next, items));
}

/** What the answer listed, else what was named besides. */
function itemsFor({ items, listed }: PageEvent, at: number): readonly string[] | null {
  if (listed.length > 0) return listed;
  const others = items.filter((one, other) => other !== at && one !== null);
  const [item] = others;
  return item === undefined || item === null ? null : [item];
}

function written(wording: Wording, items: readonly string[]): readonly Segment[] {
  const list = items.length < 2 ? (items[0] ?? "") : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
  return wording.map(({ separator, text }) => ({ separator, text: text.replace(listHole, () => list) }));
}

const thingHole = hole("0");

function filledWith(wording: Wording, name: string): Wording {
  return wording.map(({ separator, text }) => ({ separator, text: text.replaceAll(thingHole, () => name) }));
}

export function withoutThing(wording: Wording, name: string): Wording {
  return wording.map(({ separator, text }) => ({ separator, text: replaced(text, name, thingHole) }));
}

/** The longest of the wordings that stands behind where the thing is named first. */
function placeOf(
  wordings: readonly Wording[],
  segments: readonly Segment[],
  first: number,
): { readonly place: number; readonly wording: Wording } | null {
  let best: { readonly place: number; readonly wording: Wording } | null = null;
  for (const wording of wordings) {
    if (wording.length === 0 || wording.length <= (best?.wording.length ?? 0)) continue;
    for (let place = first + 1; place <= first + 1 + backMax; place++) {
      const isHere = wording.every(({ text }, at) => withoutList(segments[place + at]?.text ?? "") === text);
      if (isHere) {
        best = { place, wording };
        break;
      }
    }
  }
  return best;
}
