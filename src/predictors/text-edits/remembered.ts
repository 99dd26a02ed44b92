/**
 * What goes from one episode to the next: lists by place and owner, lists that nearly every episode shows, constants of slots, and how often
 * each source was right before it had learnt the step. Bounded: what was longest not met goes first.
 */
import type { CallMemory } from "./calls/proposals.ts";
import type { Curves } from "./pages/choice/curves.ts";
import { createTextMemory, type TextMemory } from "./pages/choice/texts.ts";
import type { Values } from "./reading.ts";

export interface Tally {
  readonly hits: number;
  readonly tries: number;
}

/** How often each list was seen. */
export type ListCounts = readonly (readonly [values: Values, count: number])[];

export interface Remembered {
  readonly places: Map<string, Values>;
  readonly habits: Map<string, ListCounts>;
  readonly constants: Map<string, ListCounts>;
  readonly sources: Map<string, Tally>;
  /** Whole texts, in worlds of pages. */
  readonly texts: TextMemory;
  /** What followed a text and an action, in other episodes (pages/choice/rivals.ts). */
  readonly after: TextMemory;
  /** How numbers went (pages/choice/curves.ts). */
  readonly curves: Curves;
  /** Texts that were seen, by hash: what is seen again may be a template. */
  readonly once: Map<number, true>;
  /** What calls that are answered in text were answered, by request, arguments and name. */
  readonly calls: Map<string, CallMemory>;
}

const between = "\u0003";
/** Different lists of one owner or slot that are counted. */
const listsMax = 12;
const habitMin = 3;
const habitShare = 0.8;

export function createRemembered(textsCharsMax: number, afterCharsMax = textsCharsMax): Remembered {
  return {
    places: new Map(),
    habits: new Map(),
    constants: new Map(),
    sources: new Map(),
    texts: createTextMemory(textsCharsMax),
    after: createTextMemory(afterCharsMax),
    curves: new Map(),
    once: new Map(),
    calls: new Map(),
  };
}

export function placeKey(place: number, relation: string, owner: string): string {
  return `${place}${between}${relation}${between}${owner}`;
}

export function habitKey(relation: string, owner: string): string {
  return `${relation}${between}${owner}`;
}

export function sourceKey(slot: string, source: string): string {
  return `${slot}${between}${source}`;
}

export function rememberList<K, T>(map: Map<K, T>, key: K, value: T, max: number): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= max) return;
  const oldest = map.keys().next().value;
  if (oldest !== undefined) map.delete(oldest);
}

export function tallyOf({ sources }: Pick<Remembered, "sources">, slot: string, source: string): Tally {
  return sources.get(sourceKey(slot, source)) ?? noTally;
}

/** How often it was right; of what was never tried, half. */
export function rateOf({ hits, tries }: Tally): number {
  return (hits + 1) / (tries + 2);
}

const noTally: Tally = { hits: 0, tries: 0 };

/** One more try of what is tallied under the key. */
export function countTry<K>(tallies: Map<K, Tally>, key: K, hit: boolean, max: number): void {
  const { hits, tries } = tallies.get(key) ?? noTally;
  rememberList(tallies, key, { hits: hits + Number(hit), tries: tries + 1 }, max);
}

export function counted(counts: ListCounts, values: Values): ListCounts {
  const known = counts.findIndex(([one]) => sameList(one, values));
  if (known >= 0) return counts.map(([one, count], at) => [one, at === known ? count + 1 : count] as const);
  return counts.length < listsMax ? [...counts, [values, 1]] : counts;
}

/** The list that was seen most, the first of several; null where there is none. */
export function commonest(counts: ListCounts | undefined): { readonly values: Values; readonly share: number } | null {
  let [best, sum]: [ListCounts[number] | undefined, number] = [undefined, 0];
  for (const one of counts ?? []) {
    sum += one[1];
    if (best === undefined || one[1] > best[1]) best = one;
  }
  return best === undefined ? null : { values: best[0], share: best[1] / sum };
}

/** What nearly every episode shows. */
export function habitOf(counts: ListCounts | undefined): Values | null {
  const best = commonest(counts);
  const seen = counts?.find(([values]) => values === best?.values)?.[1] ?? 0;
  return best !== null && seen >= habitMin && best.share >= habitShare ? best.values : null;
}

export function sameList(a: Values, b: Values): boolean {
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false;
  return true;
}
