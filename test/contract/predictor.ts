/** What every predictor keeps (P1–P6). Run for each factory of the registry, so a new predictor is under contract as soon as it is listed. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Transition } from "../../src/codec/records.ts";
import { sha256Hex } from "../../src/json/hash.ts";
import type { Json } from "../../src/json/json.ts";
import { applyPatch } from "../../src/json/patch.ts";
import type { Learner, Prediction, Predictor, PredictorFactory, Situation } from "../../src/predictors/predictor.ts";
import { suits } from "../../src/predictors/predictor.ts";
import { situationOf, situationOfTransition, transitionOf } from "../support/transitions.ts";

/** A room world in both forms: doors that open, things that are taken. Deterministic, with repetition and with news. */
export function worldSteps(kind: "text" | "structured", count: number): readonly Transition[] {
  const things = ["lamp", "red key", "pen", "mug"];
  let rooms: Record<string, Json> = { door: "closed", held: [] };
  let seen = "You are in a room.";
  return Array.from({ length: count }, (_, at) => {
    const thing = things[(at * 7) % things.length] ?? "pen";
    const verb = ["take", "open", "look", "drop"][(at * 5) % 4] ?? "look";
    const action = verb === "look" ? "look" : `${verb} ${verb === "open" ? "door" : thing}`;
    if (kind === "text") {
      const next = verb === "look" ? "You are in a room." : `You ${verb} the ${verb === "open" ? "door" : thing}.`;
      const transition = transitionOf(seen, action, next, { step: at });
      seen = next;
      return transition;
    }
    const held = new Set(Array.isArray(rooms["held"]) ? (rooms["held"] as string[]) : []);
    if (verb === "take") held.add(thing);
    if (verb === "drop") held.delete(thing);
    const next = { door: verb === "open" ? "open" : (rooms["door"] ?? null), held: [...held].sort() };
    const transition = transitionOf(rooms, action, next, { step: at });
    rooms = next;
    return transition;
  });
}

interface Version {
  readonly version: string;
  readonly blobs: readonly string[];
  readonly bytes: ReadonlyMap<string, Uint8Array>;
}

const hostile: readonly Situation[] = [
  situationOf("", ""),
  situationOf(null, null),
  situationOf([], {}),
  situationOf({}, { name: "x", arguments: { constructor: "y", "": [] } }),
  situationOf("\u0000 {0} {1} $& \\", "{0} $1 \\u0000 take take take"),
  situationOf("x".repeat(20_000), "y ".repeat(5_000)),
  situationOf({ a: { b: [[[[1]]]] } }, ["not", "a", "call"]),
];

