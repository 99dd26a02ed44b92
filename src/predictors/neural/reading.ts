/** Texts as the source reads them: their tokens, pieces and marks, made once, because a text of an episode is read at many of its steps. */
import { pieceStarts, tokenise } from "./tokens.ts";

/** What stands at a place of the source: a word, or a mark with the tokens that it stands for. */
export type Entry =
  | { readonly form: "word"; readonly word: string }
  | { readonly form: "whole" | "piece"; readonly tokens: readonly string[]; readonly key: string }
  | { readonly form: "step" };

export interface Reading {
  /** The mark that stands for the whole text. */
  readonly whole: Entry;
  /** The words of each piece behind a mark of its own; a text of one piece has none, for the whole is the piece. */
  readonly pieces: readonly (readonly Entry[])[];
  readonly words: readonly Entry[];
}

/** Words of a piece that are read: enough to know it by; copying takes all of it. */
const pieceTokensMax = 44;
/** Texts that are remembered; then all are forgotten at once. */
const rememberedMax = 20_000;

const remembered = new Map<string, Reading>();

export function readingOf(text: string): Reading {
  const known = remembered.get(text);
  if (known !== undefined) return known;
  if (remembered.size >= rememberedMax) remembered.clear();
  const tokens = tokenise(text);
  const pieces = piecesOf(tokens);
  const words = tokens.map((word): Entry => ({ form: "word", word }));
  const reading: Reading = {
    whole: { form: "whole", tokens, key: keyOf(tokens) },
    pieces: pieces.length <= 1 ? [words.slice(0, pieceTokensMax)] : pieces.map(pieceEntries),
    words,
  };
  remembered.set(text, reading);
  return reading;
}

/** A piece of a text of several, whatever its number. */
export function pieceEntries(tokens: readonly string[]): readonly Entry[] {
  const words = tokens.slice(0, pieceTokensMax).map((word): Entry => ({ form: "word", word }));
  return [{ form: "piece", tokens, key: keyOf(tokens) }, ...words];
}

export function piecesOf(tokens: readonly string[]): readonly (readonly string[])[] {
  const starts = pieceStarts(tokens);
  return starts.map((start, at) => tokens.slice(start, starts[at + 1]));
}

/** What a mark that stands for these tokens is known by. */
export function keyOf(tokens: readonly string[]): string {
  return tokens.join("\0");
}
