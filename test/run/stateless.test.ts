/** Stages that ask somebody else: they take what was prepared, remember nothing, hurry when they are to end, and may be impossible to open. */
import { afterEach, describe, expect, it } from "vitest";
import { createMemoryBlobs } from "../../src/blobs/memory.ts";
import { createMemoryLog } from "../../src/log/memory/memory-log.ts";
import { parseNote } from "../../src/run/note.ts";
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

function stageOf(change: Partial<StageTask>, more: Partial<Stage> = {}): Stage {
  return {
    name: "ask",
    inputs: ["situations"],
    stateless: true,
    task: () => ({
      fold: (record, emit) => emit.record("interactions", record.key, record.value),
      snapshot() {
        throw new Error("there is nothing to remember");
      },
      async restore() {
        throw new Error("there is nothing to restore");
      },
      storeBytes: () => 1_000_000,
      ...change,
    }),
    ...more,
  };
}

async function logWith(records: number) {
  const log = createMemoryLog({ now: Date.now });
  await log.ensureTopics(topicSpecs(1, null));
  const texts = Array.from({ length: records }, (_, at) => String(at));
  await log.append(texts.map((text) => ({ topic: "situations", key: "e", partition: null, value: Buffer.from(text) })));
  const written = async () =>
    (await log.read("interactions", 0, 0, { recordsMax: 999, bytesMax: 999_999 }, 0)).map(({ value }) =>
      Buffer.from(value ?? []).toString(),
    );
  return { log, written, texts };
}

const options = { ...defaultsOf().run, readWaitMs: 10, snapshotRecordsMin: 1, catchUpMax: 1 };
const deps = {
  blobs: createMemoryBlobs(),
  options,
  now: Date.now,
  breathe: () => null,
  onDefect: (_: string, error: unknown) => {
    throw error;
  },
};

function supervise(log: Awaited<ReturnType<typeof logWith>>["log"], stage: Stage) {
  const failures: string[] = [];
  const supervisor = createSupervisor({
    ...deps,
    log,
    stages: [stage],
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    onFailure: (_stage, _partition, error) => void failures.push(String(error)),
  });
  running.push(supervisor);
  return { supervisor, failures };
}

describe("a stateless stage", () => {
  it("folds as many records as it has prepared; the others stay in hand", async () => {
    const { log, written, texts } = await logWith(7);
    const prepared: string[][] = [];
    const stage = stageOf({
      async prepare(records) {
        prepared.push(records.map(({ value }) => Buffer.from(value ?? []).toString()));
        return 3;
      },
    });
    const plain = await onlyInput(log, "driftline-ask", stage.inputs);
    let reads = 0;
    const input = {
      ...plain,
      read: (...args: Parameters<typeof plain.read>) => {
        reads += 1;
        return plain.read(...args);
      },
    };
    const task = await createStreamTask({ ...deps, stage, input });
    await task.catchUp(
      () => {},
      () => false,
    );
    expect([await task.step(0), await task.step(0), await task.step(0)]).toEqual([3, 3, 1]);
    expect(prepared).toEqual([texts, texts.slice(3), texts.slice(6)]);
    expect(reads).toBe(1);
    expect(await written()).toEqual(texts);
    const committed = await plain.committed();
    expect(committed?.offsets).toEqual({ situations: 7 });
    // What is committed is where the next owner begins: nothing is replayed, and no snapshot was written.
    expect(parseNote(committed?.note ?? "")).toEqual({ snapshot: null, offsets: { situations: 7 } });
    await task.settle();
  });

  it("says when it folds, how many full batches came in a row, and when it is done, though it failed", async () => {
    const { log } = await logWith(5);
    const said: (number | "done")[] = [];
    const stage = stageOf({
      fold(record) {
        if (record.offset === 4) throw new Error("as a bug does");
      },
    });
    const input = await onlyInput(log, "driftline-ask", stage.inputs);
    const begin = (fullInRow: number) => {
      said.push(fullInRow);
      return () => void said.push("done");
    };
    const task = await createStreamTask({ ...deps, options: { ...options, batchRecordsMax: 2 }, begin, stage, input });
    await task.catchUp(
      () => {},
      () => false,
    );
    expect([await task.step(0), await task.step(0)]).toEqual([2, 2]);
    await expect(task.step(0)).rejects.toThrow("as a bug does");
    expect(said).toEqual([1, "done", 2, "done", 0, "done"]);
  });

  it("ends at once in a hurry, though what it asked for has not come", async () => {
    const { log, written } = await logWith(2);
    let hurry: () => void = () => {};
    const hurried = new Promise<void>((resolve) => {
      hurry = resolve;
    });
    let asked = false;
    const stage = stageOf({
      async prepare() {
        asked = true;
        await hurried;
        return 1;
      },
      hurry: () => hurry(),
    });
    const { supervisor } = supervise(log, stage);
    await supervisor.start();
    await until(async () => asked, 5_000, "it asks");
    const start = Date.now();
    expect(await supervisor.stop()).toBe(true);
    expect(Date.now() - start).toBeLessThan(2_000);
    expect(await written()).toEqual(["0"]);
  });

  it("that cannot be opened ends the start with its reason; one that is open is closed in the end", async () => {
    const { log } = await logWith(0);
    const impossible = supervise(log, stageOf({}, { open: () => Promise.reject(new Error("model.bin is missing")) }));
    await expect(impossible.supervisor.start()).rejects.toThrow("model.bin is missing");
    let closed = 0;
    const possible = supervise(
      log,
      stageOf(
        {},
        {
          async open() {},
          async close() {
            closed += 1;
          },
        },
      ),
    );
    await possible.supervisor.start();
    await possible.supervisor.stop();
    expect(closed).toBe(1);
  });

  it("that is stopped while it is opened joins nothing afterwards", async () => {
    const { log } = await logWith(1);
    let opened: () => void = () => {};
    const opening = new Promise<void>((resolve) => {
      opened = resolve;
    });
    const { supervisor } = supervise(log, stageOf({}, { open: () => opening }));
    const starting = supervisor.start();
    expect(await supervisor.stop()).toBe(true);
    opened();
    await starting;
    expect((await log.lag()).filter(({ group }) => group === "driftline-ask")).toEqual([]);
  });
});