export function predictorContract(factory: PredictorFactory): void {
  const steps = [...worldSteps("text", 60), ...worldSteps("structured", 60)];
  const situations = [...steps.map(situationOfTransition), ...hostile];

  describe(`predictor ${factory.name}`, () => {
    it("is built in or learnt, and not both", () => {
      expect(factory.learnt).toBe(factory.learner !== undefined);
      expect(factory.learnt).toBe(factory.load !== undefined);
      expect(factory.learnt).toBe(factory.builtin === undefined);
    });

    it("answers every situation alike however often it is asked, changes nothing, and never throws", () => {
      for (const predictor of predictorsOf(factory, steps)) {
        expect(predictor.name).toBe(factory.name);
        expect(predictor.deterministic).toBe(true);
        const first = situations.map((one) => predictor.predict(one));
        expect(
          [...situations]
            .reverse()
            .map((one) => predictor.predict(one))
            .reverse(),
        ).toEqual(first);
        for (const [at, prediction] of first.entries()) checkForm(prediction, situations[at]);
      }
    });

    it("survives any situation", () => {
      const text = fc.string({ unit: "grapheme", maxLength: 30 });
      const json = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>;
      for (const predictor of predictorsOf(factory, steps)) {
        fc.assert(
          fc.property(fc.oneof(text, json), fc.oneof(text, json), (state, action) => {
            const situation = situationOf(withoutProto(state), withoutProto(action));
            checkForm(predictor.predict(situation), situation);
          }),
          { numRuns: 200 },
        );
      }
    });

    if (factory.learner === undefined) return;
    const learner = () => factory.learner?.("world") as Learner;
    const load = ({ version, blobs, bytes }: Version) =>
      factory.load?.(
        { version, blobs },
        blobs.map((hash) => bytes.get(hash) ?? new Uint8Array()),
      ) as Predictor;
    const answers = (predictor: Predictor) => situations.map((one) => predictor.predict(one));

    it("learns the same versions from the same transitions", () => {
      const [a, b] = [learner(), learner()];
      for (const [at, step] of steps.entries()) {
        a.learn(step);
        b.learn(step);
        if (at % 40 === 39) expect(publish(a)).toEqual(publish(b));
      }
      expect(a.transitions).toBe(steps.length);
    });

    it("predicts from a published version as the learner did then, also after it has learnt more (P4)", () => {
      const one = learner();
      const versions: { version: Version; answers: readonly Prediction[] }[] = [];
      const kept = new Map<string, Uint8Array>();
      for (const [at, step] of steps.entries()) {
        one.learn(step);
        if (at % 25 !== 24) continue;
        const version = publish(one, kept);
        expect(one.dirty()).toBe(false);
        versions.push({ version, answers: answers(one.current()) });
      }
      expect(new Set(versions.map(({ version }) => version.version)).size).toBe(versions.length);
      for (const { version, answers: then } of versions) {
        const predictor = load(version);
        expect(predictor.version).toBe(version.version);
        expect(answers(predictor)).toEqual(then);
      }
    });

    it("publishes the same version where it was prepared in slices", () => {
      const [a, b] = [learner(), learner()];
      for (const [at, step] of steps.entries()) {
        a.learn(step);
        b.learn(step);
        if (at % 40 !== 39) continue;
        for (const _ of a.preparing?.() ?? []) expect(a.dirty()).toBe(true);
        expect(publish(a)).toEqual(publish(b));
      }
    });

    it("goes on from a snapshot as if nothing had happened", () => {
      const [a, b] = [learner(), learner()];
      for (const step of steps.slice(0, 70)) a.learn(step);
      const before = publish(a);
      for (const step of steps.slice(70, 80)) a.learn(step);
      b.restore(a.snapshot());
      for (const step of steps.slice(80)) {
        a.learn(step);
        b.learn(step);
      }
      expect(b.transitions).toBe(a.transitions);
      expect(publish(b)).toEqual(publish(a));
      expect(before.version).not.toBe(publish(a).version);
    });

    it("gets better at what it has seen", () => {
      const one = learner();
      for (const step of steps) one.learn(step);
      const right = (predictor: Predictor) =>
        steps.filter((step) => nextOf(predictor.predict(situationOfTransition(step)), step) === step.nextState).length;
      expect(right(one.current())).toBeGreaterThan(right(learner().current()));
      expect(one.storeBytes()).toBeGreaterThan(0);
    });

    it("publishes nothing new when nothing changed", () => {
      const one = learner();
      for (const step of steps) one.learn(step);
      const first = publish(one);
      expect(publish(one).version).toBe(first.version);
    });

    it("lists rules that its versions follow as ordered, each of them, the same whenever the order came, and as if never ordered once restored", () => {
      if (factory.listsRules !== true) return;
      for (const kind of ["text", "structured"] as const) {
        const [one, early] = [learner(), learner()];
        const taught = worldSteps(kind, 60);
        for (const step of taught) one.learn(step);
        const kept = new Map<string, Uint8Array>();
        const plain = publish(one, kept);
        const rules = one.current().rules?.() ?? [];
        if (isForSteps(factory, taught)) expect(rules.length).toBeGreaterThan(2);
        for (const order of ["delete", "pin"] as const) {
          const orders = rules.map(({ id, content }) => {
            expect(content).not.toBeNull();
            return { rule: id, order, content: content ?? "", author: "me", at: 1 };
          });
          for (const given of orders) {
            one.obey?.([given]);
            const version = publish(one, kept);
            expect(version.version).not.toBe(plain.version);
            const listed = load(version).rules?.() ?? [];
            expect(listed).toEqual(one.current().rules?.());
            expect(listed.filter((rule) => rule.order !== null)).toEqual([
              { ...rules.find(({ id }) => id === given.rule), order: given },
            ]);
            answers(load(version));
          }
          one.obey?.(orders);
          const all = publish(one, kept);
          early.obey?.(orders);
          if (order === "delete") for (const step of taught) early.learn(step);
          expect(publish(early).version).toBe(all.version);
          // What is pinned where it led is what was said before; what is deleted is not said.
          const said = (predictor: Predictor) => taught.map((step) => predictor.predict(situationOfTransition(step)));
          if (rules.length > 0 && order === "delete") expect(said(load(all))).not.toEqual(said(load(plain)));
          one.obey?.([]);
          expect(publish(one, kept).version).toBe(plain.version);
        }
      }
    });

    it("refuses corrupt blobs and names the hash", () => {
      const one = learner();
      one.learn(transitionOf("corrupt me", "look", `${factory.name} here`));
      const version = publish(one);
      const [hash = ""] = version.blobs;
      const bytes = Buffer.from(version.bytes.get(hash) ?? []);
      for (const bad of [Buffer.alloc(0), bytes.subarray(0, bytes.length - 3), Buffer.from("garbage")]) {
        expect(() => load({ ...version, bytes: new Map([[hash, bad]]) })).toThrow(hash);
      }
    });
  });
}

function predictorsOf(factory: PredictorFactory, steps: readonly Transition[]): readonly Predictor[] {
  if (factory.builtin !== undefined) return [factory.builtin()];
  const learner = factory.learner?.("world");
  if (learner === undefined) return [];
  const fresh = factory.learner?.("world")?.current();
  for (const step of steps) learner.learn(step);
  return fresh === undefined ? [learner.current()] : [fresh, learner.current()];
}

/** Whether the steps are of an environment that it is for. */
function isForSteps(factory: PredictorFactory, steps: readonly Transition[]): boolean {
  return steps.every((step) => suits(factory, situationOfTransition(step)));
}

function publish(learner: Learner, kept = new Map<string, Uint8Array>()): Version {
  const { version, blobs } = learner.publish((bytes) => {
    const hash = sha256Hex(bytes);
    kept.set(hash, bytes);
    return hash;
  });
  return { version, blobs, bytes: kept };
}

function checkForm(prediction: Prediction, situation: Situation | undefined): void {
  if (prediction.status !== "answered") {
    expect(prediction.reason.length).toBeGreaterThan(0);
    return;
  }
  const { next, confidence } = prediction;
  if (confidence !== null) expect(confidence >= 0 && confidence <= 1).toBe(true);
  if (next.form === "state") JSON.parse(next.stateText);
  else expect(applyPatch(situation?.state ?? null, next.patch)).toMatchObject({ ok: true });
}

function nextOf(prediction: Prediction, step: Transition): string | null {
  if (prediction.status !== "answered") return null;
  if (prediction.next.form === "state") return prediction.next.stateText;
  const result = applyPatch(JSON.parse(step.state ?? "null"), prediction.next.patch);
  return result.ok ? JSON.stringify(result.value) : null;
}

function withoutProto(value: Json): Json {
  return JSON.parse(JSON.stringify(value).replaceAll("__proto__", "proto"));
}
