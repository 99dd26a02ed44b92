/**
 * What answers tie together: where one names two things, each behind words of its own ("terminal 1 on … terminal 2 on …"), these are ends that
 * are now taken, each by the other. Which words free a thing of all its ends ("… has been disconnected") is learnt: after them a thing is
 * tied at an end that was taken.
 */
import { placeOf } from "../text/words.ts";

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
  /** All words between it and the mention before it, or the beginning. */
  readonly before: string;
  /** Where its name stands. */
  readonly from: number;
  readonly to: number;
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
    const words = wordsOf(text.slice(0, from));
    const own = wordsOf(text.slice(found[place - 1]?.to ?? 0, from)).join(" ");
    if (words.length > 0)
      return [{ at, words: words.slice(-wordsMax).join(" "), isBehind: false, before: own, from, to }];
    const behind = wordsOf(text.slice(to)).slice(0, wordsMax).join(" ");
    return [{ at, words: behind, isBehind: true, before: "", from, to }];
  });
}

function wordsOf(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== "");
}

/** "anode on battery": the words of an end. */
function isOneWord(between: string): boolean {
  return /^ \w+ $/.test(between);
}

/** Which words are ends, which free a thing of all its ends, and which things are wherever one goes. */
export interface LinkRules {
  readonly ends: ReadonlySet<string>;
  /** Ends with all that belongs to them: what answers begin with that tie. */
  readonly phrases: ReadonlySet<string>;
  readonly clears: ReadonlySet<string>;
  readonly roaming: ReadonlySet<string>;
}

export const noLinks: LinkRules = { ends: new Set(), phrases: new Set(), clears: new Set(), roaming: new Set() };

/** What is known after the answer. `things`: what the arguments are, by `identityOf`. */
export function tie(
  links: Links,
  { ends, clears }: Pick<LinkRules, "ends" | "clears">,
  all: readonly Mention[],
  things: readonly string[],
  step: number,
): void {
  for (const { at, words } of all) {
    const thing = things[at];
    if (thing !== undefined && clears.has(words)) free(links, thing);
  }
  const [a, b] = pairIn(all);
  if (a === undefined || b === undefined || !ends.has(a.words) || !ends.has(b.words)) return;
  const [one, other] = [things[a.at], things[b.at]];
  if (one === undefined || other === undefined) return;
  put(links, one, a.words, { other, end: b.words, step });
  put(links, other, b.words, { other: one, end: a.words, step });
}

/** The two mentions that an answer may tie; none where there are more, or fewer. */
export function pairIn(all: readonly Mention[]): readonly [] | readonly [Mention, Mention] {
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
