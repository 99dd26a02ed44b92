/** Model files: bytes are stable, the version is their hash, and whatever is wrong is said with the file, what was expected and what was found. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { sha256Hex } from "../../../src/json/hash.ts";
import { decodeModel, encodeModel, type NeuralModel } from "../../../src/predictors/neural/file.ts";
import { neuralFactory } from "../../../src/predictors/neural/neural.ts";
import { parameterSpecs, startWeights } from "../../../src/predictors/neural/parameters.ts";
import { special, vocabularyOf } from "../../../src/predictors/neural/vocabulary.ts";
import type { RemoteDeps } from "../../../src/predictors/remote.ts";
import { lampEpisode, neuralOptions, remoteSituation, tinyConfig } from "./toy.ts";

const words = ["the", "lamp", "is", "on"];
const model: NeuralModel = {
  config: tinyConfig,
  words,
  environments: [{ name: "lamps", kind: "observation", steps: 2, episodes: 1 }],
  training: { seed: 1, profile: "tiny", backend: "wasm", batches: 3, heldOut: { exact: 0.5, n: 2 } },
  calibration: Array.from({ length: 24 }, (_, at) => at / 24),
  weights: startWeights(parameterSpecs(tinyConfig, vocabularyOf(words).size), 2),
};
// Weights that learnt nothing, and that never end.
model.weights.get("vocabulary-bias")?.fill(-100, special.end, special.end + 1);
const bytes = encodeModel(model);
const folder = mkdtempSync(join(tmpdir(), "driftline-neural-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const deps: RemoteDeps = {
  name: "neural",
  env: {},
  now: () => 0,
  seconds: () => 0,
  sleep: async () => {},
  log() {},
  count() {},
  read: async () => null,
};

/** The header changed and its length set anew. */
function withHeader(change: (header: string) => string): Uint8Array {
  const length = Buffer.from(bytes).readUInt32LE(8);
  const header = Buffer.from(change(Buffer.from(bytes.subarray(12, 12 + length)).toString("utf8")), "utf8");
  const size = Buffer.alloc(4);
  size.writeUInt32LE(header.length);
  return Buffer.concat([bytes.subarray(0, 8), size, header, bytes.subarray(12 + length)]);
}

describe("a model file", () => {
  it("is the same bytes after loading and saving, and its version is their hash", () => {
    const loaded = decodeModel("m.dln", bytes);
    const { version, vocabulary: _, specs: __, ...rest } = loaded;
    expect(Buffer.compare(encodeModel(rest), bytes)).toBe(0);
    expect(version).toBe(sha256Hex(bytes));
    const half = encodeModel(model, "float16");
    const { version: ___, vocabulary: ____, specs: _____, ...again } = decodeModel("m.dln", half);
    expect(Buffer.compare(encodeModel(again, "float16"), half)).toBe(0);
    expect(half.length).toBeLessThan(0.55 * bytes.length);
    for (const [name, values] of model.weights) {
      const found = again.weights.get(name) ?? new Float32Array();
      for (const [at, value] of values.entries())
        expect(Math.abs((found[at] ?? 0) - value)).toBeLessThan(1e-3 * Math.max(0.1, Math.abs(value)));
    }
  });

  const damaged = Buffer.from(bytes);
  damaged[damaged.length - 5] = (damaged[damaged.length - 5] ?? 0) ^ 1;
  const cases: readonly (readonly [what: string, content: Uint8Array | null, said: RegExp])[] = [
    ["missing", null, /expected a model file, found none: driftline train/],
    [
      "of another kind",
      Buffer.from("hello, world, hello"),
      /expected a file that starts with DLNEURAL, found "hello, w"/,
    ],
    ["empty", Buffer.alloc(0), /expected a file that starts with DLNEURAL, found ""/],
    ["cut in the header", bytes.subarray(0, 300), /expected a whole header, found 300 bytes: the file is truncated/],
    [
      "cut in the numbers",
      bytes.subarray(0, bytes.length - 1),
      /expected \d+ bytes of numbers, found \d+: the file is truncated/,
    ],
    ["damaged", damaged, /expected numbers with SHA-256 [0-9a-f]{64}, found [0-9a-f]{64}: the file is damaged/],
    [
      "of another format",
      withHeader((text) => text.replace('"format":1', '"format":7')),
      /expected format version 1, found version 7/,
    ],
    ["no JSON in front", withHeader((text) => text.slice(1)), /expected a header of JSON, found/],
    [
      "of another shape",
      withHeader((text) => text.replace('"inner":48', '"inner":49')),
      /expected parameter \S+ \[32, 49\], found \S+ \[32, 48\]/,
    ],
    [
      "of another depth",
      withHeader((text) => text.replace('"decoderLayers":1', '"decoderLayers":2')),
      /expected parameter \S+ .*, found /,
    ],
    [
      "with another vocabulary",
      withHeader((text) => text.replace('"lamp"', '"pump"')),
      /expected weights of its vocabulary .*, found weights of another/,
    ],
  ];
  for (const [what, content, said] of cases) {
    it(`that is ${what} is refused with its name`, async () => {
      const file = join(folder, `${what}.dln`);
      if (content !== null) writeFileSync(file, content);
      await expect(neuralFactory.open(neuralOptions({ model: file }), deps)).rejects.toThrow(said);
      await expect(neuralFactory.open(neuralOptions({ model: file }), deps)).rejects.toThrow(file);
    });
  }

  it("opens as a predictor that knows its environments, and fails by name where the end does not come", async () => {
    const file = join(folder, "whole.dln");
    writeFileSync(file, bytes);
    const predictor = await neuralFactory.open(neuralOptions({ model: file }), deps);
    expect(predictor).toMatchObject({ version: sha256Hex(bytes), deterministic: true, backend: { name: "wasm" } });
    const [lesson] = lampEpisode(1);
    if (lesson === undefined) return;
    const situation = remoteSituation(lesson);
    const [known, unknown] = await predictor.predict(
      [situation, { ...situation, environment: "elsewhere" }],
      new AbortController().signal,
    );
    expect(known).toEqual({ status: "failed", reason: "the answer did not end within 16 tokens" });
    expect(unknown).toEqual({ status: "abstained", reason: "untrained" });
    await predictor.close();
  });
});
