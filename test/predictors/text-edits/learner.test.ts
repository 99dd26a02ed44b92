/** The learner as a whole: what it learns of a toy world, how sure it is, what it publishes, keeps and explains. */

import { describe, expect, it } from "vitest";
import { situationOf } from "../../../src/predictors/situation.ts";
import { createTextLearner } from "../../../src/predictors/text-edits/learner.ts";
import { textEditsFactory } from "../../../src/predictors/text-edits/text-edits.ts";
import { load, publish } from "../publish.ts";
import { exactness, learnt, predictAll, toyOptions, walk } from "./toy.ts";

const steps = walk(60, 1);
const others = walk(12, 2);

describe("text-edits in a world whose set-up is told", () => {
  const learner = learnt(steps);

  it("foretells other rooms, whose texts it has never seen", () => {
    expect(exactness(learner.current(), others)).toBeGreaterThan(0.99);
  });

  it("is right about all that it is sure of", () => {
    const sure = predictAll(learner.current(), others).filter(
      ({ prediction }) => prediction.status === "answered" && (prediction.confidence ?? 0) > 0.95,
    );
    expect(sure.length).toBeGreaterThan(0.7 * others.length);
    expect(sure.filter(({ right }) => !right)).toEqual([]);
  });

  it("says why: the text, where its lists come from, the conditions, the steps behind it", () => {
    const peek = predictAll(learner.current(), others).find(({ transition }) =>
      /^"Inside the box . you see a/.test(transition.nextState),
    );
    if (peek === undefined) throw new Error("nobody looked");
    const { transition } = peek;
    const before = others.filter(({ episode, step }) => episode === transition.episode && step < transition.step);
    const history = before.map(({ state, action }) => ({ stateText: state ?? "null", actionText: action }));
    const situation = situationOf(transition, transition.context, undefined, history);
    const explanation = learner.current().explain?.(situation);
    expect(explanation?.confidence).toBe(peek.prediction.status === "answered" ? peek.prediction.confidence : null);
    expect(explanation?.edits[0]?.expression).toMatch(
      /"Inside the <…> you see <a …>.".*boxes\.things of <0>, as believed/,
    );
    expect(explanation?.edits[0]?.rule.join()).toMatch(/<0>/);
    expect(explanation?.edits[0]?.support).toBeGreaterThan(3);
  });

  it("abstains from actions of a form it has never seen", () => {
    const [first] = others;
    if (first === undefined) throw new Error("no step");
    const strange = { ...first, action: '"dance with box 1"' };
    expect(learner.current().predict(situationOf(strange, first.context))).toEqual({
      status: "abstained",
      reason: "no-support",
    });
  });
});

describe("text-edits in a world whose set-up is not told", () => {
  const told = { told: false };
  const learner = learnt(walk(80, 3, told));
  const judged = predictAll(learner.current(), walk(12, 4, told));

  it("foretells what was seen before, and is unsure of what was not", () => {
    const seen = new Set<string>();
    const again = judged.filter(({ transition: { episode, action, nextState } }) => {
      const key = `${episode} ${action}`;
      const known = seen.has(key);
      if (/Inside/.test(nextState)) seen.add(key);
      return known && /Inside/.test(nextState);
    });
    expect(again.length).toBeGreaterThan(10);
    expect(again.filter(({ right }) => right).length / again.length).toBeGreaterThan(0.95);
    expect(judged.filter(({ right }) => !right).length).toBeGreaterThan(0.1 * judged.length);
    const sure = judged.filter(
      ({ prediction }) => prediction.status === "answered" && (prediction.confidence ?? 0) > 0.9,
    );
    expect(sure.length).toBeGreaterThan(0.4 * judged.length);
    expect(sure.filter(({ right }) => right).length / sure.length).toBeGreaterThan(0.95);
  });
});

