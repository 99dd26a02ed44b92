/**
 * `best-of`: of those that answered before the truth, the one that was right most often so far, for an action of this template in such an
 * environment; where little was seen of the template, for an action of this name. The choice is made by what was seen before the step alone
 * (prequential), and by this partition alone, so that it is a function of the input.
 */

import { bestOfVersion } from "../../codec/best-of-version.ts";
import type { EntryStatus, ScoreEntry } from "../../codec/records.ts";
import { bestOfName, isReferenceName } from "../../codec/reference-name.ts";
import type { ActionForm } from "../action-form.ts";

/** Environments and actions come from input: beyond so many counts, those that were not used for longest are forgotten. */
const countsMax = 20_000;
/** Older steps count ever less: at so many tries both counts are halved. */
const triesMax = 400;
/** So many steps of an action's template weigh as much as what its name shows, and so many of that as what the environment shows. */
const priorTries = 5;

export interface BestOf {
  /** Null where there is nothing to choose between. `teaches`: the step counts from the next choice on (P6). */
  entry(
    environment: string,
    form: () => ActionForm,
    entries: readonly ScoreEntry[],
    teaches: boolean,
  ): ScoreEntry | null;
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

  /** `keys`: from the coarsest on; what one shows is the prior of the next. */
  function rateOf(keys: readonly string[]): number {
    let rate = 1 / 2;
    for (const key of keys) {
      const { hits, tries } = counts.get(key) ?? nothing;
      rate = (hits + priorTries * rate) / (tries + priorTries);
    }
    return rate;
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
    entry(environment, formOf, entries, teaches) {
      const candidates = entries.filter(({ predictor, ahead }) => ahead && !isReferenceName(predictor));
      if (candidates.length < 2) return null;
      const form = formOf();
      const answered = candidates
        .filter(({ status }) => status === "answered")
        .map((entry) => ({ entry, keys: keysOf(environment, form, entry.predictor) }));
      let best: ScoreEntry | null = null;
      let bestRate = -1;
      for (const { entry, keys } of answered) {
        const its = rateOf(keys);
        if (its <= bestRate) continue;
        best = entry;
        bestRate = its;
      }
      // The coarsest last: it is the last to be forgotten.
      if (teaches)
        for (const { entry, keys } of answered) for (const key of keys.toReversed()) add(key, entry.exact === true);
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

const nothing: Readonly<Count> = { hits: 0, tries: 0 };

/** Of the environment, of the action's name, of its template: each where it says more than the one before. */
function keysOf(environment: string, { name, template }: ActionForm, predictor: string): readonly string[] {
  const keys = [JSON.stringify([environment, "", predictor])];
  if (name !== "") keys.push(JSON.stringify([environment, name, predictor]));
  if (template !== name) keys.push(JSON.stringify([environment, name, predictor, template]));
  return keys;
}
