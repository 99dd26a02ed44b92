/** `llama` with a real small model: it answers, goes on where it was, keeps to its limits, and ends. */
import { copyFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Value } from "@sinclair/typebox/value";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openEngine } from "../../../src/predictors/llama/engine.ts";
import { generate, tokensOf } from "../../../src/predictors/llama/generate.ts";
import { llamaFactory } from "../../../src/predictors/llama/llama.ts";
import { type LlamaOptions, llamaOptionsSchema, settingsOf } from "../../../src/predictors/llama/options.ts";
import type { RemotePredictor } from "../../../src/predictors/remote.ts";
import { loraOf } from "../../support/gguf.ts";
import { smallModel } from "../../support/llama-peer.ts";
import { type TestDeps, testDeps } from "../../support/remote-deps.ts";
import { situationAfter } from "../../support/situations.ts";

const small = await smallModel();
const never = new AbortController().signal;
const walk = [
  "You are in the hall.",
  "go north",
  "You are in the garden.",
  "go south",
  "You are in the hall.",
  "go north",
];

function opened(given: Partial<LlamaOptions>, deps: TestDeps): Promise<RemotePredictor> {
  // One thread: on a busy machine, threads that wait for one another are many times slower.
  const own = { model: small?.model, peers: small?.peers, gpu: false, threads: 1, sequences: 2, contextTokens: 512 };
  const options = Value.Default(llamaOptionsSchema, { ...own, maxTokens: 12, instructions: "none", ...given });
  return llamaFactory.open(Value.Decode(llamaOptionsSchema, options), deps);
}

describe.runIf(small !== null)("llama with a real model", () => {
  const deps = testDeps();
  const taken = () => {
    const { tokensIn = 0, tokensCached = 0, tokensOut = 0 } = deps.counts;
    return { tokensIn, tokensCached, tokensOut };
  };
  let predictor: RemotePredictor;

  beforeAll(async () => {
    predictor = await opened({}, deps);
  });
  afterAll(() => predictor.close());

  it("answers with a text and the probability of it, by a version that hashes the file", async () => {
    const [prediction] = await predictor.predict([situationAfter(walk)], never);
    expect(prediction).toMatchObject({ status: "answered", next: { form: "state" } });
    if (prediction?.status !== "answered" || prediction.next.form !== "state") return;
    // A conversation that has shown what follows "go north" is continued by the smallest of models.
    expect(prediction.next.stateText).toBe('"You are in the garden."');
    expect(prediction.confidence).toBeGreaterThan(0.05);
    expect(prediction.confidence).toBeLessThanOrEqual(1);
    expect(predictor).toMatchObject({ deterministic: false, backend: { name: "cpu", device: "1 threads" } });
    expect(predictor.version).toMatch(/^[0-9a-f]{64}$/);
  });

  it("computes only the new turn of an episode that it knows", async () => {
    const at = async (told: number) => {
      const before = taken();
      await predictor.predict([situationAfter(walk.slice(0, told), { episode: "turns" })], never);
      const after = taken();
      return { read: after.tokensIn - before.tokensIn, cached: after.tokensCached - before.tokensCached };
    };
    await at(2);
    const second = await at(4);
    const third = await at(6);
    expect(second.cached).toBeGreaterThan(10);
    expect(third.cached).toBeGreaterThan(second.cached);
    expect(third.read).toBeLessThan(35);
    // The same again: nothing but the last token.
    expect(await at(6)).toEqual({ read: 1, cached: third.read + third.cached - 1 });
  });

  it("is held by a grammar to a patch in structured worlds", async () => {
    const patching = await opened({ maxTokens: 48 }, deps);
    const closed = { door: "closed" };
    const told = [closed, "open door", { door: "open" }, "close door", closed, "open door"];
    const [prediction] = await patching.predict([situationAfter(told)], never);
    await patching.close();
    expect(prediction).toMatchObject({
      status: "answered",
      next: { form: "patch", patch: [{ op: "replace", path: "/door", value: "open" }] },
    });
  });

  it("leaves out the oldest steps where the context is full, and fails where a state alone fills it", async () => {
    const long = Array.from({ length: 62 }, (_, at) => (at % 2 === 0 ? `You are in room ${at}.` : "go on"));
    await predictor.predict([situationAfter(long, { episode: "long" })], never);
    expect(deps.counts.stepsDropped).toBeGreaterThanOrEqual(8);
    const huge = situationAfter(["word ".repeat(600), "look"], { episode: "huge" });
    expect(await predictor.predict([huge], never)).toEqual([
      { status: "failed", reason: "the situation is longer than the context (512 tokens)" },
    ]);
  });

  it("fails an answer that does not end, and gives up soon when the deadline comes", async () => {
    const short = await opened({ maxTokens: 2 }, deps);
    expect(await short.predict([situationAfter(walk)], never)).toEqual([
      { status: "failed", reason: "the answer was cut at maxTokens (2)" },
    ]);
    await short.close();
    const late = { status: "failed", reason: "deadline" };
    const batch = ["x", "y", "z"].map((episode) => situationAfter(walk, { episode }));
    expect(await predictor.predict(batch, AbortSignal.abort())).toEqual([late, late, late]);
    const soon = await predictor.predict(batch, AbortSignal.timeout(1));
    expect(soon).toContainEqual(late);
    // And goes on afterwards.
    expect(await predictor.predict([situationAfter(walk)], never)).toMatchObject([{ status: "answered" }]);
  });

  it("keeps the order of a batch over several sequences", async () => {
    const batch = ["a", "b", "c", "a"].map((episode) => situationAfter(walk, { episode }));
    const predictions = await predictor.predict(batch, never);
    expect(predictions).toHaveLength(4);
    for (const prediction of predictions)
      expect(prediction).toMatchObject({ next: { stateText: '"You are in the garden."' } });
  });
});

