/**
 * What things are called. An action says "cup", its answer "glass cup": the page that is looked at names one so, or an earlier answer did.
 * Of each argument there are some candidates, by kind; which kind an answer uses is chosen by a forest that all actions share.
 */
import type { Values } from "../../reading.ts";
import { mentions, placeOf } from "../text/words.ts";

/** In words, for explanations. */
export const nameKinds = [
  "as the action calls it",
  "as an earlier answer called it",
  "as the page calls it",
  "by its last word",
  "by its first word",
  "by the last word of what the page calls it",
  "without its last word",
  "without its last two words",
  "in the letters of the page",
  "as another world called it",
  "as another world called what is here",
  "with its words joined",
  "by its first two words",
] as const;

/** By kind; null where there is none. */
export type Candidates = readonly (string | null)[];

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

/** What the words of the argument alone may make of it. */
export function shortened(
  arg: string,
): readonly [last: string | null, first: string | null, most: string | null, more: string | null] {
  const words = arg.split(" ");
  const { length } = words;
  if (length < 2) return [null, null, null, null];
  return [
    words[length - 1] ?? null,
    words[0] ?? null,
    length > 2 ? words.slice(0, -1).join(" ") : null,
    length > 3 ? words.slice(0, -2).join(" ") : null,
  ];
}

/** The first two of more words. */
export function firstTwo(arg: string): string | null {
  const words = arg.split(" ");
  return words.length > 4 ? words.slice(0, 2).join(" ") : null;
}

/** Null where its world writes it as it is. */
export function joinedBy(joiner: string, arg: string): string | null {
  return joiner === "" || !arg.includes(" ") ? null : arg.replaceAll(" ", joiner);
}

/** The end of the argument, of two words or more, as one of the texts writes it; null where it is written the same, or nowhere. */
export function inLettersOf(texts: readonly string[], arg: string): string | null {
  const words = arg.split(" ");
  if (words.length > wordsMax) return null;
  for (let from = 0; from + 1 < words.length; from++) {
    const end = words.slice(from).join(" ");
    const lower = end.toLowerCase();
    for (const text of texts) {
      if (text.length > textCharsMax) continue;
      const at = placeOf(text.toLowerCase(), lower);
      if (at < 0) continue;
      const written = text.slice(at, at + end.length);
      return written === end ? null : [...words.slice(0, from), written].join(" ");
    }
  }
  return null;
}

const wordsMax = 8;
const textCharsMax = 20_000;
