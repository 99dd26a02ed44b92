/**
 * What answers tie together: where one names two things, each behind words of its own ("terminal 1 on … terminal 2 on …"), these are ends that
 * are now taken, each by the other. Which words free a thing of all its ends ("… has been disconnected") is learnt: after them a thing is
 * tied at an end that was taken.
 */
import { placeOf } from "./words.ts";

export interface Tie {
  /** Whose end it is tied to. */
  readonly other: string;
  readonly end: string;
  readonly step: number;
}

/** By thing, then by the words of its end. */
export type Links = Map<string, Map<string, Tie>>;

export interface Mention {
  /** Which argument. */
  readonly at: number;
  /** The words before it, or, where there are none, those behind it. */
  readonly words: string;
  readonly isBehind: boolean;
}

const wordsMax = 2;
const thingsMax = 512;
const charsMax = 300;

/** Where an answer names the arguments. An argument that is the words of another's end is none. */
export function mentionsIn(text: string, called: readonly string[]): readonly Mention[] {
  if (text.length > charsMax || text.includes("\n")) return [];
  const found: { readonly at: number; readonly from: number; readonly to: number }[] = [];
  const isTaken = (from: number, to: number) => found.some((one) => from < one.to && one.from < to);
  const longest = called
    .map((_, at) => at)
    .sort((a, b) => (called[b] ?? "").length - (called[a] ?? "").length || a - b);
  for (const at of longest) {
    const name = called[at] ?? "";
    let from = placeOf(text, name);
    while (from >= 0 && isTaken(from, from + name.length)) from = placeOf(text, name, from + name.length);
    if (from >= 0) found.push({ at, from, to: from + name.length });
  }
  found.sort((a, b) => a.from - b.from);
  return found.flatMap(({ at, from, to }, place): readonly Mention[] => {
    const next = found[place + 1];
    if (next !== undefined && isOneWord(text.slice(to, next.from))) return [];
    const words = text
      .slice(0, from)
      .split(/\s+/)
      .filter((word) => word !== "");
    if (words.length > 0) return [{ at, words: words.slice(-wordsMax).join(" "), isBehind: false }];
    const behind = text
      .slice(to)
      .split(/\s+/)
      .filter((word) => word !== "");
    return [{ at, words: behind.slice(0, wordsMax).join(" "), isBehind: true }];
  });
}

/** "anode on battery": the words of an end. */
function isOneWord(between: string): boolean {
  return /^ \w+ $/.test(between);
}

/** What is known after the answer. `things`: what the arguments are, by `identityOf`. */
export function tie(
  links: Links,
  clears: ReadonlySet<string>,
  all: readonly Mention[],
  things: readonly string[],
  step: number,
): void {
  for (const { at, words } of all) {
    const thing = things[at];
    if (thing !== undefined && clears.has(words)) free(links, thing);
  }
  const [a, b] = endsIn(all);
  const [one, other] = [things[a?.at ?? -1], things[b?.at ?? -1]];
  if (a === undefined || b === undefined || one === undefined || other === undefined) return;
  put(links, one, a.words, { other, end: b.words, step });
  put(links, other, b.words, { other: one, end: a.words, step });
}

/** The two mentions that an answer ties; none where there are more, or fewer. */
export function endsIn(all: readonly Mention[]): readonly [] | readonly [Mention, Mention] {
  const [a, b, ...others] = all.filter(({ isBehind }) => !isBehind);
  return a === undefined || b === undefined || others.length > 0 ? [] : [a, b];
}

function free(links: Links, thing: string): void {
  for (const [, { other, end }] of links.get(thing) ?? []) links.get(other)?.delete(end);
  links.delete(thing);
}

function put(links: Links, thing: string, end: string, tied: Tie): void {
  const own = links.get(thing) ?? new Map<string, Tie>();
  links.delete(thing);
  links.set(thing, own);
  own.set(end, tied);
  const oldest = links.size > thingsMax ? links.keys().next().value : undefined;
  if (oldest !== undefined) links.delete(oldest);
}

/** Counts which words free a thing: of those that named it alone since it was tied, and then it was tied there again, or elsewhere. */
export interface ClearCounts {
  /** Called with what was known before the answer; nothing frees yet. */
  add(episode: number, links: Links, all: readonly Mention[], things: readonly string[], step: number): void;
  decided(): ReadonlySet<string>;
}

const clearMin = 5;
const aloneMax = 8;
const wordsCountedMax = 2_000;

export function createClearCounts(): ClearCounts {
  const counts = new Map<string, { again: number; other: number }>();
  let now = -1;
  let alone = new Map<string, (readonly [words: string, step: number])[]>();

  function count(words: string, isAgain: boolean): void {
    const own = counts.get(words) ?? { again: 0, other: 0 };
    if (counts.has(words) || counts.size < wordsCountedMax) counts.set(words, own);
    own[isAgain ? "again" : "other"] += 1;
  }

  return {
    add(episode, links, all, things, step) {
      if (episode !== now) [now, alone] = [episode, new Map()];
      const ends = endsIn(all);
      for (const { at, words } of ends) {
        const thing = things[at] ?? "";
        for (const [end, tied] of links.get(thing) ?? [])
          for (const [single, since] of alone.get(thing) ?? []) if (since > tied.step) count(single, end === words);
      }
      if (ends.length > 0) return;
      for (const { at, words } of all) {
        const thing = things[at] ?? "";
        alone.set(thing, [...(alone.get(thing) ?? []), [words, step] as const].slice(-aloneMax));
      }
    },
    decided: () =>
      new Set([...counts].filter(([, { again, other }]) => again >= clearMin && again > other).map(([words]) => words)),
  };
}
