/** Score entries: what a record says of one predictor's prediction of one step. */
import type { EntryStatus, ScoreEntry } from "../../codec/records.ts";
import type { Prediction } from "../../predictors/predictor.ts";
import { measure, predictedValue, type Truth } from "./logic.ts";
import { shownPrediction } from "./shown.ts";

export interface Scored {
  readonly predictor: string;
  readonly version: string;
  readonly prediction: Prediction;
  readonly ahead: boolean;
  readonly seconds: number | null;
}

export function scoreEntry(truth: Truth, scored: Scored, shownBytesMax: number): ScoreEntry {
  const { prediction } = scored;
  if (prediction.status !== "answered") return emptyEntry(scored, prediction.status, prediction.reason);
  const predicted = predictedValue(truth.state.value, prediction.next);
  if (!predicted.ok) return emptyEntry(scored, "failed", `patch-failed: ${predicted.message}`.slice(0, 200));
  const measures = measure(truth, predicted.value);
  const { confidence } = prediction;
  return {
    ...emptyEntry(scored, "answered", null),
    ...measures,
    confidence,
    brier: confidence === null ? null : (confidence - (measures.exact ? 1 : 0)) ** 2,
    prediction: measures.exact ? null : shownPrediction(truth, predicted.value, shownBytesMax),
  };
}

/** An answer that did not come. */
export function absentEntry(predictor: string, status: "late" | "missing"): ScoreEntry {
  return emptyEntry({ predictor, version: "none", ahead: false, seconds: null }, status, null);
}

/** Right or not; null where there was no answer. */
export function isWrong(entry: ScoreEntry): boolean {
  return entry.exact !== true && entry.status !== "missing";
}

function emptyEntry(scored: Omit<Scored, "prediction">, status: EntryStatus, reason: string | null): ScoreEntry {
  return {
    predictor: scored.predictor,
    version: scored.version,
    status,
    reason,
    exact: null,
    fieldsEqual: null,
    fieldsTotal: null,
    changedHit: null,
    changedPredicted: null,
    changedActual: null,
    tokenF1: null,
    tokenAligned: null,
    confidence: null,
    brier: null,
    ahead: scored.ahead,
    seconds: scored.seconds,
    prediction: null,
    wrongFields: [],
  };
}
