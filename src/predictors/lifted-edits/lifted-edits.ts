/**
 * `lifted-edits`: learns the dynamics of structured states from the stream itself, as edit expressions over entities chosen by rules that
 * speak of roles. Inline, deterministic, bounded; says how sure it is, and why.
 */

import { versionOf } from "../lifted/publisher.ts";
import type { Predictor, PredictorFactory } from "../predictor.ts";
import { createLiftedLearner } from "./learning/learner.ts";
import { liftedOptions } from "./options.ts";
import { predictWith } from "./rules/engine.ts";
import { explainWith } from "./rules/explain.ts";
import { obeyed } from "./rules/obeyed.ts";
import { createDesk } from "./rules/rows.ts";
import { rulesIn } from "./rules/rules.ts";
import { loadRules } from "./versions/loaded.ts";

export const liftedEditsFactory: PredictorFactory = {
  name: "lifted-edits",
  learnt: true,
  kinds: ["state"],
  listsRules: true,
  load(model, blobs): Predictor {
    const { rules: learnt, orders, words } = loadRules(model.blobs, blobs, liftedOptions);
    if (versionOf("lifted-edits", model.blobs) !== model.version) {
      throw new Error(`version ${model.version} of lifted-edits is not that of its blobs ${model.blobs.join(" ")}`);
    }
    const rules = obeyed(learnt, orders);
    const desk = createDesk(null);
    return {
      name: "lifted-edits",
      version: model.version,
      deterministic: true,
      predict(situation) {
        const { run: _, ...prediction } = predictWith(rules, situation, liftedOptions, desk);
        return prediction;
      },
      explain: (situation) => explainWith(rules, words, situation, liftedOptions, desk),
      rules: () => rulesIn(learnt, words, orders),
    };
  },
  /** Before anything was learnt, that nothing changes is the best guess: so it never starts below the baseline. */
  untrained: () => ({
    name: "lifted-edits",
    version: "none",
    deterministic: true,
    predict: () => ({ status: "answered", next: { form: "patch", patch: [] }, confidence: null }),
  }),
  learner: (_, config) =>
    createLiftedLearner(
      { ...liftedOptions, rowBytesMax: config?.rowBytesMax ?? liftedOptions.rowBytesMax },
      config?.shape,
    ),
};
