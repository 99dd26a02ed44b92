/** Learners that are for steps of a form: begun by an environment's first transition, and begun again from a snapshot. */
import { describe, expect, it } from "vitest";
import { createMemoryBlobs } from "../../src/blobs/memory.ts";
import { codecs } from "../../src/codec/codecs.ts";
import type { Transition } from "../../src/codec/records.ts";
import { createLearn } from "../../src/learn/learn.ts";
import { createMemoryLog } from "../../src/log/memory/memory-log.ts";
import { partitionOf } from "../../src/log/murmur2.ts";
import { predictorFactories } from "../../src/predictors/registry.ts";
import type { StageTask } from "../../src/run/stage.ts";
import { topicSpecs } from "../../src/topology.ts";
import { defaultsOf } from "../support/defaults.ts";
import { createRecorder } from "../support/recorder.ts";
import { transitionOf } from "../support/transitions.ts";

const call = { name: "maps/find", arguments: { city: "Rome" } };
const worlds: Readonly<Record<string, readonly [object | string, object | string, object | string]>> = {
  rooms: ["a room", "look", "a hall"],
  tools: [{ error: "", response: "" }, call, { error: "no key", response: "" }],
  shop: [{ cart: [] }, call, { cart: ["tea"] }],
};

async function tasks() {
  const log = createMemoryLog({ now: () => 0 });
  await log.ensureTopics(topicSpecs(1, null));
  const { metrics } = createRecorder();
  const options = { ...defaultsOf().learn, pinAutomatically: false };
  const stage = createLearn({
    options,
    factories: predictorFactories,
    metrics,
    log,
    blobs: createMemoryBlobs(),
    partitions: 1,
  });
  return () => stage.task(0);
}

function feed(task: StageTask, from: number, count: number, told = worlds): void {
  for (let at = from; at < from + count; at++)
    for (const [index, [environment, [state, action, next]]] of Object.entries(told).entries()) {
      const more: Partial<Transition> = { environment, episode: `${environment} ${at}` };
      const source = { partition: partitionOf(environment, 1), offset: at * 3 + index, index: 0 };
      const made = transitionOf(plain(state), plain(action), plain(next), { ...more, source });
      const value = codecs.transition.encode(made);
      const offset = at * 3 + index;
      const record = { topic: "transitions", partition: 0, offset, timestamp: 1_000 + offset, key: environment, value };
      task.fold(record, { record() {}, blob: () => "" }, true);
    }
}

const plain = (value: object | string) => JSON.parse(JSON.stringify(value));
const bytesOf = (task: StageTask) => Buffer.concat([...task.snapshot()]).toString("latin1");
const learningIn = (task: StageTask) =>
  [...bytesOf(task).matchAll(/"environment":"(\w+)","kind":"\w+","predictor":"([\w-]+)"/g)].map(
    ([, environment, predictor]) => `${environment} ${predictor}`,
  );

describe("learn", () => {
  it("begins text-edits for texts and for calls that are answered in text, and again from a snapshot", async () => {
    const next = await tasks();
    const task = next();
    await task.caughtUp?.();
    feed(task, 0, 6);
    const learning = learningIn(task);
    expect(learning).toEqual([
      ...["rooms recall", "rooms text-edits"],
      ...["tools recall", "tools lifted-edits", "tools text-edits"],
      ...["shop recall", "shop lifted-edits"],
    ]);
    const restored = next();
    await restored.restore(Buffer.from(bytesOf(task), "latin1"));
    await restored.caughtUp?.();
    for (const one of [task, restored]) feed(one, 6, 6);
    expect(learningIn(restored)).toEqual(learning);
    expect(bytesOf(restored)).toBe(bytesOf(task));
  });

  it("begins those for states where a text came first, and teaches each what it is for", async () => {
    // One text before the first state ("service unavailable"), and nobody ever learnt the states.
    const next = await tasks();
    const task = next();
    await task.caughtUp?.();
    feed(task, 0, 1, { shop: ["busy", call, "service unavailable"] });
    expect(learningIn(task)).toEqual(["shop recall", "shop text-edits"]);
    feed(task, 1, 5, { shop: worlds["shop"] ?? ["", "", ""] });
    expect(learningIn(task)).toEqual(["shop recall", "shop text-edits", "shop lifted-edits"]);
    const tries = [...bytesOf(task).matchAll(/"tries":(\d+)/g)].map(([, count]) => Number(count));
    expect(tries).toEqual([6, 6, 5]);
    const restored = next();
    await restored.restore(Buffer.from(bytesOf(task), "latin1"));
    await restored.caughtUp?.();
    for (const one of [task, restored]) feed(one, 6, 3, { shop: worlds["shop"] ?? ["", "", ""] });
    expect(bytesOf(restored)).toBe(bytesOf(task));
  });
});
