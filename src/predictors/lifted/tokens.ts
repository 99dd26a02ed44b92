/**
 * Boolean features as interned numbers. A token is a 32-bit integer: 25 bits of hash, 3 bits that say where it is written and 4 bits of family,
 * so that place and prior can be read off the token itself. Of 50,000 tokens about forty collide; a collision is one more noisy feature among
 * thousands.
 *
 * Families order what a split may rest on: the action and relations between roles generalise, exact names and numbers do not.
 */
import { mix } from "./hash.ts";

export const families = {
  action: 0,
  relation: 1,
  self: 2,
  addressed: 3,
  parent: 4,
  name: 5,
  global: 6,
  row: 7,
  child: 8,
  number: 9,
  context: 10,
  far: 11,
  effect: 12,
} as const;
export type Family = (typeof families)[keyof typeof families];

/** By family: the factor on the information gain of a split. Found on held-out transitions; the order matters more than the figures. */
const familyPriors: readonly number[] = [1, 1, 0.9, 0.85, 0.7, 0.6, 0.45, 1, 0.6, 0.5, 0.6, 0.5, 0.95];

/** What a token is asked of: the situation, or (the others) one row of it. What no rule asks of need not be written. */
export const places = { situation: 0, self: 1, around: 2, same: 3, equal: 4, order: 5, row: 6 } as const;
export const placesCount = 7;
export type Place = (typeof places)[keyof typeof places];

/** A set of places, as bits. */
export type Places = number;
export const allPlaces: Places = 0x7f;

export function bitOf(place: Place): Places {
  return 1 << place;
}

export function tokenOf(family: Family, a: number, b: number, place: Place = places.situation): number {
  return (mix(a, b) & ~127) | (place << 4) | family;
}

export function placeOf(token: number): number {
  return (token >> 4) & 7;
}

export function familyOf(token: number): number {
  return token & 15;
}

export function priorOf(token: number): number {
  return familyPriors[familyOf(token)] ?? 0.5;
}

/** A set of tokens that is cleared in no time and filled without allocation. Open addressing, a stamp a slot. */
export interface TokenSet {
  readonly size: number;
  clear(): void;
  add(token: number): void;
  has(token: number): boolean;
  /** What was added after the set had this size. */
  since(size: number): Int32Array;
  /** A copy of what is in it. Made once until the set changes, so rows of one situation share it. */
  block(): Block;
}

/** Tokens that several rows share, with a hash that does not depend on their order. */
export interface Block {
  readonly tokens: Int32Array;
  readonly hash: number;
  /** Rows that hold it: its bytes are counted once. */
  uses: number;
}

export function blockOf(tokens: Int32Array): Block {
  let hash = tokens.length;
  for (let at = 0; at < tokens.length; at++) hash = (hash + mix(tokens[at] ?? 0, 0x5bd1e995)) | 0;
  return { tokens, hash, uses: 0 };
}

export function createTokenSet(slotsLog2 = 12): TokenSet {
  let mask = (1 << slotsLog2) - 1;
  let slots = new Int32Array(mask + 1);
  let stamps = new Int32Array(mask + 1);
  let list = new Int32Array((mask + 1) >> 1);
  let stamp = 1;
  let size = 0;
  let block: Block | null = null;

  function grow(): void {
    mask = mask * 2 + 1;
    const old = list.slice(0, size);
    slots = new Int32Array(mask + 1);
    stamps = new Int32Array(mask + 1);
    list = new Int32Array((mask + 1) >> 1);
    stamp = 1;
    size = 0;
    for (const token of old) add(token);
  }

  function add(token: number): void {
    if (size >= list.length) grow();
    let at = (token >>> 7) & mask;
    while (stamps[at] === stamp) {
      if (slots[at] === token) return;
      at = (at + 1) & mask;
    }
    slots[at] = token;
    stamps[at] = stamp;
    list[size++] = token;
    block = null;
  }

  return {
    get size() {
      return size;
    },
    clear() {
      size = 0;
      stamp += 1;
      block = null;
    },
    add,
    has(token) {
      let at = (token >>> 7) & mask;
      while (stamps[at] === stamp) {
        if (slots[at] === token) return true;
        at = (at + 1) & mask;
      }
      return false;
    },
    since: (from) => list.slice(from, size),
    block() {
      block ??= blockOf(list.slice(0, size));
      return block;
    },
  };
}
