/** Whom `best-of` chose lately, per environment: counted over the scores that the page looks at, older ones ever less. */

import { chosenIn } from "../codec/best-of-version.ts";
import type { Score } from "../codec/records.ts";
import { bestOfName } from "../codec/reference-name.ts";
import type { ChoiceView } from "./views.ts";

const environmentsMax = 1_000;
const predictorsMax = 50;
/** At so many all counts are halved. */
const stepsMax = 1_000;

export interface Choices {
  take(score: Score): void;
  /** The most chosen first. */
  of(environment: string): readonly ChoiceView[];
}

export function createChoices(): Choices {
  const counts = new Map<string, Map<string, number>>();
  return {
    take({ environment, entries }) {
      const best = entries.find(({ predictor }) => predictor === bestOfName);
      if (best === undefined || best.status !== "answered") return;
      if (!counts.has(environment) && counts.size >= environmentsMax) return;
      const its = counts.get(environment) ?? new Map<string, number>();
      counts.set(environment, its);
      const name = chosenIn(best);
      if (!its.has(name) && its.size >= predictorsMax) return;
      its.set(name, (its.get(name) ?? 0) + 1);
      if (sumOf(its) >= stepsMax) for (const [key, steps] of its) its.set(key, steps / 2);
    },
    of(environment) {
      const its = counts.get(environment) ?? new Map<string, number>();
      const sum = sumOf(its);
      return [...its]
        .map(([predictor, steps]) => ({ predictor, share: steps / sum }))
        .sort((a, b) => b.share - a.share);
    },
  };
}

function sumOf(counts: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const steps of counts.values()) sum += steps;
  return sum;
}
