/** Conditions that do not hold, in words: nothing is denied twice, and what others wrote stays as it is. */
import { expect, it } from "vitest";
import { negated } from "../../../src/predictors/lifted/negation.ts";

it.each([
  // Read on the page: "because not: contents of <0> is not known".
  ["contents of <0> is not known", "contents of <0> is known"],
  ["contents of <0> is not empty", "contents of <0> is empty, or what it holds is not known"],
  ["colour of <0> was not known at first", "colour of <0> was known at first"],
  ["longer answers are not known", "longer answers are known"],
  ["<0> is not here or held", "<0> is here or held"],
  ["goal does not name <0>", "goal names <0>"],
  ['the page does not say "lit"', 'the page says "lit"'],
  ["that answer is thought to have not changed", "that answer is thought to have changed"],
  // Read of a call without a list.
  ["not all of items are of shelves", "all or none of items are of shelves"],
  // Read of a call without such an argument.
  ["argument user_id names nothing here", "argument user_id names something here, or is not given"],
  ["the page names <0> never", "the page names <0>"],
  ["the page was never seen", "the page was seen before"],
  ["what <0> holds is nothing", "what <0> holds is something"],
  ["S contains nothing", "S contains something, or is nothing that contains"],
  ["the page lists nothing of <0>", "the page lists something of <0>"],
  ["S is in nothing", "S is in something"],
  ["an end never followed this action", "an end followed this action"],
  ["it is absent", "it is there"],
])("%s: denied it is said as %s", (text, said) => {
  expect(negated(text)).toBe(said);
});

it.each([
  "contents of <0> is empty",
  "S is a door",
  "S.note is above 3",
  // Not our words.
  "the place is A room that is not lit",
  'it was answered "The door is not locked"',
  'the last word of <0> is "contains nothing"',
  "this happened: open <0>, later than: it is absent",
])("%s: denied it is said to be not so", (text) => {
  expect(negated(text)).toBe(`not: ${text}`);
});
