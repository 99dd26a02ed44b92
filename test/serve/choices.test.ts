/** Whom best-of chose, as the page shows it. */
import { describe, expect, it } from "vitest";
import type { ScoreEntry } from "../../src/codec/records.ts";
import { createChoices } from "../../src/serve/choices.ts";
import { entryOf, scoreOf } from "../support/scores.ts";

function scoreBy(version: string, status: ScoreEntry["status"] = "answered") {
  return scoreOf(0, 0, [entryOf("best-of", true, { version, status })]);
}

describe("choices", () => {
  it("are shares of lately answered steps, the most chosen first", () => {
    const choices = createChoices();
    for (let at = 0; at < 100; at++) choices.take(scoreBy(at % 4 === 0 ? "recall 12" : "neural 7"));
    choices.take(scoreBy("none", "abstained"));
    expect(choices.of("world")).toEqual([
      { predictor: "neural", share: 0.75 },
      { predictor: "recall", share: 0.25 },
    ]);
    for (let at = 0; at < 5_000; at++) choices.take(scoreBy("recall 12"));
    expect(choices.of("world")[0]?.predictor).toBe("recall");
    expect(choices.of("world")[0]?.share).toBeGreaterThan(0.95);
    expect(choices.of("other")).toEqual([]);
  });
});
