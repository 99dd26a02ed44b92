/** The trivial baseline of `state` environments (P5): nothing changes. */
import type { Prediction, Predictor, PredictorFactory } from "./predictor.ts";

const nothingChanges: Prediction = { status: "answered", next: { form: "patch", patch: [] }, confidence: null };

const persistence: Predictor = {
  name: "persistence",
  version: "builtin",
  deterministic: true,
  predict: () => nothingChanges,
};

export const persistenceFactory: PredictorFactory = {
  name: "persistence",
  learnt: false,
  builtin: () => persistence,
};
