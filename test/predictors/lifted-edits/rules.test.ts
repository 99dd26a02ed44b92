/** What was learnt of a structured world as rules in words, in the shape that all rules have. */
import { expect, it } from "vitest";
import { liftedEditsFactory } from "../../../src/predictors/lifted-edits/lifted-edits.ts";
import { load, publish } from "../publish.ts";
import { lampStep, lamps } from "./lamps.ts";
import { learnt, walk } from "./toy.ts";

it("says what becomes of what, under which action, with the steps that speak for it, the same from the published version", () => {
  const learner = learnt(walk(lamps, lampStep(), 300));
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
