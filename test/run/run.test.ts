/** The runner: defects of pure logic, failures, restarts, lifecycle, and stopping under one deadline. */
import { afterEach, describe, expect, it, vi } from "vitest";
import { createMemoryBlobs } from "../../src/blobs/memory.ts";
import { codecs } from "../../src/codec/codecs.ts";
import { createMemoryLog } from "../../src/log/memory/memory-log.ts";
import { Fenced } from "../../src/log/port.ts";
import { noteText, parseNote } from "../../src/run/note.ts";
import { SnapshotGone } from "../../src/run/snapshots.ts";
import type { Stage, StageTask } from "../../src/run/stage.ts";
import { createStreamTask } from "../../src/run/stream-task.ts";
import { createSupervisor, type Supervisor } from "../../src/run/supervisor.ts";
import { topicSpecs } from "../../src/topology.ts";
import { defaultsOf } from "../support/defaults.ts";
import { until } from "../support/driftline.ts";
import { onlyInput } from "../support/only-input.ts";

const running: Supervisor[] = [];
afterEach(async () => {
  for (const one of running.splice(0)) await one.stop();
});

interface Seen {
  readonly folded: string[];
  readonly failures: { error: unknown; fatal: boolean }[];
  readonly defects: unknown[];
}

/** A stage that copies what it folds to `outcomes`; "poison" makes it throw. */
async function start(change: Partial<StageTask> = {}, options: Partial<ReturnType<typeof defaultsOf>["run"]> = {}) {
  const log = createMemoryLog({ now: Date.now });
  await log.ensureTopics(topicSpecs(1, null));
  const seen: Seen = { folded: [], failures: [], defects: [] };
  const stage: Stage = {
    name: "copy",
    inputs: ["interactions"],
    task: () => ({
      fold(record, emit) {
        const text = Buffer.from(record.value ?? []).toString();
        seen.folded.push(text);
        emit.record("outcomes", record.key, Buffer.from(`before ${text}`));
        if (text === "poison") throw new TypeError("a bug of ours");
        emit.record("outcomes", record.key, Buffer.from(`after ${text}`));
      },
      snapshot: () => [],
      async restore() {},
      storeBytes: () => 0,
      ...change,
    }),
  };
  const runOptions = { ...defaultsOf().run, readWaitMs: 10, ...options };
  const supervisor = createSupervisor({
    log,
    blobs: createMemoryBlobs(),
    stages: [stage],
    options: runOptions,
    now: Date.now,
    // Waits are cut short, but not the deadline of a stop: on a busy machine it would be missed.
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms === runOptions.stopMs ? ms : Math.min(ms, 20))),
    breathe: () => null,
    onDefect: (_stage, error) => void seen.defects.push(error),
    onFailure: (_stage, _partition, error, fatal) => void seen.failures.push({ error, fatal }),
  });
  running.push(supervisor);
  const send = (...texts: readonly string[]) =>
    log.append(texts.map((text) => ({ topic: "interactions", key: "e", partition: null, value: Buffer.from(text) })));
  const read = async (topic: string) =>
    (await log.read(topic, 0, 0, { recordsMax: 99, bytesMax: 999_999 }, 0)).map(
      ({ value }) => value ?? new Uint8Array(),
    );
  await send("a", "poison", "b");
  await supervisor.start();
  return { log, supervisor, seen, send, read };
}

describe("a poison record", () => {
  it("becomes a dead letter with stack and original, leaves nothing half done, and the stream goes on (E2)", async () => {
    const { read, seen, log } = await start();
    await until(async () => (await read("outcomes")).length === 4, 5_000, "four outcomes");
    expect((await read("outcomes")).map((value) => Buffer.from(value).toString())).toEqual([
      "before a",
      "after a",
      "before b",
      "after b",
    ]);
    const [letter] = (await read("dead-letters")).map((value) => codecs.deadLetter.decode(value));
    expect(letter).toMatchObject({ reason: "defect", key: "e", message: expect.stringContaining("a bug of ours") });
    expect(letter?.stack).toContain("TypeError");
    expect(Buffer.from(letter?.value ?? []).toString()).toBe("poison");
    expect(seen.defects).toHaveLength(1);
    expect(seen.failures).toEqual([]);
    expect(await log.lag()).toEqual([{ group: "driftline-copy", topic: "interactions", records: 0 }]);
  });
});

