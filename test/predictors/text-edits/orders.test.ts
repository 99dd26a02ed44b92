/** What operators order of learnt rules, in every later version: deleted ones are not followed, pinned ones are, whatever is learnt since. */
import { describe, expect, it } from "vitest";
import type { Transition } from "../../../src/codec/records.ts";
import type { LearntRule } from "../../../src/predictors/learnt-rules.ts";
import type { Learner, Predictor } from "../../../src/predictors/predictor.ts";
import type { OrderName, RuleOrder } from "../../../src/predictors/rule-orders.ts";
import { createTextLearner } from "../../../src/predictors/text-edits/learner.ts";
import { textEditsFactory } from "../../../src/predictors/text-edits/text-edits.ts";
import { load, publish } from "../publish.ts";
import { visit } from "./pages/house.ts";
import { exactness, learnt, predictAll, toyOptions, walk } from "./toy.ts";

const steps = walk(60, 1);
const others = walk(12, 2);
const rulesOf = (one: Learner | Predictor) => ("learn" in one ? one.current() : one).rules?.() ?? [];

/** Blobs of all versions: a version shares some with the one before it. */
const blobs = new Map<string, Uint8Array>();
function newest(learner: Learner) {
  const version = publish(learner);
  for (const [hash, bytes] of version.bytes) blobs.set(hash, bytes);
  return { ...version, bytes: blobs };
}
const published = (learner: Learner) => load(textEditsFactory, newest(learner));

function ruleOf(learner: Learner, action: string, says: RegExp): LearntRule {
  const found = rulesOf(learner).find((rule) => rule.action === action && says.test(rule.says));
  if (found === undefined) throw new Error(`no rule of ${action} says ${says}`);
  return found;
}

function ordered(order: OrderName, { id, content }: Pick<LearntRule, "id" | "content">): RuleOrder {
  if (content === null) throw new Error("not editable");
  return { rule: id, order, content, author: "me", at: 5 };
}

/** The texts predicted for actions of a form; null where it abstains. */
function textsFor(predictor: Predictor, action: RegExp, transitions = others): readonly (string | null)[] {
  return predictAll(predictor, transitions)
    .filter(({ transition }) => action.test(transition.action))
    .map(({ prediction }) =>
      prediction.status === "answered" && prediction.next.form === "state"
        ? (JSON.parse(prediction.next.stateText) as string)
        : null,
    );
}

describe("a deleted rule", () => {
  const learner = learnt(steps);
  const before = newest(learner);
  const shut = ruleOf(learner, "peek into <0>", /The <…> is shut/);
  const inside = ruleOf(learner, "peek into <0>", /Inside the/);

  it("is never chosen by a version, which lists it as deleted; once restored, the version is what it was", () => {
    expect(textsFor(load(textEditsFactory, before), /peek/).some((text) => text?.endsWith("is shut."))).toBe(true);
    learner.obey?.([ordered("delete", shut)]);
    expect(learner.dirty()).toBe(true);
    const after = published(learner);
    expect(textsFor(after, /peek/).some((text) => text?.endsWith("is shut."))).toBe(false);
    expect(textsFor(after, /peek/).some((text) => text?.startsWith("Inside"))).toBe(true);
    expect(rulesOf(after).find(({ id }) => id === shut.id)?.order).toMatchObject({ order: "delete", author: "me" });
    expect(rulesOf(after).filter(({ order }) => order !== null)).toHaveLength(1);
    learner.obey?.([]);
    expect(publish(learner).version).toBe(before.version);
  });

  it("leaves an abstention where nothing else was learnt", () => {
    learner.obey?.([ordered("delete", shut), ordered("delete", inside)]);
    expect(new Set(textsFor(published(learner), /peek/))).toEqual(new Set([null]));
    learner.obey?.([]);
  });

  it("of what an action does is not believed any more", () => {
    const leaves = ruleOf(learner, "take <0> from <1>", /^<0> leaves boxes/);
    const whole = exactness(published(learner), others);
    learner.obey?.([ordered("delete", leaves)]);
    expect(exactness(published(learner), others)).toBeLessThan(whole);
    learner.obey?.([]);
  });

  it("does not change what is learnt: the version is the same whenever the order came", () => {
    const [early, late] = [createTextLearner(toyOptions), createTextLearner(toyOptions)];
    early.obey?.([ordered("delete", shut)]);
    for (const step of steps.slice(0, 600)) early.learn(step);
    for (const step of steps.slice(0, 600)) late.learn(step);
    late.obey?.([ordered("delete", shut)]);
    expect(publish(early).version).toBe(publish(late).version);
    const again = createTextLearner(toyOptions);
    again.obey?.([ordered("delete", shut)]);
    again.restore(late.snapshot());
    expect(again.dirty()).toBe(false);
    expect(publish(again).version).toBe(publish(late).version);
  });
});

