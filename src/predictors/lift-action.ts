/**
 * Lifting: the arguments of an action are replaced by slots, in the action, the state and the next state alike, so that what was learnt of
 * "take pen 2 from desk 1" helps with "take book 1 from shelf 3". Nothing here names a world:
 *
 * - arguments of a structured action ({name, arguments}) are its leaf values;
 * - arguments of a text action are maximal runs of words, never the first, that occur in the state word for word, and runs that end in a
 *   number ("desk 1").
 *
 * A slot's marker cannot occur in a text (it starts with a noncharacter), so lifting and filling are exact inverses.
 */
import type { Json, JsonObject } from "../json/json.ts";

export interface Lifting {
  /** The action with its slots. */
  readonly action: string;
  /** The action's verb or name alone. */
  readonly name: string;
  lift(text: string): string;
  /** Null where the text has a slot that this action does not fill. */
  fill(text: string): string | null;
}

/** U+FDD0 is a noncharacter: texts that hold it are not lifted. */
const mark = "\uFDD0";
const slotsMax = 8;
const argumentCharsMax = 200;

/** How texts are written that are looked through: arguments are written likewise there. */
export interface Writing {
  write(argument: string): string;
  /** Whether a word goes on before this place. */
  isWithinWord(text: string, at: number): boolean;
}

export const plainWriting: Writing = {
  write: (argument) => argument,
  isWithinWord: (text, at) => isWord(text[at - 1]),
};

/** JSON texts: the last letter of an escape (`\n`) does not belong to the word behind it. */
export const jsonWriting: Writing = {
  write: (argument) => JSON.stringify(argument).slice(1, -1),
  isWithinWord: (text, at) => isWord(text[at - 1]) && !isEscape(text, at - 2) && !isUnicodeEscape(text, at - 6),
};

/** `stateText` and whatever is lifted and filled later is in `writing`. */
export function liftAction(action: Json, stateText: string, writing: Writing): Lifting {
  if (typeof action === "string") return liftText(action, stateText, writing);
  if (isObject(action) && typeof action["name"] === "string")
    return liftCall(action["name"], action["arguments"] ?? null, writing);
  return liftingOf(JSON.stringify(action), JSON.stringify(action), [], writing);
}

function liftText(action: string, stateText: string, writing: Writing): Lifting {
  const words = action.trim().split(/\s+/);
  const [verb = ""] = words;
  const slots: string[] = [];
  const shape: string[] = [verb];
  for (let at = 1; at < words.length; ) {
    const length = slots.length >= slotsMax ? 0 : argumentLength(words, at, stateText, writing);
    if (length === 0) {
      shape.push(words[at] ?? "");
      at += 1;
      continue;
    }
    const argument = words.slice(at, at + length).join(" ");
    shape.push(slotOf(slots, argument));
    at += length;
  }
  return liftingOf(shape.join(" "), verb, slots, writing);
}

/** How many words from `at` on are one argument: the longest run that the state holds word for word, or that ends in a number. */
function argumentLength(words: readonly string[], at: number, stateText: string, writing: Writing): number {
  for (let end = Math.min(words.length, at + 6); end > at; end--) {
    const run = words.slice(at, end).join(" ");
    if (run.length >= 3 && holdsWords(stateText, run, writing)) return end - at;
  }
  if (!/^[\p{L}-]+$/u.test(words[at] ?? "")) return /^\d+$/.test(words[at] ?? "") ? 1 : 0;
  return /^\d+$/.test(words[at + 1] ?? "") ? 2 : 0;
}

function holdsWords(text: string, run: string, writing: Writing): boolean {
  return wordsAt(text, writing.write(run), 0, writing) >= 0;
}

function liftCall(name: string, given: Json, writing: Writing): Lifting {
  const slots: string[] = [];
  const shape: string[] = [name];
  for (const [path, value] of leaves(given, "")) {
    const usable = value.length > 0 && value.length <= argumentCharsMax && slots.length < slotsMax;
    shape.push(`${path}=${usable ? slotOf(slots, value) : value}`);
  }
  return liftingOf(shape.join(" "), name, slots, writing);
}

function* leaves(value: Json, path: string): Generator<readonly [string, string]> {
  if (typeof value !== "object" || value === null) {
    yield [path, String(value)];
  } else if (isObject(value)) {
    for (const key of Object.keys(value).sort()) yield* leaves(value[key] ?? null, `${path}.${key}`);
  } else {
    for (let index = 0; index < value.length; index++) yield* leaves(value[index] ?? null, `${path}[]`);
  }
}

function slotOf(slots: string[], argument: string): string {
  const known = slots.indexOf(argument);
  if (known >= 0) return mark + String(known);
  slots.push(argument);
  return mark + String(slots.length - 1);
}

function liftingOf(action: string, name: string, slots: readonly string[], writing: Writing): Lifting {
  const written = slots.map((argument) => writing.write(argument));
  // Longer arguments first, so that "pen 12" is not taken for "pen 1" and a rest.
  const order = written
    .map((text, slot) => ({ text, slot }))
    .sort((a, b) => b.text.length - a.text.length || a.slot - b.slot);
  return {
    action,
    name,
    lift(text) {
      let lifted = text;
      for (const { text: argument, slot } of order)
        lifted = replaceWords(lifted, argument, mark + String(slot), writing);
      return lifted;
    },
    fill(text) {
      if (!text.includes(mark)) return text;
      let filled = true;
      const result = text.replace(/\uFDD0(\d)/g, (_, digit: string) => {
        const argument = written[Number(digit)];
        if (argument === undefined) filled = false;
        return argument ?? "";
      });
      return filled ? result : null;
    },
  };
}

/** Replaces every occurrence that is not part of a longer word. */
function replaceWords(text: string, words: string, by: string, writing: Writing): string {
  let at = wordsAt(text, words, 0, writing);
  if (at < 0) return text;
  let result = "";
  let from = 0;
  for (; at >= 0; at = wordsAt(text, words, from, writing)) {
    result += text.slice(from, at) + by;
    from = at + words.length;
  }
  return result + text.slice(from);
}

/** Where the words stand next as words of their own; −1: nowhere. */
function wordsAt(text: string, words: string, from: number, writing: Writing): number {
  let at = text.indexOf(words, from);
  while (at >= 0 && (writing.isWithinWord(text, at) || isWord(text[at + words.length])))
    at = text.indexOf(words, at + 1);
  return at;
}

/** `at`: of the backslash. Two in a row are one that is written. */
function isEscape(text: string, at: number): boolean {
  let backslashes = 0;
  while (text[at - backslashes] === "\\") backslashes += 1;
  return backslashes % 2 === 1;
}

function isUnicodeEscape(text: string, at: number): boolean {
  return text[at + 1] === "u" && isEscape(text, at);
}

function isWord(character: string | undefined): boolean {
  return character !== undefined && /[\p{L}\p{N}_]/u.test(character);
}

function isObject(value: Json): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
