/** What keeps `llama` from starting has a name: no file, another file, half a file, no library. No model is computed with here. */
import { closeSync, mkdtempSync, openSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Value } from "@sinclair/typebox/value";
import { afterAll, describe, expect, it } from "vitest";
import { checkGguf } from "../../../src/predictors/llama/gguf.ts";
import { llamaFactory } from "../../../src/predictors/llama/llama.ts";
import { type LlamaOptions, llamaOptionsSchema, settingsOf } from "../../../src/predictors/llama/options.ts";
import { createSlots } from "../../../src/predictors/llama/slots.ts";
import { text, u32, u64 } from "../../support/gguf.ts";
import { testDeps } from "../../support/remote-deps.ts";

const folder = mkdtempSync(join(tmpdir(), "driftline-gguf-"));
afterAll(() => rmSync(folder, { recursive: true }));

function optionsOf(given: Partial<LlamaOptions>): LlamaOptions {
  const model = join(folder, "good.gguf");
  return Value.Decode(llamaOptionsSchema, Value.Default(llamaOptionsSchema, { model, ...given }));
}

/** A whole GGUF file of two tensors: 32 values of F32, then 64 of Q4_1. */
function gguf(): Buffer {
  const words = Buffer.concat([u32(9), u32(8), u64(2), text("one"), text("two")]);
  const head = Buffer.concat([
    Buffer.from("GGUF"),
    u32(3),
    u64(2),
    u64(3),
    ...[text("general.name"), u32(8), text("toy")],
    ...[text("general.alignment"), u32(4), u32(64)],
    ...[text("tokens"), words],
    ...[text("a"), u32(1), u64(32), u32(0), u64(0)],
    ...[text("b"), u32(2), u64(32), u64(2), u32(3), u64(128)],
  ]);
  const start = Math.ceil(head.length / 64) * 64;
  return Buffer.concat([head, Buffer.alloc(start - head.length + 128 + 2 * 20)]);
}

describe("a model file", () => {
  const good = join(folder, "good.gguf");
  writeFileSync(good, gguf());

  it("that is whole passes, and not with one byte less, wherever it ends", () => {
    const whole = gguf().length;
    expect(checkGguf(good).bytes).toBe(whole);
    const cut = join(folder, "cut.gguf");
    for (let size = whole - 1; size >= 0; size -= 7) {
      writeFileSync(cut, gguf().subarray(0, size));
      expect(() => checkGguf(cut)).toThrow(/cut\.gguf: expected .*, found /);
    }
    writeFileSync(cut, gguf().subarray(0, whole - 1));
    expect(() => checkGguf(cut)).toThrow(`expected ${whole} bytes by its header, found ${whole - 1}: it is truncated`);
  });

  it("that is none, missing or hostile is refused with what was expected and found", async () => {
    const other = join(folder, "other.gguf");
    writeFileSync(other, "PK\u0003\u0004 is a zip");
    await expect(llamaFactory.open(optionsOf({ model: other }), testDeps())).rejects.toThrow(
      /model .*other\.gguf: expected the bytes "GGUF" at its beginning, found "PK/,
    );
    const none = join(folder, "none.gguf");
    await expect(llamaFactory.open(optionsOf({ model: none }), testDeps())).rejects.toThrow(
      /none\.gguf: expected a GGUF file, found none \(ENOENT\)/,
    );
    const adapters = [{ file: none, scale: 1 }];
    await expect(llamaFactory.open(optionsOf({ adapters }), testDeps())).rejects.toThrow(/^adapter .*none\.gguf/);
    // Counts that no file holds: refused at once, without reading or allocating for them.
    const hostile = gguf();
    hostile.writeBigUInt64LE(2n ** 60n, 8);
    writeFileSync(other, hostile);
    expect(() => checkGguf(other)).toThrow(/truncated or damaged/);
    hostile.writeBigUInt64LE(2n ** 52n, 8);
    writeFileSync(other, hostile);
    expect(() => checkGguf(other)).toThrow(/truncated/);
    closeSync(openSync(other, "w"));
    truncateSync(other, 0);
    expect(() => checkGguf(other)).toThrow(/found ""/);
  });

  it("is of no use without the library, and the error says how to install it", async () => {
    await expect(llamaFactory.open(optionsOf({ peers: folder }), testDeps())).rejects.toThrow(
      `node-llama-cpp is not installed: run \`npm install --no-save --ignore-scripts node-llama-cpp@3.22.1\` in ${folder}`,
    );
  });
});

describe("options of llama", () => {
  it("have profiles for the study's fine-tuned models, which single options override", () => {
    const tuned = settingsOf(optionsOf({ profile: "qwen2.5-7b-sft", threads: 3 }));
    expect(tuned).toMatchObject({
      contextTokens: 12_288,
      threads: 3,
      chat: { instructions: "none", maxTokens: 2_000 },
    });
    const own = settingsOf(optionsOf({ profile: "llama-3.1-8b-sft", maxTokens: 64, instructions: "brief" }));
    expect(own).toMatchObject({ contextTokens: 12_288, chat: { instructions: "brief", maxTokens: 64 } });
    expect(settingsOf(optionsOf({}))).toMatchObject({ contextTokens: 4_096, chat: { instructions: "brief" } });
    expect(() => settingsOf(optionsOf({ contextTokens: 256, maxTokens: 256 }))).toThrow(/maxTokens 256 leaves no room/);
  });

  it("are closed", () => {
    expect(Value.Check(llamaOptionsSchema, { ...optionsOf({}), modle: "x" })).toBe(false);
    expect(Value.Check(llamaOptionsSchema, { ...optionsOf({}), gpu: "tpu" })).toBe(false);
  });
});

describe("sequences", () => {
  it("stay with their episodes, and the one that has waited longest makes room", () => {
    const slots = createSlots(2);
    expect(slots.assign(["a", "b", "a"])).toEqual([0, 1, 0]);
    expect(slots.assign(["b"])).toEqual([1]);
    expect(slots.assign(["c"])).toEqual([0]);
    // `c` is used by this call, so `b` goes for `a`.
    expect(slots.assign(["c", "a"])).toEqual([0, 1]);
    expect(slots.assign(["d", "e", "f"]).every((slot) => slot === 0 || slot === 1)).toBe(true);
  });
});
