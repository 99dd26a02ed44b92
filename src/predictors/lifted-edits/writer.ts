/** Where features write their tokens, with words for them where words are wanted (learning, explaining): predicting makes no strings. */
import { type Family, type TokenSet, tokenOf } from "../lifted/tokens.ts";

export class Writer {
  set: TokenSet;
  /** Sets that a row has beside this one: what they hold is not written again. */
  beside: readonly TokenSet[] = [];
  /** Words by token; null while predicting. */
  readonly words: Map<number, string> | null;
  #last = 0;

  constructor(set: TokenSet, words: Map<number, string> | null) {
    this.set = set;
    this.words = words;
  }

  /** Adds a token. True where its words are wanted: then `say` must follow. */
  put(family: Family, a: number, b: number): boolean {
    const token = tokenOf(family, a, b);
    for (let at = 0; at < this.beside.length; at++) if (this.beside[at]?.has(token) === true) return false;
    this.set.add(token);
    if (this.words === null || this.words.has(token)) return false;
    this.#last = token;
    return true;
  }

  /** Tokens written before, whose words are known. */
  putAll(tokens: Int32Array): void {
    for (let at = 0; at < tokens.length; at++) this.set.add(tokens[at] ?? 0);
  }

  say(text: string): void {
    if (this.words !== null && this.words.size < wordsMax) this.words.set(this.#last, text.slice(0, wordCharsMax));
  }
}

/** Tokens that have words; later ones are explained by number. */
const wordsMax = 200_000;
const wordCharsMax = 160;
