/** The watchdog, on a virtual clock: what hangs is seen, left and made anew, and nothing it does later is committed; what is slow or idle is left alone. */
import { afterEach, describe, expect, it } from "vitest";
import { createMemoryBlobs } from "../../src/blobs/memory.ts";
import { codecs } from "../../src/codec/codecs.ts";
import { createMemoryLog } from "../../src/log/memory/memory-log.ts";
import { Fenced, type Log } from "../../src/log/port.ts";
import { createMonitor } from "../../src/monitor/monitor.ts";
import { holdOf } from "../../src/run/hold.ts";
import type { Stage, StageTask } from "../../src/run/stage.ts";
import { discard } from "../../src/run/staging.ts";
import { createSupervisor, type Supervisor } from "../../src/run/supervisor.ts";
import { createWatchdog, type Stall } from "../../src/run/watchdog.ts";
import { createPrometheus } from "../../src/stats/prometheus.ts";
import { topicSpecs } from "../../src/topology.ts";
import { defaultsOf } from "../support/defaults.ts";
import { onlyInput } from "../support/only-input.ts";
import { entryOf, scoreOf } from "../support/scores.ts";

const options = { stalledMs: 30_000, stalledRestartMs: 60_000 };
const never = () => new Promise<never>(() => {});
const soon = () => new Promise((resolve) => setTimeout(resolve, 5));

describe("a stream task that stands still", () => {
  function watch(change: { progress?: () => number; waiting?: () => Promise<number> } = {}) {
    let now = 0;
    const said: string[] = [];
    const dog = createWatchdog(
      options,
      () => now,
      ({ seconds, waiting }) => void said.push(`stalled ${seconds} ${waiting}`),
      () => void said.push("moved"),
    );
    const remove = dog.add({
      stage: "track",
      partition: 2,
      progress: () => 0,
      waiting: async () => 7,
      restart: ({ seconds }) => void said.push(`restart ${seconds}`),
      ...change,
    });
    return {
      dog,
      said,
      remove,
      async pass(ms: number, everyMs = 10_000) {
        for (let left = ms / everyMs; left > 0; left--) {
          now += everyMs;
          await dog.check();
        }
      },
    };
  }

  it("is told after 30 s and restarted after 60 s, once each", async () => {
    const { pass, said, dog } = watch();
    await pass(20_000);
    expect([said, dog.stalled()]).toEqual([[], []]);
    await pass(10_000);
    expect([said, dog.stalled()]).toEqual([["stalled 30 7"], [{ stage: "track", partition: 2 }]]);
    await pass(20_000);
    expect(said).toEqual(["stalled 30 7"]);
    await pass(10_000);
    expect(said).toEqual(["stalled 30 7", "moved", "restart 60"]);
  });

  it("is told in its time though the clock is set back by an hour, and is not blamed for one that is set forward", async () => {
    const back = watch();
    await back.pass(20_000);
    await back.pass(-3_600_000, -3_600_000);
    await back.pass(20_000);
    expect(back.said).toEqual(["stalled 30 7"]);
    const forward = watch();
    await forward.pass(3_600_000, 3_600_000);
    await forward.pass(10_000);
    expect(forward.said).toEqual([]);
  });

  it("is left alone while it does something now and then, or where nothing waits", async () => {
    let done = 0;
    const slow = watch({ progress: () => Math.floor(done++ / 2) });
    const idle = watch({ waiting: async () => 0 });
    await slow.pass(600_000);
    await idle.pass(600_000);
    expect([slow.said, idle.said]).toEqual([[], []]);
  });

  it("is not blamed for what comes after a long silence, for a log that cannot be asked, nor for a process that slept", async () => {
    let waiting = 0;
    const idle = watch({ waiting: async () => waiting });
    await idle.pass(600_000);
    waiting = 1;
    await idle.pass(20_000);
    const deaf = watch({ waiting: () => Promise.reject(new Error("no broker")) });
    await deaf.pass(600_000);
    const slept = watch();
    await slept.pass(3_600_000, 3_600_000);
    await slept.pass(10_000);
    expect([idle.said, deaf.said, slept.said]).toEqual([[], [], []]);
    await slept.pass(20_000);
    expect(slept.said).toHaveLength(1);
  });
});

