/** What operators order of rules of structured worlds, in every later version: what is deleted is never chosen, what is pinned always is. */
import { describe, expect, it } from "vitest";
import type { Transition } from "../../../src/codec/records.ts";
import type { Json } from "../../../src/json/json.ts";
import { tryPatch } from "../../../src/json/patch.ts";
import type { LearntRule } from "../../../src/predictors/learnt-rules.ts";
import { emptyForest } from "../../../src/predictors/lifted/forest.ts";
import { bitOf, families, places, tokenOf } from "../../../src/predictors/lifted/tokens.ts";
import { createLiftedLearner } from "../../../src/predictors/lifted-edits/learning/learner.ts";
import { liftedEditsFactory } from "../../../src/predictors/lifted-edits/lifted-edits.ts";
import { liftedOptions } from "../../../src/predictors/lifted-edits/options.ts";
import { RowModels, rowKey } from "../../../src/predictors/lifted-edits/rules/row-model.ts";
import type { Learner, Predictor } from "../../../src/predictors/predictor.ts";
import { type OrderName, pinnedWords, type RuleOrder } from "../../../src/predictors/rule-orders.ts";
import { situationOfTransition, transitionOf } from "../../support/transitions.ts";
import { load, publish } from "../publish.ts";
import { lampStep, lamps, type Room } from "./lamps.ts";
import { exactness, learnt, type Step, walk } from "./toy.ts";

const steps = walk(lamps, lampStep(), 300);
const others = walk(lamps, lampStep(), 120, 70);
const rulesOf = (one: Learner | Predictor) => ("learn" in one ? one.current() : one).rules?.() ?? [];

/** Blobs of all versions: a version shares some with the one before it. */
const blobs = new Map<string, Uint8Array>();
function newest(learner: Learner) {
  const version = publish(learner);
  for (const [hash, bytes] of version.bytes) blobs.set(hash, bytes);
  return { ...version, bytes: blobs };
}
const published = (learner: Learner) => load(liftedEditsFactory, newest(learner));

function ruleOf(learner: Learner, says: RegExp): LearntRule {
  const found = rulesOf(learner).find((rule) => says.test(`${rule.action}: ${rule.says}`));
  if (found === undefined) throw new Error(`no rule says ${says}`);
  return found;
}

function ordered(order: OrderName, { id, content }: Pick<LearntRule, "id" | "content">): RuleOrder {
  if (content === null) throw new Error("not editable");
  return { rule: id, order, content, author: "me", at: 5 };
}

/** By hand, of the path of a rule. */
function pinnedByHand(rule: LearntRule, expression: Json): RuleOrder {
  const content = JSON.stringify({
    ...JSON.parse(rule.content ?? ""),
    expression: JSON.stringify(expression),
    kinds: [[]],
  });
  return { rule: "aaaaaaaaaaaa", order: "pin", content, author: "me", at: 5 };
}

function nextOf(predictor: Predictor, transition: Transition): Json {
  const situation = situationOfTransition(transition);
  const prediction = predictor.predict(situation);
  if (prediction.status !== "answered" || prediction.next.form !== "patch") throw new Error(prediction.status);
  const next = tryPatch(situation.state, prediction.next.patch);
  if (!next.ok) throw new Error("a patch that does not apply");
  return next.value;
}

/** By how much the uses of a lamp that is lit are foretold to grow. */
function growths(predictor: Predictor, transitions = others): ReadonlySet<number> {
  const lit = transitions.filter(({ action, state, nextState }) => action.includes("light") && state !== nextState);
  return new Set(
    lit.map((transition) => {
      const [before, after] = [JSON.parse(transition.state ?? "") as Room, nextOf(predictor, transition) as Room];
      return Object.keys(before.lamps).reduce(
        (sum, key) => sum + (after.lamps[key]?.uses ?? 0) - (before.lamps[key]?.uses ?? 0),
        0,
      );
    }),
  );
}

