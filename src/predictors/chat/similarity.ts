/**
 * Okapi BM25 over bounded word lists, with removal. Deterministic: equal scores are ordered by age, newest first.
 * Robertson & Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009; k1 and b are the customary values.
 */
const k1 = 1.2;
const b = 0.75;

/** Words in more than this share of the documents tell nothing and cost most. */
const commonShare = 0.5;
/** Below so many documents no word is called common. */
const commonMin = 20;

export interface Index {
  add(id: number, words: readonly string[]): void;
  remove(id: number): void;
  /** Ids by falling similarity, those without a word in common left out. */
  search(words: readonly string[], count: number, isWanted: (id: number) => boolean): readonly number[];
}

export function createIndex(): Index {
  const postings = new Map<string, Map<number, number>>();
  const documents = new Map<number, readonly string[]>();
  let length = 0;

  return {
    add(id, words) {
      documents.set(id, words);
      length += words.length;
      for (const word of words) {
        const known = postings.get(word) ?? new Map<number, number>();
        postings.set(word, known);
        known.set(id, (known.get(id) ?? 0) + 1);
      }
    },
    remove(id) {
      const words = documents.get(id) ?? [];
      documents.delete(id);
      length -= words.length;
      for (const word of words) {
        const known = postings.get(word);
        known?.delete(id);
        if (known?.size === 0) postings.delete(word);
      }
    },
    search(words, count, isWanted) {
      const n = documents.size;
      const mean = n === 0 ? 1 : Math.max(1, length / n);
      const scores = new Map<number, number>();
      for (const word of new Set(words)) {
        const known = postings.get(word);
        if (known === undefined || (n >= commonMin && known.size > commonShare * n)) continue;
        const idf = Math.log(1 + (n - known.size + 0.5) / (known.size + 0.5));
        for (const [id, times] of known) {
          const size = documents.get(id)?.length ?? mean;
          const gain = (idf * times * (k1 + 1)) / (times + k1 * (1 - b + (b * size) / mean));
          scores.set(id, (scores.get(id) ?? 0) + gain);
        }
      }
      return [...scores]
        .filter(([id]) => isWanted(id))
        .sort(([idA, scoreA], [idB, scoreB]) => scoreB - scoreA || idB - idA)
        .slice(0, count)
        .map(([id]) => id);
    },
  };
}

/** Words and numbers in lower case, the first `max` of them. */
export function wordsOf(text: string, max: number): readonly string[] {
  const words: string[] = [];
  for (const match of text.matchAll(/[\p{L}\p{N}]+/gu)) {
    words.push(match[0].toLowerCase());
    if (words.length >= max) break;
  }
  return words;
}
