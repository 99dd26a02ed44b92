/** What a person is told of predictions that are no plain edit of a field: enough to make them by hand. */
import { describe, expect, it } from "vitest";
import type { Json } from "../../../src/json/json.ts";
import { situationOf, transitionOf } from "../../support/transitions.ts";
import { learnt, type Step, walk } from "./toy.ts";

interface Jar extends Record<string, Json> {
  readonly name: string;
  readonly full: boolean;
}
type Kitchen = Record<string, Json> & {
  readonly jars: readonly Jar[];
  readonly seen: Record<string, Json>;
  readonly told: Json;
  readonly clock: number;
};

const start = (episode: number): Kitchen => ({
  jars: [0, 1].map((n) => ({ name: `jar ${episode * 9 + n}`, full: false })),
  seen: { "room 0": { by: "me" } },
  told: null,
  clock: 0,
});

const call = (name: string, more: Record<string, Json> = {}): Json => ({ name, arguments: more });

const step: Step<Kitchen> = (state, random) => {
  const verb = ["make", "break", "visit", "tell"][random.below(4)] ?? "";
  const [first] = state.jars;
  const name = `jar ${random.below(1_000) + 2_000}`;
  const place = `room ${random.below(1_000)}`;
  if (verb === "make") return [call(verb, { jar: name }), { ...state, jars: [...state.jars, { name, full: true }] }];
  if (verb === "break" && first !== undefined)
    return [call(verb, { jar: first.name }), { ...state, jars: state.jars.slice(1) }];
  if (verb === "visit") return [call(verb, { place }), { ...state, seen: { ...state.seen, [place]: { by: "me" } } }];
  if (verb === "tell") return [call(verb, { of: name, to: place }), { ...state, told: { what: name, whom: place } }];
  return [call("wait"), state];
};

/** Behind each action the clock goes on. */
const transitions = walk(start, step, 600).map((one) => {
  const [before, middle] = [JSON.parse(one.state ?? "") as Kitchen, JSON.parse(one.nextState) as Kitchen];
  const state = { ...before, clock: one.step };
  const made = transitionOf(
    state,
    JSON.parse(one.action),
    { ...middle, clock: one.step + 1 },
    { episode: one.episode, step: one.step },
  );
  return {
    ...made,
    intermediatePatch: JSON.stringify([{ op: "replace", path: "", value: { ...middle, clock: one.step } }]),
  };
});
const predictor = learnt(transitions).current();
const state = { ...start(700), clock: 4 };
const editsOf = (action: Json) => predictor.explain?.(situationOf(state, action))?.edits ?? [];

describe("an explanation", () => {
  // They were `1 new: "{\"value\":{\"full\":false,\"name\":\"\"}}"`, of the state: neither where, nor called what, nor full.
  it("says of what comes where it comes, what it is known by, and what it holds", () => {
    expect(editsOf(call("make", { jar: "jar 9" }))[0]).toMatchObject({
      path: "/jars/-",
      expression: "comes: its full is true, its name is argument jar",
      value: '{"full":true,"name":"jar 9"}',
      rule: ['the action is "make(jar)"'],
    });
    expect(editsOf(call("visit", { place: "room/8" }))[0]).toMatchObject({
      path: "/seen/room~18",
      expression: 'comes: its key is argument place, its by is "me"',
      value: '{"by":"me"}',
    });
  });

  it("says of a new value what it is made of", () => {
    expect(editsOf(call("tell", { of: "jar 4", to: "room 9" }))[0]).toMatchObject({
      path: "/told",
      expression: "becomes a new {what: …, whom: …}: its what is argument of, its whom is argument to",
      value: '{"what":"jar 4","whom":"room 9"}',
    });
  });

  it("says of what goes which it is, and has no value for it", () => {
    const [edit] = editsOf(call("break", { jar: "jar 6301" }));
    expect(edit).toMatchObject({ path: "/jars/1", expression: "goes away" });
    expect(edit).not.toHaveProperty("value");
  });

  it("tells what the world does by itself from what the action does", () => {
    const [, tick] = editsOf(call("make", { jar: "jar 9" }));
    expect(tick).toMatchObject({ path: "/clock", expression: "changes by 1", value: "5" });
    expect(tick?.rule[0]).toBe("the world does it by itself, after the action");
  });

  it("leads to what is predicted: the values of its edits are those of the patch", () => {
    const action = call("tell", { of: "jar 4", to: "room 9" });
    const prediction = predictor.predict(situationOf(state, action));
    const patch = prediction.status === "answered" && prediction.next.form === "patch" ? prediction.next.patch : [];
    const told = editsOf(action).map(({ path, value }) => ({
      op: "replace",
      path,
      value: JSON.parse(value ?? "null"),
    }));
    expect(patch).toEqual(told);
  });
});