describe("a learner of text-edits", () => {
  it("learns while it runs, without being settled", () => {
    const learner = createTextLearner(toyOptions);
    let right = 0;
    for (const [at, step] of steps.entries()) {
      const history = learner.historyOf?.(step) ?? [];
      expect(history.length).toBe(step.step);
      const prediction = learner.current().predict(situationOf(step, step.context, undefined, history));
      if (at >= 1_000 && prediction.status === "answered" && prediction.next.form === "state")
        right += Number(prediction.next.stateText === step.nextState);
      learner.learn(step);
    }
    expect(right / (steps.length - 1_000)).toBeGreaterThan(0.95);
  });

  it("follows a world that changes, from version to version", () => {
    const learner = createTextLearner(toyOptions);
    for (const step of walk(150, 5)) learner.learn(step);
    const change = (text: string) => text.replace("is shut now", "falls shut with a bang");
    const changed = walk(20, 6).map((step) => ({
      ...step,
      nextState: change(step.nextState),
      state: change(step.state ?? ""),
    }));
    expect(exactness(learner.current(), changed)).toBeLessThan(0.97);
    for (const [at, step] of changed.entries()) {
      learner.learn(step);
      if (at % 120 === 119) publish(learner);
    }
    const again = walk(8, 7).map((step) => ({
      ...step,
      nextState: change(step.nextState),
      state: change(step.state ?? ""),
    }));
    expect(exactness(learner.current(), again)).toBeGreaterThan(0.97);
  });

  it("gives the same version for the same steps, and another for others", () => {
    const version = publish(learnt(steps.slice(0, 400))).version;
    expect(publish(learnt(steps.slice(0, 400))).version).toBe(version);
    expect(publish(learnt(steps.slice(24, 424))).version).not.toBe(version);
  });

  it("predicts from its published version as it does itself", () => {
    const learner = learnt(steps.slice(0, 600));
    const loaded = load(textEditsFactory, publish(learner));
    const [own, published] = [predictAll(learner.current(), others), predictAll(loaded, others)];
    expect(published.map(({ prediction }) => prediction)).toEqual(own.map(({ prediction }) => prediction));
  });

  it("goes on from a snapshot as if nothing had happened, wherever it is taken", () => {
    // Among them some in the middle of looking at what was learnt, and of an episode.
    for (const cut of [13, 97, 250, 401]) {
      const [a, b] = [createTextLearner(toyOptions), createTextLearner(toyOptions)];
      for (const step of steps.slice(0, cut)) a.learn(step);
      b.restore(a.snapshot());
      expect(Buffer.from(b.snapshot()).equals(Buffer.from(a.snapshot()))).toBe(true);
      for (const step of steps.slice(cut, cut + 200)) {
        expect(b.historyOf?.(step)).toEqual(a.historyOf?.(step));
        a.learn(step);
        b.learn(step);
      }
      expect(publish(b).version).toBe(publish(a).version);
    }
  });

  it("refuses a damaged version by the hash of its blob", () => {
    const version = publish(learnt(steps.slice(0, 200)));
    for (const hash of version.blobs) {
      const bytes = new Map(version.bytes).set(hash, Buffer.from("garbage"));
      expect(() => load(textEditsFactory, { ...version, bytes })).toThrow(hash);
    }
  });

  it("answers alike whether it followed the episode or is asked about its middle", () => {
    const learner = learnt(steps.slice(0, 600));
    const loaded = load(textEditsFactory, publish(learner));
    const followed = predictAll(learner.current(), others).map(({ prediction }) => prediction);
    const backwards = [...predictAll(loaded, others)].reverse();
    for (const [at, { transition, prediction }] of backwards.entries()) {
      expect(prediction).toEqual(followed[others.length - 1 - at]);
      if (at % 40 !== 0) continue;
      const before = others.filter(({ episode, step }) => episode === transition.episode && step < transition.step);
      const history = before.map(({ state, action }) => ({ stateText: state ?? "null", actionText: action }));
      expect(loaded.predict(situationOf(transition, transition.context, undefined, history))).toEqual(prediction);
    }
  });
});
