/**
 * Learns how long events take: where a number has moved evenly from reading to reading, and other events have come between the next two, it has
 * gone as much further as those took.
 */
import { countIn, mostOf } from "../../most.ts";
import type { Values } from "../../reading.ts";
import type { Durations } from "../events/durations.ts";
import { numbers } from "../events/numbers.ts";

export interface DurationCounts {
  /** An episode begins. */
  begin(): void;
  /** `keys`: of the event, by `durationKeys`. */
  add(actionText: string, keys: Values, body: string): void;
  decided(): Durations;
}

/** Readings of one action whose words were the same. */
interface Way {
  readonly words: string;
  last: number;
  /** The longest run of readings one after the other, and the one that goes on. */
  best: Run;
  run: Run;
  /** What came since the last reading, so many at most that one more is too many. */
  since: Values[];
}

/** So many steps, how far they led, and the least and the most of them. */
interface Run {
  readonly steps: number;
  readonly change: number;
  readonly least: number;
  readonly most: number;
}

const unseen: ReadonlyMap<number, number> = new Map();
const noRun: Run = { steps: 0, change: 0, least: 0, most: 0 };
const runMin = 3;
/** A number moves at least so far with a step: less does not tell one step from two. */
const stepMin = 1.5;
/** Rounded numbers move evenly where their steps differ by one. */
const unevenMax = 1;
const durationMax = 100;
const waysMax = 32;
const keysMax = 5_000;
/** Events between two readings. */
const sinceMax = 3;
const seenMin = 2;
const share = 0.6;
/** How long the other events take has been seen so often. */
const othersMin = 5;

export function createDurationCounts(): DurationCounts {
  const counts = new Map<string, Map<number, number>>();
  const ways = new Map<string, Way>();

  function seenOf([own = ""]: Values): ReadonlyMap<number, number> {
    return counts.get(own) ?? unseen;
  }

  function judge({ best, since }: Way, change: number): void {
    const step = best.change / best.steps;
    if (since.length > sinceMax || best.steps < runMin || Math.abs(step) < stepMin) return;
    const taken = change / step;
    // How far the step is known tells how far the time is.
    if (taken < 0 || taken > durationMax || taken > (best.steps * Math.abs(step)) / 2) return;
    const [rarest = [], ...others] = [...since].sort((a, b) => mostOf(seenOf(a), 0)[2] - mostOf(seenOf(b), 0)[2]);
    let left = Math.round(taken) - 1;
    for (const other of others) {
      const [duration, times] = mostOf(seenOf(other), 0);
      if (times < othersMin) return;
      left -= duration;
    }
    for (const key of rarest) countIn(counts, key, Math.max(0, left), { keysMax });
  }

  return {
    begin: () => ways.clear(),
    add(actionText, keys, body) {
      const [value, ...others] = body.match(numbers) ?? [];
      const words = value === undefined || others.length > 0 ? null : body.replace(numbers, "#");
      for (const [asked, way] of ways) {
        if (asked === actionText && way.words === words) continue;
        way.since.push(keys);
        if (way.since.length > sinceMax + 1) way.since.pop();
      }
      if (words === null) return;
      const now = Number(value);
      const way = ways.get(actionText);
      ways.delete(actionText);
      const next: Way = { words, last: now, best: noRun, run: noRun, since: [] };
      if (way !== undefined && way.words === words) {
        const change = now - way.last;
        const isNext = way.since.length === 0;
        next.run = isNext ? longer(way.run, change) : noRun;
        next.best = next.run.steps > way.best.steps ? next.run : way.best;
        if (!isNext) judge(way, change);
      }
      ways.set(actionText, next);
      const oldest = ways.size > waysMax ? ways.keys().next().value : undefined;
      if (oldest !== undefined) ways.delete(oldest);
    },
    decided() {
      const durations = new Map<string, number>();
      for (const [key, own] of counts) {
        const [duration, most, seen] = mostOf(own, 0);
        if (most >= seenMin && most > share * seen) durations.set(key, duration);
      }
      return durations;
    },
  };
}

/** Another run where the number does not go on as before. */
function longer({ steps, change, least, most }: Run, by: number): Run {
  const [low, high] = steps === 0 ? [by, by] : [Math.min(least, by), Math.max(most, by)];
  if (high - low > unevenMax) return { steps: 1, change: by, least: by, most: by };
  return { steps: steps + 1, change: change + by, least: low, most: high };
}
