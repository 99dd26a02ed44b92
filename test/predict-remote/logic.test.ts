/** One partition of situations: what is asked, how much is taken, and what becomes of it. */
import { describe, expect, it } from "vitest";
import { codecs } from "../../src/codec/codecs.ts";
import { interactionProblem } from "../../src/codec/events.ts";
import type { SituationRecord } from "../../src/codec/records.ts";
import type { LogRecord } from "../../src/log/port.ts";
import type { Answer, Batcher } from "../../src/predict-remote/batcher.ts";
import { createRemoteTask } from "../../src/predict-remote/logic.ts";
import type { Prediction } from "../../src/predictors/predictor.ts";
import type { RemoteSituation } from "../../src/predictors/remote.ts";
import { same, situationRecord } from "../support/remote.ts";

interface Out {
  readonly topic: string;
  readonly key: string | null;
  readonly value: Uint8Array | null;
  readonly partition: number | undefined;
}

function recordOf(offset: number, change: Partial<SituationRecord> = {}, timestamp = 1_000): LogRecord {
  const value = codecs.situation.encode(
    situationRecord({ step: offset, source: { partition: 2, offset: 100 + offset, index: 0 }, ...change }),
  );
  return { topic: "situations", partition: 1, offset, timestamp, key: "e", value };
}

function setUp(answer: (situation: RemoteSituation) => Promise<Prediction> = async (one) => same(one)) {
  const asked: number[] = [];
  const withdrawn: number[] = [];
  const counted: string[] = [];
  const outs: Out[] = [];
  const batcher: Batcher = {
    ask(situation, _, model = null) {
      asked.push(situation.step);
      const form = "prediction" as const;
      const version = model?.version ?? "v";
      return {
        answer: answer(situation).then((prediction): Answer => ({ form, prediction, version })),
        withdraw: () => void withdrawn.push(situation.step),
      };
    },
    waiting: () => 0,
    calls: () => 1,
    expectedMs: () => 100,
  };
  const task = createRemoteTask({
    setup: { name: "slow", environments: new Set(["house"]), batching: { max: 2, waitMs: 0, concurrency: 2 } },
    batcher,
    now: () => 5_000,
    counts: {
      answered: (one, as) => {
        const told = one.form === "late" ? "late" : one.prediction.status;
        counted.push(as === "slow" ? told : `${as} ${told}`);
      },
      dead: () => void counted.push("dead"),
      commit() {},
    },
  });
  const emit = {
    record: (topic: string, key: string | null, value: Uint8Array | null, partition?: number) =>
      void outs.push({ topic, key, value, partition }),
    blob: () => "",
  };
  async function step(records: readonly LogRecord[]) {
    const taken = (await task.prepare?.(records)) ?? records.length;
    for (const record of records.slice(0, taken)) task.fold(record, emit, true);
    return taken;
  }
  return { task, step, asked, withdrawn, counted, outs };
}

