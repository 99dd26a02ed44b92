/**
 * What things are called. An action says "cup", its answer "glass cup": the page that is looked at names one so, or an earlier answer did.
 * Of each argument there are some candidates, by kind; which kind an answer uses is chosen by a forest that all actions share.
 */
import type { Values } from "../reading.ts";
import { mentions } from "./words.ts";

/** In words, for explanations. */
export const nameKinds = [
  "as the action calls it",
  "as an earlier answer called it",
  "as the page calls it",
  "by its last word",
  "by its first word",
  "by the last word of what the page calls it",
  "as another world called it",
] as const;

/** By kind; null where there is none. */
export type Candidates = readonly (string | null)[];

/** What a text calls a thing, and what it says of it in brackets. */
interface Named {
  readonly name: string;
  readonly whole: string;
}

const nodeBorders = /\n\s*|, |: |\. |\((?:containing )?/;
const articles = /^(?:an?|the|some|A|An|The) (?:substance called )?/;
const nameWordsMax = 6;
const textsMax = 12;
/** Longer names are none, and longer texts are not searched: every part of one may be asked for every word of the other. */
const thingWordsMax = 8;
const textCharsMax = 20_000;

/** Remembers what it has found in a text, for the next few questions. */
export interface Namer {
  find(texts: readonly string[], thing: string): string | null;
}

export function createNamer(): Namer {
  const read = new Map<string, readonly Named[]>();
  function namedIn(text: string): readonly Named[] {
    const known = read.get(text);
    if (known !== undefined) return known;
    const made = namesOf(text);
    if (read.size >= textsMax) read.clear();
    read.set(text, made);
    return made;
  }
  return {
    find(texts, thing) {
      const words = thing.split(" ");
      if (words.length > thingWordsMax) return null;
      for (const text of texts) {
        if (text.length > textCharsMax) continue;
        if (!words.some((word) => text.includes(word))) continue;
        const all = namedIn(text);
        const exact = all.find(({ name }) => name === thing);
        const found =
          exact ??
          all.find(({ name }) => mentions(name, thing)) ??
          all.find(({ whole }) => words.every((word) => mentions(whole, word)));
        if (found !== undefined) return found.name;
      }
      return null;
    },
  };
}

function namesOf(text: string): readonly Named[] {
  const found: Named[] = [];
  let from = 0;
  for (const part of text.split(nodeBorders)) {
    const at = text.indexOf(part, from);
    from = at + part.length;
    const name = part
      .replace(articles, "")
      .trim()
      .replace(/[.)]+$/, "");
    if (name === "" || name.split(" ").length > nameWordsMax) continue;
    const end = text.indexOf("\n", from);
    const bracket = text[from] === "(" ? text.indexOf(")", from) : -1;
    const whole = bracket < 0 || (end >= 0 && bracket > end) ? part : text.slice(at, bracket);
    found.push({ name, whole });
  }
  return found;
}

/** The longest candidate that stands in the text; null where none does. */
export function calledIn(text: string, candidates: Candidates): string | null {
  let best: string | null = null;
  for (const one of candidates)
    if (one !== null && (best === null || one.length > best.length) && one.length > 1 && mentions(text, one))
      best = one;
  return best;
}

/** What the answer calls the arguments; as the action does where it does not name them. */
export function calledAll(text: string, candidates: readonly Candidates[], args: Values): Values {
  return candidates.map((own, at) => calledIn(text, own) ?? args[at] ?? "");
}
