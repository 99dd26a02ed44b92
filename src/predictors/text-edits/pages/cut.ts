/** A text cut into its body and a tail that comes and goes by itself ("Your score has gone up."), and its title where it is a page. */
import type { PageStructure } from "./structure.ts";

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

export function cut({ tails }: Pick<PageStructure, "tails">, raw: string): Cut {
  const text = raw.trim();
  if (tails.size > 0)
    for (const at of endsOf(text))
      if (tails.has(withoutNumbers(text.slice(at)))) return { body: text.slice(0, at), tail: text.slice(at) };
  return { body: text, tail: "" };
}

export function withoutNumbers(text: string): string {
  return text.replace(numbers, "#");
}

/** The title of the page of a place; null for other texts. */
export function titleOf({ titles }: Pick<PageStructure, "titles">, body: string): string | null {
  const end = body.indexOf("\n");
  if (end < 0 || !titles.has(firstWord(body))) return null;
  return body.slice(0, end).trim();
}

export function firstWord(text: string): string {
  return /^\S+/.exec(text)?.[0] ?? "";
}
