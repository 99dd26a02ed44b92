/** Learning on beside the learners: when a round is due, what becomes of what it gives, and that nothing else counts. */
import { describe, expect, it } from "vitest";
import { createMemoryBlobs } from "../../src/blobs/memory.ts";
import { codecs } from "../../src/codec/codecs.ts";
import type { Interaction, Model } from "../../src/codec/records.ts";
import { sha256Hex } from "../../src/json/hash.ts";
import { createLearn } from "../../src/learn/learn.ts";
import { isHeldOut } from "../../src/learn/traces.ts";
import { createMemoryLog } from "../../src/log/memory/memory-log.ts";
import type { LogRecord } from "../../src/log/port.ts";
import type { RoundFigures, RoundOrder, RoundReport, Tuned } from "../../src/predictors/tuning.ts";
import type { StageTask } from "../../src/run/stage.ts";
import { topicSpecs } from "../../src/topology.ts";
import { defaultsOf } from "../support/defaults.ts";
import { createRecorder } from "../support/recorder.ts";
import { transitionOf } from "../support/transitions.ts";

const figures: RoundFigures = {
  steps: 10,
  batches: 3,
  seconds: 1,
  lossBefore: 2,
  lossAfter: 1,
  heldOut: 20,
  exactBefore: 5,
  exactAfter: 6,
  hits: 3,
  tries: 8,
};

function tunedReport(name: string, more: Partial<RoundFigures> = {}): RoundReport {
  const bytes = Buffer.from(name);
  return { form: "tuned", model: { version: name, bytes, parameters: 7 }, figures: { ...figures, ...more } };
}
const begunReport: RoundReport = {
  form: "begun",
  model: { version: "file", bytes: Buffer.from("file"), parameters: 7 },
};

interface Given {
  readonly order: RoundOrder;
  readonly signal: AbortSignal;
  answer(report: RoundReport): Promise<void>;
  fail(message: string): Promise<void>;
}

async function setUp() {
  const log = createMemoryLog({ now: () => 0 });
  await log.ensureTopics(topicSpecs(2, null));
  const recorder = createRecorder();
  const given: Given[] = [];
  const tuned: Tuned = {
    name: "deep",
    options: { intervalMs: 1_000, stepsMin: 20, memoryBytes: 1_000_000, secondsMax: 1 },
    historySteps: 4,
    isFor: (environment) => environment !== "elsewhere",
    round: (order, signal) =>
      new Promise((resolve, reject) => {
        const heard = () => new Promise<void>((done) => setTimeout(done, 0));
        signal.addEventListener("abort", () => reject(new Error("given up")));
        given.push({
          order,
          signal,
          answer(report) {
            resolve(report);
            return heard();
          },
          fail(message) {
            reject(new Error(message));
            return heard();
          },
        });
      }),
  };
  const said: string[] = [];
  const stage = createLearn({
    options: { ...defaultsOf().learn, pinAutomatically: false },
    factories: [],
    metrics: recorder.metrics,
    log,
    blobs: createMemoryBlobs(),
    partitions: 2,
    tuned: [tuned],
    say: (level, message) => void said.push(`${level} ${message}`),
  });
  const models: Model[] = [];
  const announced: (readonly [partition: number | undefined, version: string])[] = [];
  const blobs: string[] = [];
  const emit = {
    record(topic: string, _: string | null, value: Uint8Array | null, partition?: number) {
      if (topic === "models") models.push(codecs.model.decode(value ?? new Uint8Array()));
      if (topic !== "interactions") return;
      const { announcement }: Interaction = codecs.interaction.decode(value ?? new Uint8Array());
      if (announcement !== null) announced.push([partition, announcement.version]);
    },
    blob(bytes: Uint8Array) {
      blobs.push(Buffer.from(bytes).toString());
      return sha256Hex(bytes);
    },
  };
  let task: StageTask = stage.task(0);
  await task.caughtUp?.();
  let offset = 0;
  let now = 1_000_000;

  function record(environment: string, at: number, step = 0): LogRecord {
    const about = { environment, episode: `${environment} ${at - step}`, step };
    const source = { partition: 0, offset: at, index: 0 };
    const transition = transitionOf(`at ${step}`, "go", `at ${step + 1}`, { ...about, source });
    const value = codecs.transition.encode(transition);
    return { topic: "transitions", partition: 0, offset: at, timestamp: 1_000 + at, key: environment, value };
  }

  function feed(episodes: number, environment = "world"): void {
    for (let episode = 0; episode < episodes; episode++)
      for (let step = 0; step < 5; step++) {
        task.fold(record(environment, offset, step), emit, true);
        offset += 1;
      }
  }

  return {
    ...{ given, models, announced, blobs, said, recorder, record, feed, emit, log, stage },
    task: () => task,
    offset: () => offset,
    /** Two seconds later. */
    poll() {
      now += 2_000;
      const before = models.length;
      task.poll?.(now, emit, () => null);
      // As the runner does: what gives no record is not committed.
      if (models.length > before) task.committed?.();
    },
    rounds: (result: string) =>
      recorder.count(`driftline_tune_rounds_total{environment="world",predictor="deep",result="${result}"}`),
    /** Another process takes over: from the snapshot, or without. */
    async restart(snapshot: Uint8Array | null) {
      task.close?.();
      task = stage.task(0);
      if (snapshot !== null) await task.restore(snapshot);
      await task.caughtUp?.();
    },
    snapshot: () => Buffer.concat([...task.snapshot()]),
  };
}

async function begun() {
  const bench = await setUp();
  bench.feed(60);
  bench.poll();
  await bench.given[0]?.answer(begunReport);
  bench.poll();
  return bench;
}

