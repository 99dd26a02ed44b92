/** Games that are played again, and games that are new: what is remembered of others is judged apart for the two. */
import { describe, expect, it } from "vitest";
import type { Transition } from "../../../src/codec/records.ts";
import type { Evidence } from "../../../src/predictors/lifted/confidence.ts";
import type { Predictor } from "../../../src/predictors/predictor.ts";
import { createTextLearner } from "../../../src/predictors/text-edits/learner.ts";
import { createTasks } from "../../../src/predictors/text-edits/tasks.ts";
import { textEditsFactory } from "../../../src/predictors/text-edits/text-edits.ts";
import { load, publish } from "../publish.ts";
import { type Judged, played, predictAll, toyOptions } from "./toy.ts";

const evidence: Evidence = {
  raw: 1,
  least: 1,
  unsure: 0,
  kept: 1,
  rejected: 0,
  precision: 1,
  missed: 0,
  template: 1,
  named: 2,
  pattern: 3,
  whole: 4,
};

describe("tasks", () => {
  it("judges apart what other episodes of the task have shown, and not what an episode has shown itself", () => {
    const tasks = createTasks();
    tasks.note({ task: "game", episode: "first" });
    expect(tasks.judged(evidence, { task: "game", episode: "first" })).toBe(evidence);
    expect(tasks.judged(evidence, { task: "another", episode: "second" })).toBe(evidence);
    expect(tasks.judged(evidence, { task: null, episode: "second" })).toBe(evidence);
    const again = tasks.judged(evidence, { task: "game", episode: "second" });
    expect(again).toEqual({ ...evidence, pattern: again.pattern, whole: again.whole });
    for (const kind of ["pattern", "whole"] as const) expect(again[kind]).not.toBe(evidence[kind]);
  });

  it("forgets the first of too many, and goes on from what was written", () => {
    const tasks = createTasks();
    for (let at = 0; at < 5_000; at++) tasks.note({ task: `${at}`, episode: `${at}` });
    expect(tasks.size).toBe(4_000);
    const again = createTasks(tasks.written());
    expect(again.written()).toEqual(tasks.written());
    expect(again.judged(evidence, { task: "0", episode: "late" })).toBe(evidence);
    expect(again.judged(evidence, { task: "4999", episode: "late" })).not.toBe(evidence);
  });
});

/** Of first looks into boxes: how many are right, and how sure it is of them. */
function firstLooks(predictor: Predictor, steps: readonly Transition[]) {
  const touched = new Set<string>();
  const first = predictAll(predictor, steps).filter(({ transition: { episode, action } }) => {
    const box = `${episode} ${/box \d/.exec(action)?.[0]}`;
    const isFirst = action.startsWith('"peek') && !touched.has(box);
    touched.add(box);
    return isFirst;
  });
  const sure = ({ prediction }: Judged) => (prediction.status === "answered" ? (prediction.confidence ?? 0) : 0);
  return {
    right: first.filter(({ right }) => right).length / first.length,
    confidence: first.reduce((sum, one) => sum + sure(one), 0) / first.length,
  };
}

it("is less sure of games that are new, though most are played again", () => {
  const learner = createTextLearner(toyOptions);
  const halls = 40;
  for (let game = 0; game < 120; game++)
    for (let agent = 0; agent < 4; agent++) for (const step of played(game, agent, halls)) learner.learn(step);
  learner.settle?.();
  const fresh = Array.from({ length: 60 }, (_, at) => played(120 + at, 0, halls)).flat();
  const again = Array.from({ length: 40 }, (_, at) => played(80 + at, 4, halls)).flat();
  for (const predictor of [learner.current(), load(textEditsFactory, publish(learner))]) {
    const [ofFresh, ofAgain] = [firstLooks(predictor, fresh), firstLooks(predictor, again)];
    expect(ofFresh.right).toBeLessThan(0.15);
    expect(ofFresh.confidence).toBeLessThan(0.3);
    expect(ofAgain.right).toBeGreaterThan(0.7);
    expect(ofAgain.confidence).toBeGreaterThan(0.5);
  }
});
