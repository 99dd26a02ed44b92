/**
 * `best-of`: of those that answered before the truth, the one that was right most often so far, for such an action in such an environment. The
 * choice is made by what was seen before the step alone (prequential), and by this partition alone, so that it is a function of the input.
 */

import { bestOfVersion } from "../../codec/best-of-version.ts";
import type { EntryStatus, ScoreEntry } from "../../codec/records.ts";
import { bestOfName, isReferenceName } from "../../codec/reference-name.ts";

/** Environments and action names come from input: beyond so many counts, those that were not used for longest are forgotten. */
const countsMax = 20_000;
/** Older steps count ever less: at so many tries both counts are halved. */
const triesMax = 400;
/** So many steps of an action weigh as much as what its environment shows. */
const priorTries = 5;

export interface BestOf {
  /** Null where there is nothing to choose between. `teaches`: the step counts from the next choice on (P6). */
  entry(environment: string, action: string, entries: readonly ScoreEntry[], teaches: boolean): ScoreEntry | null;
  snapshot(): readonly PlainCount[];
  restore(rows: readonly PlainCount[]): void;
}

export type PlainCount = readonly [key: string, hits: number, tries: number];

interface Count {
  hits: number;
  tries: number;
}

export function createBestOf(): BestOf {
  const counts = new Map<string, Count>();

  function rate(ownKey: string, wholeKey: string): number {
    const whole = counts.get(wholeKey);
    const own = counts.get(ownKey);
    const prior = ((whole?.hits ?? 0) + priorTries / 2) / ((whole?.tries ?? 0) + priorTries);
    return ((own?.hits ?? 0) + priorTries * prior) / ((own?.tries ?? 0) + priorTries);
  }

  function add(key: string, hit: boolean): void {
    const count = counts.get(key) ?? { hits: 0, tries: 0 };
    counts.delete(key);
    counts.set(key, count);
    count.tries += 1;
    if (hit) count.hits += 1;
    if (count.tries >= triesMax) {
      count.tries /= 2;
      count.hits /= 2;
    }
    if (counts.size > countsMax) {
      const [oldest] = counts.keys();
      if (oldest !== undefined) counts.delete(oldest);
    }
  }

  return {
    entry(environment, action, entries, teaches) {
      const candidates = entries.filter(({ predictor, ahead }) => ahead && !isReferenceName(predictor));
      if (candidates.length < 2) return null;
      const answered = candidates
        .filter(({ status }) => status === "answered")
        .map((entry) => ({
          entry,
          own: keyOf(environment, action, entry.predictor),
          whole: keyOf(environment, "", entry.predictor),
        }));
      let best: ScoreEntry | null = null;
      let bestRate = -1;
      for (const { entry, own, whole } of answered) {
        const its = rate(own, whole);
        if (its <= bestRate) continue;
        best = entry;
        bestRate = its;
      }
      if (teaches)
        for (const { entry, own, whole } of answered) {
          add(own, entry.exact === true);
          add(whole, entry.exact === true);
        }
      return best === null ? nobody(candidates) : chosen(best);
    },
    snapshot: () => [...counts].map(([key, { hits, tries }]) => [key, hits, tries]),
    restore(rows) {
      counts.clear();
      for (const [key, hits, tries] of rows) counts.set(key, { hits, tries });
    },
  };
}

/** What it said, where it was wrong, stands in its own entry. */
function chosen(entry: ScoreEntry): ScoreEntry {
  const version = bestOfVersion(entry);
  return { ...entry, predictor: bestOfName, version, seconds: null, prediction: null, wrongFields: [] };
}

function nobody(candidates: readonly ScoreEntry[]): ScoreEntry {
  const [first] = candidates;
  if (first === undefined) throw new Error("there is nobody to choose from");
  const status: EntryStatus = "abstained";
  return { ...first, predictor: bestOfName, version: "none", status, reason: "nobody-answers", seconds: null };
}

function keyOf(environment: string, action: string, predictor: string): string {
  return JSON.stringify([environment, action, predictor]);
}
