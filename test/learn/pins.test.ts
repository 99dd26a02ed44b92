/** Pins, from the command to what stands in `models` and in every partition of `interactions`, and by themselves. */
import { describe, expect, it } from "vitest";
import { codecs } from "../../src/codec/codecs.ts";
import type { Command, Model } from "../../src/codec/records.ts";
import { referenceKey } from "../../src/run/manifests.ts";
import { createPipeline, type Pipeline, partitions, readTopic, recordOf } from "../crash/pipeline.ts";
import { worldEvents } from "../crash/world.ts";

/** Pinned by itself is nothing unless a test wants it. */
async function learnt(pinAutomatically = false, seed = 7): Promise<Pipeline> {
  const pipeline = await createPipeline({}, {}, partitions, { pinAutomatically });
  await play(pipeline, seed);
  return pipeline;
}

async function play(pipeline: Pipeline, seed: number): Promise<void> {
  const events = worldEvents(seed, { eventsMin: 500, stepsMax: 20 });
  for (let at = 0; at < events.length; at += 60) {
    await pipeline.append(events.slice(at, at + 60).map((event) => recordOf(event, false)));
    for (let round = 0; round < 4; round++) for (const slot of pipeline.slots) await pipeline.step(slot);
    pipeline.clock.now += 3_000;
  }
  await pipeline.settle();
}

async function command({ log }: Pipeline, change: Partial<Command>): Promise<void> {
  const whole: Command = {
    environment: "house",
    command: "pin",
    target: "",
    author: "me",
    time: 0,
    note: null,
    predictor: "recall",
    version: null,
    undo: false,
    order: null,
    rule: null,
    ...change,
  };
  const value = codecs.command.encode(whole);
  await log.append([{ topic: "commands", key: whole.environment, partition: null, value }]);
}

async function modelsOf({ log }: Pipeline, environment = "house") {
  const all: Model[] = [];
  for (const { value } of await readTopic(log, "models")) if (value !== null) all.push(codecs.model.decode(value));
  const its = all.filter((model) => model.environment === environment);
  return {
    versions: its.filter(({ reference }) => reference === null),
    reference: its.find(({ reference }) => reference !== null) ?? null,
  };
}

async function announced({ log }: Pipeline) {
  return (await readTopic(log, "interactions")).flatMap(({ key, value, partition }) => {
    const model = key === null && value !== null ? codecs.interaction.decode(value).reference : null;
    return model === null ? [] : [{ partition, model }];
  });
}

async function letters({ log }: Pipeline) {
  return (await readTopic(log, "dead-letters")).map(({ value }) => codecs.deadLetter.decode(value ?? new Uint8Array()));
}

async function entriesOf({ log }: Pipeline, predictor: string) {
  return (await readTopic(log, "scores")).flatMap(({ value }) =>
    codecs.score.decode(value ?? new Uint8Array()).entries.filter((entry) => entry.predictor === predictor),
  );
}

