/** Texts that are not nice: time and memory stay bounded, reasons are named, nothing throws. */
import { describe, expect, it } from "vitest";
import { situationOf } from "../../../src/predictors/situation.ts";
import { createTextLearner } from "../../../src/predictors/text-edits/learner.ts";
import { textOptions } from "../../../src/predictors/text-edits/options.ts";
import { transitionOf } from "../../support/transitions.ts";
import { exactness, learnt, toyOptions, walk } from "./toy.ts";

const secondsMax = 30;
const options = { ...textOptions, charsMax: 2_000_000, rowBytesMax: 4_000_000, templateCharsMax: 400_000 };

/** Each text after the one before: what was said of them, by reason. */
function survive(texts: readonly string[], action: (at: number) => string, context: string | null = null) {
  const learner = createTextLearner(options);
  const start = performance.now();
  const said = new Set<string>();
  for (let at = 0; at + 1 < texts.length; at++) {
    const transition = transitionOf(texts[at] ?? "", action(at), texts[at + 1] ?? "", { step: at, context });
    const situation = situationOf(transition, context, undefined, learner.historyOf?.(transition));
    const prediction = learner.current().predict(situation);
    said.add(prediction.status === "answered" ? "answered" : prediction.reason);
    learner.learn(transition);
  }
  learner.settle?.();
  learner.publish(() => "");
  expect((performance.now() - start) / 1_000).toBeLessThan(secondsMax);
  expect(learner.storeBytes()).toBeLessThan(40_000_000);
  const other = createTextLearner(options);
  other.restore(learner.snapshot());
  expect(other.publish(() => "").version).toBe(learner.publish(() => "").version);
  return [...said].sort();
}

const times = (count: number, make: (at: number) => string) => Array.from({ length: count }, (_, at) => make(at));

describe("text-edits", () => {
  it("abstains from texts of 1 MB, actions of 10 KB and contexts of 5 MB", () => {
    const long = times(4, (at) => "x ".repeat(500_000) + at);
    expect(survive(long, () => "look")).toEqual(["text-too-long"]);
    expect(survive(times(4, String), () => "go ".repeat(4_000))).toEqual(["action-too-long"]);
    expect(survive(times(4, String), () => "look", JSON.stringify({ a: "y".repeat(5_000_000) }))).toEqual([
      "context-too-long",
    ]);
  });

  it("bears 10,000 lines, binary, other scripts, right-to-left text, patterns for names and the marks of holes", () => {
    const pages = times(30, (at) => times(400, (line) => `line ${line} of page ${at}`).join("\n"));
    expect(survive(pages, (at) => `turn page ${at % 3}`)).not.toContain("failed");
    const texts = [
      "line 1\n".repeat(10_000),
      times(300, (at) => String.fromCharCode(at)).join(""),
      "צנצנת 3 על השולחן",
      "\u0001\u0002 \u0003",
      "(a+)+$ 1, [.*] 2, and \\d 3",
      "",
    ];
    survive(
      times(120, (at) => texts[at % texts.length] ?? ""),
      (at) => texts[(at * 5 + 1) % texts.length] ?? "",
    );
  });

  it("stays bounded where every text and every action is new", () => {
    survive(
      times(1_500, (at) => `${"page ".repeat(60)} ${at * 7} of ${at}, thing ${at}, and thing ${at + 1}`),
      (at) => `click link${at}x on tab ${at}`,
    );
  });

  it("learns two worlds under one name", () => {
    const another = (seed: number) =>
      walk(40, seed).map((step) => ({
        ...step,
        episode: `other ${step.episode}`,
        action: step.action.replace("peek into", "inspect"),
        nextState: step.nextState.replaceAll("box", "chest"),
        state: (step.state ?? "").replaceAll("box", "chest"),
        context: null,
      }));
    const [one, two] = [walk(40, 5), another(6)];
    const learner = learnt(
      one.flatMap((step, at) => [step, two[at] ?? step]),
      toyOptions,
    );
    expect(exactness(learner.current(), walk(10, 7))).toBeGreaterThan(0.97);
  });

  it("is silent where states are objects", () => {
    const transition = transitionOf({ a: 1 }, "look", { a: 2 });
    const learner = createTextLearner(options);
    learner.learn(transition);
    expect(learner.current().predict(situationOf(transition, null))).toEqual({
      status: "abstained",
      reason: "not-text",
    });
  });

  it("forgets the oldest episodes beyond its bounds, and goes on", () => {
    const small = { ...toyOptions, charsMax: 60_000, stepsMax: 400 };
    const learner = learnt(walk(60, 8), small);
    expect(learner.storeBytes()).toBeLessThan(20_000_000);
    expect(exactness(learner.current(), walk(10, 9))).toBeGreaterThan(0.95);
  });
});
