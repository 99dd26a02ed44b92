/**
 * The whole topology on the memory log under a virtual clock, driven by one seeded scheduler: which stream task does a step next, when the
 * clock moves, when a process dies and what its last commit came to. The same seed gives the same run.
 */
import { createMemoryBlobs } from "../../src/blobs/memory.ts";
import type { Blobs } from "../../src/blobs/port.ts";
import { codecs } from "../../src/codec/codecs.ts";
import { validateEvent } from "../../src/codec/events.ts";
import { composeStages } from "../../src/compose.ts";
import type { LearnOptions } from "../../src/learn/options.ts";
import { createMemoryLog, type Faults, type MemoryLog } from "../../src/log/memory/memory-log.ts";
import { type Log, type LogRecord, OffsetGone, type OutRecord, type TaskInput } from "../../src/log/port.ts";
import type { RunOptions } from "../../src/run/options.ts";
import type { Stage } from "../../src/run/stage.ts";
import { createStreamTask, type StreamTask } from "../../src/run/stream-task.ts";
import { groupOf } from "../../src/run/supervisor.ts";
import { createTicker, type Ticker } from "../../src/run/ticks.ts";
import { noMetrics } from "../../src/stats/prometheus.ts";
import { topicSpecs } from "../../src/topology.ts";
import { defaultsOf } from "../support/defaults.ts";
import type { Random } from "./random.ts";
import { moodyFactory, remoteOptions, stillWorld } from "./remote.ts";
import type { Event } from "./world.ts";

export const partitions = 3;
const roundsMax = 1_000;
export const startMs = 1_700_000_000_000;

/** What a test may break on purpose. */
export interface Mutation {
  readonly stage?: (stage: Stage) => Stage;
  readonly input?: (input: TaskInput) => TaskInput;
  readonly blobs?: (blobs: Blobs) => Blobs;
  readonly options?: Partial<RunOptions>;
  /** Inline predictors beside the baselines. */
  readonly predictors?: readonly string[];
  /** A remote predictor answers in the house. */
  readonly remote?: boolean;
}

export interface Slot {
  readonly stage: Stage;
  input: TaskInput;
  task: StreamTask | null;
  ticker: Ticker;
}

export interface Pipeline {
  readonly log: MemoryLog;
  readonly blobs: Blobs;
  readonly slots: readonly Slot[];
  readonly clock: { now: number };
  readonly options: ReturnType<typeof optionsForCrashes>;
  readonly partitions: number;
  readonly defects: unknown[];
  /** One step of one stream task; a new one is made where there is none. Returns records folded. */
  step(slot: Slot): Promise<number>;
  /** The process of this stream task dies: nothing in memory survives. */
  crash(slot: Slot): void;
  append(events: readonly OutRecord[]): Promise<void>;
  /** Steps everything until nothing moves. */
  settle(): Promise<void>;
}

export function optionsForCrashes(predictors: readonly string[] = ["persistence", "recall"]) {
  const options = defaultsOf();
  return {
    ...options,
    run: { ...options.run, batchRecordsMax: 9, snapshotRecordsMin: 23, catchUpMax: 60, pollMs: 1_000, tickMs: 1_000 },
    track: {
      ...options.track,
      // So few that steps come faster than answers, and more than one call takes.
      predictWindow: 10,
      predictors: [...predictors],
      reorderMs: 20_000,
      idleTimeoutMs: 60_000,
      predictDeadlineMs: 5_000,
      endedMemoryMs: 600_000,
    },
    learn: {
      ...options.learn,
      publishIntervalMs: 3_000,
      transitionsMin: 5,
      // Some curves are flat within a run: what is pinned by itself must hold, too.
      pinTransitionsMin: 30,
      pinVersionsMin: 2,
      pinGainMax: 1,
    },
  };
}

