/**
 * Open loop: the predictor is fed with its own predictions and the real actions. A run of k steps asks how far a simulated rollout can be
 * trusted: right after k steps, and right all the way.
 */
import { canonicalText } from "../../json/canonical.ts";
import type { Json, JsonText } from "../../json/json.ts";
import type { History, Predictor, Situation } from "../../predictors/predictor.ts";
import { compareLeaves } from "../../track/score/compare.ts";
import { predictedValue, type Truth } from "../../track/score/logic.ts";
import type { Step } from "./steps.ts";

/** In steps; `all`: from an episode's first step to its last. */
export type RunLength = number | "all";

/** Runs do not overlap: a run of k starts at every k-th step, over steps that follow one another. */
export function openLoop(
  predictor: Predictor,
  steps: readonly Step[],
  lengths: readonly RunLength[],
  result: (length: RunLength, rights: readonly boolean[]) => void,
): void {
  for (const length of lengths) {
    const count = length === "all" ? steps.length : length;
    for (let from = 0; count > 0 && from + count <= steps.length; from += count) {
      const run = steps.slice(from, from + count);
      if (isUnbroken(run)) result(length, rollout(predictor, run));
    }
  }
}

/** Which steps were right. What the predictor does not answer ends the rollout: no step is right from there on. */
export function rollout(predictor: Predictor, run: readonly Step[]): readonly boolean[] {
  const rights: boolean[] = [];
  let own: { readonly state: Json; readonly stateText: JsonText } | null = null;
  let history: History = run[0]?.situation.history ?? [];
  for (const { situation, truth } of run) {
    // As many earlier steps as the live job keeps.
    history = history.slice(Math.max(0, history.length - situation.history.length));
    const here: Situation = { ...situation, ...own, history };
    history = [...history, { stateText: here.stateText, actionText: here.actionText }];
    const prediction = predictor.predict(here);
    const next = prediction.status === "answered" ? predictedValue(here.state, prediction.next) : null;
    if (next === null || !next.ok) break;
    rights.push(isRight(truth, next.value));
    own = { state: next.value, stateText: canonicalText(next.value) };
  }
  while (rights.length < run.length) rights.push(false);
  return rights;
}

function isRight({ next, comparison }: Truth, predicted: Json): boolean {
  return compareLeaves(next.value, predicted, comparison.root).size === 0;
}

export function isUnbroken(run: readonly Step[]): boolean {
  const first = run[0]?.situation.step ?? 0;
  return run.every(({ situation }, at) => situation.step === first + at);
}