describe("predict-remote", () => {
  it("writes an answer as an event into the partition that the situation came from", async () => {
    const { step, outs } = setUp();
    expect(await step([recordOf(0)])).toBe(1);
    const [out] = outs;
    expect(out).toMatchObject({ topic: "interactions", key: "e", partition: 2 });
    const event = codecs.interaction.decode(out?.value ?? new Uint8Array());
    expect(interactionProblem(event)).toBeNull();
    expect(event).toMatchObject({
      type: "prediction",
      id: "situations/2/100/0/slow",
      predictor: "slow",
      model: "v",
      step: 0,
      state: '"You are in a room."',
      // It opens no episode.
      environment: null,
    });
  });

  it("asks with the versions that the situation names: the live one, and the pinned one under its own name", async () => {
    const { step, outs, asked, counted } = setUp();
    const model = (predictor: string, version: string) => ({ predictor, version, blobs: [version] });
    await step([recordOf(0, { models: [model("other", "o1"), model("slow", "v7"), model("slow@reference", "v3")] })]);
    await step([recordOf(1, { models: [model("slow", "v7"), model("slow@reference", "v7")] })]);
    await step([recordOf(2, { models: [model("other", "o1")] })]);
    const events = outs.map(({ value }) => codecs.interaction.decode(value ?? new Uint8Array()));
    expect(events.map(({ id, predictor, model: version }) => [id, predictor, version])).toEqual([
      ["situations/2/100/0/slow", "slow", "v7"],
      ["situations/2/100/0/slow@reference", "slow@reference", "v3"],
      ["situations/2/101/0/slow", "slow", "v7"],
      ["situations/2/101/0/slow@reference", "slow@reference", "v7"],
      ["situations/2/102/0/slow", "slow", "v"],
    ]);
    for (const event of events) expect(interactionProblem(event)).toBeNull();
    // One that is pinned and live is asked once.
    expect(asked).toEqual([0, 0, 1, 2]);
    expect(counted.slice(0, 2)).toEqual(["answered", "slow@reference answered"]);
  });

  it("writes patches, abstentions and failures in forms that track takes", async () => {
    const predictions: Prediction[] = [
      {
        status: "answered",
        next: { form: "patch", patch: [{ op: "replace", path: "/b", value: 1 }] },
        confidence: 0.5,
      },
      { status: "abstained", reason: "untrained" },
      { status: "failed", reason: `out of memory ${"x".repeat(500)}\ud800` },
    ];
    const { step, outs } = setUp(async ({ step: at }) => predictions[at] ?? { status: "failed", reason: "" });
    await step([0, 1, 2].map((offset) => recordOf(offset)));
    const events = outs.map(({ value }) => codecs.interaction.decode(value ?? new Uint8Array()));
    expect(events.map(interactionProblem)).toEqual([null, null, null]);
    expect(events[0]).toMatchObject({
      patch: '[{"op":"replace","path":"/b","value":1}]',
      confidence: 0.5,
      state: null,
    });
    expect(events[1]).toMatchObject({ status: "abstained", reason: "untrained", patch: null });
    expect(events[2]?.reason).toMatch(/^out of memory x+$/);
  });

  it("asks for no more than keeps its calls busy, and takes as much", async () => {
    const { step, asked } = setUp();
    const records = Array.from({ length: 10 }, (_, offset) => recordOf(offset));
    expect(await step(records)).toBe(4);
    expect(asked).toEqual([0, 1, 2, 3]);
    expect(await step(records.slice(4))).toBe(4);
  });

  it("skips what is late, what is another's and what cannot be read, without asking", async () => {
    const { step, asked, counted, outs } = setUp();
    const broken: LogRecord = { ...recordOf(2), value: Buffer.from("{}") };
    const records = [
      recordOf(0, { deadline: 5_099 }),
      recordOf(1, { environment: "office" }),
      broken,
      // The log's clock is ahead of ours.
      recordOf(3, { deadline: 6_000 }, 6_001),
      recordOf(4, { deadline: 6_102, predictors: ["fast", "slow"] }),
      recordOf(5, { predictors: ["fast"] }),
    ];
    expect(await step(records)).toBe(6);
    expect(asked).toEqual([4]);
    expect(counted).toEqual(["late", "dead", "late", "answered"]);
    expect(outs.map(({ topic }) => topic)).toEqual(["dead-letters", "interactions"]);
    const letter = codecs.deadLetter.decode(outs[0]?.value ?? new Uint8Array());
    expect(letter).toMatchObject({ stage: "predict", reason: "undecodable", topic: "situations" });
  });

  it("in a hurry takes what was answered up to there, and asks for nothing more", async () => {
    let release: () => void = () => {};
    const slow = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { task, step, withdrawn, outs } = setUp(async (situation) => {
      if (situation.step === 1) await slow;
      return same(situation);
    });
    const records = [0, 1, 2].map((offset) => recordOf(offset));
    const stepping = step(records);
    await new Promise((resolve) => setImmediate(resolve));
    task.hurry?.();
    expect(await stepping).toBe(1);
    expect(withdrawn).toEqual([1]);
    expect(outs).toHaveLength(1);
    release();
    expect(await step(records.slice(1))).toBe(0);
  });

  it("moves on, for whoever watches it, while calls run", () => {
    const { task } = setUp();
    const first = task.progress?.() ?? 0;
    expect(task.progress?.()).toBeGreaterThan(first);
  });
});
