/** The learning loop as a whole: how the data is divided does not matter, and what is simulated does not teach. */
import { describe, expect, it } from "vitest";
import { codecs } from "../../src/codec/codecs.ts";
import { createPipeline, readTopic, recordOf } from "../crash/pipeline.ts";
import { type Event, worldEvents } from "../crash/world.ts";

async function learnt(partitions: number, events: readonly Event[]) {
  const pipeline = await createPipeline({}, {}, partitions);
  for (let at = 0; at < events.length; at += 50) {
    await pipeline.append(events.slice(at, at + 50).map((event) => recordOf(event, false)));
    for (let round = 0; round < 3; round++) for (const slot of pipeline.slots) await pipeline.step(slot);
    pipeline.clock.now += 500;
  }
  await pipeline.settle();
  const newest = new Map<string, { transitions: number; version: string }>();
  for (const { value } of await readTopic(pipeline.log, "models")) {
    if (value === null) continue;
    const { environment, transitions, version } = codecs.model.decode(value);
    if (transitions >= (newest.get(environment)?.transitions ?? 0)) newest.set(environment, { transitions, version });
  }
  const announced = (await readTopic(pipeline.log, "interactions")).filter(({ key }) => key === null).length;
  const scores = (await readTopic(pipeline.log, "scores")).map(({ value }) =>
    codecs.score.decode(value ?? new Uint8Array()),
  );
  return { newest, announced, scores, transitions: (await readTopic(pipeline.log, "transitions")).length };
}

describe("the learning loop", () => {
  const events = worldEvents(11, { eventsMin: 600, stepsMax: 30 });

  it("gives the same training-set size at 1 and at 4 partitions, and announces each version to every partition", async () => {
    const one = await learnt(1, events);
    const four = await learnt(4, events);
    expect(one.newest.size).toBe(2);
    expect(four.transitions).toBe(one.transitions);
    const sizes = (some: typeof one) =>
      [...some.newest].map(([environment, { transitions }]) => [environment, transitions]).sort();
    expect(sizes(four)).toEqual(sizes(one));
    expect(sizes(one).reduce((sum, [, transitions]) => sum + Number(transitions), 0)).toBe(one.transitions);
    expect(four.announced % 4).toBe(0);
    expect(four.announced).toBeGreaterThan(0);
  });

  it("predicts with what it has learnt: recall answers after the first version and is right ever oftener", async () => {
    const { scores } = await learnt(1, worldEvents(5, { eventsMin: 1_500, stepsMax: 30 }));
    const recall = scores
      .filter((score) => score.environment === "house")
      .flatMap((score) => score.entries.filter((entry) => entry.predictor === "recall"));
    expect(recall[0]).toMatchObject({ status: "abstained", version: "none" });
    const right = (some: typeof recall) => some.filter((entry) => entry.exact === true).length / some.length;
    const half = Math.floor(recall.length / 2);
    expect(right(recall.slice(half))).toBeGreaterThan(right(recall.slice(0, half)));
    expect(new Set(recall.map(({ version }) => version)).size).toBeGreaterThan(2);
  });

  it("learns nothing from simulated episodes (P6)", async () => {
    const simulated = events.map((event) => (event["type"] === "reset" ? { ...event, arm: "world_model" } : event));
    const { newest, transitions } = await learnt(1, simulated);
    expect(transitions).toBeGreaterThan(0);
    expect(newest.size).toBe(0);
  });
});