describe("a pin", () => {
  it("stands in models and is announced to every partition; the pinned version is scored beside the live one, and stays", async () => {
    const pipeline = await learnt();
    const { versions } = await modelsOf(pipeline);
    expect(versions.length).toBeGreaterThan(3);
    expect(await entriesOf(pipeline, "recall@reference")).toEqual([]);
    const early = versions[1];
    await command(pipeline, { version: early?.version.slice(0, 12) ?? "" });
    await pipeline.settle();
    const { reference } = await modelsOf(pipeline);
    expect(reference).toEqual({ ...early, reference: { pinned: true, at: expect.any(Number), author: "me" } });
    const heard = await announced(pipeline);
    expect(heard.map(({ partition }) => partition).sort()).toEqual([0, 1, 2]);
    for (const { model } of heard) expect(model).toEqual(reference);

    await play(pipeline, 8);
    const entries = await entriesOf(pipeline, "recall@reference");
    expect(entries.length).toBeGreaterThan(50);
    expect(new Set(entries.map(({ version }) => version))).toEqual(new Set([early?.version]));
    expect(entries.some(({ exact }) => exact === true)).toBe(true);
    expect((await modelsOf(pipeline)).versions.length).toBeGreaterThan(versions.length);
    expect(await entriesOf(pipeline, "persistence@reference")).toEqual([]);
    expect(await entriesOf(pipeline, "theirs@reference")).toEqual([]);
    expect(pipeline.defects).toEqual([]);
  });

  it("without a version is of the newest; another moves it; the same one again leaves its date", async () => {
    const pipeline = await learnt();
    const { versions } = await modelsOf(pipeline);
    await command(pipeline, {});
    await pipeline.settle();
    const first = (await modelsOf(pipeline)).reference;
    expect(first?.version).toBe(versions.at(-1)?.version);
    await command(pipeline, { author: "you" });
    await pipeline.settle();
    const again = (await modelsOf(pipeline)).reference;
    expect(again?.reference).toEqual({ pinned: true, at: first?.reference?.at, author: "you" });
    await command(pipeline, { version: versions[0]?.version ?? "" });
    await pipeline.settle();
    const moved = (await modelsOf(pipeline)).reference;
    expect(moved?.version).toBe(versions[0]?.version);
    expect(moved?.reference?.at).toBeGreaterThan(first?.reference?.at ?? 0);
  });

  it("is lifted: the reference predicts no more, and the word that it is not pinned stays", async () => {
    const pipeline = await learnt();
    await command(pipeline, {});
    await pipeline.settle();
    await command(pipeline, { undo: true });
    await pipeline.settle();
    expect((await modelsOf(pipeline)).reference?.reference).toMatchObject({ pinned: false });
    const before = (await entriesOf(pipeline, "recall@reference")).length;
    await play(pipeline, 9);
    expect((await entriesOf(pipeline, "recall@reference")).length).toBe(before);
    expect(await announced(pipeline)).toHaveLength(2 * partitions);
  });

  it("that cannot be done is a dead letter that says why", async () => {
    const pipeline = await learnt();
    const { versions } = await modelsOf(pipeline);
    await command(pipeline, { environment: "nowhere" });
    await command(pipeline, { predictor: "persistence" });
    await command(pipeline, { predictor: null });
    await command(pipeline, { version: "no-such" });
    await command(pipeline, { command: "acknowledge" });
    await pipeline.log.append([{ topic: "commands", key: "house", partition: null, value: Buffer.from("{}") }]);
    await pipeline.settle();
    const all = (await letters(pipeline)).map(({ stage, reason, message, environment }) => {
      return { stage, reason, message, environment };
    });
    const found = all.filter(({ stage }) => stage === "learn");
    expect(all.filter(({ stage }) => stage !== "learn").map(({ stage, reason }) => [stage, reason])).toEqual([
      ["monitor", "unknown-alarm"],
    ]);
    const newest = versions.at(-1)?.version.slice(0, 12) ?? "";
    const letter = (reason: string, environment: string | null, message: string) => ({
      stage: "learn",
      reason,
      environment,
      message: expect.stringContaining(message),
    });
    expect(found).toHaveLength(5);
    expect(found).toEqual(
      expect.arrayContaining([
        letter("unknown-model", "nowhere", "no version of recall in nowhere is kept"),
        letter("unknown-model", "house", "no version of persistence in house"),
        letter("invalid", "house", "names a predictor"),
        letter("unknown-version", "house", `the newest are ${newest}`),
        letter("undecodable", null, "command"),
      ]),
    );
    expect(await announced(pipeline)).toEqual([]);
    expect(pipeline.defects).toEqual([]);
  });

  it("is not done again by a group that reads old commands anew", async () => {
    const pipeline = await learnt();
    const { versions } = await modelsOf(pipeline);
    await command(pipeline, { version: versions[0]?.version ?? "" });
    await pipeline.settle();
    await command(pipeline, { version: versions[1]?.version ?? "" });
    await pipeline.settle();
    for (const slot of pipeline.slots.filter(({ stage }) => stage.name === "learn")) {
      pipeline.crash(slot);
      const offsets = { commands: 0, transitions: (await slot.input.range("transitions")).end };
      await slot.input.commit({ offsets, note: "", outputs: [] });
    }
    await pipeline.settle();
    // The newest is done again, which changes nothing; the one before it is not.
    const heard = (await announced(pipeline)).filter(({ partition }) => partition === 0);
    // And announced once more, as after every start.
    expect(heard.map(({ model }) => model.version)).toEqual([0, 1, 1, 1].map((at) => versions[at]?.version));
    expect((await modelsOf(pipeline)).reference?.version).toBe(versions[1]?.version);
  });
});

describe("a track that begins anew", () => {
  it("hears of what is pinned when learn starts, though the first announcement is long gone", async () => {
    const pipeline = await learnt();
    await command(pipeline, {});
    await pipeline.settle();
    for (const slot of pipeline.slots) {
      pipeline.crash(slot);
      if (slot.stage.name !== "track") continue;
      const { end } = await slot.input.range("interactions");
      await slot.input.commit({ offsets: { interactions: end }, note: "", outputs: [] });
    }
    await pipeline.settle();
    const before = (await entriesOf(pipeline, "recall@reference")).length;
    await play(pipeline, 8);
    const later = (await entriesOf(pipeline, "recall@reference")).slice(before);
    const { reference } = await modelsOf(pipeline);
    expect(later.length).toBeGreaterThan(50);
    expect(new Set(later.map(({ version }) => version))).toEqual(new Set([reference?.version]));
  });
});

describe("a pin by itself", () => {
  it("comes once the curve is flat, without an author, and never moves", async () => {
    const pipeline = await learnt(true);
    const { reference } = await modelsOf(pipeline);
    expect(reference?.reference).toEqual({ pinned: true, at: expect.any(Number), author: null });
    await play(pipeline, 8);
    expect((await modelsOf(pipeline)).reference).toEqual(reference);
    expect((await announced(pipeline)).filter(({ model }) => model.environment === "house")).toHaveLength(partitions);
  });

  it("gives way to an operator, whose word it never changes, also when that is unpin", async () => {
    const pipeline = await learnt(true);
    const { versions } = await modelsOf(pipeline);
    await command(pipeline, { version: versions[0]?.version ?? "" });
    await pipeline.settle();
    expect((await modelsOf(pipeline)).reference).toMatchObject({
      version: versions[0]?.version,
      reference: { author: "me" },
    });
    await command(pipeline, { undo: true });
    await pipeline.settle();
    for (const slot of pipeline.slots) pipeline.crash(slot);
    await play(pipeline, 8);
    expect((await modelsOf(pipeline)).reference?.reference).toMatchObject({ pinned: false, author: "me" });
  });

  it("does not come where it is switched off, or where unpin came first", async () => {
    expect((await modelsOf(await learnt(false))).reference).toBeNull();
    const pipeline = await learnt(false);
    await command(pipeline, { undo: true });
    await pipeline.settle();
    expect((await modelsOf(pipeline)).reference?.reference).toMatchObject({ pinned: false });
  });
});

it("has one key per predictor for the word on its reference", () => {
  expect(referenceKey({ environment: "e", predictor: "p" })).toBe('["e","p","reference"]');
});
