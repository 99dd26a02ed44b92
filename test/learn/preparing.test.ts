/** What a version has to have finished first does not hold up what else the process does: it is done in slices. */
import { expect, it } from "vitest";
import { createMemoryBlobs } from "../../src/blobs/memory.ts";
import { codecs } from "../../src/codec/codecs.ts";
import { createLearn } from "../../src/learn/learn.ts";
import { createMemoryLog } from "../../src/log/memory/memory-log.ts";
import { predictorFactories } from "../../src/predictors/registry.ts";
import { topicSpecs } from "../../src/topology.ts";
import { defaultsOf } from "../support/defaults.ts";
import { createRecorder } from "../support/recorder.ts";
import { transitionOf } from "../support/transitions.ts";

it("others have their turn while rules are settled, before anything of the version is written", async () => {
  const log = createMemoryLog({ now: () => 0 });
  await log.ensureTopics(topicSpecs(1, null));
  const { metrics } = createRecorder();
  const options = { ...defaultsOf().learn, pinAutomatically: false };
  const factories = predictorFactories.filter(({ name }) => name === "lifted-edits");
  const stage = createLearn({ options, factories, metrics, log, blobs: createMemoryBlobs(), partitions: 1 });
  const task = stage.task(0);
  await task.caughtUp?.();
  const written: string[] = [];
  const emit = { record: (topic: string) => void written.push(topic), blob: () => "" };
  for (let offset = 0; offset < 800; offset++) {
    const lamps = { a: { lit: offset % 3 === 0 }, b: { lit: offset % 5 < 2 } };
    const which = offset % 2 === 0 ? "a" : "b";
    const next = { lamps: { ...lamps, [which]: { lit: !lamps[which].lit } }, moves: offset + 1 };
    const source = { partition: 0, offset, index: 0 };
    const step = transitionOf({ lamps, moves: offset }, `press ${which}`, next, { environment: "room", source });
    const value = codecs.transition.encode(step);
    task.fold({ topic: "transitions", partition: 0, offset, timestamp: offset, key: "room", value }, emit, true);
  }
  const turns: number[] = [];
  const before = task.progress?.() ?? 0;
  await task.poll?.(1_000_000, emit, async () => void turns.push(written.length));
  expect(turns.length).toBeGreaterThan(10);
  expect(new Set(turns)).toEqual(new Set([0]));
  expect((task.progress?.() ?? 0) - before).toBe(turns.length);
  expect(written).toEqual(["models", "interactions"]);
  task.close?.();
});
