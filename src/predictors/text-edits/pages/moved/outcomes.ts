/**
 * What can become of a piece of a text, so written that it can be said of others: it stays, it goes, numbers of it move by so much or by what an
 * argument says, or it becomes other words: with arguments, its own numbers, numbers that stood between such words before, and words that stand
 * elsewhere in the text, found by what stands around them.
 */
import { hole, holes, isMarked, shownTemplate, type Values } from "../../reading.ts";
import { numbers } from "../events/numbers.ts";
import { lift, type Told } from "../text/lift.ts";
import { commonStart, wordsAfter, wordsBefore } from "../text/words.ts";
import { valuesIn, withoutValues } from "./pieces.ts";

/** What an outcome may refer to. */
export interface Around {
  readonly args: Values;
  readonly told: readonly Told[];
  /** The text whose pieces they are. */
  readonly text: string;
  /** The last number of the episode behind such words. */
  readonly seen: ReadonlyMap<string, string>;
}

const movedMark = "\u0004";
export const stays = `${movedMark}stays`;
export const goes = `${movedMark}goes`;
const byMark = `${movedMark}by `;
const [ownMark, seenMark, foundMark] = ["own ", "seen ", "found "];
const between = "\u0003";

/** Numbers of a piece that are followed. */
const valuesMax = 6;
/** Other numbers are as they are: a number that has moved farther is another one. */
const farMax = 3;
const beforeCharsMax = 12;
const foundWords = 2;
const foundCharsMax = 60;

/** All outcomes that would have made `now` of the piece; null: it has gone. */
export function outcomesOf(piece: string, now: string | null, around: Around): readonly string[] {
  if (now === null) return [goes];
  if (now === piece) return [stays];
  const by = withoutValues(now) === withoutValues(piece) ? movesOf(piece, now, around) : [];
  return [...new Set([...by, ...wordingsOf(piece, now, around)])].filter(
    (outcome) => becomes(outcome, piece, around) === now,
  );
}

function movesOf(piece: string, now: string, { args }: Around): readonly string[] {
  const [before, after] = [valuesIn(piece), valuesIn(now)];
  if (before.length > valuesMax) return [];
  const [plain, byArgument]: [string[], string[]] = [[], []];
  for (const [at, value] of after.entries()) {
    const step = value - (before[at] ?? 0);
    if (step === 0) continue;
    if (!Number.isInteger(step)) return [];
    plain.push(`${at}${step > 0 ? "+" : "-"}${Math.abs(step)}`);
    const of = args.findIndex((arg) => amountOf(arg) === Math.abs(step));
    byArgument.push(of < 0 ? (plain.at(-1) ?? "") : `${at}${step > 0 ? "+" : "-"}<${of}>`);
  }
  return [byMark + plain.join(" "), byMark + byArgument.join(" ")];
}

/** The number that an argument is, or begins with. */
function amountOf(arg: string): number | null {
  const found = /^\d+(?= |$)/.exec(arg);
  return found === null ? null : Number(found[0]);
}

function wordingsOf(piece: string, now: string, { args, told, seen, text }: Around): readonly string[] {
  if (isMarked(now)) return [];
  const lifted = lift(now, args, told);
  const [old, values] = [valuesIn(piece), valuesIn(now)];
  const wordings = [lifted];
  if (values.length > 0 && values.length <= valuesMax) {
    if (old.length === values.length)
      wordings.push(
        withNumbers(lifted, args, (value, _, at) => {
          const step = value - (old[at] ?? 0);
          return Math.abs(step) <= farMax ? hole(`${ownMark}${at} ${step}`) : null;
        }),
      );
    wordings.push(
      withNumbers(lifted, args, (value, before) => {
        const last = seen.get(before);
        const step = last === undefined ? Number.NaN : value - Number(last);
        return Math.abs(step) <= farMax ? hole(`${seenMark}${step}${between}${before}`) : null;
      }),
    );
  }
  const found = foundIn(piece, now, text);
  if (found !== null) wordings.push(found);
  return wordings;
}

/** The numbers of a lifted text written otherwise; null: as they are. Numbers that arguments hold are counted, too. */
function withNumbers(
  lifted: string,
  args: Values,
  write: (value: number, before: string, at: number) => string | null,
): string {
  let at = 0;
  let before = "";
  return lifted
    .split(holes)
    .map((part, place) => {
      if (place % 2 === 1) {
        const arg = args[Number(part)] ?? "";
        at += valuesIn(arg).length;
        before += arg;
        return hole(part);
      }
      const written = part.replace(numbers, (found, offset: number) => {
        const around = aroundOf(before + part.slice(0, offset));
        return write(Number(found), around, at++) ?? found;
      });
      before += part;
      return written;
    })
    .join("");
}

/** How numbers are found again: by the words before them in their piece. */
export function aroundOf(before: string): string {
  return withoutValues(before).slice(-beforeCharsMax);
}

/** The words that are new in a piece, where they stand elsewhere in the text, found by the words around them. */
function foundIn(piece: string, now: string, text: string): string | null {
  const start = wordStart(now, commonStart(piece, now));
  const least = Math.min(piece.length, now.length) - start;
  let end = 0;
  while (end < least && piece.at(-1 - end) === now.at(-1 - end)) end += 1;
  const words = now.slice(start, now.length - end);
  const place = words.length > foundCharsMax || !/\p{L}/u.test(words) ? -1 : text.indexOf(words);
  if (place < 0) return null;
  const [before, after] = [wordsBefore(text, place, foundWords), wordsAfter(text, place + words.length, foundWords)];
  if (before === "" || after === "") return null;
  return now.slice(0, start) + hole(`${foundMark}${before}${between}${after}`) + now.slice(now.length - end);
}