describe("a hold on an input", () => {
  it("fences everything once it is released, also what is on its way, and waits for commits", async () => {
    const log = createMemoryLog({ now: () => 0 });
    await log.ensureTopics(topicSpecs(1, null));
    let finish = () => {};
    const input = await onlyInput(log, "g", ["interactions"]);
    const hold = holdOf({
      ...input,
      commit: (commit) => new Promise<void>((resolve) => (finish = resolve)).then(() => input.commit(commit)),
    });
    const reading = hold.input.read({ interactions: 0 }, { recordsMax: 1, bytesMax: 1 }, 50);
    const committing = hold.input.commit({ offsets: { interactions: 0 }, note: "late", outputs: [] });
    let settled = false;
    hold.release();
    const settling = hold.settled().then(() => {
      settled = true;
    });
    await expect(reading).rejects.toThrow(Fenced);
    await expect(hold.input.committed()).rejects.toThrow(Fenced);
    await expect(hold.input.commit({ offsets: {}, note: "", outputs: [] })).rejects.toThrow(Fenced);
    expect(settled).toBe(false);
    finish();
    await settling;
    await committing;
    expect((await input.committed())?.note).toBe("late");
  });
});

const running: Supervisor[] = [];
afterEach(async () => {
  for (const one of running.splice(0)) await one.stop();
});

/** A stage that copies; its task hangs where `change` says. The clock stands still but for `pass`. */
async function start(change: (attempt: number) => Partial<StageTask>, more: { readonly log?: (log: Log) => Log } = {}) {
  let now = 1_700_000_000_000;
  let attempts = 0;
  const timers: { readonly at: number; readonly fire: () => void }[] = [];
  const memory = createMemoryLog({ now: () => now });
  await memory.ensureTopics(topicSpecs(1, null));
  const log = more.log?.(memory) ?? memory;
  const folded: string[] = [];
  const stage: Stage = {
    name: "copy",
    inputs: ["interactions"],
    task: () => ({
      fold(record, emit) {
        const text = Buffer.from(record.value ?? []).toString();
        folded.push(text);
        emit.record("outcomes", record.key, Buffer.from(text));
      },
      snapshot: () => [],
      async restore() {},
      storeBytes: () => 0,
      ...change(attempts++),
    }),
  };
  const failures: { readonly text: string; readonly fatal: boolean }[] = [];
  const stalls: Stall[] = [];
  const supervisor = createSupervisor({
    log,
    blobs: createMemoryBlobs(),
    stages: [stage],
    options: { ...defaultsOf().run, readWaitMs: 1, ...options },
    now: () => now,
    sleep: (ms) => new Promise((fire) => timers.push({ at: now + ms, fire })),
    breathe: () => null,
    onDefect() {},
    onFailure: (_stage, _partition, error, fatal) => void failures.push({ text: String(error), fatal }),
    onStall: (stall) => void stalls.push(stall),
  });
  const send = (text: string) =>
    memory.append([{ topic: "interactions", key: "e", partition: null, value: Buffer.from(text) }]);
  await send("a");
  await supervisor.start();
  return {
    supervisor,
    memory,
    failures,
    stalls,
    folded,
    send,
    outputs: async () =>
      (await memory.read("outcomes", 0, 0, { recordsMax: 99, bytesMax: 99_999 }, 0)).map(({ value }) =>
        Buffer.from(value ?? []).toString(),
      ),
    async pass(ms: number) {
      for (let left = ms; left > 0; left -= 1_000) {
        now += 1_000;
        for (const timer of timers.filter(({ at }) => at <= now)) {
          timers.splice(timers.indexOf(timer), 1);
          timer.fire();
        }
        await soon();
      }
    },
  };
}

