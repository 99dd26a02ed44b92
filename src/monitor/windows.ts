/**
 * Rolling windows (M1): a window is 60 buckets of a sixtieth of its length, by event time. What a window says at `now` is the sum of the
 * buckets in (now - w, now], so it shrinks as time passes without anything being written.
 */
import type { Quality, WindowName } from "../codec/records.ts";
import { addCounts, type Counts, emptyCounts } from "./tally.ts";

export const bucketCount = 60;
/** Hours that the window `all` keeps apart; older ones are in its total alone. */
const hoursMax = 336;
const hourMs = 3_600_000;

export interface Bucket {
  transitions: number;
  episodes: number;
  readonly quality: Map<Quality, number>;
  readonly predictors: Map<string, Counts>;
  /** Steps about which a predictor said nothing, by its reason. */
  readonly abstentions: Map<string, Map<string, number>>;
}

export interface Window {
  readonly name: WindowName;
  readonly bucketMs: number;
  /** The bucket of that event time, or null where it lies before the window. */
  bucket(time: number, streamTime: number): Bucket | null;
  /** Buckets that count at `now`, oldest first, with their index; indices may be missing. */
  current(now: number): readonly (readonly [number, Bucket])[];
  /** Everything that counts at `now` in one bucket. */
  total(now: number): Bucket;
  /** The index of the newest bucket at `now`. */
  newest(now: number): number;
  /** Has something moved, or would the passing of time move something, since `since`? */
  moves(since: number, now: number): boolean;
  snapshot(): PlainWindow;
  restore(plain: PlainWindow): void;
}

export interface PlainBucket {
  readonly at: number;
  readonly transitions: number;
  readonly episodes: number;
  readonly quality: readonly (readonly [Quality, number])[];
  readonly predictors: readonly (readonly [string, Counts])[];
  /** Undefined in what was written before there was any. */
  readonly abstentions?: readonly (readonly [string, readonly (readonly [string, number])[]])[];
}
export interface PlainWindow {
  readonly buckets: readonly PlainBucket[];
  readonly total: PlainBucket;
}

const lengths: Readonly<Record<Exclude<WindowName, "all">, number>> = {
  "1m": 60_000,
  "5m": 300_000,
  "1h": 3_600_000,
  "24h": 86_400_000,
};
export const windowNames: readonly WindowName[] = ["1m", "5m", "1h", "24h", "all"];

export function createWindow(name: WindowName): Window {
  const bucketMs = name === "all" ? hourMs : lengths[name] / bucketCount;
  const kept = name === "all" ? hoursMax : bucketCount;
  const buckets = new Map<number, Bucket>();
  /** Of `all`: everything ever, also what is older than the hours kept. */
  let everything = emptyBucket();
  const indexOf = (time: number) => Math.floor(time / bucketMs);

  function prune(streamTime: number): void {
    if (buckets.size <= kept) return;
    const first = name === "all" ? nthNewest(buckets, kept) : indexOf(streamTime) - kept + 1;
    for (const index of buckets.keys()) if (index < first) buckets.delete(index);
  }

  function inWindow(index: number, now: number): boolean {
    return index <= indexOf(now) && (name === "all" || index > indexOf(now) - kept);
  }

  return {
    name,
    bucketMs,
    bucket(time, streamTime) {
      const index = indexOf(time);
      if (name !== "all" && index <= indexOf(streamTime) - kept) return null;
      const known = buckets.get(index);
      if (known !== undefined) return known;
      const bucket = emptyBucket();
      buckets.set(index, bucket);
      prune(streamTime);
      return bucket;
    },
    current: (now) => [...buckets].filter(([index]) => inWindow(index, now)).sort(([a], [b]) => a - b),
    total(now) {
      if (name === "all") return everything;
      const sum = emptyBucket();
      for (const [index, bucket] of buckets) if (inWindow(index, now)) addBucket(sum, bucket);
      return sum;
    },
    newest: indexOf,
    moves: (since, now) =>
      name !== "all" && indexOf(since) !== indexOf(now) && [...buckets.keys()].some((index) => inWindow(index, since)),
    snapshot: () => ({
      buckets: [...buckets].map(([at, bucket]) => plainBucket(at, bucket)),
      total: plainBucket(0, everything),
    }),
    restore(plain) {
      buckets.clear();
      for (const one of plain.buckets) buckets.set(one.at, bucketFrom(one));
      everything = bucketFrom(plain.total);
    },
  };
}

export function countsIn(bucket: Bucket, predictor: string): Counts {
  const known = bucket.predictors.get(predictor);
  if (known !== undefined) return known;
  const counts = emptyCounts();
  bucket.predictors.set(predictor, counts);
  return counts;
}

/** Reasons come from input: beyond so many of a predictor the rest are `other`. */
const reasonsMax = 20;

export function addAbstentions(bucket: Bucket, predictor: string, reason: string, steps: number): void {
  const reasons = bucket.abstentions.get(predictor) ?? new Map<string, number>();
  bucket.abstentions.set(predictor, reasons);
  const name = reasons.has(reason) || reasons.size < reasonsMax ? reason : "other";
  reasons.set(name, (reasons.get(name) ?? 0) + steps);
}

function emptyBucket(): Bucket {
  return { transitions: 0, episodes: 0, quality: new Map(), predictors: new Map(), abstentions: new Map() };
}

function addBucket(to: Bucket, from: Bucket): void {
  to.transitions += from.transitions;
  to.episodes += from.episodes;
  for (const [quality, count] of from.quality) to.quality.set(quality, (to.quality.get(quality) ?? 0) + count);
  for (const [predictor, counts] of from.predictors) addCounts(countsIn(to, predictor), counts);
  for (const [predictor, reasons] of from.abstentions)
    for (const [reason, steps] of reasons) addAbstentions(to, predictor, reason, steps);
}

function nthNewest(buckets: ReadonlyMap<number, Bucket>, n: number): number {
  return [...buckets.keys()].sort((a, b) => b - a)[n - 1] ?? Number.NEGATIVE_INFINITY;
}

function plainBucket(at: number, bucket: Bucket): PlainBucket {
  const { transitions, episodes, quality, predictors, abstentions } = bucket;
  return {
    ...{ at, transitions, episodes },
    quality: [...quality],
    predictors: [...predictors],
    abstentions: [...abstentions].map(([predictor, reasons]) => [predictor, [...reasons]]),
  };
}

function bucketFrom({ transitions, episodes, quality, predictors, abstentions = [] }: PlainBucket): Bucket {
  return {
    transitions,
    episodes,
    quality: new Map(quality),
    predictors: new Map(predictors.map(([name, counts]) => [name, [...counts]])),
    abstentions: new Map(abstentions.map(([name, reasons]) => [name, new Map(reasons)])),
  };
}
