/** What is remembered so that nothing is forgotten: bounded, a fair sample, never what is held out; and what a round is given of it. */
import { describe, expect, it } from "vitest";
import { countSteps, orderSteps } from "../../src/learn/round-order.ts";
import { createTraces, isHeldOut, type KeptTrace, type Traces } from "../../src/learn/traces.ts";
import { transitionOf } from "../support/transitions.ts";

const historySteps = 4;

function feed(traces: Traces, episodes: number, steps = 10, first = 0): number {
  let offset = first;
  for (let episode = 0; episode < episodes; episode++)
    for (let step = 0; step < steps; step++) {
      const [state, next] = [`${first} ${episode} at ${step}`, `${first} ${episode} at ${step + 1}`];
      traces.add(transitionOf(state, "go", next, { episode: `e${first}-${episode}`, step }), offset);
      offset += 1;
    }
  return offset;
}

const offsetsOf = (traces: readonly KeptTrace[]) => traces.flatMap(({ steps }) => steps.map(({ offset }) => offset));

describe("traces", () => {
  it("keep the newest steps, and of all earlier ones a sample in which each has the same chance", () => {
    const traces = createTraces(200_000, historySteps);
    const total = feed(traces, 6_000);
    expect(traces.bytes()).toBeLessThanOrEqual(200_000);
    const kept = offsetsOf(traces.all());
    expect(new Set(kept).size).toBe(kept.length);
    expect(kept).toContain(total - 1);
    // By tenths of the stream before the newest.
    const sample = kept.filter((offset) => offset < 0.9 * total);
    const tenths = Array.from(
      { length: 9 },
      (_, at) => sample.filter((o) => Math.floor((10 * o) / total) === at).length,
    );
    const mean = sample.length / 9;
    for (const count of tenths) expect(Math.abs(count - mean)).toBeLessThan(0.5 * mean);
  });

  it("hold one episode in eight out, by its name alone", () => {
    const names = Array.from({ length: 4_000 }, (_, at) => ({ episode: `e${at}` }));
    const share = names.filter(isHeldOut).length / names.length;
    expect(share).toBeGreaterThan(0.11);
    expect(share).toBeLessThan(0.14);
  });

  it("go on as they would have after a restart", () => {
    const traces = createTraces(30_000, historySteps);
    feed(traces, 300);
    const again = createTraces(30_000, historySteps);
    again.restore(JSON.parse(JSON.stringify(traces.snapshot())));
    expect(again.all()).toEqual(traces.all());
    expect(again.bytes()).toBe(traces.bytes());
    for (const one of [traces, again]) feed(one, 200, 10, 10_000);
    expect(again.all()).toEqual(traces.all());
  });

  it("cut a long episode into stretches that begin with the steps before them, and begin anew after a gap", () => {
    const traces = createTraces(1_000_000, historySteps);
    feed(traces, 1, 150);
    const [one, two, three] = [...traces.all()].sort((a, b) => a.first - b.first);
    expect([one?.steps.length, two?.steps.length, three?.steps.length]).toEqual([64, 64, 22]);
    expect(one?.earlier).toEqual([]);
    expect(three?.earlier.map(({ stateText }) => stateText)).toEqual(
      [124, 125, 126, 127].map((step) => `"0 0 at ${step}"`),
    );
    traces.add(transitionOf("far", "go", "away", { episode: "e0-0", step: 200 }), 999);
    const last = traces.all().at(-1);
    expect(last).toMatchObject({ first: 200, earlier: [] });
  });

  it("keep a patch of structured states, and never a step whose state is unknown", () => {
    const traces = createTraces(100_000, historySteps);
    traces.add(transitionOf({ n: 1 }, "add", { n: 2 }), 1);
    traces.add({ ...transitionOf({ n: 2 }, "add", { n: 3 }), step: 1, state: null }, 2);
    expect(traces.all()[0]?.steps.map(({ next }) => next)).toEqual(['[{"op":"replace","path":"/n","value":2}]']);
  });
});

describe("what a round is given", () => {
  const traces = createTraces(400_000, historySteps);
  const learntTo = feed(traces, 200);
  const triedTo = feed(traces, 60, 10, learntTo);
  const end = feed(traces, 20, 10, triedTo);
  const others = createTraces(100_000, historySteps);
  feed(others, 100, 10, 100_000);
  const own = traces.all();
  const order = orderSteps({ own, others: others.all(), learntTo, triedTo, seed: 1 });
  const offsetAt = ([trace, step]: readonly [number, number]) =>
    (order.traces[trace]?.steps[step] as { offset?: number } | undefined)?.offset ?? -1;
  const traceOf = ([trace]: readonly [number, number]) => order.traces[trace];

  it("are the newest steps that the base has not learnt from, oldest first", () => {
    const offsets = order.fresh.map(offsetAt);
    expect(offsets).toHaveLength(256);
    expect(offsets).toEqual([...offsets].sort((a, b) => a - b));
    expect(Math.min(...offsets)).toBeGreaterThanOrEqual(learntTo);
    expect(order.untried).toBe(offsets.filter((offset) => offset >= triedTo).length);
    expect(order.untried).toBeLessThan(end - triedTo);
  });

  it("are replayed steps of all that is learnt, none of them fresh", () => {
    const fresh = new Set(order.fresh.map(offsetAt));
    const replayed = order.replay.map(offsetAt);
    expect(replayed).toHaveLength(256);
    expect(replayed.filter((offset) => fresh.has(offset))).toEqual([]);
    expect(replayed.some((offset) => offset >= 100_000)).toBe(true);
    expect(replayed.some((offset) => offset < learntTo)).toBe(true);
  });

  it("are held-out steps, half of them the newest, which are in no other part", () => {
    const isOut = (picked: readonly [number, number]) => isHeldOut(traceOf(picked) ?? { episode: "" });
    expect(order.heldOut).toHaveLength(96);
    expect(order.heldOut.every(isOut)).toBe(true);
    expect([...order.fresh, ...order.replay].some(isOut)).toBe(false);
    const all = own.filter(isHeldOut).flatMap(({ steps }) => steps.map(({ offset }) => offset));
    const newest = all.sort((a, b) => a - b).slice(-48);
    expect(order.heldOut.map(offsetAt)).toEqual(expect.arrayContaining(newest));
  });

  it("are counted alike", () => {
    const { all, fresh, untried, heldOut } = countSteps(own, learntTo, triedTo);
    const learnable = own.filter((trace) => !isHeldOut(trace));
    expect(all).toBe(offsetsOf(own).length);
    expect(fresh).toBe(offsetsOf(learnable).filter((offset) => offset >= learntTo).length);
    expect(untried).toBe(order.untried);
    expect(heldOut).toBe(all - offsetsOf(learnable).length);
  });

  it("is bounded in bytes: what must come first has its room first", () => {
    const large = createTraces(200_000_000, 0);
    const text = "x".repeat(500_000);
    for (let at = 0; at < 60; at++)
      large.add(transitionOf(text + at, "go", text + at + 1, { episode: `l${at}`, step: 0 }), at);
    const {
      traces: sent,
      fresh,
      replay,
    } = orderSteps({ own: large.all(), others: [], learntTo: 20, triedTo: 20, seed: 1 });
    const units = sent
      .flatMap(({ steps }) => steps)
      .reduce((sum, { state, next }) => sum + state.length + next.length, 0);
    expect(units).toBeLessThanOrEqual(16 * 1_048_576);
    expect(fresh.length).toBeGreaterThan(0);
    expect(replay).toEqual([]);
  });
});
