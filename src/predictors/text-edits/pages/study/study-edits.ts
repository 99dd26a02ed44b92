/** Learns edits by next sight: when a text is seen again, each of its sentences is judged by the newest event that named what it shows. */

import { mostOf } from "../../most.ts";
import { alone, moreWith, worded } from "../events/edit-words.ts";
import {
  comes,
  type Edits,
  editKey,
  editOf,
  endsLine,
  gone,
  holesIn,
  isAlone,
  kept,
  liftedBy,
  putBack,
  singleIn,
} from "../events/edits.ts";
import { elsewhere, isAbout, namesAny, type PageEvent } from "../events/event.ts";
import { lift } from "../text/lift.ts";
import { joined, type Segment, segmentsOf } from "../text/sentences.ts";
import { commonStart } from "../text/words.ts";

export interface Sight {
  readonly before: string;
  readonly after: string;
  /** Since the text was seen. */
  readonly events: readonly PageEvent[];
  readonly standingOf: (event: PageEvent) => string;
}

export interface EditCounts {
  add(sight: Sight): void;
  decided(): Edits;
}

const seenMin = 2;
const share = 0.5;
/** What comes is written in more ways. */
const comingShare = 0.35;
const keptShare = 0.4;
/** What is done changes other pages seldom. */
const [farMin, farShare] = [5, 0.8];
const far = `\u0003${elsewhere}\u0003`;
const countsMax = 100_000;
const editsMax = 8_000;
const fillerMin = 3;

export function createEditCounts(): EditCounts {
  const counts = new Map<string, Map<string, number>>();
  const fillers = new Map<string, number>();

  /** As the text is after the earlier events, as far as is known what they do; null: it is not there any more. */
  function soFar(text: string, events: readonly PageEvent[], standingOf: Sight["standingOf"], isOnly: boolean) {
    let now = text;
    for (const event of events) {
      const standing = standingOf(event);
      if (!isAbout(standing) && !namesAny(now, event, standing)) continue;
      const lifted = liftedBy(event, now);
      const edit = editOf((one) => decided(editKey(event, standing, one)), lifted, isOnly) ?? kept;
      if (edit === gone) return null;
      if (edit !== kept) now = putBack(event, edit) ?? now;
    }
    return now;
  }

  /** What was seen most often, often enough. */
  function decided(key: string): string | undefined {
    const outcomes = counts.get(key);
    if (outcomes === undefined) return undefined;
    const [best, most, sum] = mostOf<string | undefined>(outcomes, undefined);
    const isComing = key.endsWith(comes);
    if (isComing && (outcomes.get(kept) ?? 0) > keptShare * sum) return undefined;
    if (key.includes(far)) return most >= farMin && most > farShare * sum ? best : undefined;
    return most >= seenMin && most > (isComing ? comingShare : share) * sum ? best : undefined;
  }

  function count(key: string, outcome: string): void {
    const own = counts.get(key) ?? new Map<string, number>();
    if (!counts.has(key) && counts.size >= countsMax) return;
    counts.set(key, own);
    own.set(outcome, (own.get(outcome) ?? 0) + 1);
  }

  return {
    add({ before, after, events, standingOf }) {
      if (events.length === 0) return;
      const [old, now] = [segmentsOf(before), segmentsOf(after)];
      const [was, is] = [new Set(old.map(({ text }) => text)), new Set(now.map(({ text }) => text))];
      const news = now.filter(({ text }) => !was.has(text));
      const became = new Set<string>();
      for (const [at, { text }] of old.entries()) {
        const newest = events.findLastIndex(
          (one) => isAbout(standingOf(one)) || (namesAny(text, one, standingOf(one)) && liftedBy(one, text) !== text),
        );
        const event = events[newest];
        if (event === undefined) continue;
        const list = singleIn(event, text);
        if (list !== null) {
          if (is.has(list.rest)) became.add(list.rest);
          const key = editKey(event, standingOf(event), list.single);
          if (is.has(text) || is.has(list.rest)) count(key, is.has(text) ? kept : gone);
          continue;
        }
        const isOnly = isAlone(old, at);
        const own = soFar(text, events.slice(0, newest), standingOf, isOnly);
        if (own === null) continue;
        const lifted = liftedBy(event, own);
        const isSame = is.has(own) || (own !== text && after.includes(own));
        const next = isSame
          ? null
          : is.has(text)
            ? { text }
            : (nextOf(lifted, news, event, isOnly) ?? behindSame(old, at, now, was));
        const more = next === null || !endsLine(old, at) ? [] : moreOf(now, next, was, event, standingOf(event));
        for (const one of next === null ? [] : [next, ...more]) became.add(one.text);
        const outcome = isSame ? kept : next === null ? gone : liftedBy(event, next.text);
        const standing = standingOf(event);
        count(editKey(event, standing, isOnly ? alone(lifted) : lifted), outcome);
        if (next === null || more.length === 0) continue;
        // What comes with it may be of this thing alone: what is in a box that was opened.
        count(editKey(event, standing, worded(own)), next.text + joined(more));
        count(editKey(event, standing, moreWith(lifted)), lift(joined(more), event.names, []));
      }
      // Each event since is asked whether it brought something that names what it named.
      for (const [at, event] of events.entries()) {
        const later = events.slice(at + 1);
        if (later.some(({ names }) => names[0] === event.names[0])) continue;
        const thing = event.names[0] ?? "";
        if (thing === "" || old.some(({ text }) => text.includes(thing))) continue;
        const come = news.find(({ text }) => !became.has(text) && text.includes(thing));
        const outcome =
          come === undefined
            ? kept
            : `${come.separator}\u0003${singleIn(event, come.text)?.single ?? liftedBy(event, come.text)}`;
        count(editKey(event, standingOf(event), comes), outcome);
        if (come === undefined) continue;
        const lost = old.filter(
          ({ text }) =>
            !is.has(text) && text[0] === come.text[0] && !events.some((one) => namesAny(text, one, standingOf(one))),
        );
        const [filler] = lost;
        if (lost.length === 1 && filler !== undefined) fillers.set(filler.text, (fillers.get(filler.text) ?? 0) + 1);
      }
    },
    decided() {
      const edits = new Map<string, string>();
      for (const key of counts.keys()) {
        if (edits.size >= editsMax) break;
        const edit = decided(key);
        if (edit !== undefined && edit !== kept) edits.set(key, edit);
      }
      return { edits, fillers: new Set([...fillers].filter(([, seen]) => seen >= fillerMin).map(([text]) => text)) };
    },
  };
}

