/** The sentences that explain what was learnt: how many, and of what kind. */
import { expect, it } from "vitest";
import { ageOf, ageWords } from "../../src/predictors/text-edits/pages/choice/ages.ts";
import { beginningOf, counted, withArticle } from "../../src/predictors/words.ts";

it("counts one thing as one thing", () => {
  expect([0, 1, 2, 4, 7].map((count) => counted(count, "step", 4))).toEqual([
    ...["0 steps", "1 step", "2 steps"],
    ...["4 or more steps", "4 or more steps"],
  ]);
});

it("gives a name the article that it needs, and no second one", () => {
  // Read on the page: "<0> is a a red ball", "S is a apple".
  expect(["ball", "apple", "a red ball", "the sink", "an oven"].map(withArticle)).toEqual([
    ...["a ball", "an apple", "a red ball"],
    ...["the sink", "an oven"],
  ]);
});

it("says the same of ages that rules do not tell apart, and of others something else", () => {
  const said = Array.from({ length: 40 }, (_, steps) => [ageOf(steps), ageWords(steps)] as const);
  expect(new Set(said.map(([age, words]) => `${age} ${words}`)).size).toBe(6);
  expect([0, 1, 2, 3, 4, 8, 32, 33].map(ageWords)).toEqual([
    ...["in the step before", "in the step before", "2 to 3 steps before", "2 to 3 steps before"],
    ...["4 to 8 steps before", "4 to 8 steps before", "17 to 32 steps before", "more than 32 steps before"],
  ]);
});

it("cuts a text to its first characters, and leaves a short one alone", () => {
  expect(beginningOf("a lamp that is lit", 6)).toBe("a lamp");
  expect(beginningOf("a lamp", 6)).toBe("a lamp");
});