describe("a deleted edit", () => {
  const learner = learnt(steps);
  const before = newest(learner);
  const counts = ruleOf(learner, /^light #: lamps\.\*: uses changes by 1$/);

  it("is never made by a version, which lists it as deleted; once restored, the version is what it was", () => {
    expect(growths(load(liftedEditsFactory, before))).toEqual(new Set([1]));
    learner.obey?.([ordered("delete", counts)]);
    expect(learner.dirty()).toBe(true);
    const after = published(learner);
    expect(growths(after)).toEqual(new Set([0]));
    expect(rulesOf(after).filter(({ order }) => order !== null)).toMatchObject([
      { id: counts.id, order: { order: "delete", author: "me" } },
    ]);
    expect(rulesOf(learner)).toEqual(rulesOf(after));
    learner.obey?.([]);
    expect(newest(learner).version).toBe(before.version);
  });

  it("stays so when it is learnt again, and leaves all other paths alone", () => {
    learner.obey?.([ordered("delete", counts)]);
    const again = createLiftedLearner(liftedOptions);
    again.obey?.([ordered("delete", counts)]);
    for (const step of steps) again.learn(step);
    expect(growths(published(again))).toEqual(new Set([0]));
    const still = others.filter(({ action }) => !action.includes("light"));
    expect(exactness(published(learner), still)).toBe(1);
    learner.obey?.([]);
  });

  it("does not change what is learnt: the version is the same whenever the order came, and after a restart", () => {
    const [early, late] = [createLiftedLearner(liftedOptions), createLiftedLearner(liftedOptions)];
    early.obey?.([ordered("delete", counts)]);
    for (const step of steps) early.learn(step);
    for (const step of steps) late.learn(step);
    expect(early.current().predict(situationOfTransition(others[0] as Transition))).toEqual(
      late.current().predict(situationOfTransition(others[0] as Transition)),
    );
    late.obey?.([ordered("delete", counts)]);
    expect(publish(early).version).toBe(publish(late).version);
    const again = createLiftedLearner(liftedOptions);
    again.obey?.([ordered("delete", counts)]);
    again.restore(late.snapshot());
    expect(again.dirty()).toBe(false);
    expect(publish(again).version).toBe(publish(late).version);
  });
});

describe("a pinned edit", () => {
  it("is made in the kind of situation in which it led, although the world has changed since and the gate knows it", () => {
    const learner = learnt(steps);
    const counts = ruleOf(learner, /^light #: lamps\.\*: uses changes by 1$/);
    for (const step of walk(lamps, lampStep(2), 1_200, 200)) learner.learn(step);
    learner.settle?.();
    expect(growths(published(learner))).toEqual(new Set([2]));
    learner.obey?.([ordered("pin", counts)]);
    const pinned = published(learner);
    expect(growths(pinned)).toEqual(new Set([1]));
    expect(rulesOf(pinned).find(({ id }) => id === counts.id)?.order?.order).toBe("pin");
    // Where it never led nothing else happens.
    const still = others.filter(({ action }) => !action.includes("light"));
    expect(exactness(pinned, still)).toBe(1);
    const lit = others.find(({ action, state, nextState }) => action.includes("light") && state !== nextState);
    const explained = pinned.explain?.(situationOfTransition(lit as Transition));
    expect(explained?.edits.find(({ path }) => path.endsWith("/uses"))).toMatchObject({
      expression: "changes by 1",
      rule: [pinnedWords],
    });
  });

  it("is made although nobody has learnt it, and is listed with no support; what is none is left out", () => {
    const learner = learnt(steps);
    const counts = ruleOf(learner, /^light #: lamps\.\*: uses changes by 1$/);
    learner.obey?.([pinnedByHand(counts, ["constant", 77])]);
    const version = published(learner);
    const room = nextOf(version, others[0] as Transition) as Room;
    expect(Object.values(room.lamps).map(({ uses }) => uses)).toEqual([77, 77, 77]);
    expect(rulesOf(version).find(({ says }) => says.endsWith("uses becomes 77"))).toMatchObject({
      support: 0,
      order: { order: "pin" },
    });
    const one = { rule: "aaaaaaaaaaaa", order: "pin", author: "me", at: 1 } as const;
    for (const content of ["{", "null", '{"is":"edit"}', pinnedByHand(counts, ["keep"]).content])
      learner.obey?.([{ ...one, content }]);
    expect(exactness(published(learner), others)).toBe(1);
  });

  it("is made although the rules of its path are nearly always wrong", () => {
    const step: Step<{ noise: number; clock: number }> = ({ noise, clock }, random) => [
      "wait",
      { noise: random.below(12) === 0 ? random.below(1_000) : noise, clock: clock + 1 },
    ];
    const start = () => ({ noise: 0, clock: 0 });
    const learner = learnt(walk(start, step, 600));
    const noise = ruleOf(learner, /the state: noise becomes/);
    const still = walk(start, step, 60, 5);
    const foretold = (predictor: Predictor) =>
      new Set(still.map((one) => (nextOf(predictor, one) as { noise: number }).noise));
    expect(foretold(published(learner))).not.toContain(77);
    learner.obey?.([pinnedByHand(noise, ["constant", 77])]);
    expect(foretold(published(learner))).toEqual(new Set([77]));
  });

  it("has what its conditions ask of written, although no forest asks for it", () => {
    const models = new RowModels();
    const token = tokenOf(families.self, 1, 2, places.equal);
    const pinned = [{ label: 0, kinds: [[{ token, present: true }]] }];
    const ordered = { known: 0, count: 1, deleted: [], pinned };
    models.set({ key: rowKey("lamps", "lit"), forest: emptyForest, expressions: [["not"]] });
    expect(models.asked("lamps")).toBe(0);
    models.set({ key: rowKey("lamps", "lit"), forest: emptyForest, expressions: [["not"]], ordered });
    expect(models.asked("lamps")).toBe(bitOf(places.equal));
  });
});

describe("things that come and go, new values, and what the world does by itself", () => {
  const start = (episode: number) => ({ jars: [] as { name: string; full: boolean }[], made: episode % 3, clock: 0 });
  type Shelf = ReturnType<typeof start>;
  const step: Step<Shelf> = (state, random) => {
    const verb = ["make", "break", "wait"][random.below(3)] ?? "wait";
    const [first] = state.jars;
    if (verb === "make")
      return [
        { name: "make", arguments: { name: `jar ${state.made}` } },
        { ...state, made: state.made + 1, jars: [...state.jars, { name: `jar ${state.made}`, full: true }] },
      ];
    if (verb === "break" && first !== undefined)
      return [
        { name: "break", arguments: { name: first.name } },
        { ...state, jars: state.jars.slice(1) },
      ];
    return [{ name: "wait", arguments: {} }, state];
  };
  /** Behind each action the clock goes on. */
  const ticking = (all: readonly Transition[]) =>
    all.map((one) => {
      const [before, middle] = [JSON.parse(one.state ?? "") as Shelf, JSON.parse(one.nextState) as Shelf];
      const state: Json = { ...before, clock: one.step };
      const next: Json = { ...middle, clock: one.step + 1 };
      const made = transitionOf(state, JSON.parse(one.action), next, { episode: one.episode, step: one.step });
      const patch = JSON.stringify([{ op: "replace", path: "", value: { ...middle, clock: one.step } }]);
      return { ...made, intermediatePatch: patch };
    });
  const learner = learnt(ticking(walk(start, step, 400)));
  const jars = ticking(walk(start, step, 60, 90));
  const some = (verb: string) => {
    const found = jars.find(({ action }) => action.includes(`"${verb}"`));
    if (found === undefined) throw new Error(`nobody does ${verb}`);
    return found;
  };
  const doneWith = (order: RuleOrder | null, verb: string) => {
    learner.obey?.(order === null ? [] : [order]);
    const done = nextOf(published(learner), some(verb)) as Shelf;
    learner.obey?.([]);
    return done;
  };

  it("are deleted like all edits", () => {
    const [made, broken] = [some("make"), some("break")];
    expect(doneWith(null, "make")).toEqual(JSON.parse(made.nextState));
    expect(doneWith(null, "break")).toEqual(JSON.parse(broken.nextState));
    const comes = ruleOf(learner, /make.*: of jars\.\* comes a new \{full: …, name: …\}$/);
    expect(doneWith(ordered("delete", comes), "make").jars).toEqual((JSON.parse(made.state ?? "") as Shelf).jars);
    const goes = ruleOf(learner, /: a thing of jars\.\* goes away$/);
    expect(doneWith(ordered("delete", goes), "break").jars).toEqual((JSON.parse(broken.state ?? "") as Shelf).jars);
    const ticks = ruleOf(learner, /by itself\): the state: clock changes by 1/);
    expect(doneWith(ordered("delete", ticks), "wait").clock).toBe(some("wait").step);
  });

  it("are pinned like all edits: a leaf of what is new is made so", () => {
    const leaf = ruleOf(learner, /a new one of jars\.\*: its full becomes true$/);
    expect(doneWith(pinnedByHand(leaf, ["constant", false]), "make").jars.at(-1)?.full).toBe(false);
    const ticks = ruleOf(learner, /by itself\): the state: clock changes by 1/);
    expect(doneWith(pinnedByHand(ticks, ["shift", 5, -1]), "wait").clock).toBe(some("wait").step + 5);
  });
});
