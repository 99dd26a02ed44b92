/** Ends of things, and names that only the wording tells. */
import { describe, expect, it } from "vitest";
import { endsIn, withoutEnds } from "../../../../src/predictors/text-edits/pages/naming/ends.ts";
import { calledInFrame, createFrameCounts } from "../../../../src/predictors/text-edits/pages/naming/frames.ts";
import { hole, shownTemplate } from "../../../../src/predictors/text-edits/reading.ts";
import { learnt, predictAll } from "../toy.ts";
import { pins, work } from "./bench.ts";

describe("ends of things", () => {
  const phrases = new Set(pins);

  it("are taken out with the names behind them, and an argument that is named twice has two", () => {
    const text = "left pin of lamp now meets right pin of lamp";
    const ends = endsIn(text, ["lamp", "lamp"], phrases);
    expect(ends.map(({ at, phrase }) => [at, phrase])).toEqual([
      [0, "left pin of"],
      [1, "right pin of"],
    ]);
    expect(shownTemplate(withoutEnds(text, ends))).toBe("<end 0> now meets <end 1>");
    expect(endsIn("You see lamp", ["lamp"], phrases)).toEqual([]);
  });

  it("are foretold for pairs that were never tied like that before", () => {
    const steps = work(30, 1);
    const judged = predictAll(learnt(steps).current(), work(12, 2));
    const tied = judged.filter(({ transition }) => transition.nextState.includes("now meets"));
    const answers = new Set(steps.map(({ action, nextState }) => action + nextState));
    const unseen = tied.filter(({ transition }) => !answers.has(transition.action + transition.nextState));
    expect(unseen.length).toBeGreaterThan(30);
    expect(unseen.filter(({ right }) => right).length).toBeGreaterThan(0.9 * unseen.length);
  });
});

describe("names that only the wording tells", () => {
  const counts = createFrameCounts();
  const moved = `You move the ${hole("0")} to the ${hole("1")}.`;
  for (let times = 0; times < 3; times++) counts.add("move", moved);
  const shown = ["shelf", "box"];
  const called = (text: string, ...names: string[]) =>
    calledInFrame(counts.frames, "move", text, names, (at) => shown.includes(names[at] ?? ""));

  it("are read where the wording is known", () => {
    expect(called("You move the blue pillow to the shelf.", "something soft", "shelf")).toEqual([
      "blue pillow",
      "shelf",
    ]);
    expect(called("You cannot move the pillow to the shelf.", "something soft", "shelf")[0]).toBe("something soft");
  });

  it("are no names of other arguments, and leave alone what is named", () => {
    expect(called("You move the shelf to the shelf.", "something soft", "shelf")[0]).toBe("something soft");
    expect(called("You move the pillow to the shelf.", "pillow", "shelf")).toEqual(["pillow", "shelf"]);
    expect(called("You move the lid to the shelf.", "box", "shelf")).toEqual(["box", "shelf"]);
  });

  it("are read from wordings that were given often, and that say enough", () => {
    const few = createFrameCounts();
    for (let times = 0; times < 2; times++) few.add("move", moved);
    for (let times = 0; times < 9; times++) {
      few.add("move", `${hole("0")} ok ${hole("1")}`);
      few.add("move", `You move ${hole("0")}\n${hole("1")}`);
      few.add("move", `You move the ${hole("0")} ${hole("1")}.`);
    }
    expect([...few.frames]).toEqual([]);
  });
});
