/** `neural` learning on: what a round gives, by which versions situations are answered, and what is said where one is gone. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { canonicalText } from "../../../src/json/canonical.ts";
import { calibrated } from "../../../src/predictors/lifted/calibration.ts";
import { decodeModel, encodeModel, type LoadedModel } from "../../../src/predictors/neural/file.ts";
import { grown, newWords } from "../../../src/predictors/neural/grow.ts";
import { judgeLessons } from "../../../src/predictors/neural/judge.ts";
import { exampleOf, type Lesson } from "../../../src/predictors/neural/lesson.ts";
import { neuralFactory } from "../../../src/predictors/neural/neural.ts";
import { createEngine } from "../../../src/predictors/neural/predict.ts";
import { recalibrate } from "../../../src/predictors/neural/recalibrate.ts";
import { lessonsOf } from "../../../src/predictors/neural/traced.ts";
import { startTraining, train } from "../../../src/predictors/neural/trainer.ts";
import { learnRound, tuneRound, whyDropped } from "../../../src/predictors/neural/tune.ts";
import { createLoadedVersions } from "../../../src/predictors/neural/versions.ts";
import type { Tensors } from "../../../src/predictors/tensor/tensors.ts";
import type { ModelVersion, Picked, RoundOrder, Trace } from "../../../src/predictors/tuning.ts";
import { testDeps } from "../../support/remote-deps.ts";
import {
  episodes,
  lampEpisode,
  neuralOptions,
  optionsFor,
  portableTensors,
  remoteSituation,
  tinyConfig,
} from "./toy.ts";

const folder = mkdtempSync(join(tmpdir(), "driftline-tune-"));
const file = join(folder, "lamps.dln");
const never = new AbortController().signal;
const seconds = () => performance.now() / 1_000;
let tensors: Tensors;
let origin: LoadedModel;
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A model that has hardly learnt. */
beforeAll(async () => {
  tensors = await portableTensors();
  const lessons = episodes(lampEpisode, 0, 40);
  const options = optionsFor(lessons, { epochs: 4 });
  const state = startTraining(options);
  await train(state, options, lessons, [], { tensors, seconds, stopped: () => false, told: async () => {} });
  const bytes = encodeModel({
    config: tinyConfig,
    words: options.words,
    environments: [{ name: "lamps", kind: "observation", steps: 240, episodes: 40 }],
    training: { seed: 3, profile: "tiny", backend: "wasm", batches: 60, heldOut: { exact: 0, n: 0 } },
    calibration: Array.from({ length: 24 }, (_, at) => at / 24),
    weights: state.weights,
  });
  writeFileSync(file, bytes);
  origin = decodeModel(file, bytes);
}, 60_000);

/** The lamps of another world: they glow. */
function reworded(lesson: Lesson): Lesson {
  const say = (text: string) => text.replace(/ is on\./, " glows brightly.");
  const state = say(String(lesson.given.state));
  return { ...lesson, answer: say(lesson.answer), given: { ...lesson.given, state, stateText: canonicalText(state) } };
}

function traceOf(lessons: readonly Lesson[]): Trace {
  const [first] = lessons;
  if (first === undefined) throw new Error("a trace has steps");
  const { environment, episode, given } = first;
  return {
    ...{ environment, kind: given.kind, episode, task: null, first: 0, earlier: [] },
    context: given.context === null ? null : canonicalText(given.context),
    steps: lessons.map(({ given: { stateText, action }, answer }) => ({
      state: stateText,
      action: canonicalText(action),
      next: canonicalText(answer),
    })),
  };
}

function orderOf(fresh: readonly Trace[], replay: readonly Trace[], heldOut: readonly Trace[]): RoundOrder {
  const traces = [...fresh, ...replay, ...heldOut];
  const picked = (some: readonly Trace[]): readonly Picked[] =>
    some.flatMap((trace) => trace.steps.map((_, step): Picked => [traces.indexOf(trace), step]));
  const base: ModelVersion = { version: origin.version, blobs: ["b"] };
  const steps = { fresh: picked(fresh), untried: 12, replay: picked(replay), heldOut: picked(heldOut) };
  return { environment: "lamps", kind: "observation", base, traces, ...steps, seed: 5 };
}

