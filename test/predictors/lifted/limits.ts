/** Bounds of a trainer that tests do not reach. */
import type { TrainerLimits } from "../../../src/predictors/lifted/trainer.ts";

export const limits: TrainerLimits = {
  changedMax: 4_000,
  keptMin: 5_000,
  keptMax: 16_000,
  trustMax: 1,
  pathsMax: 10,
  bytesMax: 1e9,
  rowsPerError: 256,
};
