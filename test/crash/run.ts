/** One seeded run with faults: crashes at any step, commits whose fate the task does not learn, lost offsets, fenced owners. */

import { codecs } from "../../src/codec/codecs.ts";
import type { Faults } from "../../src/log/memory/memory-log.ts";
import { groupOf } from "../../src/run/supervisor.ts";
import { problemsOf } from "./compare.ts";
import { disturb } from "./faults.ts";
import { drawPin } from "./pins.ts";
import {
  createPipeline,
  isMortal,
  Killed,
  type Mutation,
  type Pipeline,
  partitions,
  readTopic,
  recordOf,
} from "./pipeline.ts";
import { type Random, seeded } from "./random.ts";
import { withArms, worldEvents } from "./world.ts";

/** Every run has at least 200 events. */
export const world = { eventsMin: 200, stepsMax: 22 };

export const faultNames = [
  "crashBetween",
  "crashBeforeCommit",
  "crashAfterCommit",
  "fenced",
  "lostOffsets",
  "duplicate",
  "disorder",
  "modelSwap",
  "pin",
] as const;
export type FaultCounts = Record<(typeof faultNames)[number], number>;

export interface Outcome {
  readonly events: number;
  readonly faults: FaultCounts;
  readonly problems: readonly string[];
  readonly pipeline: Pipeline;
}

/** Of each kind of fault at most so many, so that every run comes to an end. */
const budget = 12;
const heldBack = 40;
const waitsMax = 1_000;

/** `atLeastOnce`: commits may also write outputs and lose the offsets, as Kafka's default mode can. */
export async function crashRun(seed: number, mutation: Mutation = {}, atLeastOnce = false): Promise<Outcome> {
  const random = seeded(seed);
  const faults: FaultCounts = {
    crashBetween: 0,
    crashBeforeCommit: 0,
    crashAfterCommit: 0,
    fenced: 0,
    lostOffsets: 0,
    duplicate: 0,
    disorder: 0,
    modelSwap: 0,
    pin: 0,
  };
  let armed = true;
  const spend = (name: keyof FaultCounts, probability: number) => {
    if (!armed || faults[name] >= budget || !random.chance(probability)) return false;
    faults[name] += 1;
    return true;
  };
  const commitFaults: Faults = {
    beforeCommit() {
      if (spend("crashBeforeCommit", 0.02)) throw new Killed("before the commit");
    },
    afterCommit() {
      if (spend("crashAfterCommit", 0.02)) throw new Killed("after the commit");
    },
    losesOffsets: () => atLeastOnce && spend("lostOffsets", 0.02),
  };
  // Learning rules takes long: an eighth of the runs has them.
  const predictors = seed % 8 === 0 ? { predictors: ["persistence", "recall", "lifted-edits"] } : {};
  // A quarter of the runs has a remote predictor.
  const remote = { remote: seed % 4 === 1 };
  const pipeline = await createPipeline({ ...predictors, ...remote, ...mutation }, commitFaults);
  const { events, duplicates, disorders } = disturb(withArms(worldEvents(seed, world)), random);
  faults.duplicate = duplicates;
  faults.disorder = disorders;
  let sent = 0;
  let waited = 0;
  while (sent < events.length) {
    // The last events wait for a first model version, so that something depends on it in every run.
    const waits =
      sent >= events.length - heldBack && waited++ < waitsMax && (await pipeline.log.range("models", 0)).end === 0;
    if (!waits && random.chance(0.3)) {
      const batch = events.slice(sent, sent + 1 + random.below(12));
      sent += batch.length;
      await pipeline.append(batch.map((event) => recordOf(event, random.chance(0.2))));
    }
    if (random.chance(0.3)) pipeline.clock.now += random.below(700);
    if (random.chance(0.02)) faults.pin += await sendPin(pipeline, random);
    await stepOne(pipeline, random, spend);
  }
  // One pin at least, and some steps that it matters for.
  while (faults.pin === 0 && (await pipeline.log.range("models", 0)).end > 0)
    faults.pin += await sendPin(pipeline, random);
  for (let more = 0; more < 60; more++) {
    pipeline.clock.now += random.below(700);
    await stepOne(pipeline, random, spend);
  }
  // One crash at least, whatever the draws were.
  if (faults.crashBetween === 0) {
    pipeline.crash(random.pick(pipeline.slots));
    faults.crashBetween += 1;
  }
  armed = false;
  try {
    await pipeline.settle();
  } catch (error) {
    return { events: events.length, faults, problems: [`it did not come to rest: ${String(error)}`], pipeline };
  }
  faults.modelSwap = await swapsIn(pipeline);
  const problems = [...(await problemsOf(pipeline, atLeastOnce))];
  const stages = (mutation.remote ?? remote.remote) ? 4 : 3;
  if (pipeline.slots.length !== stages * partitions) problems.push("a stream task is missing");
  return { events: events.length, faults, problems, pipeline };
}

async function sendPin({ log, clock }: Pipeline, random: Random): Promise<number> {
  const command = await drawPin(log, random, clock.now);
  if (command === null) return 0;
  await log.append([command]);
  return 1;
}

async function stepOne(
  pipeline: Pipeline,
  random: Random,
  spend: (name: keyof FaultCounts, probability: number) => boolean,
): Promise<void> {
  const slot = random.pick(pipeline.slots);
  if (slot.task !== null && spend("crashBetween", 0.01)) pipeline.crash(slot);
  if (slot.task !== null && spend("fenced", 0.004))
    await pipeline.log.fence(groupOf(slot.stage.name), slot.input.partition);
  try {
    await pipeline.step(slot);
  } catch (error) {
    if (!isMortal(error)) throw error;
    pipeline.crash(slot);
  }
}

/** Announcements with an event of their environment behind them in the same partition: swaps that something depended on. */
async function swapsIn({ log }: Pipeline): Promise<number> {
  const records = await readTopic(log, "interactions");
  let swaps = 0;
  for (let partition = 0; partition < partitions; partition++) {
    const own = records.filter((record) => record.partition === partition);
    const last = own.findLastIndex((record) => record.key !== null);
    swaps += own.slice(0, Math.max(0, last)).filter((record) => isModel(record.key, record.value)).length;
  }
  return swaps;
}

function isModel(key: string | null, value: Uint8Array | null): boolean {
  return key === null && value !== null && codecs.interaction.decode(value).announcement !== null;
}