const tracesFrom = (from: number, count: number, change: (lesson: Lesson) => Lesson = (lesson) => lesson) =>
  Array.from({ length: count }, (_, at) => traceOf(lampEpisode(from + at).map(change)));

function pick({ calibration, training }: LoadedModel) {
  return { calibration, judged: training.tuned?.judged };
}

describe("a round", () => {
  it("is given back where it makes fresh steps likelier and held-out ones no worse, with words that were new", async () => {
    const order = orderOf(tracesFrom(100, 20, reworded), tracesFrom(0, 20), tracesFrom(300, 8, reworded));
    const settings = { rate: 4e-3, secondsMax: 60 };
    const deps = { tensors, seconds, pause: async () => {}, stopped: () => false };
    const report = await tuneRound(order, origin, origin, settings, deps);
    if (report.form !== "tuned") throw new Error(`it is ${report.form}`);
    const { figures, model } = report;
    expect(figures.lossAfter).toBeLessThan(0.8 * figures.lossBefore);
    expect(figures.exactAfter).toBeGreaterThanOrEqual(figures.exactBefore);
    expect(figures).toMatchObject({ heldOut: 48, tries: 12, steps: 120 });
    const tuned = decodeModel("tuned", model.bytes);
    expect(tuned.version).toBe(model.version);
    expect(tuned.words).toEqual([...origin.words, ...tuned.words.slice(origin.words.length)]);
    expect(tuned.words).toEqual(expect.arrayContaining(["glows", "brightly"]));
    expect(tuned.training.tuned).toMatchObject({ origin: origin.version, rounds: 1, steps: 120 });
    expect(tuned.environments).toMatchObject([{ name: "lamps", steps: 360, episodes: 60 }]);
    // The same order gives the same bytes.
    const again = await tuneRound(order, origin, origin, settings, deps);
    expect(again.form === "tuned" && again.model.version).toBe(model.version);
  });

  it("has the confidence that its held-out answers speak for, and goes on from those of earlier rounds", async () => {
    const order = orderOf(tracesFrom(100, 20, reworded), tracesFrom(0, 20), tracesFrom(300, 8, reworded));
    const deps = { tensors, seconds, pause: async () => {}, stopped: () => false };
    const round = async (base: LoadedModel) => {
      const learnt = await learnRound(order, origin, base, { rate: 4e-3, secondsMax: 60 }, deps);
      if (learnt === null) throw new Error("it learnt nothing");
      return decodeModel("a version", learnt.model.bytes);
    };
    const held = lessonsOf(order.traces, order.heldOut, tinyConfig.historySteps);
    const judge = (model: LoadedModel) =>
      judgeLessons(model.weights, model.config, model.vocabulary, model.specs, held, tensors);
    const first = await round(origin);
    const { scored } = await judge(first);
    expect(first.calibration).not.toEqual(origin.calibration);
    expect(pick(first)).toEqual(recalibrate(origin.calibration, undefined, scored));
    const [{ score } = { score: 0 }] = scored;
    const [lesson] = held;
    if (lesson === undefined) return;
    // What a version answers with is its own calibration.
    const engine = createEngine(first, tensors, () => {});
    const [said] = await engine.predict([remoteSituation(lesson)]);
    engine.close();
    const confidences = scored.map((one) => calibrated(Float64Array.from(first.calibration), one.score));
    expect(
      said?.status === "answered" && confidences.some((one) => Math.abs(one - (said.confidence ?? 0)) < 1e-6),
    ).toBe(true);
    expect(calibrated(Float64Array.from(origin.calibration), score)).not.toBeCloseTo(confidences[0] ?? 0, 6);
    const second = await round(first);
    expect(pick(second)).toEqual(
      recalibrate(origin.calibration, first.training.tuned?.judged, (await judge(second)).scored),
    );
    expect(second.training.tuned?.rounds).toBe(2);
  });

  it("is dropped where no fresh step can be learnt", async () => {
    const order = { ...orderOf(tracesFrom(100, 2), [], []), fresh: [] };
    const deps = { tensors, seconds, pause: async () => {}, stopped: () => false };
    const report = await tuneRound(order, origin, origin, { rate: 1e-3, secondsMax: 9 }, deps);
    expect(report).toEqual({ form: "dropped", reason: "nothing", figures: null });
  });

  it("has no more time than it is given", async () => {
    let now = 0;
    const deps = { tensors, seconds: () => now++, pause: async () => {}, stopped: () => false };
    const order = orderOf(tracesFrom(100, 8), [], []);
    const report = await tuneRound(order, origin, origin, { rate: 1e-3, secondsMax: 3 }, deps);
    expect(report.form !== "begun" && report.figures?.batches).toBeLessThanOrEqual(2);
  });

  it.each([
    [{ lossBefore: 2, lossAfter: 1, exactBefore: 5, exactAfter: 5 }, null],
    [{ lossBefore: 2, lossAfter: 1, exactBefore: 5, exactAfter: 9 }, null],
    [{ lossBefore: 2, lossAfter: 1, exactBefore: 5, exactAfter: 4 }, "held-out"],
    [{ lossBefore: 2, lossAfter: 2, exactBefore: 5, exactAfter: 9 }, "loss"],
    [{ lossBefore: 2, lossAfter: Number.NaN, exactBefore: 5, exactAfter: 9 }, "loss"],
    [{ lossBefore: 1, lossAfter: 2, exactBefore: 5, exactAfter: 4 }, "loss"],
  ])("decides by loss and held-out steps: %o", (figures, reason) => {
    expect(whyDropped(figures)).toBe(reason);
  });

  it("begins with the file where there is no base, it is gone, or it comes of another file", async () => {
    const other = encodeModel({
      ...origin,
      training: { ...origin.training, tuned: { origin: "x", rounds: 1, steps: 1 } },
    });
    const round = (base: ModelVersion | null, read: readonly Uint8Array[] | null = null) => {
      const order = { ...orderOf(tracesFrom(100, 2), [], []), base };
      const deps = { ...testDeps(), read: async () => read };
      return neuralFactory.tuning?.round(order, neuralOptions({ model: file, tune: true }), deps, never);
    };
    const begun = { form: "begun", model: { version: origin.version } };
    expect(await round(null)).toMatchObject(begun);
    expect(await round({ version: "gone", blobs: ["b"] })).toMatchObject(begun);
    expect(await round({ version: decodeModel("o", other).version, blobs: ["b"] }, [other])).toMatchObject(begun);
    // Options that say nothing of it.
    expect(neuralFactory.tuning?.wanted(neuralOptions({}))).toBeNull();
    expect(neuralFactory.tuning?.wanted(neuralOptions({ tune: true }))).toMatchObject({ intervalMs: 300_000 });
  });
});

