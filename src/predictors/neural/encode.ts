/**
 * A source as numbers: for every place the row of the embedding that it is read through, its marks, and the id under which it can be copied.
 * Ids of one situation: the vocabulary's own first, then one for every unknown word and every text that a mark stands for, in order of
 * appearance. Equal texts have equal ids, so copying any of them is copying all.
 */
import { marks } from "./config.ts";
import { keyOf, piecesOf } from "./reading.ts";
import type { Source } from "./source.ts";
import { glue, isWord, tokenise } from "./tokens.ts";
import { special, type Vocabulary } from "./vocabulary.ts";

/** Marks of one place: kind, age, piece, position, match. */
export const marksPerPlace = 5;

export interface Encoded {
  readonly length: number;
  readonly rows: Int32Array;
  readonly marks: Uint8Array;
  /** -1: cannot be copied. */
  readonly copyIds: Int32Array;
  /** What the ids behind the vocabulary stand for: tokens to write. */
  readonly local: readonly (readonly string[])[];
  /** Their ids by key: a word itself, or the key of a piece. */
  readonly ids: ReadonlyMap<string, number>;
}

/** `forget`: words that are to be read as unknown, so that the model learns to copy such. */
export function encodeSource(source: Source, vocabulary: Vocabulary, forget?: (word: string) => boolean): Encoded {
  const { length } = source;
  const rows = new Int32Array(length);
  const markBytes = new Uint8Array(length * marksPerPlace);
  const copyIds = new Int32Array(length);
  const local: (readonly string[])[] = [];
  const ids = new Map<string, number>();
  const matches = matchesOf(source);
  const idOf = (key: string, tokens: readonly string[]) => {
    const known = ids.get(key) ?? vocabulary.size + local.length;
    if (!ids.has(key)) local.push(tokens);
    ids.set(key, known);
    return known;
  };
  let at = 0;
  for (const unit of source.units) {
    for (const [position, entry] of unit.entries.entries()) {
      if (entry.form === "word") {
        const isForgotten = forget?.(entry.word) === true;
        const id = isForgotten ? undefined : vocabulary.id(entry.word);
        rows[at] = isForgotten ? vocabulary.hashedRow(entry.word) : vocabulary.row(entry.word);
        copyIds[at] = id ?? idOf(entry.word, [entry.word]);
      } else {
        rows[at] = special[entry.form];
        copyIds[at] = entry.form === "step" ? -1 : idOf(pieceKey(entry.key), entry.tokens);
      }
      const match = entry.form === "word" ? (matches.get(entry.word.toLowerCase()) ?? 0) : 0;
      const values = [unit.kind, ageMark(unit.age), unit.piece, position, match];
      const limits = [marks.kind, marks.age, marks.piece, marks.position, marks.match];
      for (let mark = 0, base = 0; mark < marksPerPlace; mark++) {
        const limit = limits[mark] ?? 1;
        markBytes[at * marksPerPlace + mark] = base + Math.min(values[mark] ?? 0, limit - 1);
        base += limit;
      }
      at += 1;
    }
  }
  return { length, rows, marks: markBytes, copyIds, local, ids };
}

/** Pieces and words are told apart: a piece of one word is not that word. */
function pieceKey(key: string): string {
  return `\0${key}`;
}

/** By word of the action: which one it is, from 1. */
function matchesOf(source: Source): ReadonlyMap<string, number> {
  const matches = new Map<string, number>();
  const action = source.units.at(-1)?.entries ?? [];
  let number = 0;
  for (const entry of action) {
    if (entry.form !== "word" || !isWord(entry.word)) continue;
    number += 1;
    const word = entry.word.toLowerCase();
    if (!matches.has(word)) matches.set(word, number);
  }
  return matches;
}

function ageMark(age: number): number {
  return age <= 12 ? age : 12 + Math.ceil((age - 12) / 4);
}

export interface Target {
  /** What the decoder is to write, the end included; -1: neither known nor in the source. */
  readonly ids: Int32Array;
  /** The embedding row that it is read back through. */
  readonly rows: Int32Array;
}

/** Shorter texts are written word by word: that one was said before is chance as often as not, and writing it is always right. */
const copiedWholeMin = 10;

/** The text as few tokens: copied whole, or piece by piece what can be copied, else word by word. */
export function encodeTarget(text: string, encoded: Encoded, vocabulary: Vocabulary): Target {
  const tokens = tokenise(text);
  const ids: number[] = [];
  const rows: number[] = [];
  const put = (id: number, row: number) => {
    ids.push(id);
    rows.push(row);
  };
  const whole = tokens.length < copiedWholeMin ? undefined : encoded.ids.get(pieceKey(keyOf(tokens)));
  if (whole !== undefined) put(whole, special.pointer);
  else {
    const pieces = piecesOf(tokens);
    for (const piece of pieces) {
      const isCopied = piece.length > 1 && pieces.length > 1;
      const id = isCopied ? encoded.ids.get(pieceKey(keyOf(piece))) : undefined;
      if (id !== undefined) put(id, special.pointer);
      else for (const word of piece) put(wordId(word, encoded, vocabulary), rowOf(word, encoded, vocabulary));
    }
  }
  put(special.end, special.end);
  return { ids: Int32Array.from(ids), rows: Int32Array.from(rows) };
}

function wordId(word: string, encoded: Encoded, vocabulary: Vocabulary): number {
  return encoded.ids.get(word) ?? vocabulary.id(word) ?? -1;
}

function rowOf(word: string, encoded: Encoded, vocabulary: Vocabulary): number {
  return encoded.ids.has(word) ? vocabulary.hashedRow(word) : vocabulary.row(word);
}

/** The row through which an id of this situation is read back. */
export function rowOfId(id: number, encoded: Encoded, vocabulary: Vocabulary): number {
  if (id < vocabulary.size) return id;
  const tokens = encoded.local[id - vocabulary.size] ?? [];
  const [word = ""] = tokens;
  return encoded.ids.get(word) === id ? vocabulary.hashedRow(word) : special.pointer;
}

/** The tokens that an id stands for; null for the special ones, which are nothing to write. */
export function tokensOfId(id: number, encoded: Encoded, vocabulary: Vocabulary): readonly string[] | null {
  if (id >= vocabulary.size) return encoded.local[id - vocabulary.size] ?? null;
  const word = vocabulary.word(id);
  return word === undefined ? null : [word];
}

/** Unknown to every source; nothing but a text that holds the noncharacter cannot be written exactly. */
export function isWritable(text: string): boolean {
  return !text.includes(glue);
}
