/** k-step open loop: the predictor is fed with its own predictions and the real actions, and must be right after k steps. */
import { canonicalText } from "../../json/canonical.ts";
import type { Json, JsonText } from "../../json/json.ts";
import type { Predictor } from "../../predictors/predictor.ts";
import { compareLeaves } from "../../track/score/compare.ts";
import { predictedValue } from "../../track/score/logic.ts";
import type { Step } from "./steps.ts";

/** Runs do not overlap: a run of k starts at every k-th step, over steps that follow one another. */
export function openLoop(
  predictor: Predictor,
  steps: readonly Step[],
  lengths: readonly number[],
  result: (length: number, exact: boolean) => void,
): void {
  for (const length of lengths) {
    for (let from = 0; from + length <= steps.length; from += length) {
      const run = steps.slice(from, from + length);
      if (isUnbroken(run)) result(length, endsRight(predictor, run));
    }
  }
}

function endsRight(predictor: Predictor, run: readonly Step[]): boolean {
  let value: Json | undefined;
  let text: JsonText | undefined;
  let history = run[0]?.situation.history ?? [];
  for (const { situation } of run) {
    const here =
      value === undefined || text === undefined
        ? { ...situation, history }
        : { ...situation, state: value, stateText: text, history };
    history = [...history, { stateText: here.stateText, actionText: here.actionText }];
    const prediction = predictor.predict(here);
    if (prediction.status !== "answered") return false;
    const next = predictedValue(here.state, prediction.next);
    if (!next.ok) return false;
    value = next.value;
    text = canonicalText(next.value);
  }
  const truth = run.at(-1)?.truth;
  return (
    truth !== undefined &&
    value !== undefined &&
    compareLeaves(truth.next.value, value, truth.comparison.root).size === 0
  );
}

function isUnbroken(run: readonly Step[]): boolean {
  const first = run[0]?.situation.step ?? 0;
  return run.every(({ situation }, at) => situation.step === first + at);
}
