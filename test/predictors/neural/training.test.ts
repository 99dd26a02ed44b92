/** Training: small worlds are learnt to the last step, unknown words are copied, the same seed gives the same weights, resuming is exact. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decodeCheckpoint, encodeCheckpoint, trainingHash } from "../../../src/predictors/neural/checkpoint.ts";
import { decodeModel, encodeModel } from "../../../src/predictors/neural/file.ts";
import { contextHider } from "../../../src/predictors/neural/hidden-context.ts";
import { judgeLessons } from "../../../src/predictors/neural/judge.ts";
import type { Lesson } from "../../../src/predictors/neural/lesson.ts";
import { parameterSpecs } from "../../../src/predictors/neural/parameters.ts";
import { writePatch } from "../../../src/predictors/neural/patch-text.ts";
import { createEngine, type Engine } from "../../../src/predictors/neural/predict.ts";
import {
  startTraining,
  type TrainingOptions,
  type TrainingState,
  train,
} from "../../../src/predictors/neural/trainer.ts";
import { vocabularyOf } from "../../../src/predictors/neural/vocabulary.ts";
import type { Tensors } from "../../../src/predictors/tensor/tensors.ts";
import { episodes, lampEpisode, optionsFor, portableTensors, remoteSituation } from "./toy.ts";

let tensors: Tensors;
beforeAll(async () => {
  tensors = await portableTensors();
});
afterAll(() => tensors.close());

async function trained(
  options: TrainingOptions,
  lessons: readonly Lesson[],
  held: readonly Lesson[] = [],
  state: TrainingState = startTraining(options),
  batchesMax = Number.POSITIVE_INFINITY,
): Promise<TrainingState> {
  const first = state.progress.batches;
  await train(state, options, lessons, held, {
    tensors,
    seconds: () => 0,
    stopped: () => state.progress.batches - first >= batchesMax,
    told: async () => {},
  });
  return state;
}

async function engineOf(
  state: TrainingState,
  options: TrainingOptions,
  calibration: readonly number[],
): Promise<Engine> {
  const facts = {
    seed: 3,
    profile: "tiny",
    backend: tensors.name,
    batches: 1,

    heldOut: { exact: 1, n: 1 },
  };
  const environments = (["observation", "state"] as const).map((kind) => {
    return { name: kind === "state" ? "switches" : "lamps", kind, steps: 1, episodes: 1 };
  });
  const { config, words } = options;
  const bytes = encodeModel({ config, words, environments, training: facts, calibration, weights: state.best });
  return createEngine(decodeModel("lamps.dln", bytes), tensors, () => {});
}

describe("training of neural", () => {
  const lessons = episodes(lampEpisode, 0, 150);
  const options = optionsFor(lessons, { epochs: 4, dropped: 0, rate: 5e-3 });

  it("learns a small world to the last step, and the names that it never saw", async () => {
    const state = await trained(options, lessons);
    const { config } = options;
    const vocabulary = vocabularyOf(options.words);
    const specs = parameterSpecs(config, vocabulary.size);
    const learnt = lessons.slice(0, 120);
    const judged = await judgeLessons(state.best, config, vocabulary, specs, learnt, tensors);
    expect(judged.exact).toBe(1);
    const fresh = episodes(lampEpisode, 1_000, 12);
    const engine = await engineOf(state, options, judged.calibration);
    const predictions = await engine.predict(fresh.map(remoteSituation));
    const unknown = fresh.filter(
      (lesson) => !vocabulary.words.some((word) => word.length === 6 && lesson.answer.includes(word)),
    );
    expect(unknown.length).toBe(fresh.length);
    let right = 0;
    for (const [at, lesson] of fresh.entries()) {
      const prediction = predictions[at];
      if (prediction?.status !== "answered") continue;
      const { next } = prediction;
      const said = next.form === "state" ? JSON.parse(next.stateText) : writePatch(next.patch);
      right += Number(said === lesson.answer);
      expect(prediction.confidence).toBeGreaterThan(0);
      expect(prediction.confidence).toBeLessThanOrEqual(1);
    }
    expect(right / fresh.length).toBeGreaterThan(0.95);
    const [first] = fresh;
    if (first === undefined) return;
    const elsewhere = { ...remoteSituation(first), environment: "elsewhere" };
    const long = { ...remoteSituation(first), action: "push ".repeat(100) };
    const signal = AbortSignal.abort();
    expect(await engine.predict([elsewhere, long])).toEqual([
      { status: "abstained", reason: "untrained" },
      { status: "abstained", reason: "too-long" },
    ]);
    expect(await engine.predict([remoteSituation(first)], signal)).toEqual([{ status: "failed", reason: "deadline" }]);
    engine.close();
  }, 120_000);

  it("gives the same weights for the same seed, and others for another", async () => {
    const few = lessons.slice(0, 32);
    const short = { ...optionsFor(lessons), epochs: 1 };
    const [one, two] = [await trained(short, few), await trained(short, few)];
    const other = await trained({ ...short, seed: 4 }, few);
    expect(bytesOf(one)).toEqual(bytesOf(two));
    expect(bytesOf(other)).not.toEqual(bytesOf(one));
  });

  it("hides the context of a share of the episodes, in each epoch of others", async () => {
    const few = lessons.slice(0, 96);
    const short = { ...optionsFor(lessons), epochs: 1 };
    const hiding = await trained({ ...short, contextHidden: 0.4 }, few);
    const hidden = await trained({ ...short, contextHidden: 0 }, few.map(contextHider(short.seed, 0, 0.4)));
    const shown = await trained({ ...short, contextHidden: 0 }, few);
    expect(bytesOf(hiding)).toEqual(bytesOf(hidden));
    expect(bytesOf(hiding)).not.toEqual(bytesOf(shown));
    const twice = await trained({ ...short, epochs: 2, contextHidden: 0.4 }, few);
    const sameTwice = await trained(
      { ...short, epochs: 2, contextHidden: 0 },
      few.map(contextHider(short.seed, 0, 0.4)),
    );
    expect(bytesOf(twice)).not.toEqual(bytesOf(sameTwice));
  });

  it("goes on from a checkpoint as if it had never stopped", async () => {
    const few = lessons.slice(0, 120);
    const held = lessons.slice(120, 128);
    const short = { ...optionsFor(lessons), epochs: 2, lookEvery: 5 };
    const hash = trainingHash(short, "lessons");
    const whole = await trained(short, few, held);
    const half = await trained(short, few, held, startTraining(short), 11);
    expect(half.progress.done).toBe(false);
    const resumed = decodeCheckpoint("x.checkpoint", encodeCheckpoint(half, hash), short, hash);
    await trained(short, few, held, resumed);
    expect(resumed.progress).toEqual(whole.progress);
    expect(bytesOf(resumed)).toEqual(bytesOf(whole));
    const other = { ...short, seed: 9 };
    expect(() =>
      decodeCheckpoint("x.checkpoint", encodeCheckpoint(half, hash), other, trainingHash(other, "lessons")),
    ).toThrow(/x\.checkpoint: expected a training of these data and options .* found one of others/);
  });

  it("goes on where a finished training is given more time", async () => {
    const few = lessons.slice(0, 64);
    const timed = { ...optionsFor(lessons), epochs: Number.POSITIVE_INFINITY };
    const state = startTraining(timed);
    let seconds = 0;
    const clock = () => {
      seconds += 5;
      return seconds;
    };
    const deps = { tensors, seconds: clock, stopped: () => false, told: async () => {} };
    const batches: number[] = [];
    for (const minutes of [0.5, 0.5, 1]) {
      await train(state, { ...timed, minutes }, few, [], deps);
      expect(state.progress.done).toBe(true);
      batches.push(state.progress.batches);
    }
    const [first = 0, again = 0, more = 0] = batches;
    expect(first).toBeGreaterThan(0);
    expect(again).toBe(first);
    expect(more).toBeGreaterThan(first);
  });

  it("says so where nothing can be learnt", async () => {
    const long = lessons.slice(0, 3).map((lesson) => ({ ...lesson, answer: "lamp ".repeat(50) }));
    await expect(trained(options, long)).rejects.toThrow(/no step of the data can be learnt from/);
  });
});

function bytesOf(state: TrainingState): string {
  return Buffer.concat(
    [...state.weights.values(), ...state.best.values(), ...state.adam.second.values()].map((values) =>
      Buffer.from(values.buffer),
    ),
  ).toString("base64");
}
