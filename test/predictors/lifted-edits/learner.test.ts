/** The learner as a whole: same steps, same versions; what is published, kept and explained; what hostile states cost. */

import { describe, expect, it } from "vitest";
import type { Json } from "../../../src/json/json.ts";
import { createLiftedLearner } from "../../../src/predictors/lifted-edits/learning/learner.ts";
import { liftedEditsFactory } from "../../../src/predictors/lifted-edits/lifted-edits.ts";
import { liftedOptions } from "../../../src/predictors/lifted-edits/options.ts";
import { situationOf, situationOfTransition, transitionOf } from "../../support/transitions.ts";
import { load, publish } from "../publish.ts";
import { exactness, isExact, learnt, type Step, walk } from "./toy.ts";

interface Lamp extends Record<string, Json> {
  readonly lit: boolean;
  readonly broken: boolean;
}
type Room = Record<string, Json> & { readonly lamps: Record<string, Lamp> };

const start = (episode: number): Room => ({
  lamps: Object.fromEntries(
    [0, 1, 2].map((n) => [`lamp ${episode * 3 + n}`, { lit: false, broken: (episode + n) % 3 === 0 }]),
  ),
});
const step: Step<Room> = (state, random) => {
  const keys = Object.keys(state.lamps);
  const key = keys[random.below(keys.length)] ?? "";
  const lamp = state.lamps[key];
  const verb = ["light", "darken", "look at"][random.below(3)] ?? "look at";
  if (lamp === undefined || verb === "look at" || (verb === "light" && lamp.broken)) return [`${verb} ${key}`, state];
  return [`${verb} ${key}`, { ...state, lamps: { ...state.lamps, [key]: { ...lamp, lit: verb === "light" } } }];
};

const steps = walk(start, step, 300);
const others = walk((episode) => start(episode + 400), step, 90, 3);

describe("lifted-edits learner", () => {
  it("gives the same version for the same steps, and another for others", () => {
    const version = publish(learnt(steps)).version;
    expect(publish(learnt(steps)).version).toBe(version);
    expect(publish(learnt(steps.slice(1))).version).not.toBe(version);
  });

  it("predicts from its published version as it does itself", () => {
    const learner = learnt(steps);
    const loaded = load(liftedEditsFactory, publish(learner));
    const own = learner.current();
    for (const other of others) {
      const situation = situationOfTransition(other);
      expect(loaded.predict(situation)).toEqual(own.predict(situation));
      expect(loaded.explain?.(situation)).toEqual(own.explain?.(situation));
    }
    expect(exactness(loaded, others)).toBe(1);
  });

  it("refuses a blob whose forest leads outside itself, by its hash", () => {
    const version = publish(learnt(steps));
    const hash = version.blobs[1] ?? "";
    const bytes = Buffer.from(version.bytes.get(hash) ?? []);
    bytes[Math.floor(bytes.length / 2)] = (bytes[Math.floor(bytes.length / 2)] ?? 0) ^ 0xff;
    expect(() => load(liftedEditsFactory, { ...version, bytes: new Map([...version.bytes, [hash, bytes]]) })).toThrow(
      hash,
    );
  });

  it("goes on from a snapshot in the middle of an episode", () => {
    const [a, b] = [createLiftedLearner(liftedOptions), createLiftedLearner(liftedOptions)];
    for (const one of steps.slice(0, 150)) a.learn(one);
    b.restore(a.snapshot());
    for (const one of steps.slice(150)) {
      a.learn(one);
      b.learn(one);
    }
    expect(publish(b).version).toBe(publish(a).version);
  });

  it("learns what it held out when its rules were judged by it, and nothing of it before", () => {
    const all = { ...liftedOptions, heldOutFrom: 0, heldOutEvery: 1 };
    const learner = createLiftedLearner(all);
    for (const one of steps) learner.learn(one);
    const dynamic = steps.filter((one) => one.state !== one.nextState);
    expect(exactness(learner.current(), dynamic)).toBe(0);
    learner.settle?.();
    learner.settle?.();
    expect(exactness(learner.current(), dynamic)).toBe(1);
  });

  it("says nothing changes until its rules have been better than that", () => {
    const learner = createLiftedLearner(liftedOptions);
    let worse = 0;
    for (const one of steps) {
      const right = isExact(learner.current(), one);
      if (!right && one.state === one.nextState) worse += 1;
      learner.learn(one);
    }
    expect(worse).toBeLessThanOrEqual(steps.length / 100);
    expect(
      isExact(
        createLiftedLearner(liftedOptions).current(),
        steps.find((one) => one.state === one.nextState) ?? transitionOf({}, "x", {}),
      ),
    ).toBe(true);
  });

  it("explains a refusal to change and a change so that a person can make it", () => {
    const predictor = learnt(steps).current();
    const state = { lamps: { "lamp 900": { lit: false, broken: false }, "lamp 901": { lit: false, broken: true } } };
    const [edit] = predictor.explain?.(situationOf(state, "light lamp 900"))?.edits ?? [];
    expect(edit?.path).toBe("/lamps/lamp 900/lit");
    expect(edit?.expression).toMatch(/becomes (true|its opposite)/);
    expect(edit?.rule.join("; ")).toMatch(/light/);
    expect(edit?.support).toBeGreaterThan(1);
    expect(predictor.explain?.(situationOf(state, "light lamp 901"))?.edits).toEqual([]);
    expect(predictor.explain?.(situationOf(state, "polish lamp 901"))?.novel).toBe(true);
    expect(predictor.explain?.(situationOf(state, "light lamp 901"))?.novel).toBe(false);
  });

  it("follows a change of dynamics", () => {
    const later: Step<Room> = (state, random) => {
      const [action, next] = step(state, random);
      return [String(action).replace("light", "ignite"), next];
    };
    const learner = learnt([...steps, ...walk(start, later, 300, 9)]);
    expect(
      exactness(
        learner.current(),
        walk((episode) => start(episode + 700), later, 90, 4),
      ),
    ).toBeGreaterThan(0.98);
  });

  it("learns what the action does apart from what the world does by itself", () => {
    type Clock = { readonly hand: number; readonly ring: boolean };
    const staged = walk<Clock>(
      (episode) => ({ hand: episode % 7, ring: false }),
      (state, random) =>
        random.below(2) === 0
          ? ["wind", { hand: state.hand + 6, ring: false }]
          : ["wait", { hand: state.hand + 1, ring: false }],
      240,
    ).map((one) => {
      const { hand }: Clock = JSON.parse(one.state ?? "{}");
      const wound = one.action === '"wind"' ? [{ op: "replace", path: "/hand", value: hand + 5 }] : [];
      return { ...one, intermediatePatch: JSON.stringify(wound) };
    });
    const learner = learnt(staged);
    expect(exactness(learner.current(), staged.slice(-60))).toBe(1);
    const edits = learner.current().explain?.(situationOf({ hand: 50, ring: false }, "wind"))?.edits ?? [];
    expect(edits.map((edit) => edit.expression)).toEqual(["changes by 5", "changes by 1"]);
  });
});

