/** Learns how answers tie things: which words are ends, which free a thing, which things roam. */
import { type LinkRules, type Links, type Mention, pairIn, tie } from "../events/links.ts";
import { placeless } from "../naming/referents.ts";

export interface LinkCounts {
  /** An answer of an episode that names things. */
  add(episode: number, all: readonly Mention[], things: readonly string[], step: number): void;
  decided(): LinkRules;
}

/** Ends stand in both places: what can be tied to something can have something tied to it. */
const endMin = 3;
const countMin = 5;
const countShare = 0.6;
const singlesMax = 8;
const countedMax = 2_000;
/** Stands for the words that have freed what a thing was tied to. */
const byOther = "\u0004freed";

interface Counts {
  yes: number;
  no: number;
}

export function createLinkCounts(): LinkCounts {
  const places = new Map<string, Counts>();
  const ends = new Set<string>();
  const phrases = new Map<string, number>();
  const freeing = new Map<string, Counts>();
  const roaming = new Map<string, Counts>();
  let now = -1;
  /** Of the episode: what is tied, while nothing frees it; words that named a thing otherwise; the newest tie of each name. */
  let links: Links = new Map();
  let singles = new Map<string, (readonly [words: string, step: number])[]>();
  let newest = new Map<string, { readonly thing: string; readonly end: string }>();

  function judge({ at, words }: Mention, things: readonly string[]): void {
    const thing = things[at] ?? "";
    const own = links.get(thing);
    const taken = own?.get(words);
    const from = taken?.step ?? Math.max(-1, ...[...(own?.values() ?? [])].map((one) => one.step));
    const since = new Set((singles.get(thing) ?? []).flatMap(([word, step]) => (step > from ? [word] : [])));
    // Tied at an end that was taken: the likeliest of the words since then has freed it. At another: none of them has.
    if (from >= 0 && since.size > 0) {
      const [likeliest = ""] = [...since].sort((a, b) => rateOf(freeing, b) - rateOf(freeing, a));
      if (taken === undefined) for (const word of since) count(freeing, word, false);
      else if (!since.has(byOther)) count(freeing, likeliest, true);
    }
    // Tied at another end than the one of its name elsewhere, although nothing is tied here: it is the same.
    const name = placeless(thing);
    const other = newest.get(name);
    if (other !== undefined && other.thing !== thing && own === undefined) count(roaming, name, other.end !== words);
    newest.set(name, { thing, end: words });
  }

  function noteSingle(thing: string, words: string, step: number): void {
    singles.set(thing, [...(singles.get(thing) ?? []), [words, step] as const].slice(-singlesMax));
  }

  /** What is freed frees what it is tied to: no words that name that one need have done so. */
  function noteFreed(all: readonly Mention[], things: readonly string[], step: number): void {
    for (const { at, words } of all) {
      if (!isFrequent(freeing.get(words))) continue;
      for (const { other } of links.get(things[at] ?? "")?.values() ?? []) noteSingle(other, byOther, step);
    }
  }

  return {
    add(episode, all, things, step) {
      if (episode !== now) [now, links, singles, newest] = [episode, new Map(), new Map(), new Map()];
      const pair = pairIn(all);
      for (const [place, { words }] of pair.entries()) {
        const own = count(places, words, place === 0);
        if (Math.min(own.yes, own.no) >= endMin) ends.add(words);
      }
      const isTied = pair.length > 0 && pair.every(({ words }) => ends.has(words));
      if (isTied) for (const one of pair) judge(one, things);
      const [first] = pair;
      if (isTied && first !== undefined && (phrases.has(first.before) || phrases.size < countedMax))
        phrases.set(first.before, (phrases.get(first.before) ?? 0) + 1);
      noteFreed(all, things, step);
      tie(links, { ends, clears: new Set() }, all, things, step);
      for (const { at, words } of isTied ? [] : all) {
        const thing = things[at] ?? "";
        if (!ends.has(words)) noteSingle(thing, words, step);
      }
    },
    decided: () => ({
      ends: new Set(ends),
      phrases: phrasesOf(phrases),
      clears: frequent(freeing),
      roaming: frequent(roaming),
    }),
  };
}

function phrasesOf(counts: ReadonlyMap<string, number>): ReadonlySet<string> {
  const often = [...counts].flatMap(([phrase, times]) => (times >= endMin && phrase !== "" ? [phrase] : []));
  // A part of a name before it, or a part of the phrase alone, is no phrase of its own.
  const isOf = (one: string, other: string) => one.startsWith(`${other} `) || other.endsWith(` ${one}`);
  return new Set(often.filter((one) => !often.some((other) => other !== one && isOf(one, other))));
}

function rateOf(counts: ReadonlyMap<string, Counts>, key: string): number {
  const { yes, no } = counts.get(key) ?? { yes: 0, no: 0 };
  return (yes + 1) / (yes + no + 2);
}

function count(counts: Map<string, Counts>, key: string, isSo: boolean): Counts {
  const own = counts.get(key) ?? { yes: 0, no: 0 };
  if (counts.has(key) || counts.size < countedMax) counts.set(key, own);
  own[isSo ? "yes" : "no"] += 1;
  return own;
}

function frequent(counts: ReadonlyMap<string, Counts>): ReadonlySet<string> {
  return new Set([...counts].flatMap(([key, own]) => (isFrequent(own) ? [key] : [])));
}

function isFrequent(counts: Counts | undefined): boolean {
  return counts !== undefined && counts.yes >= countMin && counts.yes > countShare * (counts.yes + counts.no);
}
