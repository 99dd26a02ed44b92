/** Explanations of real steps, found in the log: by the version that predicted, in agreement with what was scored. */
import { beforeAll, describe, expect, it } from "vitest";
import { codecs } from "../../src/codec/codecs.ts";
import type { Score } from "../../src/codec/records.ts";
import { createExplainer } from "../../src/predictors/explain-step.ts";
import { predictorFactories } from "../../src/predictors/registry.ts";
import { createPipeline, type Pipeline, readTopic, recordOf } from "../crash/pipeline.ts";
import { worldEvents } from "../crash/world.ts";

let pipeline: Pipeline;
let scores: readonly Score[];
const explainer = () => createExplainer({ log: pipeline.log, blobs: pipeline.blobs, factories: predictorFactories });
/** The newest step that the predictor answered. */
function answeredBy(predictor: string): Score {
  const found = scores.findLast(({ entries }) =>
    entries.some((entry) => entry.predictor === predictor && entry.status === "answered"),
  );
  if (found === undefined) throw new Error(`${predictor} answered nothing`);
  return found;
}

beforeAll(async () => {
  pipeline = await createPipeline({ predictors: ["persistence", "recall", "lifted-edits"] }, {}, 2);
  const events = worldEvents(7, { eventsMin: 900, stepsMax: 30 });
  for (let at = 0; at < events.length; at += 50) {
    await pipeline.append(events.slice(at, at + 50).map((event) => recordOf(event, false)));
    for (let round = 0; round < 3; round++) for (const slot of pipeline.slots) await pipeline.step(slot);
    pipeline.clock.now += 500;
  }
  await pipeline.settle();
  scores = (await readTopic(pipeline.log, "scores")).map(({ value }) => codecs.score.decode(value ?? new Uint8Array()));
});

describe("explaining a step", () => {
  it("says on which memory recall rests, with the confidence that was scored", async () => {
    const { environment, episode, step, entries } = answeredBy("recall");
    const found = await explainer().explain({ episode, step, environment });
    const recall = found?.predictions.find(({ entry }) => entry.predictor === "recall");
    expect(recall?.entry).toEqual(entries.find((entry) => entry.predictor === "recall"));
    expect(recall?.explanation?.confidence).toBe(recall?.entry.confidence);
    expect(recall?.explanation?.edits[0]).toMatchObject({
      expression: expect.stringMatching(/^as remembered: /),
      rule: [expect.stringMatching(/was seen \d+ times/)],
    });
    expect(recall?.explanation?.edits[0]?.support).toBeGreaterThan(0);
  });

  it("names the edits and conditions of lifted-edits, with the confidence that was scored", async () => {
    const { episode, step } = answeredBy("lifted-edits");
    // Without the environment every partition is searched.
    const found = await explainer().explain({ episode, step, environment: null });
    const lifted = found?.predictions.find(({ entry }) => entry.predictor === "lifted-edits");
    expect(lifted?.why).toBeNull();
    expect(lifted?.explanation?.confidence).toBe(lifted?.entry.confidence);
    for (const edit of lifted?.explanation?.edits ?? []) {
      expect(edit.expression.length).toBeGreaterThan(0);
      expect(edit.support).toBeGreaterThan(0);
    }
  });

  it("says why there is no explanation: nothing to explain, somebody else's, abstained", async () => {
    const first = scores.find(({ entries }) => entries.some((entry) => entry.version === "none")) ?? scores[0];
    const { episode = "", step = 0 } = first ?? {};
    const found = await explainer().explain({ episode, step, environment: null });
    expect(found?.predictions.find(({ entry }) => entry.predictor === "recall")?.why).toBe("untrained");
    const whole = answeredBy("persistence");
    const told = await explainer().explain({ ...whole, environment: whole.environment });
    expect(told?.predictions.find(({ entry }) => entry.predictor === "persistence")?.why).toMatch(/nothing changes/);
  });

  it("finds nothing where the log has no such step", async () => {
    const { episode, environment } = answeredBy("recall");
    expect(await explainer().explain({ episode, step: 100_000, environment })).toBeNull();
    expect(await explainer().explain({ episode: "nobody", step: 0, environment: null })).toBeNull();
  });

  it("says so when the version that predicted is gone", async () => {
    const { episode, step, environment } = answeredBy("recall");
    const gone = createExplainer({
      log: pipeline.log,
      blobs: { ...pipeline.blobs, get: async () => null },
      factories: predictorFactories,
    });
    const found = await gone.explain({ episode, step, environment });
    expect(found?.predictions.find(({ entry }) => entry.predictor === "recall")?.why).toMatch(/not kept any more/);
  });
});
