/** What is measured of answers in text beside their score: words, and sameness as JSON. */
import type { ScoreEntry } from "../../codec/records.ts";
import type { Prediction } from "../../predictors/predictor.ts";
import { answerText, isSameAsJson } from "../../track/score/answer.ts";
import { predictedValue } from "../../track/score/logic.ts";
import { tokenMeasures } from "../../track/score/tokens.ts";
import type { AnswerMeasures } from "./measure.ts";
import type { Step } from "./steps.ts";

const structured: AnswerMeasures = { wordF1: null, asJson: null };
const nothing: AnswerMeasures = { wordF1: 0, asJson: false };
const exactly: AnswerMeasures = { wordF1: 1, asJson: true };

export function answerMeasures(
  { truth }: Step,
  prediction: Prediction,
  entry: Pick<ScoreEntry, "exact" | "tokenF1">,
): AnswerMeasures {
  const expected = answerText(truth.next.value);
  if (expected === null) return structured;
  if (entry.exact === true) return exactly;
  const predicted = prediction.status === "answered" ? predictedValue(truth.state.value, prediction.next) : null;
  if (predicted === null || !predicted.ok) return nothing;
  const given = answerText(predicted.value);
  return {
    wordF1: entry.tokenF1 ?? (given === null ? 0 : tokenMeasures(expected, given).f1),
    asJson: isSameAsJson(truth.next.value, predicted.value),
  };
}