it.runIf(small !== null)("a grammar leaves a model that would rather talk nothing but a patch", async () => {
  const given = { ...small, gpu: false, threads: 1, sequences: 1, contextTokens: 256, maxTokens: 8 };
  const options = Value.Decode(llamaOptionsSchema, Value.Default(llamaOptionsSchema, given));
  const engine = await openEngine(options, settingsOf(options), testDeps());
  const [sequence] = engine.sequences;
  if (sequence === undefined) throw new Error("there is no sequence");
  const written = async (form: "text" | "patch") => {
    const turns = [{ role: "user", text: "Please say hello." } as const];
    const prompt = tokensOf(engine, { form, turns, stepsDropped: 0 });
    return (await generate(engine, sequence, prompt, { form, maxTokens: 8 }, never)).text;
  };
  expect(await written("text")).not.toMatch(/^\[/);
  expect(await written("patch")).toMatch(/^\[(\]|\{"op":)/);
  await engine.close();
});

describe.runIf(small !== null)("an adapter", () => {
  const folder = mkdtempSync(join(tmpdir(), "driftline-lora-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  /** What the model says with it, and by which version. */
  async function said(adapters: LlamaOptions["adapters"]) {
    const predictor = await opened({ adapters }, testDeps());
    const [prediction] = await predictor.predict([situationAfter(walk)], never);
    await predictor.close();
    if (prediction?.status !== "answered" || prediction.next.form !== "state") return { version: predictor.version };
    return { version: predictor.version, text: prediction.next.stateText, confidence: prediction.confidence ?? 0 };
  }

  it("changes the answers by its scale, and the version", async () => {
    const file = join(folder, "tuned.gguf");
    writeFileSync(file, loraOf("blk.29.ffn_down.weight", [1_536, 576], 0.3));
    const [plain, idle, tuned] = [await said([]), await said([{ file, scale: 0 }]), await said([{ file, scale: 1 }])];
    expect(idle).toMatchObject({ text: plain.text });
    expect(idle.confidence).toBeCloseTo(plain.confidence ?? 0, 5);
    expect([tuned.text, tuned.confidence?.toFixed(3)]).not.toEqual([plain.text, plain.confidence?.toFixed(3)]);
    expect(new Set([plain.version, idle.version, tuned.version]).size).toBe(3);
  });

  it("of another model is refused, by its name", async () => {
    const file = join(folder, "wide.gguf");
    writeFileSync(file, loraOf("blk.29.ffn_down.weight", [64, 64], 0.3));
    await expect(said([{ file, scale: 1 }])).rejects.toThrow(/wide\.gguf/);
  });
});

describe.runIf(small !== null)("a real model that cannot be opened", () => {
  it("is named with what was found: cut short, or too much for the memory", async () => {
    const folder = mkdtempSync(join(tmpdir(), "driftline-cut-"));
    try {
      const cut = join(folder, "cut.gguf");
      copyFileSync(small?.model ?? "", cut);
      truncateSync(cut, 98_000_000);
      await expect(opened({ model: cut }, testDeps())).rejects.toThrow(
        /cut\.gguf: expected 98362432 bytes by its header, found 98000000: it is truncated/,
      );
      await expect(opened({ contextTokens: 1_048_576, sequences: 256 }, testDeps())).rejects.toThrow(
        /out of memory: 256 sequences of 1048576 tokens need [\d.]+ GiB/,
      );
      await expect(opened({ gpu: "cuda" }, testDeps())).rejects.toThrow(/gpu "cuda": expected a working build/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