describe("lessons of traces", () => {
  it("are those of training: the same state, context and earlier steps", () => {
    const lessons = lampEpisode(7);
    const again = lessonsOf(
      [traceOf(lessons)],
      lessons.map((_, step): Picked => [0, step]),
      32,
    );
    const plain = (some: readonly Lesson[]) =>
      some.map(({ given, answer, environment }) => ({ ...given, history: [...given.history], answer, environment }));
    expect(plain(again)).toEqual(plain(lessons));
    const cut = lessonsOf(
      [{ ...traceOf(lessons), earlier: [{ stateText: '"a"', actionText: '"b"' }] }],
      [
        [0, 0],
        [0, 9],
      ],
      32,
    );
    expect(cut.map(({ given }) => given.history)).toEqual([[{ stateText: '"a"', actionText: '"b"' }]]);
  });
});

describe("a model with more words", () => {
  it("reads and writes as before, and can write the new ones", async () => {
    const lessons = episodes(lampEpisode, 200, 10);
    const told = lessons.map(reworded);
    const words = newWords(told, origin);
    expect(words).toEqual(expect.arrayContaining(["glows", "brightly"]));
    const wider = grown(origin, words);
    const judge = (model: LoadedModel) =>
      judgeLessons(model.weights, model.config, model.vocabulary, model.specs, lessons, tensors);
    expect(Math.abs((await judge(wider)).exact - (await judge(origin)).exact)).toBeLessThan(0.1);
    const example = (model: LoadedModel) => told.map((one) => exampleOf(one, model.config, model.vocabulary));
    const unwritable = (model: LoadedModel) => example(model).filter((one) => one?.target.ids.includes(-1)).length;
    expect(unwritable(origin)).toBeGreaterThan(0);
    expect(unwritable(wider)).toBe(0);
    expect(grown(origin, [])).toBe(origin);
  });
});

