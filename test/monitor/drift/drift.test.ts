/** Drift from scores to alarms: baselines, life of an alarm, causes, commands, bounds, snapshots (M2), and whatever odd input comes. */
import { describe, expect, it } from "vitest";
import type { Alarm } from "../../../src/codec/records.ts";
import { createBench, endOf, predictor } from "../../support/drift.ts";
import { entryOf, scoreOf } from "../../support/scores.ts";

const evidence = (alarm: Alarm | undefined): Record<string, never> => JSON.parse(alarm?.evidence ?? "{}");
const viewOf = (bench: ReturnType<typeof createBench>) => [...bench.drift.series()][0];

describe("a baseline", () => {
  it("is gathered until it has enough episodes, and no alarm is raised before", () => {
    const bench = createBench(1, { episodesMin: 1_000, episodesWanted: 1_000 });
    bench.play(400);
    bench.play(400, { error: 0.9 });
    expect(viewOf(bench)).toMatchObject({ frozen: null, passages: 800, logEvalue: null, alarm: null });
    expect(bench.alarms).toEqual([]);
  });

  it("is frozen then: what comes later does not move it", () => {
    const bench = createBench();
    bench.play(120);
    const frozen = viewOf(bench)?.frozen;
    expect(frozen?.error.upper).toBeGreaterThan(frozen?.error.mean ?? 1);
    bench.play(200, { error: 0.02 });
    expect(viewOf(bench)?.frozen).toEqual(frozen);
  });

  it("is not frozen while the error still moves", () => {
    const bench = createBench(3);
    for (let error = 0.9; error > 0.05; error -= 0.1) bench.play(12, { error });
    expect(viewOf(bench)?.frozen).toBeNull();
    bench.play(200, { error: 0.05 });
    expect(viewOf(bench)?.frozen?.error.mean).toBeLessThan(0.12);
  });

  it("is of references alone: live learners and builtin baselines are not watched, other people's predictors are", () => {
    const bench = createBench();
    const entries = ["persistence", "recall", "recall@reference", "their-simulator"].map((name) => entryOf(name, true));
    bench.drift.score(scoreOf(0, 0, entries, { truth: "t" }), 0);
    bench.drift.outcome(endOf("e", 1), 0);
    expect([...bench.drift.series()].map((one) => one.predictor)).toEqual(["recall@reference", "their-simulator"]);
  });

  it("is another where another version is pinned, once the episodes of the old one are over", () => {
    const bench = createBench();
    bench.play(150);
    bench.play(5, { version: "v2", error: 0.9 });
    expect(viewOf(bench)).toMatchObject({ version: "v1" });
    bench.play(10, { version: "v2" });
    expect(viewOf(bench)).toMatchObject({ version: "v2", frozen: null });
    bench.play(120, { version: "v2" });
    expect(viewOf(bench)?.frozen).not.toBeNull();
    expect(bench.alarms).toEqual([]);
  });
});

