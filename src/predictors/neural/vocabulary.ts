/** The words a model knows. Others are read through one of a few hashed embeddings, and written by copying them from the source. */

/** Written before every other word; the ids are part of the format. */
export const special = { pad: 0, end: 1, begin: 2, whole: 3, piece: 4, step: 5, pointer: 6 } as const;
const specials = Object.keys(special).length;

/** Unknown words share so many embeddings: enough that the few of one situation seldom collide. */
export const hashedWords = 256;

export interface Vocabulary {
  /** Words in the order of their ids, without the special ones. */
  readonly words: readonly string[];
  /** All ids that can be written: special ones and words. */
  readonly size: number;
  /** Undefined: unknown. */
  id(word: string): number | undefined;
  /** The word of an id; undefined for special ones. */
  word(id: number): string | undefined;
  /** The row of the embedding table through which a word is read: its own, or a hashed one behind the vocabulary. */
  row(word: string): number;
  /** The hashed one, whether the word is known or not. */
  hashedRow(word: string): number;
}

export function vocabularyOf(words: readonly string[]): Vocabulary {
  const ids = new Map(words.map((word, at) => [word, at + specials]));
  const size = words.length + specials;
  return {
    words,
    size,
    id: (word) => ids.get(word),
    word: (id) => words[id - specials],
    row: (word) => ids.get(word) ?? size + bucketOf(word),
    hashedRow: (word) => size + bucketOf(word),
  };
}

/** FNV-1a of the word in lower case, so that `B01` and `b01` are read alike. */
export function bucketOf(word: string): number {
  let hash = 0x811c9dc5;
  for (const unit of word.toLowerCase()) hash = Math.imul(hash ^ (unit.codePointAt(0) ?? 0), 0x01000193);
  return (hash >>> 0) % hashedWords;
}

/** Words seen at least `countMin` times, the most frequent first, at most `max`. */
export function chooseWords(counts: ReadonlyMap<string, number>, countMin: number, max: number): readonly string[] {
  return [...counts]
    .filter(([, count]) => count >= countMin)
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .slice(0, max)
    .map(([word]) => word);
}