describe("versions", () => {
  it("are loaded when they are needed, a few at a time, and let go when nobody uses them", async () => {
    const closed: string[] = [];
    const loads: string[] = [];
    const versions = createLoadedVersions(async ({ version }) => {
      loads.push(version);
      if (version === "broken") throw new Error("no broker");
      return version === "gone" ? null : { version, close: () => void closed.push(version) };
    }, 2);
    const take = (version: string) => versions.take({ version, blobs: [] });
    const a = await take("a");
    (await take("b"))?.release();
    (await take("c"))?.release();
    // "a" is beyond the limit, but in use.
    expect([versions.size(), closed]).toEqual([2, []]);
    a?.release();
    expect(closed).toEqual(["a"]);
    (await take("b"))?.release();
    (await take("d"))?.release();
    expect(closed).toEqual(["a", "c"]);
    expect(await take("gone")).toBeNull();
    expect(await take("gone")).toBeNull();
    await expect(take("broken")).rejects.toThrow("no broker");
    expect(loads).toEqual(["a", "b", "c", "d", "gone", "gone", "broken"]);
    versions.close();
    expect(closed.sort()).toEqual(["a", "b", "c", "d"]);
  });

  it("answer what names them; one that is gone or damaged abstains, and one that cannot be read now fails", async () => {
    const tuned = encodeModel({
      ...origin,
      environments: [{ name: "lamps", kind: "observation", steps: 1, episodes: 1 }],
    });
    const { version } = decodeModel("t", tuned);
    let read: () => Promise<readonly Uint8Array[] | null> = async () => [tuned];
    const deps = { ...testDeps(), read: (_: readonly string[]) => read() };
    const predictor = await neuralFactory.open(neuralOptions({ model: file }), deps);
    const situations = lampEpisode(1).map(remoteSituation);
    const own = await predictor.predict(situations, never);
    expect(own.some(({ status }) => status === "answered")).toBe(true);
    expect(await predictor.predict(situations, never, { version, blobs: ["b"] })).toEqual(own);
    // The file itself is named: nothing is read.
    read = () => Promise.reject(new Error("no broker"));
    expect(await predictor.predict(situations, never, { version: origin.version, blobs: ["b"] })).toEqual(own);
    const other = await predictor.predict(situations.slice(0, 1), never, { version: "v2", blobs: ["b"] });
    expect(other).toEqual([{ status: "failed", reason: "the version cannot be read: no broker" }]);
    for (const bytes of [null, [tuned.subarray(0, 900)], [tuned]]) {
      read = async () => bytes;
      const gone = await predictor.predict(situations.slice(0, 1), never, { version: "v3", blobs: ["b"] });
      expect(gone).toEqual([{ status: "abstained", reason: "version-gone" }]);
    }
    expect(deps.lines.filter((line) => line.startsWith("warn a version is gone"))).toHaveLength(3);
    await predictor.close();
  });
});
