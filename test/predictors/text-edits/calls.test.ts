/** Calls that are answered in text: templates over the request and what documents it, for APIs that were never called before. */
import { describe, expect, it } from "vitest";
import type { Transition } from "../../../src/codec/records.ts";
import type { Json } from "../../../src/json/json.ts";
import type { Learner, Prediction } from "../../../src/predictors/predictor.ts";
import { suits } from "../../../src/predictors/predictor.ts";
import { situationOf } from "../../../src/predictors/situation.ts";
import { callOf } from "../../../src/predictors/text-edits/calls/call.ts";
import { fillAnswer, liftAnswer } from "../../../src/predictors/text-edits/calls/lift.ts";
import { requestOf } from "../../../src/predictors/text-edits/calls/request.ts";
import { createTextLearner } from "../../../src/predictors/text-edits/learner.ts";
import { textOptions } from "../../../src/predictors/text-edits/options.ts";
import { textEditsFactory } from "../../../src/predictors/text-edits/text-edits.ts";
import { transitionOf } from "../../support/transitions.ts";
import { call, empty } from "./api.ts";

const said = (learner: Learner, transition: Transition): Prediction =>
  learner.current().predict(situationOf(transition, transition.context));
const isRight = (prediction: Prediction, transition: Transition) =>
  prediction.status === "answered" &&
  prediction.next.form === "state" &&
  prediction.next.stateText === transition.nextState;

function taught(count: number): Learner {
  const learner = createTextLearner(textOptions);
  for (let at = 0; at < count; at++) learner.learn(call(at));
  return learner;
}

describe("calls", () => {
  it("are told from other structured states by their form", () => {
    const form = { kind: "state", state: empty, action: { name: "a/b", arguments: {} }, context: null } as const;
    expect(callOf(form)).toEqual({ name: "a/b", args: {} });
    const answered = { ...form, state: { failure: "no", answer: "" } };
    expect(callOf(answered)).toBeNull();
    expect(callOf({ ...answered, context: { api: {} } })).not.toBeNull();
    for (const other of [
      { ...form, state: {} },
      { ...form, state: { answer: "", count: 0 } },
      { ...form, state: "" },
      { ...form, action: "open door" },
      { ...form, action: { name: "open" } },
      { ...form, action: { name: 7, arguments: {} } },
      { ...form, kind: "observation" } as const,
      { ...form, state: Object.fromEntries(Array.from({ length: 9 }, (_, at) => [`m${at}`, ""])) },
    ])
      expect(callOf(other)).toBeNull();
    expect(suits(textEditsFactory, form)).toBe(true);
    expect(suits(textEditsFactory, { ...form, action: "open door" })).toBe(false);
    expect(suits(textEditsFactory, { ...form, kind: "observation", state: "a room" })).toBe(true);
  });

  it("are answered right for APIs that were never called before", () => {
    const learner = taught(40);
    const fresh = Array.from({ length: 12 }, (_, at) => call(60 + at));
    for (const one of fresh) expect(isRight(said(learner, one), one), one.nextState).toBe(true);
    const [first] = fresh;
    const explained = first && learner.current().explain?.(situationOf(first, first.context));
    expect(explained?.edits[0]?.expression).toMatch(
      /no argument '<argument that is not documented …>' in <api.tool …>/,
    );
    expect(explained?.edits[0]?.rule.join(" ")).toMatch(/undocumented|missing|argument/);
  });

  it("are answered as before where nothing but the name is alike, and not at all before the first", () => {
    const learner = createTextLearner(textOptions);
    const joke = { name: "jokes/random", arguments: {} };
    const step = transitionOf(empty, joke, { failure: "", answer: "a joke that nobody could foretell" });
    expect(said(learner, step)).toEqual({ status: "abstained", reason: "no-support" });
    for (let times = 0; times < 3; times++) learner.learn(step);
    expect(isRight(said(learner, step), step)).toBe(true);
  });

  it("have rules, and an explanation without a belief", () => {
    const learner = taught(90);
    const rules = (learner.current().rules?.() ?? []).filter(({ kind }) => kind === "answer");
    expect(rules.map(({ says }) => says).join("\n")).toMatch(
      /the answer is .*no argument '<?.*argument that is not documented/,
    );
    expect(
      rules.every(({ action, content, support }) => action === "a call" && content !== null && support !== 0),
    ).toBe(true);
    const asked = call(99);
    const explanation = learner.current().explain?.(situationOf(asked, asked.context)) ?? null;
    expect(explanation?.edits).toHaveLength(1);
    expect(explanation?.belief).toBeUndefined();
  });

  it("go into versions and snapshots", () => {
    const learner = taught(30);
    const blobs = new Map<string, Uint8Array>();
    const put = (bytes: Uint8Array) => {
      const hash = `h${blobs.size}`;
      blobs.set(hash, bytes);
      return hash;
    };
    const other = createTextLearner(textOptions);
    other.restore(learner.snapshot());
    expect(other.publish(() => "h").version).toBe(taught(30).publish(() => "h").version);
    const version = learner.publish(put);
    const loaded = textEditsFactory.load?.(
      version,
      version.blobs.map((hash) => blobs.get(hash) ?? new Uint8Array()),
    );
    for (let at = 60; at < 66; at++) {
      const one = call(at);
      expect(loaded?.predict(situationOf(one, one.context))).toEqual(said(learner, one));
    }
  });

  it("bear answers of 1 MB, marks of holes, names that are patterns and requests that are deep", () => {
    const learner = createTextLearner(textOptions);
    let deep: Json = "x";
    for (let at = 0; at < 40; at++) deep = { a: deep };
    const hostile: readonly (readonly [Json, Json])[] = [
      [
        { a: "(.*)+$", "[": "\u0001" },
        { failure: "", answer: "y ".repeat(500_000) },
      ],
      [{ a: "\u0001\u0002\u0003" }, { failure: "\u0001a\u0002", answer: "\u0003" }],
      [{ input: deep }, "no object at all"],
      [
        { "": "", constructor: "toString" },
        { failure: "toString ".repeat(400), answer: "" },
      ],
      [{}, {}],
      [[], { failure: 7, answer: null }],
    ];
    const start = performance.now();
    for (let times = 0; times < 20; times++)
      for (const [args, next] of hostile) {
        const step = transitionOf(empty, { name: "a: b/(c", arguments: args }, next, { kind: "state" });
        said(learner, step);
        learner.learn(step);
      }
    learner.publish(() => "h");
    expect(performance.now() - start).toBeLessThan(10_000);
    expect(learner.storeBytes()).toBeLessThan(10_000_000);
  });
});