describe("an explanation of what chance decides", () => {
  type Lamp = { readonly coin: number; readonly rubbed: number; readonly time: number };
  const lamp = (episode: number): Lamp => ({ coin: episode % 3, rubbed: 0, time: 0 });
  /** One rub in three does something. */
  const play: Step<Lamp> = (before, random) => {
    const verb = ["toss", "rub", "wait"][random.below(3)] ?? "";
    const later = { ...before, time: before.time + 1 };
    if (verb === "rub") return [verb, { ...later, rubbed: before.rubbed + Number(random.below(3) === 0) }];
    return [verb, verb === "toss" ? { ...later, coin: random.below(3) } : later];
  };
  const gambler = learnt(walk(lamp, play, 400)).current();
  const explanations = ["toss", "rub"].flatMap((verb) =>
    Array.from({ length: 36 }, (_, n) => {
      const explanation = gambler.explain?.(situationOf({ coin: n % 3, rubbed: n % 3, time: n % 12 }, verb));
      if (explanation === null || explanation === undefined) throw new Error("it abstains");
      return explanation;
    }),
  );

  it("tells rules that were held back, where it said that none speaks for a change", () => {
    const held = explanations.filter(({ withheld = [] }) => withheld.length > 0);
    expect(held.length).toBeGreaterThan(0);
    for (const { edits, withheld = [] } of held) {
      expect(edits.map(({ path }) => path)).toEqual(["/time"]);
      for (const { path, expression, support } of withheld) {
        expect(["/coin", "/rubbed"]).toContain(path);
        expect(expression).toMatch(/^(becomes|changes)/);
        expect(support).toBeGreaterThan(0);
      }
    }
  });

  it("tells what is said to stay against some votes, and what those are for", () => {
    const doubted = explanations.flatMap((one) => one.doubted ?? []);
    expect(doubted.length).toBeGreaterThan(0);
    for (const { path, expression, support, confidence } of doubted) {
      expect(["/coin", "/rubbed"]).toContain(path);
      expect(expression).toMatch(/^stays as it is; most of the other votes: (becomes|changes)/);
      expect(support).toBeGreaterThan(0);
      expect(confidence).toBeLessThan(0.95);
    }
    // Nobody doubts that waiting changes the time alone.
    expect(gambler.explain?.(situationOf({ ...lamp(0) }, "wait"))?.doubted).toEqual([]);
  });
});

describe("an edit of a list that names things", () => {
  const bags = (episode: number): Json => ({
    things: [
      { id: 1, name: `box ${episode}`, holds: [`pen ${episode}`] },
      { id: 2, name: `bag ${episode}`, holds: [] },
      { id: 3, name: `pen ${episode}`, holds: [] },
    ],
  });
  type Bags = { readonly things: readonly { readonly name: string; readonly holds: readonly string[] }[] };
  const move: Step<Json> = (before, random) => {
    const { things } = before as Bags;
    const [box, bag, pen] = things.map(({ name }) => name);
    const target = random.below(2) === 0 ? box : bag;
    const next = things.map((one) => ({
      ...one,
      holds: one.name === target ? [pen ?? ""] : one.holds.filter((held) => held !== pen),
    }));
    return [`put ${pen} in ${target}`, { things: next }];
  };

  it("is told of the thing, as what lists it, at a place that is there", () => {
    const mover = learnt(walk(bags, move, 200)).current();
    const rules = mover.rules?.().map(({ says }) => says);
    expect(rules).toContain("things.*: what lists it in holds becomes argument 1");
    const [edit] = mover.explain?.(situationOf(bags(900), "put pen 900 in bag 900"))?.edits ?? [];
    expect(edit).toMatchObject({
      path: "/things/2",
      expression: "what lists it in holds becomes argument 1",
      value: '"bag 900"',
    });
  });
});
