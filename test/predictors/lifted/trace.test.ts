/** The way through a forest that is told as the reason of its answer. */
import { describe, expect, it } from "vitest";
import { emptyForest, type Forest, leaf, trace, vote } from "../../../src/predictors/lifted/forest.ts";
import { conditionWords } from "../../../src/predictors/lifted/leaves.ts";
import { createTokenSet, families, tokenOf } from "../../../src/predictors/lifted/tokens.ts";

const [lit, hot] = [tokenOf(families.self, 1, 1), tokenOf(families.self, 2, 2)];

/** A tree that asks for `lit` and has three votes for the first label there; two that ask for `hot` and have five of six for the second. */
const forest: Forest = {
  nodes: Int32Array.of(lit, 3, 6, leaf, 2, 1, leaf, 0, 1, hot, 12, 15, leaf, 0, 1, leaf, 4, 2, hot, 12, 15),
  roots: Int32Array.of(0, 9, 18),
  votes: Int32Array.of(0, 3, 1, 2, 0, 1, 1, 5),
  labels: [10, 11],
  support: 11,
};
const set = createTokenSet();
set.add(lit);
set.add(hot);

describe("trace", () => {
  it("goes through a tree that says what is said, and counts the rows there that say so", () => {
    // It was the first tree's way, whatever was said, with all rows at its end.
    expect(vote(forest, [set], new Float64Array(2))).toBe(1);
    expect(trace(forest, [set], 1)).toEqual({ asked: [{ token: hot, present: true }], votes: 5 });
    expect(trace(forest, [set], 0)).toEqual({ asked: [{ token: lit, present: true }], votes: 3 });
  });

  it("is that of the first tree for a label that no row spoke for, and none where nothing was learnt", () => {
    expect(trace(forest, [set], -1)).toEqual({ asked: [{ token: lit, present: true }], votes: 0 });
    expect(trace(emptyForest, [set], 0)).toEqual({ asked: [], votes: 0 });
  });
});

describe("conditions in words", () => {
  const said = ['the action is "look"', 'the action is "go to #"', `the action's verb is "go"`, "S contains nothing"];
  const words = new Map(said.map((text, token) => [token, text]));
  const told = (present: boolean, ...tokens: readonly number[]) => tokens.map((token) => ({ token, present }));

  it("leave out what the form of the action implies", () => {
    expect(conditionWords([...told(false, 1, 2, 3), ...told(true, 0)], words)).toEqual([
      "S contains something, or is nothing that contains",
      'the action is "look"',
    ]);
    expect(conditionWords(told(true, 2, 1), words)).toEqual(['the action is "go to #"']);
  });

  it("are all said where no form was asked for", () => {
    expect(conditionWords(told(false, 0, 1), words)).toEqual([
      'not: the action is "look"',
      'not: the action is "go to #"',
    ]);
    expect(conditionWords(told(true, 2, 7), words)).toEqual([`the action's verb is "go"`, "feature 7"]);
  });
});
