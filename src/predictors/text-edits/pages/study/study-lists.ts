/** Learns by next sight what events do to lists in sentences: of things that one event alone has named since the text was seen. */

import { mostOf } from "../../most.ts";
import { hole, type Values } from "../../reading.ts";
import { holesIn, isOfItem, kept } from "../events/edits.ts";
import { createEmptyCounts } from "../events/empties.ts";
import type { PageEvent } from "../events/event.ts";
import {
  calledAs,
  calledAsKey,
  entranceText,
  frameIn,
  type ListIn,
  leavingText,
  listedKey,
  listIn,
  listsIn,
  placeIn,
  saysMore,
} from "../events/lists.ts";
import { firstWord } from "../text/cut.ts";
import { lift, listHole } from "../text/lift.ts";
import { type Segment, segmentsOf } from "../text/sentences.ts";
import { commonStart } from "../text/words.ts";
import type { Sight } from "./study-edits.ts";

export interface ListCounts {
  add(sight: Sight): void;
  /** To be kept among the edits. */
  decided(): ReadonlyMap<string, string>;
}

interface Counts {
  readonly standing: string;
  left: number;
  stayed: number;
  entered: number;
  absent: number;
  first: number;
  /** Entered at the front or the end of others. */
  ordered: number;
  /** Of lists that were there before: what they speak of. */
  readonly owners: Map<string, number>;
  /** Of lists that came with the thing. */
  readonly frames: Map<string, number>;
  /** What stood there before it, and how it is parted from what is before. */
  readonly fillers: Map<string, number>;
  readonly separators: Map<string, number>;
  /** What stands where the last has left. */
  readonly empties: Map<string, number>;
}

const countsMax = 20_000;
const rulesMax = 2_000;
const seenMin = 2;
const share = 0.5;
const between = "\u0003";
const answerMark = "answer ";