describe("learning on", () => {
  it("begins with the configured weights as the first version, announced to every partition", async () => {
    const { given, models, announced, blobs, rounds } = await begun();
    expect(given[0]?.order).toMatchObject({ environment: "world", base: null, fresh: [], heldOut: [] });
    expect(models).toMatchObject([
      {
        environment: "world",
        predictor: "deep",
        version: "file",
        blobs: [sha256Hex("file")],
        transitions: 0,
        tries: 0,
      },
    ]);
    expect(announced).toEqual([
      [0, "file"],
      [1, "file"],
    ]);
    expect(blobs).toEqual(["file"]);
    expect(rounds("begun")).toBe(1);
  });

  it("publishes what a round gives: what it learnt from is counted from the version before", async () => {
    const bench = await begun();
    bench.poll();
    const { order } = bench.given[1] ?? {};
    expect(order?.base).toEqual({ version: "file", blobs: [sha256Hex("file")] });
    expect(order?.fresh.length).toBeGreaterThan(100);
    expect(order?.untried).toBe(order?.fresh.length);
    const upTo = bench.offset();
    // What comes while the round runs is not learnt by it.
    bench.feed(10);
    await bench.given[1]?.answer(tunedReport("one"));
    bench.poll();
    expect(bench.models[1]).toMatchObject({
      ...{ version: "one", transitions: 10, hits: 3, tries: 8, entries: 7, bytes: 3 },
      offsets: [{ partition: 0, offset: upTo }],
    });
    bench.poll();
    const steps = bench.given[2]?.order.fresh.map(([trace, step]) => bench.given[2]?.order.traces[trace]?.steps[step]);
    expect(steps?.every((step) => ((step as { offset?: number })?.offset ?? 0) >= upTo)).toBe(true);
    await bench.given[2]?.answer(tunedReport("two"));
    bench.poll();
    expect(bench.models[2]).toMatchObject({ version: "two", transitions: 20 });
    expect(bench.rounds("published")).toBe(2);
  });

  it("drops what did not get better: the base stays, its record goes on, and a round comes when there is more", async () => {
    const bench = await begun();
    bench.poll();
    await bench.given[1]?.answer({ form: "dropped", reason: "held-out", figures });
    bench.poll();
    expect(bench.models).toHaveLength(1);
    expect(bench.rounds("held-out")).toBe(1);
    bench.poll();
    expect(bench.given).toHaveLength(2);
    bench.feed(10);
    bench.poll();
    const { fresh = [], untried = 0, base } = bench.given[2]?.order ?? {};
    expect(base?.version).toBe("file");
    // Those of the dropped round are new to the base still, but were tried.
    expect(fresh.length).toBeGreaterThan(untried);
    await bench.given[2]?.answer(tunedReport("one"));
    bench.poll();
    expect(bench.models[1]).toMatchObject({ version: "one", hits: 6, tries: 16 });
  });

  it("counts a round whose process died, and tries again with the same", async () => {
    const bench = await begun();
    bench.poll();
    const first = bench.given[1]?.order;
    await bench.given[1]?.fail("its process 7 ended (SIGKILL)");
    bench.poll();
    expect(bench.rounds("failed")).toBe(1);
    expect(bench.said.at(-1)).toMatch(/warn a round of learning on came to nothing/);
    bench.poll();
    expect(bench.given[2]?.order).toEqual(first);
  });

  it("runs one round at a time, and ends it where the partition goes", async () => {
    const bench = await begun();
    bench.feed(60, "other");
    bench.poll();
    expect(bench.given).toHaveLength(2);
    bench.poll();
    expect(bench.given).toHaveLength(2);
    // Another partition of this process waits, too.
    const second = bench.stage.task(1);
    second.fold(bench.record("third", 5_000), bench.emit, true);
    second.poll?.(2_000_000, bench.emit, () => null);
    expect(bench.given).toHaveLength(2);
    second.close?.();
    const [, running] = bench.given;
    expect(running?.signal.aborted).toBe(false);
    await bench.restart(bench.snapshot());
    expect(running?.signal.aborted).toBe(true);
  });

  it("learns nothing where the predictor is not for, nor from what is simulated, and waits for held-out steps", async () => {
    const bench = await setUp();
    bench.feed(60, "elsewhere");
    bench.poll();
    expect(bench.given).toEqual([]);
    const only = await setUp();
    only.feed(1);
    only.poll();
    await only.given[0]?.answer(begunReport);
    only.poll();
    while (only.offset() < 300) {
      // None of them is held out.
      if (!isHeldOut({ episode: `world ${only.offset()}` })) only.feed(1);
      else only.feed(1, "elsewhere");
    }
    only.poll();
    expect(only.given).toHaveLength(1);
  });

  it("goes on from the newest version after a restart, with or without a snapshot, and remembers", async () => {
    const bench = await begun();
    const early = bench.snapshot();
    bench.poll();
    await bench.given[1]?.answer(tunedReport("one"));
    bench.poll();
    for (const model of bench.models)
      await bench.log.append([
        {
          topic: "models",
          key: JSON.stringify(["world", "deep", model.version]),
          partition: null,
          value: codecs.model.encode(model),
        },
      ]);
    await bench.restart(early);
    bench.feed(10);
    bench.poll();
    const { base, fresh = [], replay = [] } = bench.given[2]?.order ?? {};
    expect(base?.version).toBe("one");
    expect(fresh.length).toBeLessThanOrEqual(50);
    expect(replay.length).toBeGreaterThan(100);
    await bench.restart(null);
    bench.feed(60);
    bench.poll();
    expect(bench.given[3]?.order.base?.version).toBe("one");
  });
});