describe("a clock that is set back", () => {
  it("does not keep a stage from being asked for output until it is where it was", async () => {
    let offsetMs = 0;
    const polls: number[] = [];
    const real = Date.now;
    const clock = vi.spyOn(Date, "now").mockImplementation(() => real() + offsetMs);
    try {
      await start({ poll: (nowMs) => void polls.push(nowMs) }, { pollMs: 20 });
      await until(async () => polls.length > 0, 5_000, "a poll");
      offsetMs = -3_600_000;
      const setBack = Date.now();
      await until(async () => polls.some((at) => at >= setBack && at < setBack + 60_000), 5_000, "polls behind it");
    } finally {
      clock.mockRestore();
    }
  });
});

describe("a failure", () => {
  it("makes the task anew from its committed note", async () => {
    let times = 0;
    const { seen, read, supervisor } = await start({
      async prepare() {
        if (times++ < 2) throw new Error("transient trouble");
      },
    });
    await until(async () => (await read("outcomes")).length === 4, 10_000, "four outcomes");
    expect(seen.failures.map(({ fatal }) => fatal)).toEqual([false, false]);
    await until(async () => supervisor.lifecycle().ready, 5_000, "ready again");
  });

  it("that says that the partition has gone, though nobody took it, does not leave it without a task", async () => {
    // Once: a coordinator that did not answer was taken for one that had given the partition away, and nothing was done for it any more.
    let times = 0;
    const { seen, read, supervisor } = await start({
      async prepare() {
        if (times++ < 2) throw new Fenced("it belongs to somebody else now");
      },
    });
    await until(async () => (await read("outcomes")).length === 4, 10_000, "four outcomes");
    expect(seen.failures).toEqual([]);
    await until(async () => supervisor.lifecycle().ready, 5_000, "ready again");
  });

  it("that does not go away ends the process with its reason, without committing", async () => {
    const { seen, supervisor, log } = await start(
      {
        async prepare() {
          throw new Error("the disk is gone");
        },
      },
      { restartsMax: 2 },
    );
    await until(async () => supervisor.lifecycle().phase === "failed", 10_000, "it gives up");
    expect(seen.failures.map(({ fatal }) => fatal)).toEqual([false, false, true]);
    expect(String(seen.failures[2]?.error)).toContain("the disk is gone");
    expect((await log.lag())[0]?.records).toBe(3);
    expect(supervisor.lifecycle().ready).toBe(false);
  });
});

describe("catch-up of two inputs", () => {
  it("replays each to its committed offset, however much has come into the other one since", async () => {
    // Once: what had come into the first input filled every batch, and the second was taken for replayed.
    const log = createMemoryLog({ now: Date.now });
    await log.ensureTopics(topicSpecs(1, null));
    const write = (topic: string, texts: readonly string[]) =>
      log.append(texts.map((text) => ({ topic, key: "e", partition: null, value: Buffer.from(text) })));
    await write("scores", ["s0", "s1", "s2"]);
    await write("outcomes", ["o0", "o1", "o2"]);
    const input = await onlyInput(log, "driftline-two", ["scores", "outcomes"]);
    const note = noteText({ snapshot: null, offsets: { scores: 0, outcomes: 0 } });
    await input.commit({ offsets: { scores: 3, outcomes: 3 }, note, outputs: [] });
    await write("scores", ["s3", "s4", "s5", "s6", "s7", "s8"]);

    const folded: string[] = [];
    const calls: string[] = [];
    const stage: Stage = {
      name: "two",
      inputs: ["scores", "outcomes"],
      task: () => ({
        fold: (record, _emit, live) =>
          void folded.push(`${live ? "live " : ""}${Buffer.from(record.value ?? []).toString()}`),
        snapshot: () => [],
        async restore() {},
        storeBytes: () => 0,
        caughtUp: async () => void calls.push(folded.join()),
      }),
    };
    const task = await createStreamTask({
      stage,
      input,
      blobs: createMemoryBlobs(),
      options: { ...defaultsOf().run, batchRecordsMax: 2 },
      now: Date.now,
      breathe: () => null,
      onDefect() {},
    });
    const seen: number[] = [];
    await task.catchUp(
      (done) => void seen.push(done),
      () => false,
    );
    expect([...folded].sort()).toEqual(["o0", "o1", "o2", "s0", "s1", "s2"]);
    expect(seen.at(-1)).toBe(6);
    expect(calls, "once, before anything new").toEqual([folded.join()]);
    await task.step(0);
    expect(folded.slice(6)).toEqual(["live s3", "live s4"]);
  });
});