describe("a pinned rule", () => {
  /** From here on boxes that stand open are spoken of in another way. */
  const changed = (all: readonly Transition[]) =>
    all.map((one) => ({ ...one, nextState: one.nextState.replace(/was open before/, "stands open already") }));

  it("holds in the kind of situation in which it led, although the world has changed since; it stays where refits would drop it", () => {
    const learner = learnt(steps.slice(0, 500));
    const old = ruleOf(learner, "open <0>", /was open before/);
    for (const step of changed(walk(160, 5))) learner.learn(step);
    learner.settle?.();
    const now = textsFor(published(learner), /"open/);
    const count = (texts: typeof now, end: string) => texts.filter((text) => text?.endsWith(end)).length;
    expect(count(now, "already.")).toBeGreaterThan(5);
    learner.obey?.([ordered("pin", old)]);
    const pinned = published(learner);
    const then = textsFor(pinned, /"open/);
    // Its kinds of situation are those of the forest that led then: at their borders the new rule may still speak.
    expect(count(then, "already.")).toBeLessThan(0.3 * count(now, "already."));
    expect(count(then, "before.")).toBeGreaterThan(0.7 * count(now, "already."));
    expect(count(then, "is open now.")).toBeGreaterThan(5);
    expect(rulesOf(pinned).find(({ id }) => id === old.id)?.order?.order).toBe("pin");
  });

  it("holds although nobody has learnt it, and is listed with no support", () => {
    const learner = learnt(steps);
    const content = JSON.stringify({
      is: "answer",
      form: "open \u00010\u0002",
      label: "You sing to the \u0001\u0002.",
      kinds: [[]],
    });
    learner.obey?.([{ rule: "aaaaaaaaaaaa", order: "pin", content, author: "me", at: 1 }]);
    const version = published(learner);
    expect(textsFor(version, /"open/).every((text) => /^You sing to the box \d\.$/.test(text ?? ""))).toBe(true);
    const listed = rulesOf(version).find(({ says }) => says.includes("You sing"));
    expect(listed).toMatchObject({ action: "open <0>", support: 0, order: { order: "pin" } });
    learner.obey?.([{ rule: "aaaaaaaaaaaa", order: "pin", content: "{", author: "me", at: 1 }]);
    expect(exactness(published(learner), others)).toBeGreaterThan(0.99);
  });
});

describe("in a world of pages", () => {
  const learner = learnt(visit(90, 1));
  const houses = visit(10, 2);

  it("answers and changes of pages are deleted and pinned alike", () => {
    const take = ruleOf(learner, "take", /^the answer is "You take the <0>\."$/);
    const goes = ruleOf(learner, "take <0>", /on the page where it happens, <0> leaves the list that shows it/);
    expect(textsFor(published(learner), /"take/, houses).some((text) => text?.startsWith("You take"))).toBe(true);
    const share = exactness(published(learner), houses);
    learner.obey?.([ordered("delete", take)]);
    expect(textsFor(published(learner), /"take/, houses).some((text) => text?.startsWith("You take"))).toBe(false);
    learner.obey?.([ordered("delete", goes)]);
    expect(exactness(published(learner), houses)).toBeLessThan(share);
    learner.obey?.([ordered("pin", goes), ordered("pin", take)]);
    expect(exactness(published(learner), houses)).toBeGreaterThan(share - 0.01);
    const sings = JSON.stringify({ is: "answer", form: "take", label: "You sing to the \u00010\u0002.", kinds: [[]] });
    learner.obey?.([{ rule: "aaaaaaaaaaaa", order: "pin", content: sings, author: "me", at: 1 }]);
    expect(
      textsFor(published(learner), /"take/, houses).every((text) => text?.startsWith("You sing to the ") === true),
    ).toBe(true);
  });
});