describe("an alarm", () => {
  it("is raised once, says since when and how much, and recovers when the error is back", () => {
    const bench = createBench();
    bench.play(200);
    const began = bench.now();
    bench.play(150, { error: 0.5 });
    expect(bench.alarms.map(({ status }) => status)).toEqual(["open"]);
    const [alarm] = bench.alarms;
    expect(alarm).toMatchObject({ environment: "world", predictor, detector: "e-sr", cause: "model" });
    expect(Math.abs((alarm?.since ?? 0) - began)).toBeLessThanOrEqual(20_000);
    expect(evidence(alarm)["steps"]).toMatchObject({ before: expect.closeTo(0.05, 1), after: expect.closeTo(0.5, 0) });
    expect(evidence(alarm)["fields"]).toEqual([expect.objectContaining({ name: "/room" })]);
    bench.play(110);
    expect(bench.alarms.map(({ status, id }) => [status, id])).toEqual([
      ["open", alarm?.id],
      ["recovered", alarm?.id],
    ]);
    bench.play(100, { error: 0.5 });
    expect(bench.alarms.filter(({ status }) => status === "open")).toHaveLength(2);
    expect(new Set(bench.alarms.map(({ id }) => id)).size).toBe(2);
  });

  it("has effects that add up to the rise", () => {
    const bench = createBench();
    bench.play(200);
    bench.play(60, { error: 0.4, action: "put" });
    const { effects, steps } = evidence(bench.alarms[0]) as unknown as {
      effects: Record<string, number>;
      steps: { before: number; after: number };
    };
    expect(Object.values(effects).reduce((sum, one) => sum + one, 0)).toBeCloseTo(steps.after - steps.before, 4);
  });

  it("names another agent, another form of the states, and no support for what they are", () => {
    for (const [cause, world] of [
      ["agent-version", { agent: "3", error: 0.5 }],
      ["schema", { place: "/refund:number", error: 0.5 }],
    ] as const) {
      const bench = createBench(5);
      bench.play(200);
      bench.play(80, world);
      expect(bench.alarms[0]?.cause).toBe(cause);
      if (cause === "schema")
        expect(evidence(bench.alarms[0])["schema"]).toEqual([
          expect.objectContaining({ kind: "new", place: "/refund:number" }),
        ]);
    }
    const bench = createBench(6);
    bench.play(200);
    for (let at = 0; at < 60; at++) {
      for (let step = 0; step < 10; step++) {
        const entry = entryOf(predictor, step < 5 ? null : true, { confidence: step < 5 ? null : 0.95 });
        bench.drift.score(
          scoreOf(step, bench.now(), [entry], {
            episode: `x${at}`,
            step,
            truth: "t",
            agent: { name: "a", version: "1" },
          }),
          bench.now(),
        );
      }
      bench.drift.outcome(endOf(`x${at}`, 10), bench.now());
    }
    expect(bench.alarms[0]?.cause).toBe("context");
  });

  it("is acknowledged by its id, once, by somebody", () => {
    const bench = createBench();
    bench.play(200);
    bench.play(60, { error: 0.5 });
    const id = bench.alarms[0]?.id ?? "";
    expect(bench.command({ target: "no such id" })).toBe(false);
    expect(bench.command({ target: id, note: "known" })).toBe(true);
    expect(bench.command({ target: id })).toBe(true);
    expect(bench.alarms.map(({ status }) => status)).toEqual(["open", "acknowledged"]);
    expect(evidence(bench.alarms[1])["acknowledged"]).toMatchObject({ author: "ann", note: "known" });
    bench.play(40, { error: 0.5 });
    expect(bench.alarms).toHaveLength(2);
  });

  it("ends with its baseline when that is renewed; the new one begins with what came since the change", () => {
    const bench = createBench();
    bench.play(200);
    bench.play(30, { error: 0.5 });
    expect(bench.command({ command: "rebaseline", predictor: "nobody" })).toBe(false);
    expect(bench.command({ command: "rebaseline", predictor, note: "new rules" })).toBe(true);
    expect(bench.alarms.map(({ status }) => status)).toEqual(["open", "recovered"]);
    expect(evidence(bench.alarms[1])["rebaselined"]).toMatchObject({ author: "ann", note: "new rules" });
    expect(viewOf(bench)).toMatchObject({ frozen: null, renewal: { author: "ann", note: "new rules" } });
    expect(viewOf(bench)?.passages).toBeGreaterThan(20);
    bench.play(150, { error: 0.5 });
    expect(viewOf(bench)?.frozen?.error.mean).toBeGreaterThan(0.4);
    expect(bench.alarms).toHaveLength(2);
  });

  it("leaves other commands alone", () => {
    const bench = createBench();
    expect(bench.command({ command: "pin", predictor: "recall" })).toBe(true);
    expect(bench.command({ command: "forget" })).toBe(true);
  });
});

