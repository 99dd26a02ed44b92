/** A field under another name: nothing need be learnt anew, and states of both kinds may come side by side. */
import { describe, expect, it } from "vitest";
import type { Transition } from "../../../src/codec/records.ts";
import { createLiftedLearner } from "../../../src/predictors/lifted-edits/learning/learner.ts";
import { liftedEditsFactory } from "../../../src/predictors/lifted-edits/lifted-edits.ts";
import { liftedOptions } from "../../../src/predictors/lifted-edits/options.ts";
import type { Learner } from "../../../src/predictors/predictor.ts";
import { situationOfTransition } from "../../support/transitions.ts";
import { load, publish } from "../publish.ts";
import { exactness, type Step, walk } from "./toy.ts";

type Shop = { readonly orders: { readonly [id: string]: { readonly status: string; readonly total: number } } };

const start = (episode: number): Shop => ({
  orders: Object.fromEntries(
    [0, 1, 2, 3].map((at) => [`order ${4 * episode + at}`, { status: "pending", total: 10 + at }]),
  ),
});

/** An order that is open is closed or sent; others stay. */
const step: Step<Shop> = ({ orders }, random) => {
  const ids = Object.keys(orders);
  const id = ids[random.below(ids.length)] ?? "";
  const order = orders[id] ?? { status: "", total: 0 };
  const verb = random.below(2) === 0 ? "cancel" : "send";
  const status = order.status === "pending" ? (verb === "cancel" ? "cancelled" : "sent") : order.status;
  return [`${verb} ${id}`, { orders: { ...orders, [id]: { ...order, status } } }];
};

const renamedTo = (name: string, one: Transition): Transition => {
  const text = (value: string) => value.replaceAll('"status"', `"${name}"`).replaceAll('/status"', `/${name}"`);
  const some = (value: string | null) => (value === null ? null : text(value));
  return { ...one, state: some(one.state), nextState: text(one.nextState), patch: some(one.patch) };
};

const before = walk(start, step, 360);
const after = walk((episode) => start(episode + 500), step, 120, 5);
const taught = (steps: readonly Transition[]): Learner => {
  const learner = createLiftedLearner(liftedOptions);
  for (const one of steps) learner.learn(one);
  learner.settle?.();
  return learner;
};

describe("a renamed field", () => {
  const now = after.map((one) => renamedTo("phase", one));
  const learner = taught([...before, ...now.slice(0, 1)]);

  it("is known by the values of the field that is gone, from the second record on", () => {
    expect(exactness(learner.current(), after)).toBeGreaterThan(0.98);
    expect(exactness(learner.current(), now.slice(1))).toBeGreaterThan(0.98);
  });

  it("is none where the values are others", () => {
    const strange = now.map((one) => ({
      ...one,
      state: one.state?.replaceAll("pending", "blue").replaceAll("sent", "red") ?? null,
      nextState: one.nextState.replaceAll("pending", "blue").replaceAll("sent", "red"),
      patch: one.patch?.replaceAll("pending", "blue").replaceAll("sent", "red") ?? null,
    }));
    expect(exactness(taught([...before, ...strange.slice(0, 1)]).current(), now.slice(1))).toBeLessThan(0.6);
  });

  it("is explained by the name that the state has, and is in the published version", () => {
    const version = load(liftedEditsFactory, publish(learner));
    const situations = now.slice(1).map(situationOfTransition);
    for (const situation of situations)
      expect(version.predict(situation)).toEqual(learner.current().predict(situation));
    const paths = situations.flatMap((one) => version.explain?.(one)?.edits.map(({ path }) => path) ?? []);
    expect(paths.length).toBeGreaterThan(10);
    for (const path of paths) expect(path).toMatch(/\/phase$/);
  });

  it("stays known after a restart", () => {
    const [a, b] = [taught([...before, ...now.slice(0, 1)]), createLiftedLearner(liftedOptions)];
    b.restore(a.snapshot());
    for (const one of now.slice(1, 60)) for (const each of [a, b]) each.learn(one);
    expect(publish(b).version).toBe(publish(a).version);
    expect(exactness(b.current(), now.slice(60))).toBeGreaterThan(0.98);
  });
});

it("refuses rows of another format by name", () => {
  const snapshot = JSON.parse(Buffer.from(taught(before.slice(0, 40)).snapshot()).toString("utf8"));
  for (const stage of snapshot.stages) stage.format = 1;
  expect(() => createLiftedLearner(liftedOptions).restore(Buffer.from(JSON.stringify(snapshot)))).toThrow(
    /rows of format 1/,
  );
});
