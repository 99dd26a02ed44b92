/** Where features write their tokens, with words for them where words are wanted (learning, explaining): predicting makes no strings. */
import { type Family, type Place, places, type TokenSet, tokenOf } from "../../lifted/tokens.ts";
import { beginningOf } from "../../words.ts";
import type { Flat } from "../state/flatten.ts";

/** Roles by which the tokens of one entity are kept. */
export const toldRolesMax = 32;

export class Writer {
  set: TokenSet;
  /** What is written now. */
  place: Place = places.situation;
  /** Words by token; null while predicting. */
  readonly words: Map<number, string> | null;
  #last = 0;
  readonly #worded: Int32Array;
  readonly #told = new WeakMap<Flat, Map<number, Int32Array>>();

  constructor(set: TokenSet, words: Map<number, string> | null) {
    this.set = set;
    this.words = words;
    this.#worded = new Int32Array(words === null ? 0 : worded);
  }

  /** Adds a token. True where its words are wanted: then `say` must follow. */
  put(family: Family, a: number, b: number): boolean {
    const token = tokenOf(family, a, b, this.place);
    this.set.add(token);
    if (this.words === null || this.#isKnown(token)) return false;
    this.#last = token;
    return true;
  }

  /** Whether a token has its words. Most have: a small table answers without the large map. */
  #isKnown(token: number): boolean {
    const at = (token >>> 7) & (worded - 1);
    if (this.#worded[at] === token) return true;
    if (this.words?.has(token) !== true) return false;
    this.#worded[at] = token;
    return true;
  }

  /**
   * Tokens of an entity's attributes by the role it plays: the same in every situation, and the most. Each writer has its own, since only
   * one that wants words has said them.
   */
  toldOf(flat: Flat): Map<number, Int32Array> {
    const known = this.#told.get(flat);
    if (known !== undefined) return known;
    const made = new Map<number, Int32Array>();
    this.#told.set(flat, made);
    return made;
  }

  /** Tokens written before, whose words are known. */
  putAll(tokens: Int32Array): void {
    for (let at = 0; at < tokens.length; at++) this.set.add(tokens[at] ?? 0);
  }

  say(text: string): void {
    if (this.words !== null && this.words.size < wordsMax) this.words.set(this.#last, beginningOf(text, wordCharsMax));
  }
}

/** Tokens that have words; later ones are explained by number. */
const wordsMax = 200_000;
const wordCharsMax = 160;
const worded = 1 << 15;
