/** Blobs of the newest version that are gone or damaged: the learner publishes again what they held, by itself, and the version can be read. */
import { expect, it } from "vitest";
import { createMemoryBlobs } from "../../src/blobs/memory.ts";
import { BlobDamaged, type Blobs } from "../../src/blobs/port.ts";
import { codecs } from "../../src/codec/codecs.ts";
import type { Model } from "../../src/codec/records.ts";
import { createLearn } from "../../src/learn/learn.ts";
import { createMemoryLog } from "../../src/log/memory/memory-log.ts";
import { createLoader } from "../../src/predictors/loader.ts";
import { predictorFactories } from "../../src/predictors/registry.ts";
import type { StageTask } from "../../src/run/stage.ts";
import { createStaging } from "../../src/run/staging.ts";
import { topicSpecs } from "../../src/topology.ts";
import { defaultsOf } from "../support/defaults.ts";
import { createRecorder } from "../support/recorder.ts";
import { situationOfTransition, transitionOf } from "../support/transitions.ts";

const minuteMs = 60_000;

/** A world of structured states, of which one predictor learns. */
async function world(predictor: string) {
  const log = createMemoryLog({ now: () => 0 });
  await log.ensureTopics(topicSpecs(1, null));
  const held = createMemoryBlobs();
  const damaged = new Set<string>();
  let away = false;
  const blobs: Blobs = {
    ...held,
    async put(bytes) {
      const hash = await held.put(bytes);
      damaged.delete(hash);
      return hash;
    },
    async get(hash) {
      if (away) throw new Error("it does not answer");
      if (damaged.has(hash)) throw new BlobDamaged(hash, "its bytes have another hash");
      return held.get(hash);
    },
  };
  const { metrics } = createRecorder();
  const factories = predictorFactories.filter(({ name }) => name === predictor);
  const options = { ...defaultsOf().learn, pinAutomatically: false };
  const said: object[] = [];
  const say = (_level: string, _message: string, fields: object) => void said.push(fields);
  const stage = createLearn({ options, factories, metrics, log, blobs, partitions: 1, say });
  const begin = async (snapshot: Uint8Array | null) => {
    const task = stage.task(0);
    if (snapshot !== null) await task.restore(snapshot);
    await task.caughtUp?.();
    return task;
  };
  let task: StageTask = await begin(null);
  let offset = 0;
  let now = 1_000_000;

  function step(at: number) {
    const lamps = { a: { lit: at % 3 === 0 }, b: { lit: at % 5 < 2 } };
    const which = at % 2 === 0 ? "a" : "b";
    const next = { lamps: { ...lamps, [which]: { lit: !lamps[which].lit } }, moves: at + 1 };
    return transitionOf({ lamps, moves: at }, `press ${which}`, next, { environment: "room" });
  }

  return {
    said,
    blobs,
    damage: (hash: string) => void damaged.add(hash),
    answers(does: boolean) {
      away = !does;
    },
    learn(steps: number) {
      for (let at = 0; at < steps; at++) {
        const source = { partition: 0, offset, index: 0 };
        const value = codecs.transition.encode({ ...step(offset), source });
        task.fold(
          { topic: "transitions", partition: 0, offset, timestamp: offset, key: "room", value },
          staging(),
          true,
        );
        offset += 1;
      }
    },
    /** What is published after so long, with its blobs stored. */
    async poll(afterMs: number): Promise<readonly Model[]> {
      now += afterMs;
      const staged = staging();
      await task.poll?.(now, staged, () => null);
      for (const bytes of staged.blobs.values()) await blobs.put(bytes);
      task.committed?.();
      return staged.records.flatMap(({ topic, value }) =>
        topic === "models" ? [codecs.model.decode(value ?? new Uint8Array())] : [],
      );
    },
    /** Another process goes on from the snapshot. */
    async restart() {
      const snapshot = Buffer.concat([...task.snapshot()]);
      task.close?.();
      task = await begin(snapshot);
    },
    async answer(model: Model | undefined) {
      const predictor = model && (await createLoader(factories, blobs, () => {}).load(model));
      return predictor?.predict(situationOfTransition(step(6))) ?? null;
    },
  };
}

const staging = createStaging;

it.each(["recall", "lifted-edits"])("%s: after a restart, though nothing new was learnt", async (predictor) => {
  const its = await world(predictor);
  its.learn(200);
  const [first] = await its.poll(minuteMs);
  const said = await its.answer(first);
  expect(said).toMatchObject({ status: "answered" });
  // Once: the learner went on from its snapshot, took all that it had published for there, and predictions abstained until it learnt from the start.
  for (const hash of first?.blobs ?? []) await its.blobs.delete(hash);
  expect(await its.answer(first)).toBeNull();
  await its.restart();
  const [again, ...others] = await its.poll(1_000);
  expect(others).toEqual([]);
  expect(await its.answer(again)).toEqual(said);
  expect(its.said).toMatchObject([{ environment: "room", predictor, blobs: first?.blobs }]);
  expect(await its.poll(1_000)).toEqual([]);
});

it.each(["recall", "lifted-edits"])(
  "%s: one that is damaged while it runs is put with the next version",
  async (predictor) => {
    const its = await world(predictor);
    its.learn(200);
    const [first] = await its.poll(minuteMs);
    its.damage(first?.blobs.at(-1) ?? "");
    its.learn(20);
    const [next] = await its.poll(minuteMs);
    expect(await its.answer(next)).toMatchObject({ status: "answered" });
  },
);

it("looks again every ten minutes, and not while the blobs do not answer", async () => {
  const its = await world("recall");
  its.learn(200);
  const [first] = await its.poll(minuteMs);
  its.answers(false);
  expect(await its.poll(11 * minuteMs)).toEqual([]);
  its.answers(true);
  for (const hash of first?.blobs ?? []) its.damage(hash);
  expect(await its.poll(5 * minuteMs)).toEqual([]);
  const [again] = await its.poll(6 * minuteMs);
  expect(await its.answer(again)).toMatchObject({ status: "answered" });
});