interface Shown {
  readonly text: string;
}

/** The new sentence that names the same, the one most alike, or that stands alone for it; null: it has gone. */
function nextOf(lifted: string, news: readonly Shown[], event: PageEvent, isOnly: boolean): Shown | null {
  let [best, alike]: [Shown | null, number] = [null, 0];
  const named = holesIn(lifted);
  for (const one of news) {
    const other = liftedBy(event, one.text);
    const isNamed = named.every((one) => other.includes(one) || other.includes(nameHole(one)));
    if (!isNamed && !(isOnly && news.length === 1)) continue;
    const its = 1 + commonStart(lifted, other) + Number(isNamed) * 100;
    if (its > alike) [best, alike] = [one, its];
  }
  return best;
}

/** The new sentence that stands behind the one that this one stood behind in its line. */
function behindSame(
  old: readonly Segment[],
  at: number,
  now: readonly Segment[],
  was: ReadonlySet<string>,
): Shown | null {
  const before = old[at - 1];
  if (before === undefined || (old[at]?.separator ?? "\n").includes("\n")) return null;
  const place = now.findIndex(({ text }) => text === before.text) + 1;
  const next = now[place];
  return place === 0 || next === undefined || next.separator.includes("\n") || was.has(next.text) ? null : next;
}

/** New sentences of the same line behind it that speak of what the event names. */
function moreOf(
  now: readonly Segment[],
  next: Shown,
  was: ReadonlySet<string>,
  event: PageEvent,
  standing: string,
): readonly Segment[] {
  const first = now.findIndex(({ text }) => text === next.text) + 1;
  let end = first;
  for (let one = now[end]; one !== undefined && first > 0; one = now[++end])
    if (one.separator.includes("\n") || was.has(one.text) || !namesAny(one.text, event, standing)) break;
  return now.slice(first, end);
}

/** The hole of a name for that of an item: a thing that has changed is shown in other words. */
function nameHole(item: string): string {
  return item.replace("item ", "");
}
