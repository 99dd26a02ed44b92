/** What is learnt of a world of pages, as a whole. */
import { describe, expect, it } from "vitest";
import type { Transition } from "../../../../src/codec/records.ts";
import { situationOf } from "../../../../src/predictors/situation.ts";
import { createTextLearner } from "../../../../src/predictors/text-edits/learner.ts";
import { textEditsFactory } from "../../../../src/predictors/text-edits/text-edits.ts";
import { load, publish } from "../../publish.ts";
import { learnt, predictAll, toyOptions } from "../toy.ts";
import { visit } from "./house.ts";

const steps = visit(120, 1);
const others = visit(16, 2);
const learner = learnt(steps);
const judged = predictAll(learner.current(), others);

/** Steps whose answer the episode has told of: its page was seen, or it is no page. */
function tellable(all: readonly Transition[]): ReadonlySet<Transition> {
  const known = new Set<Transition>();
  const seen = new Set<string>();
  for (const step of all) {
    const titleOf = (text: string | null) => `${step.episode} ${text?.split("\\n", 1)[0]}`;
    seen.add(titleOf(step.state));
    if (!step.nextState.startsWith('"==') || seen.has(titleOf(step.nextState))) known.add(step);
    seen.add(titleOf(step.nextState));
  }
  return known;
}

const share = (of: readonly { readonly right: boolean }[]) => of.filter(({ right }) => right).length / of.length;

describe("text-edits in a world of pages", () => {
  it("foretells what the episode has told of, in houses that it has never seen", () => {
    const known = tellable(others);
    expect(share(judged.filter(({ transition }) => known.has(transition)))).toBeGreaterThan(0.9);
  });

  it("foretells pages that have changed since they were seen: doors that were opened, things that came and went", () => {
    const changed = judged.filter(({ transition }) => {
      const before = others.filter(({ episode, step }) => episode === transition.episode && step < transition.step);
      const title = transition.nextState.split("\\n", 1)[0] ?? "";
      const last = before.findLast(({ nextState }) => nextState.startsWith(title));
      return title.startsWith('"==') && last !== undefined && last.nextState !== transition.nextState;
    });
    expect(changed.length).toBeGreaterThan(20);
    expect(share(changed)).toBeGreaterThan(0.75);
  });

  it("foretells the first answer about what is held: what all begin with, and what was taken since", () => {
    const asked = new Set<string>();
    const first = predictAll(learner.current(), visit(120, 5)).filter(({ transition: { episode, action } }) => {
      const isFirst = action === '"inventory"' && !asked.has(episode);
      if (isFirst) asked.add(episode);
      return isFirst;
    });
    const held = first.filter(({ transition }) => transition.nextState.includes("You carry:"));
    expect(held.length).toBeGreaterThan(12);
    expect(share(held)).toBeGreaterThan(0.8);
  });

  it("counts what a tail counts", () => {
    const found = judged.filter(({ transition }) => transition.nextState.includes("You have found"));
    expect(found.length).toBeGreaterThan(20);
    expect(share(found)).toBeGreaterThan(0.95);
  });

  it("abstains where a page is due that nobody has seen, or is unsure", () => {
    const known = tellable(others);
    const first = judged.filter(({ transition }) => !known.has(transition));
    expect(first.length).toBeGreaterThan(10);
    const sure = first.filter(
      ({ prediction, right }) => prediction.status === "answered" && (prediction.confidence ?? 0) > 0.9 && !right,
    );
    expect(sure).toEqual([]);
  });

  it("says which text it takes, and why", () => {
    const look = judged.find(
      ({ transition, right }) => right && transition.action === '"look"' && transition.step > 10,
    );
    if (look === undefined) throw new Error("nobody looked");
    const { transition } = look;
    const before = others.filter(({ episode, step }) => episode === transition.episode && step < transition.step);
    const history = before.map(({ state, action }) => ({ stateText: state ?? "null", actionText: action }));
    const explanation = learner.current().explain?.(situationOf(transition, null, undefined, history));
    expect(explanation?.edits[0]?.expression).toContain("the page of this place");
    expect(explanation?.edits[0]?.support).toBeGreaterThan(0);
    expect(explanation?.edits[0]?.rule.join()).toMatch(/text|page|answer/);
  });

  it("predicts from its published version as it does itself, and goes on from a snapshot as if nothing had happened", () => {
    const one = learnt(steps.slice(0, 700));
    const loaded = load(textEditsFactory, publish(one));
    expect(predictAll(loaded, others).map(({ prediction }) => prediction)).toEqual(
      predictAll(one.current(), others).map(({ prediction }) => prediction),
    );
    for (const cut of [13, 250, 611]) {
      const [a, b] = [createTextLearner(toyOptions), createTextLearner(toyOptions)];
      for (const step of steps.slice(0, cut)) a.learn(step);
      b.restore(a.snapshot());
      for (const step of steps.slice(cut, cut + 150)) {
        a.learn(step);
        b.learn(step);
      }
      expect(publish(b).version).toBe(publish(a).version);
    }
  });

  it("answers alike whether it followed the episode or is asked about its middle", () => {
    const loaded = load(textEditsFactory, publish(learner));
    for (const { transition, prediction } of judged.filter((_, at) => at % 17 === 0)) {
      const before = others.filter(({ episode, step }) => episode === transition.episode && step < transition.step);
      const history = before.map(({ state, action }) => ({ stateText: state ?? "null", actionText: action }));
      expect(loaded.predict(situationOf(transition, null, undefined, history))).toEqual(prediction);
    }
  });
});
