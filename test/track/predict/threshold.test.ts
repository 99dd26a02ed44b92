/** The least confidence of an environment: who abstains, and why. */
import { describe, expect, it } from "vitest";
import { persistenceFactory } from "../../../src/predictors/persistence.ts";
import type { Prediction, PredictorFactory } from "../../../src/predictors/predictor.ts";
import { comparisonRulesOf, shapeOverridesOf } from "../../../src/track/environment.ts";
import type { Episode } from "../../../src/track/pair/episode.ts";
import { createInline } from "../../../src/track/predict/logic.ts";
import { aboveThreshold } from "../../../src/track/predict/threshold.ts";
import type { Versions } from "../../../src/track/predict/versions.ts";
import { createTrackBench, reset, step } from "../../support/track.ts";

const next = { form: "patch", patch: [] } as const;
const answer = (confidence: number | null, novel = false): Prediction => ({
  status: "answered",
  next,
  confidence,
  novel,
});
const doubtful: PredictorFactory = {
  name: "doubtful",
  learnt: true,
  untrained: () => ({ name: "doubtful", version: "none", deterministic: true, predict: () => answer(0.4) }),
};
const versions = { live: () => undefined, reference: () => undefined } as unknown as Versions;
const valued = { text: '"here"', value: "here" };

function said(environment: string): readonly string[] {
  const predictors = ["persistence", "doubtful"];
  const environments = { strict: { confidenceMin: 0.5 }, mild: { confidenceMin: 0.3 } };
  const inline = createInline([persistenceFactory, doubtful], { predictors, environments }, versions, () => 0);
  const episode = { id: "e", environment, kind: "state", task: null, context: null, history: [] };
  return inline
    .predict(episode as unknown as Episode, 0, valued, valued)
    .map(({ predictor, prediction }) =>
      prediction.status === "answered" ? predictor : `${predictor}: ${prediction.reason}`,
    );
}

describe("the least confidence", () => {
  it("holds in its environment alone, and never for the baseline", () => {
    expect(said("strict")).toEqual(["persistence", "doubtful: low-confidence"]);
    expect(said("mild")).toEqual(["persistence", "doubtful"]);
    expect(said("other")).toEqual(["persistence", "doubtful"]);
    expect(said("constructor")).toEqual(["persistence", "doubtful"]);
  });

  it("tells ignorance from doubt, and leaves alone who says no confidence", () => {
    expect(aboveThreshold(answer(0.4, true), 0.5)).toEqual({ status: "abstained", reason: "novel" });
    expect(aboveThreshold(answer(0.4), 0.5)).toEqual({ status: "abstained", reason: "low-confidence" });
    expect(aboveThreshold(answer(0.5, true), 0.5)).toMatchObject({ status: "answered" });
    expect(aboveThreshold(answer(null), 0.5)).toMatchObject({ status: "answered" });
  });
});

describe("why nothing was said", () => {
  it("is counted by its word, what others say in other words as one", () => {
    // The metrics said that a predictor abstained, and no more.
    const bench = createTrackBench({ predictors: ["persistence", "recall"] });
    const bad = { predictor: "theirs", status: "abstained" };
    bench.send(reset());
    bench.send({ type: "prediction", episode: "e", step: 0, ...bad, reason: "Ünknown\nthing" });
    bench.send({ type: "prediction", episode: "e", step: 1, ...bad, reason: "no-idea" });
    for (const at of [0, 1]) bench.send(step(at));
    const count = (predictor: string, reason: string) =>
      bench.recorder.count(`driftline_abstentions_total{environment="w",predictor="${predictor}",reason="${reason}"}`);
    expect([count("recall", "untrained"), count("theirs", "no-idea"), count("theirs", "other")]).toEqual([2, 1, 1]);
    expect(count("persistence", "other")).toBe(0);
  });
});

describe("what is configured of an environment", () => {
  const environments = {
    a: { comparison: { ignore: ["/at"], keyed: { "/orders": "id" } }, shape: { keyed: { "/lines": "sku" } } },
    b: { shape: { keyed: { "/lines": "sku" }, references: ["/owner"] } },
    c: { shape: { references: ["/owner"] } },
  };

  it("has keyed arrays for scores and for predictors alike, wherever they are named", () => {
    const both = { "/lines": "sku", "/orders": "id" };
    expect(comparisonRulesOf({ environments }, "a")).toEqual({ ignore: ["/at"], keyed: both });
    expect(shapeOverridesOf({ environments }, "a")).toEqual({ keyed: both });
    expect(comparisonRulesOf({ environments }, "b")).toEqual({ keyed: { "/lines": "sku" } });
    expect(shapeOverridesOf({ environments }, "b")).toEqual({ keyed: { "/lines": "sku" }, references: ["/owner"] });
  });

  it("has no rules for scores where the shape says nothing of arrays", () => {
    expect(comparisonRulesOf({ environments }, "c")).toBeNull();
    expect(comparisonRulesOf({ environments }, "unheard-of")).toBeNull();
  });
});