function wordStart(text: string, at: number): number {
  let start = at;
  while (start > 0 && /\S/.test(text[start - 1] ?? "")) start -= 1;
  return start;
}

/** What the piece becomes; null: this cannot be said of it. Empty: it goes. */
export function becomes(outcome: string, piece: string, around: Around): string | null {
  if (outcome === stays) return piece;
  if (outcome === goes) return "";
  return outcome.startsWith(byMark)
    ? movedBy(outcome.slice(byMark.length), piece, around)
    : worded(outcome, piece, around);
}

const move = /^(\d+)([+-])(?:<(\d+)>|(\d+))$/;

function movedBy(moves: string, piece: string, { args }: Around): string | null {
  const steps = new Map<number, number>();
  for (const one of moves.split(" ")) {
    const [, at, sign, argument, given] = move.exec(one) ?? [];
    const amount = argument === undefined ? Number(given) : amountOf(args[Number(argument)] ?? "");
    if (amount === null || at === undefined) return null;
    steps.set(Number(at), sign === "-" ? -amount : amount);
  }
  let [at, isPossible] = [0, true];
  const text = piece.replace(numbers, (found) => {
    const step = steps.get(at++) ?? 0;
    const value = Number(found) + step;
    isPossible &&= step === 0 || isReached(value, Number(found));
    return step === 0 ? found : written(value, found);
  });
  return isPossible && [...steps.keys()].every((place) => place < at) ? text : null;
}

function worded(outcome: string, piece: string, around: Around): string | null {
  const parts = outcome.split(holes);
  let isWhole = true;
  for (let at = 1; at < parts.length; at += 2) {
    const value = filledFrom(parts[at] ?? "", piece, around);
    isWhole &&= value !== null;
    parts[at] = value ?? "";
  }
  return isWhole ? parts.join("") : null;
}

function filledFrom(style: string, piece: string, { args, told, text, seen }: Around): string | null {
  if (style.startsWith(ownMark)) {
    const [at = "", step = ""] = style.slice(ownMark.length).split(" ");
    return stepped(piece.match(numbers)?.[Number(at)], step);
  }
  if (style.startsWith(seenMark)) {
    const [step = "", before = ""] = style.slice(seenMark.length).split(between);
    return stepped(seen.get(before), step);
  }
  if (style.startsWith(foundMark)) {
    const [before = "", behind = ""] = style.slice(foundMark.length).split(between);
    return wordsBetween(text, before, behind);
  }
  return /^\d+$/.test(style)
    ? (args[Number(style)] ?? null)
    : (told.find(({ name }) => style === `told ${name}`)?.text ?? null);
}

function stepped(last: string | undefined, step: string): string | null {
  if (last === undefined) return null;
  const value = Number(last) + Number(step);
  return Number(step) === 0 ? last : isReached(value, Number(last)) ? written(value, last) : null;
}

/** Numbers do not fall below nothing, nor beyond what is counted exactly. */
function isReached(value: number, from: number): boolean {
  return (value >= 0 || from < 0) && Math.abs(value) <= Number.MAX_SAFE_INTEGER;
}

/** As long as before where that began with a zero. */
function written(value: number, before: string): string {
  return before.startsWith("0") ? String(value).padStart(before.length, "0") : String(value);
}

function wordsBetween(text: string, before: string, behind: string): string | null {
  for (let at = text.indexOf(`${before} `); at >= 0; at = text.indexOf(`${before} `, at + 1)) {
    const from = at + before.length + 1;
    const end = text.indexOf(` ${behind}`, from);
    if (end >= 0 && end - from <= foundCharsMax && !/[.\n]/.test(text.slice(from, end))) return text.slice(from, end);
  }
  return null;
}

/** In words, for people. */
export function outcomeWords(outcome: string): string {
  if (outcome === stays) return "stays";
  if (outcome === goes) return "goes";
  if (!outcome.startsWith(byMark)) return `becomes "${shownTemplate(withWords(outcome))}"`;
  const moves = outcome.slice(byMark.length).split(" ");
  return moves
    .map((one) => {
      const [, at, sign, argument, given] = move.exec(one) ?? [];
      return `its number ${Number(at) + 1} ${sign === "-" ? "falls" : "rises"} by ${argument === undefined ? given : `<${argument}>`}`;
    })
    .join(", ");
}

function withWords(outcome: string): string {
  return outcome
    .split(holes)
    .map((part, at) => {
      if (at % 2 === 0) return part;
      if (part.startsWith(ownMark)) return hole(`its number ${part.slice(ownMark.length).replace(/ (?=\d)/, " +")}`);
      if (part.startsWith(seenMark))
        return hole(`the last such number ${part.slice(seenMark.length).split(between)[0]}`);
      if (part.startsWith(foundMark))
        return hole(`what stands between "${part.slice(foundMark.length).replace(between, '" and "')}"`);
      return hole(part);
    })
    .join("");
}
