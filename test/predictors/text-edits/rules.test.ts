/** What was learnt as rules in words: the same list from the learner and from its version, with stable names, in both readings. */
import { describe, expect, it } from "vitest";
import type { LearntRule } from "../../../src/predictors/learnt-rules.ts";
import { createTextLearner } from "../../../src/predictors/text-edits/learner.ts";
import { textEditsFactory } from "../../../src/predictors/text-edits/text-edits.ts";
import { load, publish } from "../publish.ts";
import { visit } from "./pages/house.ts";
import { learnt, toyOptions, walk } from "./toy.ts";

const steps = walk(60, 1);
const boxes = learnt(steps);
const house = learnt(visit(90, 1));
const rulesOf = (learner: typeof boxes) => learner.current().rules?.() ?? [];
const saying = (rules: readonly LearntRule[], action: string, says: RegExp) =>
  rules.find((rule) => rule.action === action && says.test(rule.says));

describe("rules of a world with lists", () => {
  const rules = rulesOf(boxes);

  it("say what actions do to what lies where", () => {
    const effects = rules.filter(({ kind }) => kind === "effect").map(({ action, says }) => `${action}: ${says}`);
    expect(effects.sort()).toEqual([
      "put <0> into <1>: <0> enters boxes.things of <1>",
      "put <0> into <1>: <0> leaves held",
      "take <0> from <1>: <0> enters held",
      "take <0> from <1>: <0> leaves boxes.things of <1>",
    ]);
    expect(rules.slice(0, 4).every(({ kind }) => kind === "effect")).toBe(true);
  });

  it("say what is answered, where the lists come from, on how many steps that rests and how often it was right", () => {
    const inside = saying(rules, "peek into <0>", /^the answer is "Inside the/);
    expect(inside?.says).toMatch(/list 1 is <0> .*list 2 is boxes\.things of <0>, as believed \(right in 9\d\.\d %\)/);
    expect(inside?.when.length).toBeGreaterThan(0);
    expect(inside?.support).toBeGreaterThan(50);
    expect(inside?.tried?.tries).toBeGreaterThan(50);
    expect((inside?.tried?.hits ?? 0) / (inside?.tried?.tries ?? 1)).toBeGreaterThan(0.9);
    const looks = steps.filter(({ action }) => action.startsWith('"peek into'));
    const counted = rules
      .filter(({ action }) => action === "peek into <0>")
      .reduce((sum, { tried }) => sum + (tried?.tries ?? 0), 0);
    expect(counted).toBeLessThanOrEqual(looks.length);
  });

  it("are the same in the published version, and after a snapshot", () => {
    const learner = learnt(steps.slice(0, 700));
    expect(load(textEditsFactory, publish(learner)).rules?.()).toEqual(rulesOf(learner));
    const other = createTextLearner(toyOptions);
    other.restore(learner.snapshot());
    expect(rulesOf(other)).toEqual(rulesOf(learner));
    for (const step of steps.slice(700, 800)) {
      learner.learn(step);
      other.learn(step);
    }
    expect(rulesOf(other)).toEqual(rulesOf(learner));
    expect(publish(other).version).toBe(publish(learner).version);
  });

  it("keep their names when they are learnt anew from other steps", () => {
    const names = (all: readonly LearntRule[]) =>
      new Map(all.map(({ id, action, says }) => [id, `${action} ${says.replace(/[\d.]+ %/g, "")}`]));
    const [one, other] = [names(rules), names(rulesOf(learnt(walk(50, 9))))];
    const both = [...one.keys()].filter((id) => other.has(id));
    expect(both.length).toBeGreaterThan(10);
    for (const id of both) expect(other.get(id)).toBe(one.get(id));
    expect(one.size).toBe(rules.length);
  });
});

describe("rules of a world of pages", () => {
  const rules = rulesOf(house);

  it("say where ways lead, which text is taken, and what happens to pages", () => {
    expect(saying(rules, "go north", /leads elsewhere; "go south" leads back/)?.kind).toBe("effect");
    expect(saying(rules, "look", /^the answer is the page of this place$/)?.tried?.tries).toBeGreaterThan(100);
    expect(saying(rules, "take", /^the answer is "You take the <0>\."$/)?.support).toBeGreaterThan(100);
    expect(saying(rules, "take", /on the page where it happens, <0> leaves the list that shows it/)?.kind).toBe(
      "change",
    );
    expect(saying(rules, "", /the text ends with "You have found # things\."/)?.kind).toBe("name");
    for (const { says } of rules)
      for (const mark of ["\u0001", "\u0002", "\u0003", "\u0004"]) expect(says).not.toContain(mark);
    expect(load(textEditsFactory, publish(house)).rules?.()).toEqual(rulesOf(house));
  });
});
