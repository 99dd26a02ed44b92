/** Where features write their tokens, with words for them where words are wanted (learning, explaining): predicting makes no strings. */
import { createTokenSet, type TokenSet } from "../lifted/tokens.ts";
import { beginningOf } from "../words.ts";

/** Tokens that have words; later ones are explained by number. */
const wordsMax = 100_000;
const wordCharsMax = 240;

export class TokenWriter {
  readonly set: TokenSet = createTokenSet();
  readonly #words: Map<number, string> | null;
  #last = 0;

  constructor(words: Map<number, string> | null) {
    this.#words = words;
  }

  begin(): void {
    this.set.clear();
  }

  /** Adds a token. True where its words are wanted: then `say` must follow. */
  put(token: number): boolean {
    this.set.add(token);
    if (this.#words === null || this.#words.has(token)) return false;
    this.#last = token;
    return true;
  }

  say(text: string): void {
    if (this.#words !== null && this.#words.size < wordsMax)
      this.#words.set(this.#last, beginningOf(text, wordCharsMax));
  }
}
