/** Stages that seldom put anything out: offsets alone wait for their commit, whatever is put out does not. */
import { describe, expect, it } from "vitest";
import { createMemoryBlobs } from "../../src/blobs/memory.ts";
import { createMemoryLog } from "../../src/log/memory/memory-log.ts";
import type { Stage } from "../../src/run/stage.ts";
import { createStreamTask } from "../../src/run/stream-task.ts";
import { topicSpecs } from "../../src/topology.ts";
import { defaultsOf } from "../support/defaults.ts";
import { onlyInput } from "../support/only-input.ts";

const options = { ...defaultsOf().run, commitWaitMs: 1_000, pollMs: 3_600_000 };

/** A stage that remembers all that it folds and puts "out" out; on a clock that is set by hand. */
async function begin(more: Partial<Stage> = { commitsLater: true }) {
  const clock = { now: 1_000_000 };
  const log = createMemoryLog({ now: () => clock.now });
  await log.ensureTopics(topicSpecs(1, null));
  const input = await onlyInput(log, "driftline-learn", ["interactions"]);
  const blobs = createMemoryBlobs();

  async function task() {
    const folded: string[] = [];
    const stage: Stage = {
      name: "learn",
      inputs: ["interactions"],
      task: () => ({
        fold(record, emit) {
          const text = Buffer.from(record.value ?? []).toString();
          folded.push(text);
          if (text === "out") emit.record("outcomes", record.key, Buffer.from(text));
        },
        snapshot: () => [Buffer.from(folded.join())],
        async restore(snapshot) {
          folded.push(...Buffer.from(snapshot).toString().split(","));
        },
        storeBytes: () => 0,
      }),
      ...more,
    };
    const made = await createStreamTask({
      stage,
      input,
      blobs,
      options,
      now: () => clock.now,
      breathe: () => null,
      onDefect: (_, error) => {
        throw error;
      },
    });
    await made.catchUp(
      () => {},
      () => false,
    );
    return { ...made, folded };
  }

  return {
    clock,
    task,
    send: (...texts: readonly string[]) =>
      log.append(texts.map((text) => ({ topic: "interactions", key: "e", partition: null, value: Buffer.from(text) }))),
    committed: async () => (await input.committed())?.offsets["interactions"] ?? null,
    outcomes: async () => (await log.read("outcomes", 0, 0, { recordsMax: 99, bytesMax: 9_999 }, 0)).length,
  };
}

describe("a stage that commits later", () => {
  it("commits what put nothing out when its time has come", async () => {
    const { clock, task, send, committed } = await begin();
    const { step, position } = await task();
    await send("a", "b");
    expect(await step(0)).toBe(2);
    expect(await committed()).toBeNull();
    clock.now += options.commitWaitMs;
    await send("c");
    expect(await step(0)).toBe(1);
    expect(await committed()).toBe(3);
    expect(position()).toEqual({ interactions: 3 });
  });

  it("commits at once where something is put out, and where nothing more comes", async () => {
    const { task, send, committed, outcomes } = await begin();
    const { step } = await task();
    await send("a");
    await step(0);
    await send("b", "out");
    await step(0);
    expect([await committed(), await outcomes()]).toEqual([3, 1]);
    await send("c");
    await step(0);
    expect(await committed()).toBe(3);
    await step(0);
    expect(await committed()).toBe(4);
    expect(await step(0)).toBe(0);
  });

  it("folds again what was not committed, and puts nothing out twice", async () => {
    const { task, send, committed, outcomes } = await begin();
    const first = await task();
    await send("a", "out");
    await first.step(0);
    await send("b", "c");
    await first.step(0);
    const second = await task();
    expect(second.folded).toEqual(["a", "out"]);
    expect(await second.step(0)).toBe(2);
    await second.step(0);
    expect(second.folded).toEqual(first.folded);
    expect([await committed(), await outcomes()]).toEqual([4, 1]);
  });

  it("leaves nothing uncommitted where it ends", async () => {
    const { task, send, committed } = await begin();
    const { step, settle, close } = await task();
    await send("a", "b");
    await step(0);
    await settle();
    close();
    expect(await committed()).toBe(2);
    expect((await task()).folded).toEqual(["a", "b"]);
  });
});

describe("any other stage", () => {
  it("commits each batch", async () => {
    const { task, send, committed } = await begin({});
    const { step } = await task();
    await send("a");
    await step(0);
    expect(await committed()).toBe(1);
  });
});
