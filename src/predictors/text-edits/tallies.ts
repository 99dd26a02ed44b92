/** How often each template was chosen before its step was learnt, and was right. Bounded: what was longest not chosen goes first. */
import { hashText, mix } from "../lifted/hash.ts";
import { countTry, type Tally } from "./remembered.ts";

/** By hash of the form of the action and the label. */
export type WrittenTally = readonly [key: number, hits: number, tries: number];

export interface Tallies {
  note(form: string, label: string, hit: boolean): void;
  of(form: string, label: string): Tally | null;
  readonly size: number;
  /** All, in the order in which they would be forgotten. */
  written(): readonly WrittenTally[];
  /** Those of some rules, in one order whatever came first. */
  writtenOf(rules: Iterable<readonly [form: string, label: string]>): readonly WrittenTally[];
}

const talliesMax = 20_000;

export function createTallies(known: readonly WrittenTally[] = []): Tallies {
  const tallies = new Map<number, Tally>(known.map(([key, hits, tries]) => [key, { hits, tries }]));
  return {
    note(form, label, hit) {
      countTry(tallies, keyOf(form, label), hit, talliesMax);
    },
    of: (form, label) => tallies.get(keyOf(form, label)) ?? null,
    get size() {
      return tallies.size;
    },
    written: () => [...tallies].map(plain),
    writtenOf(rules) {
      const keys = new Set([...rules].map(([form, label]) => keyOf(form, label)));
      return [...tallies]
        .filter(([key]) => keys.has(key))
        .sort(([a], [b]) => a - b)
        .map(plain);
    },
  };
}

function keyOf(form: string, label: string): number {
  return mix(mix(hashText(form), 31), hashText(label));
}

function plain([key, { hits, tries }]: readonly [number, Tally]): WrittenTally {
  return [key, hits, tries];
}
