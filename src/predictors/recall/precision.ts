/**
 * How often a level was right, prequentially (each truth judges what its level would have said before learning it). Kept per level and by
 * whether the entry's own truths agree, because an entry that has seen one answer only is another thing than a majority of many.
 */
import type { Level } from "./levels.ts";

export interface Entry {
  /** The remembered text: the majority of the truths seen, the newest of equals. */
  readonly next: string;
  /** How many of `total` truths were it. */
  readonly support: number;
  readonly total: number;
}

/** Hits and tries per cell: level × agreement band. */
export type Precision = number[];

const bands = 4;
export const cells = 4 * bands;

export function emptyPrecision(): Precision {
  return new Array<number>(2 * cells).fill(0);
}

export function cellOf(level: Level, entry: Entry): number {
  const agreement = entry.support / entry.total;
  const band = entry.total === 1 ? 0 : agreement >= 0.95 ? 3 : agreement >= 0.6 ? 2 : 1;
  return level * bands + band;
}

export function judge(precision: Precision, cell: number, hit: boolean): void {
  precision[2 * cell] = (precision[2 * cell] ?? 0) + (hit ? 1 : 0);
  precision[2 * cell + 1] = (precision[2 * cell + 1] ?? 0) + 1;
}

/** Laplace's rule: (hits + 1) / (tries + 2); the finer level's prior is higher, so that untried levels are used finest first. */
export function precisionOf(precision: Precision, cell: number): number {
  const hits = precision[2 * cell] ?? 0;
  const tries = precision[2 * cell + 1] ?? 0;
  const prior = 0.5 - Math.floor(cell / bands) * 0.1;
  return (hits + 2 * prior) / (tries + 2);
}