describe("lifted-edits when states turn out to be read in another way", () => {
  interface Hall extends Record<string, Json> {
    readonly doors: { readonly id: string; readonly open: boolean }[];
  }
  const hall = (episode: number): Hall => ({
    doors: [0, 1, 2].map((n) => ({ id: `door ${episode * 3 + n}`, open: n === 0 })),
  });
  const push: Step<Hall> = (state, random) => {
    const at = random.below(3);
    const doors = state.doors.map((door, n) => (n === at ? { ...door, open: !door.open } : door));
    return [`push ${state.doors[at]?.id ?? ""}`, { doors }];
  };

  it("goes on learning what comes, whatever has to be learnt anew", () => {
    const learner = createLiftedLearner(liftedOptions);
    for (const transition of steps) learner.learn(transition);
    // A note that is a text where it was an object: notes are values as a whole, and all is learnt anew.
    learner.learn(transitionOf({ note: { of: "lamps" } }, "write", { note: "none" }));
    const right = walk(hall, push, 48).map((transition) => {
      const isRight = isExact(learner.current(), transition);
      learner.learn(transition);
      return isRight;
    });
    expect(right.slice(24).filter(Boolean).length).toBeGreaterThan(20);
  });
});

describe("lifted-edits limits", () => {
  const predictor = learnt(steps).current();
  const reasonOf = (state: Json) => {
    const prediction = predictor.predict(situationOf(state, "light lamp 1"));
    return prediction.status === "abstained" ? prediction.reason : prediction.status;
  };

  it("abstains with the reason beyond them", () => {
    expect(reasonOf("a text")).toBe("not-structured");
    expect(reasonOf({ text: "x".repeat(1_100_000) })).toBe("state-too-large");
    expect(reasonOf({ list: new Array(100_000).fill(0) })).toBe("array-too-long");
    const lamps = Object.fromEntries(Array.from({ length: 10_050 }, (_, n) => [`lamp ${n}`, { lit: true }]));
    expect(reasonOf({ lamps })).toBe("too-many-entities");
  });

  it("survives keys that change each step, noise, numbers as text and references to oneself, in bounded memory", () => {
    const learner = createLiftedLearner({
      ...liftedOptions,
      changedMax: 100,
      keptMax: 100,
      rowBytesMax: 4_000_000,
      recentMax: 200,
    });
    for (let n = 0; n < 400; n++) {
      const state = (at: number): Json => ({
        [`key ${at}`]: at,
        noise: Math.sin(at),
        count: at % 3 === 0 ? at : String(at),
        things: { a1: { is: "a1", in: "b2", deep: { in: ["a1", "b2"] } }, b2: { is: "a1", in: "a1" } },
        constructor: { prototype: at % 2 === 0 ? null : [at] },
      });
      learner.learn(
        transitionOf(state(n), { name: `do ${n % 5}`, arguments: { to: `key ${n}`, constructor: "x" } }, state(n + 1)),
      );
    }
    learner.settle?.();
    expect(learner.storeBytes()).toBeLessThan(12_000_000);
    const prediction = learner
      .current()
      .predict(situationOf({ things: { a1: { is: "a1" } } }, { name: "do 1", arguments: {} }));
    expect(prediction.status).toBe("answered");
  });
});
