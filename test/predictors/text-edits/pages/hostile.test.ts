/** Worlds of pages that are not nice: time and memory stay bounded, nothing throws. */
import { expect, it } from "vitest";
import { situationOf } from "../../../../src/predictors/situation.ts";
import { createTextLearner } from "../../../../src/predictors/text-edits/learner.ts";
import { textOptions } from "../../../../src/predictors/text-edits/options.ts";
import { transitionOf } from "../../../support/transitions.ts";

const secondsMax = 30;
const options = { ...textOptions, charsMax: 2_000_000, rowBytesMax: 4_000_000, textsCharsMax: 400_000 };

function survive(texts: (at: number) => string, action: (at: number) => string, steps: number, context: string | null) {
  const learner = createTextLearner(options);
  const start = performance.now();
  for (let at = 0; at < steps; at++) {
    const transition = transitionOf(texts(at), action(at), texts(at + 1), { step: at, context });
    learner.current().predict(situationOf(transition, context, undefined, learner.historyOf?.(transition)));
    learner.learn(transition);
  }
  learner.settle?.();
  expect(learner.publish(() => "").bytes).toBeLessThan(10_000_000);
  expect((performance.now() - start) / 1_000).toBeLessThan(secondsMax);
  expect(learner.storeBytes()).toBeLessThan(40_000_000);
  const other = createTextLearner(options);
  other.restore(learner.snapshot());
  expect(other.publish(() => "").version).toBe(learner.publish(() => "").version);
}

const lines = (count: number, line: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => line(at)).join("\n");

it("pages of thousands of lines that all name what is acted on, with a context that says as much", () => {
  const page = (at: number) =>
    `== room ${at % 3} ==\n${lines(3_000, (line) => `\ta box (containing ${line + at} beads)`)}`;
  const context = JSON.stringify({
    goal: lines(4_000, (line) => `Find box number ${line}.`),
    rooms: { a: page(0), b: page(1) },
  });
  survive(page, (at) => ["take box from shelf", "put box on shelf", "look around"][at % 3] ?? "", 60, context);
});

it("actions of thousands of words, calls without end, marks of every kind", () => {
  const marks = [
    "\u0001",
    "\u00010\u0002",
    "\u00040",
    "\u0004none",
    "\u0004gone",
    "0:\tgo [x](y)",
    "a\n\n\n\nb 3",
    "[SEP] [SEP] [SEP]",
    "",
  ];
  const actions = [
    "go ".repeat(1_300),
    "click[",
    "click[]",
    "call(((((",
    "\u00040 \u0004",
    "0",
    "   ",
    "take a from a with a in a",
  ];
  survive(
    (at) => `${marks[at % marks.length]} ${marks[(at * 7) % marks.length]}`,
    (at) => actions[at % actions.length] ?? "",
    200,
    JSON.stringify({ goal: "\u0001goal\u0002 and more", "\u0002": "x".repeat(20) }),
  );
});
