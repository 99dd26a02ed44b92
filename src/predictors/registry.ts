/** Every predictor that runs inline. Adding one is adding a line; the contract suite finds it here. */
import { liftedEditsFactory } from "./lifted-edits/lifted-edits.ts";
import { persistenceFactory } from "./persistence.ts";
import type { PredictorFactory } from "./predictor.ts";
import { recallFactory } from "./recall/recall.ts";
import { textEditsFactory } from "./text-edits/text-edits.ts";

export const predictorFactories: readonly PredictorFactory[] = [
  persistenceFactory,
  recallFactory,
  liftedEditsFactory,
  textEditsFactory,
];
