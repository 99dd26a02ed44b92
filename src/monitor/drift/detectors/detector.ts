/**
 * What a drift detector is: it takes the mean error of one episode after the other (0 to 1) and says when they have changed. Episode means,
 * not steps: the steps of an episode share its fate, and detectors that take them for independent raise false alarms.
 *
 * One file each in this folder; `test/contract/detector.ts` holds for every one of them.
 */
import type { Json } from "../../../json/json.ts";

/** What a frozen baseline says of the error: its mean, and the upper end of the mean's one-sided interval. */
export interface BaselineError {
  readonly mean: number;
  readonly upper: number;
}

export interface Detector {
  /** Takes a value in 0..1 (others are brought into it; what is no number is passed over). What was found; the detector then starts anew by itself. */
  take(value: number): "up" | "down" | null;
  /** How far it is towards an alarm, in its own unit; `limit` is where it raises one. */
  readonly statistic: number;
  readonly limit: number;
  /** Forgets everything. */
  reset(): void;
  snapshot(): Json;
  /** Replaces everything by what `snapshot` gave. */
  restore(snapshot: Json): void;
}

export interface DetectorFactory {
  readonly name: string;
  /** False: it learns by itself what is usual, and needs no baseline. */
  readonly needsBaseline: boolean;
  create(baseline: BaselineError): Detector;
}

/** The value within 0..1; null for what is no number. */
export function fitValue(value: number): number | null {
  if (Number.isNaN(value)) return null;
  return Math.min(1, Math.max(0, value));
}

/** A list of finite numbers, so many of them. Throws on anything else: a snapshot of another detector. */
export function numbersOf(snapshot: Json, count: number): readonly number[] {
  const numbers = Array.isArray(snapshot) ? snapshot.map(Number) : [];
  if (numbers.length !== count || !numbers.every(Number.isFinite)) throw new Error("not a snapshot of this detector");
  return numbers;
}