describe("a stage that hangs", () => {
  it("in prepare is shown as stalled and made anew, and what the old one does later is not committed", async () => {
    let release = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const world = await start((attempt) => (attempt === 0 ? { prepare: () => gate } : {}));
    running.push(world.supervisor);
    await world.pass(45_000);
    expect(world.stalls).toMatchObject([{ stage: "copy", partition: 0, waiting: 1 }]);
    expect([...world.supervisor.stalled()]).toEqual([["copy", 1]]);
    expect(world.supervisor.lifecycle()).toMatchObject({
      ready: false,
      phase: "stalled",
      tasks: [{ state: "stalled" }],
    });
    await world.pass(30_000);
    expect(world.failures).toMatchObject([{ fatal: false, text: expect.stringContaining("a record waits") }]);
    expect(await world.outputs()).toEqual(["a"]);
    expect(world.supervisor.lifecycle()).toMatchObject({ ready: true, phase: "running" });
    release();
    await soon();
    await world.send("b");
    await world.pass(2_000);
    expect(await world.outputs()).toEqual(["a", "b"]);
    // The abandoned one folded, and was fenced at its commit.
    expect(world.folded.filter((text) => text === "a")).toHaveLength(2);
  });

  it("for ever ends the process after three restarts, with its reason", async () => {
    const world = await start(() => ({ prepare: never }));
    await world.pass(330_000);
    expect(world.failures.map(({ fatal }) => fatal)).toEqual([false, false, false, true]);
    expect(world.failures.at(-1)?.text).toMatch(/Stalled: copy\/0 has done nothing for \d+ s/);
    expect(world.supervisor.lifecycle().phase).toBe("failed");
    expect(await world.outputs()).toEqual([]);
  });

  it("in a commit is followed by one that waits for it, so that nothing is committed twice", async () => {
    let finish = () => {};
    let commits = 0;
    const world = await start(() => ({}), {
      log: (log) => ({
        ...log,
        join: (group, topics, listener) =>
          log.join(group, topics, {
            ...listener,
            assigned: (input) =>
              listener.assigned({
                ...input,
                async commit(commit) {
                  if (commits++ === 0) await new Promise<void>((resolve) => (finish = resolve));
                  await input.commit(commit);
                },
              }),
          }),
      }),
    });
    running.push(world.supervisor);
    await world.pass(75_000);
    expect(world.failures).toHaveLength(1);
    expect(await world.outputs()).toEqual([]);
    finish();
    await world.pass(2_000);
    await world.send("b");
    await world.pass(2_000);
    expect(await world.outputs()).toEqual(["a", "b"]);
    // The second "a" is the silent replay from the note.
    expect(world.folded).toEqual(["a", "a", "b"]);
  });
});

describe("a partition that goes to another process", () => {
  it("takes the gauges of its environments with it", async () => {
    const { metrics, text } = createPrometheus();
    const stage = createMonitor({ options: defaultsOf().monitor, metrics, own: new Set(), now: () => 1_000 });
    const exported = async () => [...(await text()).matchAll(/environment="(\w+)"/g)].map(([, name]) => name);
    const [first, second] = ["one", "two"].map((environment, partition) => {
      const task = stage.task(partition);
      const score = { ...scoreOf(0, 1_000, [entryOf("ours", true)]), environment };
      const value = codecs.score.encode(score);
      task.fold({ topic: "scores", partition, offset: 0, timestamp: 1_000, key: environment, value }, discard, true);
      task.committed?.();
      return task;
    });
    expect(new Set(await exported())).toEqual(new Set(["one", "two"]));
    first?.close?.();
    expect(new Set(await exported())).toEqual(new Set(["two"]));
    second?.close?.();
    expect(await exported()).toEqual([]);
  });
});

describe("a partition that is taken away in catch-up", () => {
  it.each(["restore", "prepare", "fold"] as const)("is given up at once, also within %s", async (where) => {
    let calls = 0;
    const slow = {
      restore: { restore: never },
      prepare: { prepare: never },
      // One long batch: each record gives other work a turn, and there are many.
      fold: { fold: () => void calls++ },
    }[where];
    const memory = createMemoryLog({ now: () => 0 });
    await memory.ensureTopics(topicSpecs(1, null));
    const blobs = createMemoryBlobs();
    const hash = await blobs.put(Buffer.from("{}\nstore"));
    await memory.append(
      Array.from({ length: 500 }, () => ({ topic: "interactions", key: "e", partition: 0, value: Buffer.from("x") })),
    );
    let take = async () => {};
    const note = JSON.stringify({ v: 1, snapshot: where === "restore" ? hash : null, offsets: { interactions: 0 } });
    const supervisor = createSupervisor({
      log: {
        ...memory,
        join: (group, topics, listener) => {
          take = () => listener.revoked(0);
          return memory.join(group, topics, {
            ...listener,
            assigned: (input) =>
              listener.assigned({ ...input, committed: async () => ({ offsets: { interactions: 500 }, note }) }),
          });
        },
      },
      // The snapshot of a store that takes for ever to come.
      blobs: where === "restore" ? { ...blobs, get: never } : blobs,
      stages: [
        {
          name: "copy",
          inputs: ["interactions"],
          task: () => ({ fold() {}, snapshot: () => [], async restore() {}, storeBytes: () => 0, ...slow }),
        },
      ],
      options: { ...defaultsOf().run, stopMs: 60_000 },
      now: () => 0,
      sleep: never,
      breathe: () => new Promise((resolve) => setTimeout(resolve, 1)),
      onDefect() {},
      onFailure() {},
    });
    await supervisor.start();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(supervisor.lifecycle().phase).toBe("catch-up");
    const before = Date.now();
    await take();
    expect(Date.now() - before).toBeLessThan(100);
    const done = calls;
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(calls - done, "what was given up does not go on").toBeLessThanOrEqual(1);
    expect(calls).toBeLessThan(500);
    expect(supervisor.lifecycle().tasks).toEqual([]);
  });
});
