/** Observations of a megabyte: what is shown and kept of them is small, and says the same. */
import { expect, it } from "vitest";
import { canonicalText } from "../../../src/json/canonical.ts";
import type { Json } from "../../../src/json/json.ts";
import { compileComparison } from "../../../src/track/score/comparison.ts";
import {
  hashUnderRules,
  isDynamic,
  measure,
  prepareTruth,
  situationHash,
  withoutTexts,
} from "../../../src/track/score/logic.ts";
import { shownExample, shownPrediction } from "../../../src/track/score/shown.ts";

const comparison = compileComparison({}, "observation");
const valued = (value: Json) => ({ value, text: canonicalText(value) });
const long = (end: string) => `\n${'You see "a thing" \u{1f600}. '.repeat(50_000)}${end}`;
const [state, next] = [valued(long("1")), valued(long("2"))];

it("keep no second copy of a text for each step, and answers that come later are measured alike", () => {
  const truth = prepareTruth(comparison, "observation", state, next);
  expect(isDynamic(truth)).toBe(true);
  const kept = withoutTexts(truth);
  // Of each step an episode kept two texts twice, and both once more as what changed: six megabytes of a one.
  for (const { from, to } of kept.actual.values()) expect(`${from}${to}`.length).toBeLessThan(200);
  for (const one of [kept.state, kept.next])
    expect(Object.getOwnPropertyDescriptor(one, "text")?.value, "the text is made when somebody asks").toBeUndefined();
  expect([kept.state.text, kept.next.text]).toEqual([state.text, next.text]);
  for (const prediction of [long("1"), long("2"), long("3"), "short"])
    expect(measure(kept, prediction)).toEqual(measure(truth, prediction));
  expect(measure(truth, ` ${long("2")} \n`).exact).toBe(true);
  expect(measure(truth, long("3")).exact).toBe(false);
});

it("of very many changed leaves an episode keeps none, and answers that come later are measured alike", () => {
  const rules = compileComparison({}, "state");
  const list = (from: number) => valued({ list: Array.from({ length: 5_000 }, (_, at) => (at + from) % 7), at: from });
  const truth = prepareTruth(rules, "state", list(0), list(1));
  expect(truth.actual.size).toBe(5_001);
  const kept = withoutTexts(truth);
  expect(Object.getOwnPropertyDescriptor(kept, "actual")?.value).toBeUndefined();
  for (const prediction of [list(0), list(1), list(2), valued({ list: [] }), truth.state])
    expect(measure(kept, prediction.value)).toEqual(measure(truth, prediction.value));
  expect(withoutTexts(prepareTruth(rules, "state", list(0), list(0))).actual.size).toBe(0);
});

it("show their beginning, the same of a value as of its text", () => {
  const truth = prepareTruth(comparison, "observation", state, next);
  const shown = shownExample(truth, canonicalText("look"), 1_000);
  expect(shown.state).toBe(canonicalText(`${long("1").slice(0, 999).toWellFormed()}…`));
  expect(shown.truth).toBe(shown.state);
  expect(shownPrediction(truth, long("1"), 1_000)).toBe(shown.state);
  expect(shownPrediction(truth, "short", 1_000)).toBe('"short"');
  // Its text is longer than it is.
  const quotes = '"'.repeat(600);
  expect(shownPrediction(truth, quotes, 1_000)).toBe(canonicalText(`${quotes}…`));
});

it("of a context that is long the hash is made once for its episode", () => {
  let asked = 0;
  const context = {
    value: "goal",
    get text() {
      asked += 1;
      return '"goal"';
    },
  };
  const hashes = ['"a"', '"b"', '"a"'].map((action) => situationHash(state, action, context, comparison));
  expect(asked).toBe(1);
  expect(hashes[0]).toBe(hashes[2]);
  expect(hashes[0]).not.toBe(hashes[1]);
  expect(situationHash(state, '"a"', valued("goal"), comparison)).toBe(hashes[0]);
  expect(situationHash(state, '"a"', null, comparison)).not.toBe(hashes[0]);
  expect(hashUnderRules(state, comparison)).not.toBe(hashUnderRules(next, comparison));
});