export async function createPipeline(
  mutation: Mutation = {},
  faults: Faults = {},
  count = partitions,
  learn: Partial<LearnOptions> = {},
): Promise<Pipeline> {
  const clock = { now: startMs };
  const now = () => clock.now;
  const log = createMemoryLog({ now, faults });
  await log.ensureTopics(topicSpecs(count, null));
  const plainBlobs = createMemoryBlobs(now);
  const blobs = mutation.blobs?.(plainBlobs) ?? plainBlobs;
  const plainOptions = optionsForCrashes(mutation.predictors);
  const predictRemote = mutation.remote === true ? remoteOptions : plainOptions.predictRemote;
  const options = { ...plainOptions, predictRemote, learn: { ...plainOptions.learn, ...learn } };
  const run = { ...options.run, ...mutation.options };
  const seconds = () => 0;
  const remote = { remoteWorld: stillWorld, remoteFactories: [moodyFactory] };
  const stages = composeStages({ options, blobs, log, metrics: noMetrics, partitions: count, now, seconds, ...remote });
  const slots: Slot[] = [];
  const defects: unknown[] = [];

  for (const plain of stages) {
    const stage = mutation.stage?.(plain) ?? plain;
    await log.join(groupOf(stage.name), stage.inputs, {
      assigned(given) {
        const input = mutation.input?.(given) ?? given;
        const held = slots.find((slot) => slot.stage === stage && slot.input.partition === input.partition);
        const ticker = createTicker(log, input.partition, run.tickMs, now);
        if (held === undefined) slots.push({ stage, input, task: null, ticker });
        else {
          held.input = input;
          held.task = null;
        }
      },
      async revoked() {},
      failed(error) {
        throw error;
      },
    });
  }

  async function step(slot: Slot): Promise<number> {
    const { stage, input } = slot;
    if (slot.task === null) {
      const task = await createStreamTask({
        stage,
        input,
        blobs,
        options: run,
        now,
        breathe: () => null,
        onDefect: (_, error) => void defects.push(error),
      });
      await task.catchUp(
        () => {},
        () => false,
      );
      slot.task = task;
    }
    const records = await slot.task.step(0);
    if (records === 0 && stage.name === "track") await slot.ticker.silent(slot.task.nextDeadline());
    return records;
  }

  return {
    log,
    blobs,
    slots,
    clock,
    options,
    partitions: count,
    defects,
    step,
    crash(slot) {
      slot.task?.close();
      slot.task = null;
    },
    append: async (records) => void (await log.append(records)),
    async settle() {
      for (let quiet = 0, rounds = 0; quiet < 3; rounds++) {
        if (rounds > roundsMax) throw new Error("something is behind for ever");
        clock.now += 1_000;
        let moved = 0;
        for (const slot of slots) moved += await step(slot);
        const behind = (await log.lag()).some(({ records }) => records > 0);
        quiet = moved === 0 && !behind ? quiet + 1 : 0;
      }
    },
  };
}

/** Events as producers append them: mostly Avro, some JSON. */
export function recordOf(event: Event, json: boolean): OutRecord {
  const verdict = validateEvent(event);
  if (!verdict.ok) throw new Error(verdict.message);
  const key = verdict.interaction.episode;
  const value = json ? Buffer.from(JSON.stringify(event)) : codecs.interaction.encode(verdict.interaction);
  return { topic: "interactions", key, partition: null, value };
}

export type Readable = Pick<Log, "read" | "range" | "partitionCount">;

/** All records of a topic. */
export async function readTopic(log: Readable, topic: string): Promise<readonly LogRecord[]> {
  const found: LogRecord[] = [];
  for (let partition = 0; partition < (await log.partitionCount(topic)); partition++) {
    found.push(
      ...(await log.read(
        topic,
        partition,
        0,
        { recordsMax: Number.MAX_SAFE_INTEGER, bytesMax: Number.MAX_SAFE_INTEGER },
        0,
      )),
    );
  }
  return found;
}

/** A fault that a task dies of, whatever its name: the scheduler makes a new task. */
export class Killed extends Error {
  override readonly name = "Killed";
}

export function isMortal(error: unknown): boolean {
  return !(error instanceof OffsetGone);
}

export function pickSlot(random: Random, slots: readonly Slot[]): Slot {
  return random.pick(slots);
}
