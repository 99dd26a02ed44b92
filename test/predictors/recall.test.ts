/** recall: what it remembers at which level, its bounds, its segments. */
import { describe, expect, it } from "vitest";
import type { Transition } from "../../src/codec/records.ts";
import { sha256Hex } from "../../src/json/hash.ts";
import type { Json } from "../../src/json/json.ts";
import type { Learner, Prediction } from "../../src/predictors/predictor.ts";
import { createRecallLearner } from "../../src/predictors/recall/learner.ts";
import { recallFactory } from "../../src/predictors/recall/recall.ts";
import { situationOf, transitionOf } from "../support/transitions.ts";

const wide = { entriesMax: 10_000, bytesMax: 10_000_000 };

function taught(steps: readonly Transition[], limits = wide): Learner {
  const learner = createRecallLearner(limits);
  for (const step of steps) learner.learn(step);
  return learner;
}

function said(learner: Learner, state: Json, action: Json): Json {
  return textOf(learner.current().predict(situationOf(state, action)));
}

function textOf(prediction: Prediction): Json {
  if (prediction.status !== "answered") return { reason: prediction.reason };
  return prediction.next.form === "state"
    ? JSON.parse(prediction.next.stateText)
    : (prediction.next.patch as unknown as Json);
}

describe("recall", () => {
  it("abstains where it has no support", () => {
    expect(said(taught([]), "a room", "look")).toEqual({ reason: "no-support" });
  });

  it("remembers what followed exactly", () => {
    const learner = taught([transitionOf("room", "look", "A lamp is here."), transitionOf("hall", "look", "Nothing.")]);
    expect(said(learner, "room", "look")).toBe("A lamp is here.");
    expect(said(learner, "hall", "look")).toBe("Nothing.");
  });

  it("fills the slots of an action that it has seen with other arguments", () => {
    const learner = taught([transitionOf("There are a lamp and a pen.", "take lamp", "You take the lamp.")]);
    expect(said(learner, "Here is a pen.", "take pen")).toBe("You take the pen.");
  });

  it("knows an argument behind a line break or a tab, and none within a word", () => {
    const learner = taught([transitionOf("Here:\npen\n\tlamp", "take lamp", "Here:\npen\n\tno lamp, no lamplight")]);
    expect(said(learner, "Here:\ncup\n\tpot", "take cup")).toBe("Here:\npen\n\tno cup, no lamplight");
    expect(said(learner, "C:\\nlamp, pen", "take pen")).toBe("Here:\npen\n\tno pen, no lamplight");
  });

  it("fills slots with arguments that JSON escapes, in texts and in patches", () => {
    const say = (text: string) => ({ name: "say", arguments: { text } });
    const texts = taught([transitionOf("room", say("hello"), "You said hello.")]);
    expect(said(texts, "hall", say('a "b"\n\\c'))).toBe('You said a "b"\n\\c.');
    const quoted = taught([transitionOf("room", say('"hi"'), 'You said "hi".')]);
    expect(said(quoted, "hall", say("bye"))).toBe("You said bye.");
    const states = taught([transitionOf({ said: "" }, say("hello"), { said: "hello" })]);
    expect(said(states, { said: "x" }, say('"'))).toEqual([{ op: "replace", path: "/said", value: '"' }]);
  });

  it("prefers the majority, and the newest of equals", () => {
    const steps = ["a", "b", "b", "a", "c"].map((next) => transitionOf("room", "roll", next));
    expect(said(taught(steps.slice(0, 3)), "room", "roll")).toBe("b");
    expect(said(taught(steps.slice(0, 4)), "room", "roll")).toBe("a");
    expect(said(taught(steps), "room", "roll")).toBe("a");
  });

  it("remembers that nothing changed as such, so that it holds in states never seen", () => {
    const learner = taught([
      transitionOf("room one", "wait", "room one"),
      transitionOf("room two", "wait", "room two"),
    ]);
    expect(said(learner, "quite another room", "wait")).toBe("quite another room");
  });

  it("remembers patches of structured states, and gives none that does not apply", () => {
    const before = { door: "closed", lamp: { on: false } };
    const learner = taught([transitionOf(before, "light", { ...before, lamp: { on: true } })]);
    expect(said(learner, before, "light")).toEqual([{ op: "replace", path: "/lamp/on", value: true }]);
    expect(said(learner, { door: "open", lamp: { on: false } }, "light")).toEqual([
      { op: "replace", path: "/lamp/on", value: true },
    ]);
    expect(said(learner, { nothing: 1 }, "light")).toEqual({ reason: "no-support" });
  });

  it("stays within its limits, and what goes is what was not used for longest", () => {
    const steps = Array.from({ length: 500 }, (_, at) =>
      transitionOf(`room ${at} x`, `do ${at}`, `done ${at} in ${at * 7}`),
    );
    const learner = taught(steps, { entriesMax: 100, bytesMax: 10_000_000 });
    const { entries } = learner.publish((bytes) => sha256Hex(bytes));
    expect(entries).toBeLessThanOrEqual(100);
    expect(said(learner, "room 499 x", "do 499")).toBe("done 499 in 3493");
    expect(said(learner, "room 0 x", "do 0")).not.toBe("done 0 in 0");
    const small = taught(steps, { entriesMax: 1_000_000, bytesMax: 20_000 });
    expect(small.storeBytes()).toBeLessThanOrEqual(20_000);
  });

  it("publishes growing memory as few segments, each of what is new", () => {
    const learner = createRecallLearner(wide);
    const blobs = new Map<string, Uint8Array>();
    const sizes: number[] = [];
    for (let round = 0; round < 40; round++) {
      for (let at = 0; at < 20; at++)
        learner.learn(transitionOf(`room ${round} ${at}`, `go ${round}-${at}`, `at ${round} ${at}`));
      const before = blobs.size;
      const { blobs: list } = learner.publish((bytes) => {
        const hash = sha256Hex(bytes);
        blobs.set(hash, bytes);
        return hash;
      });
      expect(list.length).toBeLessThanOrEqual(13);
      expect(blobs.size - before).toBe(1);
      sizes.push(blobs.get(list.at(-1) ?? "")?.length ?? 0);
    }
    // Most publications write little: the total is far below writing everything each time.
    const whole = sizes.reduce((sum, size) => Math.max(sum, size), 0) * sizes.length;
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(whole / 3);
  });

  it("lets an evicted key go from published versions too", () => {
    const learner = createRecallLearner({ entriesMax: 8, bytesMax: 10_000_000 });
    const blobs = new Map<string, Uint8Array>();
    const put = (bytes: Uint8Array) => {
      blobs.set(sha256Hex(bytes), bytes);
      return sha256Hex(bytes);
    };
    learner.learn(transitionOf("old", "do old thing", "old was done"));
    learner.publish(put);
    for (let at = 0; at < 6; at++) learner.learn(transitionOf(`new ${at}`, `act${at} it`, `news ${at}`));
    const { version, blobs: list } = learner.publish(put);
    const loaded = recallFactory.load?.(
      { version, blobs: list },
      list.map((hash) => blobs.get(hash) ?? new Uint8Array()),
    );
    expect(loaded?.predict(situationOf("old", "do old thing"))).toMatchObject({ status: "abstained" });
  });
});
