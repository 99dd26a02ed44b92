/** What monitor remembers of one environment, and how a score or an outcome moves it. Pure. */
import { abstentionReasonOf } from "../codec/abstention-reasons.ts";
import type { Kind, Outcome, Rollup, Score, WindowName } from "../codec/records.ts";
import type { Json } from "../json/json.ts";
import { type Arms, createArms } from "./arms/arms.ts";
import { type Ceiling, createCeiling } from "./ceiling.ts";
import { type ConsistencyStore, createConsistency, type Skipped } from "./consistency/consistency.ts";
import type { MonitorOptions } from "./options.ts";
import { addCounts, type Counts, countsOf, tallyOf } from "./tally.ts";
import {
  addAbstentions,
  type Bucket,
  bucketCount,
  countsIn,
  createWindow,
  type PlainWindow,
  type Window,
  windowNames,
} from "./windows.ts";

/** Step indices kept apart; later steps share the last place. */
const stepIndicesMax = 50;

interface Watched {
  version: string;
  readonly stepTries: number[];
  readonly stepMatches: number[];
}

export interface Environment {
  readonly name: string;
  readonly windows: readonly Window[];
  readonly ceiling: Ceiling;
  readonly consistency: Pick<ConsistencyStore, "cells" | "waiting">;
  readonly arms: Pick<Arms, "comparisons" | "due">;
  readonly lastScored: number;
  /** False where a predictor is beyond the bound. */
  score(score: Score, streamTime: number): boolean;
  /** What of it was not counted, and why. */
  outcome(outcome: Outcome, streamTime: number): readonly Skipped[];
  rollup(window: Window, now: number): Rollup;
  predictors(): readonly string[];
  snapshot(): PlainEnvironment;
  restore(plain: PlainEnvironment): void;
}

export interface PlainEnvironment {
  readonly name: string;
  readonly kind: Kind;
  readonly baseline: string;
  readonly lastScored: number;
  readonly watched: readonly (readonly [string, Watched])[];
  readonly ceiling: Json;
  /** Undefined in what was written before there was any. */
  readonly consistency: Json | undefined;
  readonly arms: Json | undefined;
  readonly windows: Readonly<Partial<Record<WindowName, PlainWindow>>>;
}

