/** A text cut at the pieces that it repeats. */

export interface Piece<T> {
  readonly piece: string;
  readonly source: T;
}

/** Longest pieces first, so that "red key 2" is not taken for "2"; each once. */
export function split<T>(text: string, pieces: readonly Piece<T>[]): readonly (string | T)[] {
  let parts: readonly (string | { readonly is: T })[] = [text];
  for (const { piece, source } of [...pieces].sort((a, b) => b.piece.length - a.piece.length)) {
    parts = parts.flatMap((part) => {
      if (typeof part !== "string") return [part];
      const at = indexOfWord(part, piece);
      if (at < 0) return [part];
      return [part.slice(0, at), { is: source }, part.slice(at + piece.length)].filter((one) => one !== "");
    });
  }
  return parts.map((part) => (typeof part === "string" ? part : part.is));
}

/** Longer texts at the beginning or the end are no chance. */
const longMin = 8;

/** Whole words only; a number may follow letters, as in "USR005". */
function indexOfWord(text: string, word: string): number {
  const first = word[0] ?? "";
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    const [before, after] = [text[at - 1], text[at + word.length]];
    if (word.length > longMin && (before === undefined || after === undefined)) return at;
    const begins = !isWordCharacter(before) || (first === "0" && word.length > 1 && !/\d/.test(before ?? ""));
    if (begins && !isWordCharacter(after)) return at;
  }
  return -1;
}

function isWordCharacter(character: string | undefined): boolean {
  return character !== undefined && /[\p{L}\p{N}_]/u.test(character);
}
