/** The network: its gradient against numeric differences, decoding with a cache against decoding at once, and batches against single ones. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { batchOf, targetsOf } from "../../../src/predictors/neural/batch.ts";
import { generate } from "../../../src/predictors/neural/generate.ts";
import { exampleOf } from "../../../src/predictors/neural/lesson.ts";
import { networkOf } from "../../../src/predictors/neural/network.ts";
import { parameterSpecs, startWeights } from "../../../src/predictors/neural/parameters.ts";
import { gradientsOf, type Trained } from "../../../src/predictors/neural/step.ts";
import { special, vocabularyOf } from "../../../src/predictors/neural/vocabulary.ts";
import type { Tensors } from "../../../src/predictors/tensor/tensors.ts";
import { createRandom } from "../../../src/stats/random.ts";
import { episodes, lampEpisode, optionsFor, portableTensors, tinyConfig } from "./toy.ts";

const lessons = episodes(lampEpisode, 0, 12);
const words = optionsFor(lessons).words;
const vocabulary = vocabularyOf(words);
const config = { ...tinyConfig, width: 8, inner: 12 };
const specs = parameterSpecs(config, vocabulary.size);
const examples = lessons.flatMap((lesson) => exampleOf(lesson, config, vocabulary) ?? []);

let tensors: Tensors;
beforeAll(async () => {
  tensors = await portableTensors();
});
afterAll(() => tensors.close());

function networkFrom(weights: ReadonlyMap<string, Float32Array>) {
  const parameters = specs.map(({ name, shape }) => {
    return [name, tensors.tf.tensor(weights.get(name) ?? [], [...shape])] as const;
  });
  return networkOf(tensors.tf, new Map(parameters), config, vocabulary.size);
}

describe("the network of neural", () => {
  it("has the gradient that numeric differences find", async () => {
    const weights = startWeights(specs, 5);
    const trained: Trained = {
      tf: tensors.tf,
      config,
      specs,
      vocabularySize: vocabulary.size,
      weights,
      read: tensors.read,
    };
    const some = examples.slice(0, 3);
    const batch = batchOf(some.map((one) => one.encoded));
    const targets = targetsOf(
      some.map((one) => one.target),
      vocabulary.size,
      config.outputMax,
    );
    const lossNow = async () => {
      const loss = tensors.tf.tidy(() => networkFrom(weights).loss(batch, targets));
      const [value = Number.NaN] = await tensors.read(loss);
      loss.dispose();
      return value;
    };
    const { gradients } = await gradientsOf(trained, batch, targets, null);
    const random = createRandom(11);
    const step = 1e-2;
    let largest = 0;
    for (const { name } of specs) {
      const values = weights.get(name) ?? new Float32Array();
      const slopes = gradients.get(name) ?? new Float32Array();
      // The steepest entry and any other: entries of words that do not occur are zero and prove nothing.
      const steepest = slopes.reduce(
        (best, slope, at) => (Math.abs(slope) > Math.abs(slopes[best] ?? 0) ? at : best),
        0,
      );
      for (const at of [steepest, random.below(values.length)]) {
        const held = values[at] ?? 0;
        values[at] = held + step;
        const above = await lossNow();
        values[at] = held - step;
        const below = await lossNow();
        values[at] = held;
        const numeric = (above - below) / (2 * step);
        const difference = Math.abs(numeric - (slopes[at] ?? 0));
        largest = Math.max(largest, difference);
        expect(difference, `${name}[${at}]: ${numeric} and ${slopes[at]}`).toBeLessThan(
          2e-3 + 0.05 * Math.abs(numeric),
        );
      }
    }
    expect(largest).toBeGreaterThan(0);
  });

  it("says the same with a cache, token by token, as for the whole answer at once", async () => {
    const { tf } = tensors;
    const network = networkFrom(startWeights(specs, 6));
    const some = examples.slice(0, 4);
    const batch = batchOf(some.map((one) => one.encoded));
    const targets = targetsOf(
      some.map((one) => one.target),
      vocabulary.size,
      config.outputMax,
    );
    const shape: [number, number] = [some.length, targets.length];
    const memory = network.encode(batch);
    const rows = tf.tensor2d(targets.inputRows, shape, "int32");
    const ids = tf.tensor2d(targets.inputIds, shape, "int32");
    const whole = await tensors.read(network.decode(memory, rows, ids));
    const width = vocabulary.size + batch.sourceLength;
    let cache = network.emptyCache(some.length);
    let largest = 0;
    for (let at = 0; at < targets.length; at++) {
      const column = (values: Int32Array, from: number) =>
        tf.tensor1d(
          Int32Array.from(some, (_, row) => (from < 0 ? special.begin : (values[row * targets.length + from] ?? 0))),
          "int32",
        );
      const before = column(targets.inputRows, at - 1);
      const now = network.step(memory, cache, column(targets.inputRows, at), before, column(targets.inputIds, at), at);
      cache = now.cache;
      const scores = await tensors.read(now.scores);
      for (let row = 0; row < some.length; row++) {
        for (let entry = 0; entry < width; entry++) {
          const expected = whole[(row * targets.length + at) * width + entry] ?? 0;
          if (expected < -1e6) continue;
          largest = Math.max(largest, Math.abs(expected - (scores[row * width + entry] ?? 0)));
        }
      }
    }
    expect(largest).toBeLessThan(1e-4);
  });

  it("answers one situation as it does among others", async () => {
    const network = networkFrom(startWeights(specs, 7));
    const generator = { tf: tensors.tf, network, vocabulary, outputMax: config.outputMax, read: tensors.read };
    // Short ones and long ones: among others a short one is padded more than alone, and one of 32 tokens is not padded at all alone.
    const read = { ...config, historySteps: 6, sourceMax: 96 };
    const all = lessons.flatMap((lesson) => exampleOf(lesson, read, vocabulary)?.encoded ?? []);
    const cut = { ...read, sourceMax: 32 };
    const full = lessons
      .flatMap((lesson) => exampleOf(lesson, cut, vocabulary)?.encoded ?? [])
      .filter((one) => one.length === 32)
      .slice(0, 2);
    expect(full).toHaveLength(2);
    const sources = [...full, ...all.slice(0, 30)];
    expect(Math.max(...sources.map((one) => one.length))).toBeGreaterThan(32);
    const together = (await generate(generator, sources)) ?? [];
    for (const at of [0, 1, 12, 31]) {
      const source = sources[at];
      const [alone] = source === undefined ? [] : ((await generate(generator, [source])) ?? []);
      expect(alone?.text).toBe(together[at]?.text);
      expect(alone?.logProbability).toBeCloseTo(together[at]?.logProbability ?? 0, 4);
    }
  });

  it("leaves no tensor behind", async () => {
    const network = networkFrom(startWeights(specs, 8));
    const generator = { tf: tensors.tf, network, vocabulary, outputMax: config.outputMax, read: tensors.read };
    const before = tensors.tf.memory().numTensors;
    await generate(
      generator,
      examples.slice(0, 3).map((one) => one.encoded),
    );
    expect(
      await generate(
        generator,
        examples.slice(0, 3).map((one) => one.encoded),
        AbortSignal.abort(),
      ),
    ).toBeNull();
    expect(tensors.tf.memory().numTensors).toBe(before);
  });
});
