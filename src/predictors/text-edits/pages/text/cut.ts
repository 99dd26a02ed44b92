/** A text cut into its body and a tail that comes and goes by itself ("Your score has gone up."), and its title where it is a page. */

import { mostOf } from "../../most.ts";
import type { PageStructure } from "../structure.ts";
import { outOfTurn } from "./ordinals.ts";

export interface Cut {
  readonly body: string;
  /** Empty where there is none. */
  readonly tail: string;
}

/** Tails begin after two blank lines, or more. */
const blanks = /\n{3,}/g;
const numbers = /\d+/g;
/** Longer ends are pages of their own. */
const tailCharsMax = 1_000;

/** Where tails may begin. */
export function endsOf(text: string): readonly number[] {
  return [...text.matchAll(blanks)]
    .map(({ index }) => index)
    .filter((at) => at > 0 && text.length - at <= tailCharsMax);
}

export function cut({ tails, ordinals }: Pick<PageStructure, "tails" | "ordinals">, raw: string): Cut {
  const text = raw.trim();
  if (tails.size > 0)
    for (const at of endsOf(text))
      if (tails.has(withoutNumbers(text.slice(at))))
        return { body: outOfTurn(ordinals, text.slice(0, at)), tail: text.slice(at) };
  return { body: outOfTurn(ordinals, text), tail: "" };
}

export function withoutNumbers(text: string): string {
  return text.replace(numbers, "#");
}

/** The title of the page of a place: its first line or its first sentence; null for other texts. */
export function titleOf(titles: Titles, body: string): string | null {
  const end = titleEnd(titles, body);
  return end === null ? null : body.slice(0, end).trim();
}

const remark = /^\([^()\n]*\)\n(?=\S)/;

/** Without a first line in brackets, which says what an action was taken to mean and not what was done. */
export function withoutRemark(text: string): string {
  return text.startsWith("(") ? text.replace(remark, "") : text;
}

type Titles = Pick<PageStructure, "titles" | "sentences">;

/** Where the title ends; null where there is none. */
export function titleEnd({ titles, sentences }: Titles, body: string): number | null {
  for (const prefix of sentences) if (body.startsWith(`${prefix} `)) return firstSentence(body)?.length ?? null;
  const end = body.indexOf("\n");
  return end < 0 || !titles.has(firstWord(body)) ? null : end;
}

const sentence = /^[^\n]{1,160}?[.!?](?= +\S)/;

/** The first sentence of a line that goes on behind it; null where the line does not. */
export function firstSentence(text: string): string | null {
  return sentence.exec(text)?.[0] ?? null;
}

export function firstWord(text: string): string {
  return /^\S+/.exec(text)?.[0] ?? "";
}

/** The words that nearly all begin with: at each further word so large a share of all still does. */
export function commonWords(all: readonly string[], share: number, wordsMax: number): string {
  let phrase = "";
  for (let words = 0; words < wordsMax; words++) {
    const start = phrase === "" ? "" : `${phrase} `;
    const counts = new Map<string, number>();
    for (const one of all) {
      const next = one.startsWith(start) ? firstWord(one.slice(start.length)) : "";
      counts.set(next, (counts.get(next) ?? 0) + 1);
    }
    const [best, most] = mostOf(counts, "");
    if (best === "" || most < share * all.length) break;
    phrase = start + best;
  }
  return phrase;
}
