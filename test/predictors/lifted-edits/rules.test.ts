/** What was learnt of a structured world as rules in words, in the shape that all rules have. */
import { expect, it } from "vitest";
import type { Json } from "../../../src/json/json.ts";
import { liftedEditsFactory } from "../../../src/predictors/lifted-edits/lifted-edits.ts";
import { load, publish } from "../publish.ts";
import { learnt, type Step, walk } from "./toy.ts";

interface Lamp extends Record<string, Json> {
  readonly lit: boolean;
  readonly uses: number;
}
type Room = Record<string, Json> & { readonly lamps: Record<string, Lamp>; readonly count: number };

const step: Step<Room> = (state, random) => {
  const keys = Object.keys(state.lamps);
  const key = keys[random.below(keys.length)] ?? "";
  const lamp = state.lamps[key];
  const verb = ["light", "darken", "look at"][random.below(3)] ?? "look at";
  if (lamp === undefined || verb === "look at") return [`${verb} ${key}`, state];
  const lit = verb === "light";
  const uses = lamp.uses + Number(lit && !lamp.lit);
  return [`${verb} ${key}`, { ...state, lamps: { ...state.lamps, [key]: { lit, uses } } }];
};
const start = (episode: number): Room => ({
  count: episode,
  lamps: Object.fromEntries([0, 1, 2].map((n) => [`lamp ${episode * 3 + n}`, { lit: n === 0, uses: n }])),
});

it("says what becomes of what, under which action, with the steps that speak for it, the same from the published version", () => {
  const learner = learnt(walk(start, step, 300));
  const rules = learner.current().rules?.() ?? [];
  expect(load(liftedEditsFactory, publish(learner)).rules?.()).toEqual(rules);
  const said = rules.map(({ action, says }) => `${action}: ${says}`);
  expect(said).toContain("light #: lamps.*: lit becomes its opposite");
  expect(said).toContain("light #: lamps.*: uses changes by 1");
  for (const { kind, support, id, when } of rules) {
    expect(kind).toBe("edit");
    expect(support).toBeGreaterThan(0);
    expect(id).toMatch(/^[0-9a-f]{12}$/);
    expect(when.filter((one) => one.startsWith("the action is"))).toEqual([]);
  }
  expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
});
