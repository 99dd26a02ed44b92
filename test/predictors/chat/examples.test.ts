/** What the example memory learns from, when, and how much it holds. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Example } from "../../../src/predictors/chat/chat.ts";
import { readExamples } from "../../../src/predictors/chat/example-file.ts";
import { createExampleMemory } from "../../../src/predictors/chat/examples.ts";
import { createIndex } from "../../../src/predictors/chat/similarity.ts";
import { situationAfter } from "../../support/situations.ts";

const limits = { entriesMax: 100, bytesMax: 1_000_000, charactersMax: 6_000 };
const walk = ["in the hall", "go north", "in the garden", "pick rose", "you hold a rose", "look"];

describe("the example memory", () => {
  it("takes from a situation the outcome of the step before, once", () => {
    const memory = createExampleMemory(limits);
    memory.gather(situationAfter(walk.slice(0, 2)));
    expect(memory.entries).toBe(0);
    for (const told of [4, 4, 6]) memory.gather(situationAfter(walk.slice(0, told)));
    expect(memory.entries).toBe(2);
    const asked = situationAfter(["in the hall", "go north"], { episode: "e9" });
    expect(memory.similar(asked, 1)).toEqual([
      {
        environment: "rooms",
        episode: "e1",
        step: 0,
        stateText: '"in the hall"',
        actionText: '"go north"',
        nextText: '"in the garden"',
      },
    ]);
  });

  it("learns nothing from arm world_model (P6)", () => {
    const memory = createExampleMemory(limits);
    memory.gather(situationAfter(walk.slice(0, 4), { arm: "world_model" }));
    expect(memory.entries).toBe(0);
    memory.gather(situationAfter(walk.slice(0, 4), { arm: "transfer" }));
    expect(memory.entries).toBe(1);
  });

  it("does not show a situation that comes a second time its own outcome (P1)", () => {
    const memory = createExampleMemory(limits);
    for (const told of [2, 4, 6]) memory.gather(situationAfter(walk.slice(0, told)));
    const again = situationAfter(walk.slice(0, 4));
    expect(memory.similar(again, 9)).toEqual([]);
    expect(memory.fixed(again, 3)).toEqual([]);
    expect(memory.similar({ ...again, episode: "e2" }, 9).map(({ step }) => step)).toEqual([0, 1]);
  });

  it("prefers the same environment, then the same action, and orders the most similar last", () => {
    const memory = createExampleMemory(limits);
    const put = (environment: string, state: string, action: string) =>
      memory.add({ ...example(state, action, "x"), environment });
    put("other", "in the hall", "open red door");
    put("rooms", "in the hall", "close blue window");
    put("rooms", "far away", "open red door");
    const asked = situationAfter(["in the hall", "open red door"]);
    expect(memory.similar(asked, 2).map(({ stateText }) => stateText)).toEqual(['"in the hall"', '"far away"']);
    expect(memory.similar(asked, 3).map(({ environment }) => environment)).toEqual(["other", "rooms", "rooms"]);
  });

  it("keeps its limits whatever comes, and forgets the oldest", () => {
    const memory = createExampleMemory({ entriesMax: 10, bytesMax: 4_000, charactersMax: 300 });
    for (let at = 0; at < 500; at++) memory.add(example(`state ${at} ${"x".repeat(at % 400)}`, "go", String(at)));
    expect(memory.entries).toBeLessThanOrEqual(10);
    expect(memory.bytes).toBeLessThanOrEqual(4_000);
    const asked = situationAfter(["state 1", "go"], { episode: "e9" });
    expect(memory.similar(asked, 50).every(({ nextText }) => Number(JSON.parse(nextText)) > 400)).toBe(true);
    for (let at = 0; at < 3_000; at++) memory.add({ ...example("a", "b", "c"), environment: `e${at}` });
    expect(memory.entries).toBeLessThanOrEqual(10);
  });
});

describe("the index of words", () => {
  it("ranks as a naive recomputation of BM25 does, after removals too", () => {
    const word = fc.constantFrom("a", "b", "c", "d", "e", "f");
    const documents = fc.array(fc.array(word, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 15 });
    fc.assert(
      fc.property(documents, fc.array(word, { minLength: 1, maxLength: 4 }), fc.nat(14), (texts, query, gone) => {
        const index = createIndex();
        for (const [id, words] of texts.entries()) index.add(id, words);
        index.remove(gone);
        const left = [...texts.entries()].filter(([id]) => id !== gone);
        expect(index.search(query, 99, () => true)).toEqual(naive(left, query));
      }),
      { seed: 7 },
    );
  });
});

describe("a file of examples", () => {
  it("is read episode by episode, plain or gzip; what does not fit is counted and left out", async () => {
    const folder = mkdtempSync(join(tmpdir(), "driftline-examples-"));
    const lines = [
      { type: "reset", episode: "a", environment: "lift", state: { floor: 0 } },
      { type: "action", episode: "a", step: 0, action: "up" },
      { type: "reset", episode: "b", environment: "lift", arm: "world_model", state: "dream" },
      { type: "prediction", episode: "a", step: 0, predictor: "sim", state: { floor: 7 } },
      { type: "observation", episode: "a", step: 0, patch: [{ op: "replace", path: "/floor", value: 1 }] },
      { type: "step", episode: "b", step: 0, action: "wake", state: "awake" },
      { type: "step", episode: "a", step: 0, action: "up", state: { floor: 9 } },
      { type: "step", episode: "a", step: 3, action: "down", state: { floor: 0 } },
      { type: "step", episode: "a", step: 4, action: "up", state: { floor: 1 } },
      { type: "step", episode: "a", step: 5, action: "up", patch: [{ op: "remove", path: "/nothing" }] },
      { type: "end", episode: "a", success: true },
      { type: "step", episode: "a", step: 6, action: "up", state: { floor: 1 } },
    ];
    const text = [...lines.map((line) => JSON.stringify(line)), "", "{broken"].join("\n");
    try {
      for (const [name, bytes] of [
        ["events.jsonl", Buffer.from(text)],
        ["events.jsonl.gz", gzipSync(text)],
      ] as const) {
        writeFileSync(join(folder, name), bytes);
        const found: Example[] = [];
        const summary = await readExamples(join(folder, name), (one) => found.push(one));
        expect(found.map(({ step, stateText, nextText }) => [step, stateText, nextText])).toEqual([
          [0, '{"floor":0}', '{"floor":1}'],
          [4, '{"floor":0}', '{"floor":1}'],
        ]);
        // The doubled step, the patch that does not apply, the step after the end, the broken line.
        expect(summary).toEqual({ transitions: 2, unusable: 4 });
      }
      writeFileSync(join(folder, "cut.gz"), gzipSync(text.repeat(50)).subarray(0, 200));
      await expect(readExamples(join(folder, "cut.gz"), () => {})).rejects.toThrow(/cut\.gz: unexpected end of file/);
      await expect(readExamples(join(folder, "none"), () => {})).rejects.toThrow(/none does not exist/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

function example(state: string, action: string, next: string): Example {
  const [stateText, actionText, nextText] = [JSON.stringify(state), JSON.stringify(action), JSON.stringify(next)];
  return { environment: "rooms", episode: `from ${state}`, step: 0, stateText, actionText, nextText };
}

function naive(texts: readonly (readonly [number, readonly string[]])[], query: readonly string[]): readonly number[] {
  const mean = Math.max(1, texts.reduce((sum, [, words]) => sum + words.length, 0) / texts.length);
  const scored = texts.map(([id, words]) => {
    let score = 0;
    for (const term of new Set(query)) {
      const times = words.filter((word) => word === term).length;
      const having = texts.filter(([, other]) => other.includes(term)).length;
      const idf = Math.log(1 + (texts.length - having + 0.5) / (having + 0.5));
      score += (idf * times * 2.2) / (times + 1.2 * (0.25 + (0.75 * words.length) / mean));
    }
    return { id, score };
  });
  return scored
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || b.id - a.id)
    .map(({ id }) => id);
}
