/** What operators order of learnt rules, in every later version: deleted ones are not followed, pinned ones are, whatever is learnt since. */
import { describe, expect, it } from "vitest";
import type { Transition } from "../../../src/codec/records.ts";
import type { LearntRule } from "../../../src/predictors/learnt-rules.ts";
import type { Learner, Predictor } from "../../../src/predictors/predictor.ts";
import type { OrderName, RuleOrder } from "../../../src/predictors/rule-orders.ts";
import { situationOf } from "../../../src/predictors/situation.ts";
import { createTextLearner } from "../../../src/predictors/text-edits/learner.ts";
import { obeyed } from "../../../src/predictors/text-edits/obeyed.ts";
import { createStore } from "../../../src/predictors/text-edits/store.ts";
import { noStructure } from "../../../src/predictors/text-edits/structure.ts";
import { textEditsFactory } from "../../../src/predictors/text-edits/text-edits.ts";
import { load, publish } from "../publish.ts";
import { call } from "./api.ts";
import { pins, work } from "./pages/bench.ts";
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
    const goes = ruleOf(learner, "take", /on the page where it happens, <0> leaves the list that shows it/);
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

/** By hand: a label of a choice, wherever it comes. */
function pinnedByHand(form: string, label: string): RuleOrder {
  const content = JSON.stringify({ is: "answer", form, label, kinds: [[]] });
  return { rule: "aaaaaaaaaaaa", order: "pin", content, author: "me", at: 1 };
}

