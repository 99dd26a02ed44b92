/** A word that goes to another place of the text, so many lines and columns on, as on a board that is drawn: it leaves blanks, and covers what stood there. */
import { commonest, counted, type Remembered, rememberList } from "../../remembered.ts";
import type { Segment } from "../text/sentences.ts";
import type { Became } from "./pieces.ts";

export interface Shift {
  readonly word: string;
  /** Lines further down, and columns to the right. */
  readonly down: number;
  readonly right: number;
}

export interface Shifted {
  readonly pieces: readonly Segment[];
  /** What stood where the word has gone; null: it cannot go there, or no word goes. */
  readonly onto: string | null;
}

const words = /\S+/g;
/** A place: not the frame between places. */
const free = /^(?:\s+|[\p{L}\p{N}.]+)$/u;
const shiftMark = "\u0004shift\u0003";

interface Place {
  readonly word: string;
  readonly line: number;
  readonly column: number;
}

/** The one word that has gone elsewhere; null: there is none, or there is more. */
export function shiftIn(became: readonly Became[]): Shift | null {
  const [lost, won]: [Place[], Place[]] = [[], []];
  for (const [line, { piece, now }] of became.entries()) {
    if (now === null || now === piece.text || now.length !== piece.text.length) continue;
    const [old, next] = [placesIn(piece.text, line), placesIn(now, line)];
    lost.push(...old.filter((one) => !next.some((other) => isSame(one, other))));
    won.push(...next.filter((one) => !old.some((other) => isSame(one, other))));
  }
  const [to, ...others] = won;
  const from = lost.find(({ word }) => word === to?.word);
  if (to === undefined || from === undefined || others.length > 0) return null;
  const isCovered = ({ line, column }: Place) => line === to.line && column === to.column;
  if (lost.some((one) => one !== from && !isCovered(one))) return null;
  return { word: to.word, down: to.line - from.line, right: to.column - from.column };
}

function placesIn(text: string, line: number): readonly Place[] {
  return Array.from(text.matchAll(words), ({ 0: word, index: column }) => ({ word, line, column }));
}

function isSame(a: Place, b: Place): boolean {
  return a.word === b.word && a.column === b.column;
}

export function shifted(pieces: readonly Segment[], shift: Shift | null): Shifted {
  const none = { pieces, onto: null };
  if (shift === null) return none;
  const { word, down, right } = shift;
  const line = pieces.findIndex(({ text }) => placesIn(text, 0).some((one) => one.word === word));
  const from = placesIn(pieces[line]?.text ?? "", line).find((one) => one.word === word);
  const target = pieces[line + down];
  if (from === undefined || target === undefined) return none;
  const column = from.column + right;
  const covered = target.text.slice(column, column + word.length);
  const isOfBoard = target.text.length === pieces[line]?.text.length && column >= 0;
  if (!isOfBoard || covered.length < word.length || !free.test(covered)) return none;
  const without = pieces.map((one, at) =>
    at === line ? { ...one, text: written(one.text, from.column, " ".repeat(word.length)) } : one,
  );
  return {
    pieces: without.map((one, at) => (at === line + down ? { ...one, text: written(one.text, column, word) } : one)),
    onto: covered.trim(),
  };
}

function written(text: string, at: number, by: string): string {
  return text.slice(0, at) + by + text.slice(at + by.length);
}

/** What the action shifts, as it did most often; null: nothing. */
export function shiftOf({ constants }: Remembered, actionText: string): Shift | null {
  const [word, down, right] = commonest(constants.get(shiftMark + actionText))?.values ?? [];
  return word === undefined ? null : { word, down: Number(down), right: Number(right) };
}

export function learnShift(
  { constants }: Remembered,
  actionText: string,
  { word, down, right }: Shift,
  max: number,
): void {
  const key = shiftMark + actionText;
  rememberList(constants, key, counted(constants.get(key) ?? [], [word, String(down), String(right)]), max);
}
