/**
 * Are the words enough? A reader that has nothing but what `driftline explain` prints of a few steps (the fixture) foretells what the model
 * says of steps that neither has seen. The reader knows the words alone: nothing of the model is imported into it.
 */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Json } from "../../../src/json/json.ts";
import { tryPatch } from "../../../src/json/patch.ts";
import type { Predictor } from "../../../src/predictors/predictor.ts";
import { situationOf, situationOfTransition } from "../../support/transitions.ts";
import { learnt, type Step, walk } from "./toy.ts";

interface Lamp extends Record<string, Json> {
  readonly lit: boolean;
  readonly broken: boolean;
  readonly uses: number;
}
type Room = Record<string, Json> & { readonly lamps: Record<string, Lamp> };

const start = (episode: number): Room => ({
  lamps: Object.fromEntries(
    [0, 1, 2].map((n) => [`lamp ${episode * 3 + n}`, { lit: false, broken: (episode + n) % 3 === 0, uses: n }]),
  ),
});

const step: Step<Room> = ({ lamps }, random) => {
  const key = Object.keys(lamps)[random.below(3)] ?? "";
  const lamp = lamps[key];
  const verb = ["light", "darken", "look at", "smash"][random.below(4)] ?? "";
  return [`${verb} ${key}`, lamp === undefined ? { lamps } : { lamps: { ...lamps, [key]: done(verb, lamp) } }];
};

function done(verb: string, lamp: Lamp): Lamp {
  if (verb === "light" && !lamp.broken && !lamp.lit) return { ...lamp, lit: true, uses: lamp.uses + 1 };
  if (verb === "darken") return { ...lamp, lit: false };
  return verb === "smash" ? { ...lamp, broken: true, lit: false } : lamp;
}

/** Steps whose explanations the reader is given: one of each kind. */
const shown: readonly (readonly [action: string, lamp: Lamp])[] = [
  ["light lamp 6", { lit: false, broken: false, uses: 4 }],
  ["darken lamp 6", { lit: true, broken: false, uses: 4 }],
  ["smash lamp 6", { lit: true, broken: false, uses: 4 }],
];

/** What `driftline explain` prints of the edits: path, what becomes of it, and because of what. */
function printed(predictor: Predictor): string {
  return shown
    .flatMap(([action, lamp]) => {
      const edits = predictor.explain?.(situationOf({ lamps: { "lamp 6": lamp } }, action))?.edits ?? [];
      return edits.flatMap(({ path, expression, rule }) => [
        `  ${path}: ${expression}`,
        ...rule.map((condition) => `      because ${condition}`),
      ]);
    })
    .join("\n");
}

const fixture = readFileSync(new URL("../../fixtures/explain/lamps.txt", import.meta.url), "utf8").trimEnd();
const predictor = learnt(walk(start, step, 400)).current();

describe("the words of an explanation", () => {
  it.each([
    ["the fixture", fixture],
    ["today's model", printed(predictor)],
  ])("let a reader foretell what the model says of other steps: those of %s", (_, text) => {
    const rules = readRules(text);
    const others = walk((episode) => start(episode + 900), step, 200, 5);
    let changes = 0;
    for (const other of others) {
      const { state, action } = situationOfTransition(other);
      const prediction = predictor.predict(situationOfTransition(other));
      const patch = prediction.status === "answered" && prediction.next.form === "patch" ? prediction.next.patch : null;
      const model = tryPatch(state, patch ?? []);
      expect(model.ok && model.value).toEqual(foretell(rules, state as Room, String(action)));
      changes += Number(patch?.length !== 0);
    }
    // It is no walk on which nothing happens.
    expect(changes).toBeGreaterThan(40);
  });

  it("would not do so if they said something else", () => {
    const rules = readRules(fixture.replace("becomes true", "becomes false"));
    const state: Room = { lamps: { "lamp 8": { lit: false, broken: false, uses: 1 } } };
    expect(foretell(rules, state, "light lamp 8")).not.toEqual(foretell(readRules(fixture), state, "light lamp 8"));
  });
});

interface Rule {
  readonly field: string;
  readonly expression: string;
  readonly because: readonly string[];
}

function readRules(text: string): readonly Rule[] {
  const rules: { field: string; expression: string; because: string[] }[] = [];
  for (const line of text.split("\n")) {
    const head = /^ {2}\/lamps\/[^/]+\/(\w+): (.*)$/.exec(line);
    if (head !== null) rules.push({ field: head[1] ?? "", expression: head[2] ?? "", because: [] });
    else rules.at(-1)?.because.push(line.replace(/^ +because /, ""));
  }
  return rules;
}

function foretell(rules: readonly Rule[], room: Room, action: string): Room {
  const lamps = Object.entries(room.lamps).map(([name, lamp]): [string, Lamp] => {
    const next: Record<string, Json> = { ...lamp };
    for (const { field, expression, because } of rules) {
      const old = lamp[field] ?? null;
      if (because.every((condition) => holds(condition, name, lamp, old, action)))
        next[field] = becomes(expression, old);
    }
    return [name, next as Lamp];
  });
  return { lamps: Object.fromEntries(lamps) };
}

/** S is the lamp looked at, A0 the one that the action names, "it" the field's value. */
function holds(condition: string, name: string, lamp: Lamp, it: Json, action: string): boolean {
  if (condition.startsWith("not: ")) return !holds(condition.slice(5), name, lamp, it, action);
  const [, form] = /^the action is "(.*)"$/.exec(condition) ?? [];
  if (form !== undefined) return action.replace(/lamp \d+$/, "#") === form;
  const [, verb] = /^the action's verb is "(.*)"$/.exec(condition) ?? [];
  if (verb !== undefined) return action.split(" ", 1)[0] === verb;
  if (condition === "S is A0") return action.endsWith(name);
  const [, value] = /^it is (.*)$/.exec(condition) ?? [];
  if (value !== undefined) return JSON.stringify(it) === value;
  const [, field, wanted] = /^S has (\w+) = (.*)$/.exec(condition) ?? [];
  if (field !== undefined) return JSON.stringify(lamp[field]) === wanted;
  throw new Error(`the reader does not understand: ${condition}`);
}

function becomes(expression: string, old: Json): Json {
  if (expression === "becomes its opposite") return old !== true;
  const [, value] = /^becomes (.*)$/.exec(expression) ?? [];
  if (value !== undefined) return JSON.parse(value);
  const [, by] = /^changes by (-?\d+)$/.exec(expression) ?? [];
  if (by !== undefined) return Number(old) + Number(by);
  throw new Error(`the reader does not understand: ${expression}`);
}