describe("what things are called", () => {
  const learner = learnt(visit(90, 1));
  const houses = visit(10, 2);
  const taken = () => textsFor(published(learner), /"take/, houses);
  const names = rulesOf(learner).filter(({ says }) => says.startsWith("an answer names a thing"));

  it("is pinned: things are called so wherever they can be", () => {
    learner.obey?.([pinnedByHand("\u0004name", "\u0004kind 3")]);
    const called = [...new Set(taken().flatMap((text) => /You take the (.*?)\./.exec(text ?? "")?.[1] ?? []))];
    expect(called.sort()).toEqual(["apple", "key", "pot", "spoon"]);
    expect(rulesOf(published(learner)).find(({ order }) => order !== null)).toMatchObject({
      kind: "name",
      says: "an answer names a thing by its last word",
      support: 0,
    });
    learner.obey?.([]);
  });

  it("is deleted: the next name is taken, and where there is none nothing is said that names the thing", () => {
    const right = taken();
    expect(right.some((text) => text?.startsWith("You take the "))).toBe(true);
    expect(names.length).toBeGreaterThan(0);
    for (const one of names) {
      learner.obey?.([ordered("delete", one)]);
      const listed = rulesOf(published(learner)).find(({ id }) => id === one.id);
      expect(listed?.order?.order).toBe("delete");
    }
    const kinds = Array.from({ length: 11 }, (_, kind) => `\u0004kind ${kind}`);
    const all = kinds.map((label) => ({ ...pinnedByHand("\u0004name", label), order: "delete" as const, rule: label }));
    learner.obey?.(all);
    const left = taken();
    expect(left.filter((text) => text?.startsWith("You take the "))).toEqual([]);
    learner.obey?.([]);
    expect(taken()).toEqual(right);
  });
});

describe("ends of things", () => {
  const learner = learnt(work(30, 1));
  const benches = work(6, 2);
  /** But for what other rules say as it was said before in the episode. */
  const wired = () =>
    predictAll(published(learner), benches).flatMap(({ transition: { episode, step }, prediction }) => {
      const said =
        prediction.status === "answered" && prediction.next.form === "state" ? prediction.next.stateText : "";
      const before = benches.filter((one) => one.episode === episode && one.step < step);
      return said.includes("now meets") && !before.some(({ nextState }) => nextState === said) ? [said] : [];
    });
  const [left = "", right = ""] = pins;

  it("are deleted: the other end is named, or nothing that names one", () => {
    const [lefts, rights] = [left, right].map((pin) => ruleOf(learner, "", new RegExp(`behind "${pin}"`)));
    expect(wired().some((text) => text.includes(left))).toBe(true);
    if (lefts === undefined || rights === undefined) throw new Error("no ends");
    learner.obey?.([ordered("delete", lefts)]);
    expect(wired().length).toBeGreaterThan(5);
    expect(wired().filter((text) => text.includes(left))).toEqual([]);
    learner.obey?.([ordered("delete", lefts), ordered("delete", rights)]);
    expect(wired()).toEqual([]);
    learner.obey?.([]);
  });

  it("are pinned: both things are named by that end", () => {
    learner.obey?.([pinnedByHand("\u0004end", `\u0004phrase ${left}`)]);
    expect(wired().length).toBeGreaterThan(5);
    expect(wired().filter((text) => text.includes(right))).toEqual([]);
    learner.obey?.([]);
  });
});

describe("ends of texts", () => {
  const learner = learnt(visit(90, 1));
  const houses = visit(10, 2);
  const found = /\n\n\nYou have found \d+ things\.$/;
  const texts = (verb: string) => textsFor(published(learner), new RegExp(`"${verb}`), houses);
  const ends = (verb: string) => texts(verb).filter((text) => found.test(text ?? "")).length;
  const said = /the text ends with "You have found # things\."/;
  const [ofAll, ofTake] = ["", "take"].map((verb) => ruleOf(learner, verb, said));
  const without = ruleOf(learner, "", /^the text ends without more$/);
  if (ofAll === undefined || ofTake === undefined) throw new Error("no ends");

  it("are deleted: of a verb after that verb, of every action after none", () => {
    expect(ends("take")).toBeGreaterThan(5);
    for (const one of [ofAll, ofTake]) {
      learner.obey?.([ordered("delete", one)]);
      expect(ends("take")).toBe(0);
      expect(texts("take").some((text) => text?.startsWith("You take the "))).toBe(true);
    }
    learner.obey?.([ordered("delete", ofAll), ordered("delete", without)]);
    expect(new Set(["take", "drop"].flatMap(texts))).toEqual(new Set([null]));
    learner.obey?.([]);
  });

  it("are pinned: those of the verb before those of every action, and none that is deleted", () => {
    learner.obey?.([pinnedByHand("\u0004tail drop", "\u0004tail  Well done.")]);
    expect(texts("drop").every((text) => text?.endsWith(" Well done.") === true)).toBe(true);
    expect(texts("take").some((text) => text?.endsWith("Well done.") === true)).toBe(false);
    const all = { ...pinnedByHand("\u0004tail", "\u0004tail  Alas."), rule: "bbbbbbbbbbbb" };
    learner.obey?.([pinnedByHand("\u0004tail drop", "\u0004tail  Well done."), all]);
    expect(texts("drop").every((text) => text?.endsWith(" Well done.") === true)).toBe(true);
    expect(texts("take").every((text) => text?.endsWith(" Alas.") === true)).toBe(true);
    learner.obey?.([{ ...all, order: "delete" }, pinnedByHand("\u0004tail", "\u0004tail  Alas.")]);
    expect(texts("take").some((text) => text?.endsWith("Alas.") === true)).toBe(false);
    learner.obey?.([]);
  });
});

it("what is deleted of a part of answers is not said either where no forest chooses it yet", () => {
  const store = createStore(noStructure, toyOptions);
  const deleted = { ...pinnedByHand("\u0004tail drop", "\u0004tail  Alas."), order: "delete" as const };
  const answer = { ...pinnedByHand("drop", "You sing."), order: "delete" as const };
  const rules = obeyed(store, [deleted, answer]);
  expect(rules.choiceOf("\u0004tail drop")).toMatchObject({
    templates: ["\u0004tail  Alas."],
    ordered: { known: 0, count: 1, deleted: [0] },
  });
  expect(rules.choiceOf("drop")).toBeUndefined();
});

describe("answers to calls", () => {
  const learner = createTextLearner(toyOptions);
  for (let at = 0; at < 40; at++) learner.learn(call(at));
  const fresh = Array.from({ length: 12 }, (_, at) => call(60 + at));
  const refused = (text: string | null) => text?.includes("no argument 'odd_") === true;
  const answers = () =>
    fresh.map((one) => {
      const prediction = published(learner).predict(situationOf(one, one.context));
      return prediction.status === "answered" && prediction.next.form === "state" ? prediction.next.stateText : null;
    });

  it("are deleted and pinned like all answers", () => {
    expect(answers().filter(refused)).toHaveLength(4);
    const refusals = rulesOf(learner).filter(({ says }) => says.includes("no argument '"));
    expect(refusals.length).toBeGreaterThan(0);
    learner.obey?.(refusals.map((one) => ordered("delete", one)));
    expect(answers().filter(refused)).toEqual([]);
    expect(rulesOf(published(learner)).filter(({ order }) => order?.order === "delete")).toHaveLength(refusals.length);
    const all = rulesOf(learner).filter(({ action }) => action === "a call");
    learner.obey?.(all.map((one) => ordered("delete", one)));
    expect(new Set(answers())).toEqual(new Set([null]));
    const [one] = fresh;
    const silent = one && published(learner).predict(situationOf(one, one.context));
    expect(silent).toEqual({ status: "abstained", reason: "rule-deleted" });
    learner.obey?.([pinnedByHand("\u0003call", "failure: closed\u0003answer: ")]);
    expect(new Set(answers())).toEqual(new Set(['{"answer":"","failure":"closed"}']));
    learner.obey?.([]);
  });
});