export function createListCounts(): ListCounts {
  const lists = new Map<string, Counts>();
  const names = new Map<string, Map<string, number>>();
  /** What is left of lists by what they were, whatever has emptied them, and the first words of sentences that say "are", or do not. */
  const emptied = new Map<string, Map<string, number>>();
  const plurals = new Map<string, number>();
  const ends = createEmptyCounts();

  /** What the sentence with the list was, or has become, without it: the one most alike of those that only one sight shows. */
  function addEnds({ before, after }: ListIn, apart: readonly Segment[], names: Values): boolean {
    const full = lift(`${before}${listHole}${after}`, names, []);
    const owners = holesIn(full).filter((one) => one !== listHole);
    let [best, alike] = ["", before.length / 2];
    for (const { text } of apart) {
      const lifted = listIn(text) === null ? lift(text, names, []) : "";
      const start = commonStart(full, lifted);
      const its = start > 0 && owners.some((one) => lifted.includes(one)) ? start + full.length : start;
      if (its > alike) [best, alike] = [lifted, its];
    }
    if (best !== "") ends.add(full, best);
    return best !== "";
  }

  function countsOf(key: string, standing: string): Counts | null {
    const known = lists.get(key);
    if (known !== undefined) return known;
    if (lists.size >= countsMax) return null;
    const made: Counts = {
      ...{ left: 0, stayed: 0, entered: 0, absent: 0, first: 0, ordered: 0 },
      standing,
      owners: new Map(),
      frames: new Map(),
      fillers: new Map(),
      separators: new Map(),
      empties: new Map(),
    };
    lists.set(key, made);
    return made;
  }

  function addEmpty(standing: string, empty: string): void {
    if (!standing.startsWith(answerMark) || holesIn(standing).length > 0) return;
    const all = emptied.get(standing) ?? new Map<string, number>();
    if (emptied.has(standing) || emptied.size < countsMax) emptied.set(standing, all);
    add(all, empty);
  }

  function ruleOf(counts: Counts): string | null {
    const { left, stayed, entered, absent, first, ordered, owners, frames, standing } = counts;
    const all = usual(emptied.get(standing) ?? new Map());
    if (entered >= seenMin && entered > share * (entered + absent)) {
      const made = usual(frames);
      const [before = "", after = ""] = (made === "" ? mostOf(owners, "")[0] : made).split(between);
      const empty = usual(counts.fillers) || all;
      const order = { isFirst: first > ordered / 2, isAgreeing: (plurals.get(firstWord(before)) ?? 0) > 0 };
      const isMade = made !== "";
      return before === ""
        ? null
        : entranceText({ before, after, empty, separator: usual(counts.separators), isMade, ...order });
    }
    const isLeaving = left >= seenMin && left > share * (left + stayed);
    return isLeaving ? leavingText(usual(counts.empties) || all) : null;
  }

  function judge(event: PageEvent, at: number, standing: string, old: readonly Segment[], now: readonly Segment[]) {
    const name = event.names[at] ?? "";
    const [was, is] = [shownIn(old, name), shownIn(now, name)];
    const counts = countsOf(listedKey(event, standing, at), standing);
    if (counts === null) return;
    const others = (segments: readonly Segment[], than: readonly Segment[]) =>
      segments.filter(({ text }) => !than.some((one) => one.text === text));
    if (was !== null) {
      const isThere = is !== null && areOfOne(was.list, is.list);
      counts[isThere ? "stayed" : "left"] += 1;
      if (!isThere && was.list.items.length === 1) {
        if (saysMore(was.list.before)) addEnds(was.list, others(now, old), event.names.slice(0, -1));
        const [only, ...more] = others(now, old);
        const isOne = only !== undefined && more.length === 0 && listIn(only.text) === null;
        const empty = isOne ? lift(only.text, event.names.slice(0, -1), []) : "";
        add(counts.empties, empty);
        addEmpty(standing, empty);
      }
      if (isThere) return;
    }
    if (is === null) {
      if (was === null) counts.absent += 1;
      return;
    }
    counts.entered += 1;
    const { before: words, items } = is.list;
    const number = Number(words.endsWith(" are ")) - Number(words.endsWith(" is "));
    if (items.length > 1 && number !== 0) plurals.set(firstWord(words), (plurals.get(firstWord(words)) ?? 0) + number);
    const [before, after] = frameIn(is.list, event, at);
    const place = placeIn(is.list, name);
    const earlier = listsIn(old)
      .flatMap((one) => one ?? [])
      .find((one) => areOfOne(one, is.list));
    if (is.list.items.length > 1) {
      counts.ordered += 1;
      counts.first += Number(place === 0);
    }
    if (earlier !== undefined) {
      const owners = holesIn(before + after).join("");
      return add(counts.owners, owners === "" ? before + between + after : owners + between);
    }
    const gone = others(old, now);
    const owners = holesIn(before + after).join("");
    if (saysMore(is.list.before) && addEnds(is.list, gone, event.names.slice(0, -1)) && owners !== "")
      add(counts.owners, owners + between);
    const [only, ...more] = gone;
    const isOne = only !== undefined && more.length === 0 && listIn(only.text) === null;
    const empty = isOne ? lift(only.text, event.names.slice(0, -1), []) : "";
    const separator = now.indexOf(is.segment) === now.length - 1 || isOne ? is.segment.separator : "";
    add(counts.frames, before + between + after);
    add(counts.fillers, empty);
    if (isOne) addEmpty(standing, empty);
    add(counts.separators, separator);
  }

  /** What the thing is called after the newest event that names it, and was after the earlier ones, as far as is known what they do. */
  function judgeName(event: PageEvent, at: number, earlier: readonly PageEvent[], before: string, after: string): void {
    const name = event.names[at] ?? "";
    const isIn = before.includes(name) && after.includes(name);
    const [was, is] = isIn ? [calledAs(before, name, at), calledAs(after, name, at)] : [null, null];
    if (was === null || is === null) return;
    let called = was.lifted;
    for (const one of earlier) {
      const its = one.names.indexOf(name);
      const now = decidedOf(names.get(calledAsKey(one, moved(called, at, its))));
      if (now !== null && now !== kept) called = moved(now, its, at);
    }
    const key = calledAsKey(event, called);
    const outcomes = names.get(key) ?? new Map<string, number>();
    if (!names.has(key) && names.size >= countsMax) return;
    names.set(key, outcomes);
    add(outcomes, called === is.lifted ? kept : is.lifted);
  }

  return {
    add({ before, after, events, standingOf }) {
      if (events.length === 0) return;
      let [old, now]: [readonly Segment[] | null, readonly Segment[]] = [null, []];
      for (const event of events)
        for (const [at, name] of event.names.slice(0, -1).entries()) {
          if (name === "") continue;
          const others = events.filter((one) => one !== event && one.names.slice(0, -1).includes(name));
          if (others.every(({ step }) => step < event.step)) judgeName(event, at, others, before, after);
          if (others.length > 0) continue;
          if (old === null) [old, now] = [segmentsOf(before), segmentsOf(after)];
          judge(event, at, standingOf(event), old, now);
        }
    },
    decided() {
      const rules = new Map<string, string>();
      for (const [key, outcomes] of names) {
        const best = decidedOf(outcomes);
        if (best !== null && best !== kept && rules.size < rulesMax) rules.set(key, best);
      }
      for (const [key, counts] of lists) {
        const rule = rules.size < rulesMax ? ruleOf(counts) : null;
        if (rule !== null) rules.set(key, rule);
      }
      for (const [key, outcome] of ends.decided()) if (rules.size < rulesMax) rules.set(key, outcome);
      return rules;
    },
  };
}

/** The list that shows the thing. */
function shownIn(
  segments: readonly Segment[],
  name: string,
): { readonly segment: Segment; readonly list: ListIn } | null {
  for (const [at, list] of listsIn(segments, name).entries()) {
    const segment = segments[at];
    if (segment !== undefined && list !== null && placeIn(list, name) >= 0) return { segment, list };
  }
  return null;
}

function areOfOne(a: ListIn, b: ListIn): boolean {
  return a.after === b.after && a.before.replace(/ are $/, " is ") === b.before.replace(/ are $/, " is ");
}

/** The words with the hole of one argument for that of another. */
function moved(lifted: string, from: number, to: number): string {
  return from === to ? lifted : lifted.replaceAll(hole(String(from)), hole(String(to)));
}

function decidedOf(outcomes: ReadonlyMap<string, number> | undefined): string | null {
  const [best, most, sum] = outcomes === undefined ? ["", 0, 0] : mostOf(outcomes, "");
  return most >= seenMin && most > share * sum ? best : null;
}

/** What was seen more often than all else; empty where nothing was. */
function usual(counts: ReadonlyMap<string, number>): string {
  const [best, most, sum] = mostOf(counts, "");
  return most >= seenMin && most > share * sum ? best : "";
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** Edits with the rules of lists, which stand for those that edit a list as a sentence of one item. */
export function withLists(edits: ReadonlyMap<string, string>, lists: ReadonlyMap<string, string>): Map<string, string> {
  const known = new Set([...lists.keys()].map((key) => key.slice(0, key.lastIndexOf("\u0003"))));
  const others = [...edits].filter(
    ([key, outcome]) => !(known.has(key.slice(0, key.lastIndexOf("\u0003"))) && isOfItem(key, outcome)),
  );
  return new Map([...others, ...lists]);
}
