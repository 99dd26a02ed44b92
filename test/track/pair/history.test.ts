/** Earlier steps of an episode: kept for the predictors that look at them, within bounds, over restarts and gaps. */
import { describe, expect, it } from "vitest";
import type { History, PredictorFactory, Situation } from "../../../src/predictors/predictor.ts";
import { charsOf, historyCharsMax, rememberStep } from "../../../src/track/pair/history.ts";
import { createTrackBench, step } from "../../support/track.ts";

const numbered = (at: number): History[number] => ({ stateText: `"s${at}"`, actionText: `"a${at}"` });

describe("the history of an episode", () => {
  it("holds the newest steps, at least as many as are wanted and at most twice as many", () => {
    const history: History[number][] = [];
    for (let at = 0; at < 100; at++) {
      rememberStep(history, numbered(at), 8);
      expect(history.length).toBeLessThanOrEqual(16);
      expect(history.length).toBeGreaterThanOrEqual(Math.min(8, at + 1));
      expect(history).toEqual(Array.from({ length: history.length }, (_, back) => numbered(at - back)).reverse());
    }
  });

  it("is bounded in bytes: long texts push out the oldest, half of all at once", () => {
    const history: History[number][] = [];
    for (let at = 0; at < 60; at++) {
      rememberStep(history, { stateText: "x".repeat(20_000), actionText: `"a${at}"` }, 64);
      expect(charsOf(history)).toBeLessThanOrEqual(historyCharsMax);
      expect(history.at(-1)?.actionText).toBe(`"a${at}"`);
    }
    rememberStep(history, { stateText: "x".repeat(historyCharsMax + 1), actionText: '"a"' }, 64);
    expect(history).toEqual([]);
  });
});

describe("a predictor that looks at earlier steps", () => {
  const seen: Situation[] = [];
  const spy = (historySteps: number): PredictorFactory => ({
    name: "spy",
    learnt: false,
    historySteps,
    builtin: () => ({
      name: "spy",
      version: "builtin",
      deterministic: true,
      predict(situation) {
        seen.push(situation);
        return { status: "abstained", reason: "looks" };
      },
    }),
  });
  const text = (at: number) => step(at, { action: `a${at}`, state: `s${at + 1}` });
  const opened = { type: "reset", episode: "e", environment: "w", state: "s0" };
  const newest = () => seen.at(-1)?.history;

  it("is given them, also after a restart, and from the gap on after a gap", async () => {
    const bench = createTrackBench({ predictors: ["spy"] }, [spy(64)]);
    bench.send(opened);
    for (let at = 0; at < 5; at++) bench.send(text(at));
    expect(newest()).toEqual([0, 1, 2, 3].map(numbered));
    await bench.restart();
    bench.send(text(5));
    expect(newest()).toEqual([0, 1, 2, 3, 4].map(numbered));
    bench.send(text(9));
    bench.wait(60_000);
    bench.tick();
    bench.send(text(10));
    expect(newest()).toEqual([]);
    bench.send(text(11));
    expect(newest()).toEqual([numbered(10)]);
  });

  it("costs nothing where nobody looks", () => {
    const bench = createTrackBench({ predictors: ["spy"] }, [spy(0)]);
    bench.send(opened);
    for (let at = 0; at < 5; at++) bench.send(text(at));
    expect(newest()).toEqual([]);
  });
});