describe("episodes", () => {
  it("yield a mean every 50 steps and at their end, whichever of outcome and scores comes first", () => {
    const bench = createBench();
    bench.play(1, { steps: 120 });
    expect(viewOf(bench)?.passages).toBe(3);
    bench.drift.outcome(endOf("late", 2), 0);
    for (let step = 0; step < 2; step++) {
      expect(viewOf(bench)?.passages).toBe(3);
      bench.drift.score(scoreOf(step, 0, [entryOf(predictor, true)], { episode: "late", step, truth: "t" }), 0);
    }
    expect(viewOf(bench)?.passages).toBe(4);
  });

  it("that never end, outcomes without episodes and doubled outcomes are let go, counted and bounded", () => {
    const bench = createBench(1, { openEpisodesMax: 50, silentMs: 10_000 });
    bench.play(1);
    for (let at = 0; at < 200; at++) {
      bench.drift.score(scoreOf(at, at, [entryOf(predictor, true)], { episode: `open${at}`, truth: "t" }), at);
      bench.drift.outcome(endOf(`never${at}`, 5), at);
      bench.drift.outcome(endOf("world-0", 10), at);
    }
    expect(viewOf(bench)?.passages).toBe(1);
    expect(bench.lost.filter((why) => why === "episodes").length).toBeGreaterThan(300);
    expect([...bench.drift.snapshot()][0]).toMatchObject({ open: { length: 50 } });
    bench.drift.score(scoreOf(0, 0, [entryOf(predictor, true)], { episode: "next", truth: "t" }), 100_000);
    expect([...bench.drift.snapshot()][0]).toMatchObject({ open: { length: 1 } });
    expect(bench.lost.filter((why) => why === "silent").length).toBe(50);
  });

  it("of ever other environments are bounded, and are let go with their environment", () => {
    const bench = createBench(1, { seriesMax: 3 });
    for (let at = 0; at < 10; at++) bench.play(1, { environment: `w${at}` });
    expect([...bench.drift.series()]).toHaveLength(3);
    expect(bench.lost.filter((why) => why === "series").length).toBeGreaterThan(0);
    bench.drift.forget("w0");
    bench.play(1, { environment: "w9" });
    expect([...bench.drift.series()].map(({ environment }) => environment)).toEqual(["w1", "w2", "w9"]);
  });

  it("with clocks that go backwards and measures that are missing keep their counts", () => {
    const bench = createBench();
    bench.play(110);
    for (let step = 0; step < 10; step++) {
      const entry = entryOf(predictor, true, { confidence: Number.NaN, brier: Number.NaN, fieldsEqual: null });
      bench.drift.score(scoreOf(step, -1e12 * step, [entry], { episode: "odd", step, truth: "t" }), bench.now());
    }
    bench.drift.outcome(endOf("odd", 10), bench.now() - 5_000);
    expect(Number.isFinite(viewOf(bench)?.logEvalue ?? Number.NaN)).toBe(true);
    bench.play(60, { error: 0.5 });
    expect(bench.alarms).toHaveLength(1);
    expect(bench.alarms[0]?.evidence).not.toMatch(/null,"after"|NaN/);
  });
});

describe("a snapshot (M2)", () => {
  it("goes on as if nothing had been in between, taken anywhere, also inside an episode", () => {
    const worlds = [{}, { error: 0.5 }, { error: 0.5, agent: "3" }, {}, { error: 0.4, place: "/x:number" }];
    const play = (restarts: readonly number[]) => {
      const bench = createBench(11, {}, restarts);
      for (const world of worlds) {
        bench.play(130, world);
        bench.command({ target: bench.alarms.at(-1)?.id ?? "" });
      }
      return bench;
    };
    const whole = play([]);
    expect(whole.alarms.length).toBeGreaterThan(3);
    for (const restarts of [[1], [555], [1_004], [1_337, 1_338], [2_000, 4_001], [5_555]]) {
      const cut = play(restarts);
      expect(cut.alarms).toEqual(whole.alarms);
      expect([...cut.drift.snapshot()]).toEqual([...whole.drift.snapshot()]);
    }
  });

  it("of another configuration is taken all the same", () => {
    const bench = createBench();
    bench.play(150);
    const other = createBench(1, { detectors: ["adwin", "e-sr"], episodesWanted: 500 });
    other.drift.restore(JSON.parse(JSON.stringify([...bench.drift.snapshot()])));
    other.play(60, { error: 0.9 });
    expect(other.alarms.map(({ detector }) => detector)).toEqual(["e-sr"]);
  });
});