export function createEnvironment(name: string, options: MonitorOptions): Environment {
  const windows = windowNames.map(createWindow);
  const ceiling = createCeiling(options.situationsMax);
  const consistency = createConsistency(options);
  const arms = createArms();
  const watched = new Map<string, Watched>();
  let kind: Kind = "state";
  let baseline = "persistence";
  let lastScored = 0;

  function watch(predictor: string): Watched | null {
    const known = watched.get(predictor);
    if (known !== undefined) return known;
    if (watched.size >= options.predictorsMax) return null;
    const fresh: Watched = { version: "none", stepTries: [], stepMatches: [] };
    watched.set(predictor, fresh);
    return fresh;
  }

  function score(record: Score, streamTime: number): boolean {
    arms.score(record);
    // Simulated episodes count in comparisons alone (P6).
    if (record.arm === "world_model") return true;
    kind = record.kind;
    baseline = record.baseline;
    const baselineEntry = record.entries.find((entry) => entry.predictor === record.baseline);
    const baselineExact = baselineEntry === undefined ? null : baselineEntry.exact === true;
    const additions = record.entries.flatMap((entry) => {
      const its = watch(entry.predictor);
      if (its === null) return [];
      if (entry.version !== "none") its.version = entry.version;
      if (entry.status !== "missing") countStep(its, record.step, entry.exact === true);
      const reason = entry.status === "abstained" ? abstentionReasonOf(entry.reason) : null;
      return [{ predictor: entry.predictor, counts: countsOf(entry, record.dynamic, baselineExact), reason }];
    });
    for (const window of windows) {
      const bucket = window.bucket(record.time, streamTime);
      if (bucket !== null) count(bucket, record, additions);
      if (window.name === "all") count(window.total(streamTime), record, additions);
    }
    if (record.first && record.quality === "ok") ceiling.add(record.situation, record.truth);
    if (record.entries.length > 0) lastScored = Math.max(lastScored, record.appendedAt);
    return additions.length === record.entries.length;
  }

  function rollup(window: Window, now: number): Rollup {
    const total = window.total(now);
    const current = window.current(now);
    // Old logs that are played in now are shown at their own time.
    const newest = window.name === "all" ? (current.at(-1)?.[0] ?? window.newest(now)) : window.newest(now);
    const first = newest - bucketCount + 1;
    const buckets = current.filter(([index]) => index >= first);
    const best = window.name === "all" ? ceiling.value() : null;
    return {
      environment: name,
      window: window.name,
      kind,
      at: now,
      bucketMs: window.bucketMs,
      end: (newest + 1) * window.bucketMs,
      baseline,
      transitions: total.transitions,
      quality: [...total.quality].map(([quality, transitions]) => ({ quality, transitions })),
      episodes: total.episodes,
      ceiling: best?.ratio ?? null,
      ceilingSamples: best?.samples ?? 0,
      predictors: [...watched].map(([predictor, its]) => {
        const tally = tallyOf(total.predictors.get(predictor) ?? []);
        const tries = new Array<number>(bucketCount).fill(0);
        const matches = new Array<number>(bucketCount).fill(0);
        for (const [index, bucket] of buckets) {
          const one = tallyOf(bucket.predictors.get(predictor) ?? []);
          tries[index - first] = one.tries;
          matches[index - first] = one.match;
        }
        const all = window.name === "all";
        return {
          predictor,
          version: its.version,
          tally,
          tries,
          matches,
          stepTries: all ? filled(its.stepTries) : [],
          stepMatches: all ? filled(its.stepMatches) : [],
          abstentions: abstentionsIn(total, predictor),
        };
      }),
      consistency: window.name === "all" ? consistency.cells() : [],
      arms: window.name === "all" ? arms.comparisons(now) : [],
    };
  }

  return {
    name,
    windows,
    ceiling,
    consistency,
    arms,
    get lastScored() {
      return lastScored;
    },
    score,
    outcome(record, streamTime) {
      const skipped = consistency.outcome(record);
      // Simulated episodes count in the consistency ratio alone (P6).
      if (!skipped.includes("doubled-episode")) arms.outcome(record);
      if (record.arm === "world_model" || skipped.includes("doubled-episode")) return skipped;
      for (const window of windows) {
        const bucket = window.bucket(record.time, streamTime);
        if (bucket !== null) bucket.episodes += 1;
        if (window.name === "all") window.total(streamTime).episodes += 1;
      }
      return skipped;
    },
    rollup,
    predictors: () => [...watched.keys()],
    snapshot: () => ({
      name,
      kind,
      baseline,
      lastScored,
      watched: [...watched],
      ceiling: ceiling.snapshot(),
      consistency: consistency.snapshot(),
      arms: arms.snapshot(),
      windows: Object.fromEntries(windows.map((window) => [window.name, window.snapshot()])),
    }),
    restore(plain) {
      kind = plain.kind;
      baseline = plain.baseline;
      lastScored = plain.lastScored;
      watched.clear();
      for (const [predictor, its] of plain.watched) watched.set(predictor, its);
      ceiling.restore(plain.ceiling);
      if (plain.consistency !== undefined) consistency.restore(plain.consistency);
      if (plain.arms !== undefined) arms.restore(plain.arms);
      for (const window of windows) {
        const its = plain.windows[window.name];
        if (its !== undefined) window.restore(its);
      }
    },
  };
}

/** The most frequent reason first. */
function abstentionsIn({ abstentions }: Bucket, predictor: string) {
  const reasons = [...(abstentions.get(predictor) ?? [])].map(([reason, steps]) => ({ reason, steps }));
  return reasons.sort((a, b) => b.steps - a.steps || (a.reason < b.reason ? -1 : 1));
}

interface Addition {
  readonly predictor: string;
  readonly counts: Counts;
  /** Why it abstained. */
  readonly reason: string | null;
}

/** The window `all` counts twice: in the hour and in the total. */
function count(bucket: Bucket, { first, quality }: Score, additions: readonly Addition[]): void {
  if (first) {
    bucket.transitions += 1;
    bucket.quality.set(quality, (bucket.quality.get(quality) ?? 0) + 1);
  }
  for (const { predictor, counts, reason } of additions) {
    addCounts(countsIn(bucket, predictor), counts);
    if (reason !== null) addAbstentions(bucket, predictor, reason, 1);
  }
}

function countStep(watched: Watched, step: number, match: boolean): void {
  const at = Math.min(step, stepIndicesMax);
  watched.stepTries[at] = (watched.stepTries[at] ?? 0) + 1;
  watched.stepMatches[at] = (watched.stepMatches[at] ?? 0) + Number(match);
}

/** Places that were never counted are zero, not holes. */
function filled(counts: readonly number[]): readonly number[] {
  return Array.from({ length: counts.length }, (_, at) => counts[at] ?? 0);
}