describe("a snapshot that is gone", () => {
  const place = { snapshot: "0".repeat(64), offsets: { interactions: 0 } };
  /** `newer`: what is committed when the task asks again. */
  async function catchUp(newer: string) {
    const log = createMemoryLog({ now: Date.now });
    await log.ensureTopics(topicSpecs(1, null));
    const input = await onlyInput(log, "driftline-copy", ["interactions"]);
    const notes = [noteText(place), newer];
    const task = await createStreamTask({
      stage: {
        name: "copy",
        inputs: ["interactions"],
        task: () => ({ fold() {}, snapshot: () => [], async restore() {}, storeBytes: () => 0 }),
      },
      input: { ...input, committed: async () => ({ offsets: { interactions: 0 }, note: notes.shift() ?? "" }) },
      blobs: createMemoryBlobs(),
      options: defaultsOf().run,
      now: Date.now,
      breathe: () => null,
      onDefect() {},
    });
    return task.catchUp(
      () => {},
      () => false,
    );
  }

  it("is fatal where the committed note still names it", async () => {
    await expect(catchUp(noteText(place))).rejects.toThrow(SnapshotGone);
  });

  it("is no loss where whoever had the partition meanwhile has replaced it: the task begins anew", async () => {
    // Once: a process that was stopped while it caught up ended with the advice to reset the group.
    const newer = noteText({ snapshot: "1".repeat(64), offsets: { interactions: 0 } });
    await expect(catchUp(newer)).rejects.toThrow("replaced by a newer one");
  });
});

describe("the lifecycle", () => {
  it("is ready only when every task runs, and says where it is", async () => {
    const { supervisor } = await start();
    await until(async () => supervisor.lifecycle().ready, 5_000, "ready");
    expect(supervisor.lifecycle()).toMatchObject({
      phase: "running",
      tasks: [{ stage: "copy", partition: 0, state: "running" }],
    });
    expect(await supervisor.stop()).toBe(true);
    expect(supervisor.lifecycle()).toMatchObject({ ready: false, phase: "stopped" });
  });

  it("shows the progress of catch-up, and is not ready meanwhile", async () => {
    const { log, seen } = await start();
    await until(async () => seen.folded.length >= 3, 5_000, "three folded");
    await until(async () => (await log.lag())[0]?.records === 0, 5_000, "committed");
    await running.splice(0)[0]?.stop();
    let release = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const slow: Stage = {
      name: "copy",
      inputs: ["interactions"],
      task: () => ({
        prepare: () => gate,
        fold() {},
        snapshot: () => [],
        async restore() {},
        storeBytes: () => 0,
      }),
    };
    // Without the last snapshot the whole input is replayed.
    const supervisor = createSupervisor({
      log: {
        ...log,
        join: (group, topics, handlers) =>
          log.join(group, topics, {
            ...handlers,
            assigned: (input) =>
              handlers.assigned({
                ...input,
                committed: async () => ({
                  offsets: { interactions: 3 },
                  note: noteText({ snapshot: null, offsets: { interactions: 0 } }),
                }),
              }),
          }),
      },
      blobs: createMemoryBlobs(),
      stages: [slow],
      options: { ...defaultsOf().run, readWaitMs: 10 },
      now: Date.now,
      sleep: (ms) => new Promise((resolve) => setTimeout(resolve, Math.min(ms, 20))),
      breathe: () => null,
      onDefect() {},
      onFailure() {},
    });
    running.push(supervisor);
    await supervisor.start();
    await until(async () => supervisor.lifecycle().phase === "catch-up", 5_000, "catching up");
    expect(supervisor.lifecycle()).toMatchObject({
      ready: false,
      tasks: [{ state: "catching-up", done: 0, total: 3 }],
    });
    release();
    await until(async () => supervisor.lifecycle().ready, 5_000, "ready");
  });

  it("stops within its one deadline although a task hangs, and says so", async () => {
    const { supervisor } = await start({ prepare: () => new Promise(() => {}) }, { stopMs: 100 });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await supervisor.stop()).toBe(false);
    running.splice(0);
  });
});

describe("the note", () => {
  it("comes back as it was written, and anything else is refused with the repair command", () => {
    const note = { snapshot: "a".repeat(64), offsets: { interactions: 7 } };
    expect(parseNote(noteText(note))).toEqual(note);
    for (const bad of [
      "",
      "{",
      '{"v":2}',
      '{"v":1,"snapshot":1,"offsets":{}}',
      '{"v":1,"snapshot":null,"offsets":{"a":-1}}',
    ])
      expect(() => parseNote(bad)).toThrow(/driftline reset/);
  });
});
