/** What goals ask for: their closings left out, and how their last step is told by what is done. */
import { describe, expect, it } from "vitest";
import { beginPages } from "../../../../src/predictors/text-edits/pages/belief.ts";
import { writeGoalFeatures } from "../../../../src/predictors/text-edits/pages/choice/goals.ts";
import { readPhrases } from "../../../../src/predictors/text-edits/pages/grammar.ts";
import { noPages } from "../../../../src/predictors/text-edits/pages/structure.ts";
import { closingsOf, sentencesAsking } from "../../../../src/predictors/text-edits/pages/text/closings.ts";
import { readPages, writePages } from "../../../../src/predictors/text-edits/pages/written.ts";
import { TokenWriter } from "../../../../src/predictors/text-edits/token-writer.ts";

const things = ["cup", "lamp", "ring", "rope", "coin"];
const closings = closingsOf([
  ...things.map((one) => `Take the ${one}. Then close the box. Is it clear? Good!`),
  ...things.map((one) => `Find the ${one}. That is all.`),
  "Sing. Dance!",
]);

describe("closings", () => {
  it("are what strings of many worlds end with, one sentence or two", () => {
    expect([...closings].sort()).toEqual(["good!", "is it clear?", "that is all."]);
    expect(sentencesAsking("Find the hat. Is it clear? Good!", closings)).toEqual(["find the hat."]);
    expect(sentencesAsking("Good! Find the hat.", closings)).toEqual(["good!", "find the hat."]);
    expect(sentencesAsking("Good!", closings)).toEqual(["good!"]);
  });

  it("are written with the structure, and absent in what was written before", () => {
    const written = writePages({ ...noPages, closings });
    expect(readPages(written).closings).toEqual(closings);
    const { closings: _, ...before } = written;
    expect(readPages(before).closings.size).toBe(0);
  });
});

describe("the step of a goal", () => {
  const said = (goal: string, actionText: string) => {
    const words = new Map<number, string>();
    const writer = new TokenWriter(words);
    const belief = beginPages({ ...noPages, closings }, { goal }, "A hall.");
    const action = readPhrases({ functionWords: new Set(["with"]), seconds: new Set() }, actionText);
    if (action === null) throw new Error("the action is not read");
    writer.begin();
    writeGoalFeatures(writer, belief, { action, actionText, episode: 0 });
    return [...words.values()];
  };

  it("is the last where nothing but closings comes behind it", () => {
    const goal = "Go north. See that the chest is locked. Is it clear? Good!";
    expect(said(goal, "lock chest with key")).toContain(
      "goal names <0> 0 sentences before its end, with lock, not all that is named",
    );
    expect(said(goal, "open chest")).toContain("goal names <0> 0 sentences before its end, without open");
    expect(said(goal, "open chest")).toContain('open: the end of goal names <0> and says "locked"');
    expect(said(goal.replace("Is it clear?", "Then sing."), "lock chest with key")).toContain(
      "goal names <0> 1 sentence before its end, with lock",
    );
  });
});
