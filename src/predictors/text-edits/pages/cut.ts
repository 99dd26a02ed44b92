/** A text cut into its body and a tail that comes and goes by itself ("Your score has gone up."), and its title where it is a page. */
import type { Values } from "../reading.ts";
import { headEnd } from "./heads.ts";
import { lift } from "./lift.ts";
import { outOfTurn } from "./ordinals.ts";
import type { PageStructure } from "./structure.ts";

export interface Cut {
  /** What stands before the body, what the action names taken out; empty where nothing does. */
  readonly head: string;
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

/** `args`: what the action names. */
export function cut(structure: Pick<PageStructure, "heads" | "tails" | "ordinals">, raw: string, args: Values): Cut {
  const { heads, tails, ordinals } = structure;
  const whole = raw.trim();
  const end = heads.size === 0 ? null : headEnd(whole);
  const lifted = end === null ? "" : lift(whole.slice(0, end), args, []);
  const head = heads.has(lifted) ? lifted : "";
  const text = head === "" || end === null ? whole : whole.slice(end);
  if (tails.size > 0)
    for (const at of endsOf(text))
      if (tails.has(withoutNumbers(text.slice(at))))
        return { head, body: outOfTurn(ordinals, text.slice(0, at)), tail: text.slice(at) };
  return { head, body: outOfTurn(ordinals, text), tail: "" };
}

export function withoutNumbers(text: string): string {
  return text.replace(numbers, "#");
}

/** The title of the page of a place: its first line or its first sentence; null for other texts. */
export function titleOf(titles: Titles, body: string): string | null {
  const end = titleEnd(titles, body);
  return end === null ? null : body.slice(0, end).trim();
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
