/**
 * `text-edits`: learns to predict text observations exactly from the stream itself, as templates whose lists are filled from a belief that is
 * kept of the episode. Inline, deterministic, bounded; says how sure it is, and why.
 */
import { confidenceOf } from "../lifted/confidence.ts";
import { versionOf } from "../lifted/publisher.ts";
import type { Predictor, PredictorFactory } from "../predictor.ts";
import { createBeliefs, createViews } from "./beliefs.ts";
import { callOf } from "./calls/call.ts";
import { explainWith } from "./explain.ts";
import { createTextLearner } from "./learner.ts";
import { loadRules } from "./loaded.ts";
import { obeyed } from "./obeyed.ts";
import { textOptions } from "./options.ts";
import { noPages } from "./pages/structure.ts";
import { predictWith } from "./predict.ts";
import { rulesIn } from "./rules.ts";
import { TokenWriter } from "./token-writer.ts";

export const textEditsFactory: PredictorFactory = {
  name: "text-edits",
  learnt: true,
  // Texts; of structured states those that are answers in text.
  fits: (situation) => situation.kind === "observation" || callOf(situation) !== null,
  historySteps: textOptions.historySteps,
  listsRules: true,
  historyKinds: ["observation"],
  load(model, blobs): Predictor {
    const { rules: learnt, orders, confidence, tasks, words, tallies } = loadRules(model.blobs, blobs);
    if (versionOf("text-edits", model.blobs) !== model.version) {
      throw new Error(`version ${model.version} of text-edits is not that of its blobs ${model.blobs.join(" ")}`);
    }
    const rules = obeyed(learnt, orders);
    const beliefs = createBeliefs(rules.structure, textOptions);
    const views = createViews(rules.structure.pages ?? noPages, textOptions);
    const deps = { rules, beliefs, views, writer: new TokenWriter(null), tasks, options: textOptions };
    return {
      name: "text-edits",
      version: model.version,
      deterministic: true,
      predict: (situation) => predictWith(deps, situation, (evidence) => confidenceOf(confidence, evidence)),
      explain: (situation) => explainWith(deps, words, situation, (evidence) => confidenceOf(confidence, evidence)),
      rules: () => rulesIn(learnt, words, tallies, orders),
    };
  },
  learner: (_, config) =>
    createTextLearner({ ...textOptions, rowBytesMax: config?.rowBytesMax ?? textOptions.rowBytesMax }),
};
