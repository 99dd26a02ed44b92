/** Explanations of real steps, found in the log: by the version that predicted, in agreement with what was scored. */
import { beforeAll, describe, expect, it } from "vitest";
import { codecs } from "../../src/codec/codecs.ts";
import type { Score } from "../../src/codec/records.ts";
import { createExplainer } from "../../src/predictors/explain-step.ts";
import { predictorFactories } from "../../src/predictors/registry.ts";
import { planCommand } from "../../src/serve/pin.ts";
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

async function play(seed: number): Promise<void> {
  const events = worldEvents(seed, { eventsMin: 900, stepsMax: 30 });
  for (let at = 0; at < events.length; at += 50) {
    await pipeline.append(events.slice(at, at + 50).map((event) => recordOf(event, false)));
    for (let round = 0; round < 3; round++) for (const slot of pipeline.slots) await pipeline.step(slot);
    pipeline.clock.now += 500;
  }
  await pipeline.settle();
  scores = (await readTopic(pipeline.log, "scores")).map(({ value }) => codecs.score.decode(value ?? new Uint8Array()));
}

beforeAll(async () => {
  pipeline = await createPipeline({ predictors: ["persistence", "recall", "lifted-edits", "text-edits"] }, {}, 2, {
    pinAutomatically: false,
  });
  await play(7);
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

describe("explaining a step for a pinned reference", () => {
  const pinned = [
    ["recall", "store"],
    ["lifted-edits", "store"],
    ["text-edits", "house"],
  ] as const;
  const versions = new Map<string, string>();

  beforeAll(async () => {
    for (const [predictor, environment] of pinned) {
      const plan = await planCommand({ command: "pin", environment, predictor, author: "me" }, pipeline.log, 0);
      if (!plan.ok) throw new Error(plan.message);
      versions.set(predictor, plan.version);
      await pipeline.log.append([plan.record]);
    }
    await pipeline.settle();
    await play(8);
  });

  it.each(pinned)(
    "says why %s@reference in %s said what was scored, by the version that is pinned",
    async (predictor) => {
      const { episode, step, environment } = answeredBy(`${predictor}@reference`);
      const found = await explainer().explain({ episode, step, environment });
      const of = (name: string) => found?.predictions.find(({ entry }) => entry.predictor === name);
      const [reference, live] = [of(`${predictor}@reference`), of(predictor)];
      expect(reference?.entry.version).toBe(versions.get(predictor));
      expect(reference?.entry.version).not.toBe(live?.entry.version);
      expect(reference?.why).toBeNull();
      expect(reference?.explanation?.confidence).toBe(reference?.entry.confidence);
      expect(live?.explanation?.confidence).toBe(live?.entry.confidence);
    },
  );

  it("goes on when another version is pinned, or none is", async () => {
    const { episode, step, environment } = answeredBy("recall@reference");
    const unpin = { command: "unpin", environment: "store", predictor: "recall", author: "me" };
    const plan = await planCommand(unpin, pipeline.log, pipeline.clock.now);
    if (!plan.ok) throw new Error(plan.message);
    await pipeline.log.append([plan.record]);
    await pipeline.settle();
    const found = await explainer().explain({ episode, step, environment });
    const reference = found?.predictions.find(({ entry }) => entry.predictor === "recall@reference");
    expect(reference?.explanation?.confidence).toBe(reference?.entry.confidence);
  });

  it("says so when a blob of the pinned version is gone", async () => {
    const { episode, step, environment } = answeredBy("text-edits@reference");
    const gone = createExplainer({
      log: pipeline.log,
      blobs: { ...pipeline.blobs, get: async () => null },
      factories: predictorFactories,
    });
    const found = await gone.explain({ episode, step, environment });
    expect(found?.predictions.find(({ entry }) => entry.predictor === "text-edits@reference")?.why).toMatch(
      /not kept any more: a blob of it is gone/,
    );
  });

  it("says whom best-of chose", async () => {
    const { episode, step, environment } = answeredBy("best-of");
    const found = await explainer().explain({ episode, step, environment });
    expect(found?.predictions.find(({ entry }) => entry.predictor === "best-of")?.why).toMatch(
      /^it said what [a-z-]+ said$/,
    );
  });
});