describe("templates of answers", () => {
  const request = requestOf(
    { name: "Maps/Find It", args: { page: "12", query: "a b", odd: true } },
    {
      api: { tool: "Maps", required: [{ name: "query" }, { name: "key" }, { name: "city" }], more: [{ name: "page" }] },
    },
  );

  it("take out what the request offers, as whole words, and give the answer back", () => {
    expect(request.extra).toEqual(["odd"]);
    expect(request.missing.get("api.required")).toEqual(["key", "city"]);
    const flat = "failure: maps.find_it lacks 'key' and 'city' (2) for a b; oddly, Mapsy";
    const templates = liftAnswer(flat, request);
    for (const template of templates) expect(fillAnswer(template, request)).toBe(flat);
    expect(templates[0]?.replaceAll("\u0001", "<").replaceAll("\u0002", ">")).toBe(
      "failure: <api.tool as identifier>.<call 2 as identifier> lacks <missing of api.required> (<number missing of api.required>) for <argument query>; oddly, Mapsy",
    );
    expect(templates.length).toBeLessThanOrEqual(24);
    expect(templates.at(-1)).toBe(flat);
  });

  it("are not filled where the request lacks a source", () => {
    const other = requestOf({ name: "x", args: {} }, null);
    expect(fillAnswer("lacks \u0001missing of api.required\u0002", other)).toBeNull();
  });

  it("read a call that is wrapped in one argument as what it wraps", () => {
    const wrapped = requestOf({ name: "x", args: { input: { b: "1", a: "2" } } }, null);
    expect([wrapped.wrapped, wrapped.extra]).toEqual([true, ["a", "b"]]);
  });
});
