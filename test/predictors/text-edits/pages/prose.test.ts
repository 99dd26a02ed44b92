/** Pages in prose: titles that are sentences, phrases in turn, lists inside sentences, and what comes back of each. */
import { describe, expect, it } from "vitest";
import { beginPages } from "../../../../src/predictors/text-edits/pages/belief.ts";
import {
  createEmptyCounts,
  emptiedText,
  filledText,
} from "../../../../src/predictors/text-edits/pages/events/empties.ts";
import { listIn } from "../../../../src/predictors/text-edits/pages/events/lists.ts";
import { move, toAnswer } from "../../../../src/predictors/text-edits/pages/events/moves.ts";
import { pageRule } from "../../../../src/predictors/text-edits/pages/rules.ts";
import { noPages } from "../../../../src/predictors/text-edits/pages/structure.ts";
import { createTitleCounts } from "../../../../src/predictors/text-edits/pages/study/study-titles.ts";
import { titleOf } from "../../../../src/predictors/text-edits/pages/text/cut.ts";
import { createOrdinalCounts, inTurn, outOfTurn } from "../../../../src/predictors/text-edits/pages/text/ordinals.ts";
import { segmentsOf } from "../../../../src/predictors/text-edits/pages/text/sentences.ts";
import { learnt, predictAll } from "../toy.ts";
import { phrases, stroll } from "./prose.ts";

const steps = stroll(60, 1);
const textOf = (json: string) => JSON.parse(json) as string;

describe("pages in prose", () => {
  it("are foretold as they have changed since they were seen, in houses that were never seen", () => {
    const others = stroll(14, 2);
    const judged = predictAll(learnt(steps).current(), others);
    const changed = judged.filter(({ transition }) => {
      const { episode, step, nextState } = transition;
      const title = textOf(nextState).split(".", 1)[0] ?? "";
      if (!title.startsWith("You stand")) return false;
      const before = others
        .filter((one) => one.episode === episode && one.step <= step)
        .map(({ state }) => state ?? "");
      const last = before.findLast((text) => textOf(text).startsWith(title));
      return last !== undefined && last !== nextState;
    });
    expect(changed.length).toBeGreaterThan(40);
    expect(changed.filter(({ right }) => right).length / changed.length).toBeGreaterThan(0.8);
  });

  it("have the first sentence as their title, where what stands behind it changes, and no answers for pages", () => {
    const counts = createTitleCounts();
    for (let at = 0; at < steps.length; at += 40)
      counts.add(steps.slice(at, at + 40).map(({ action, nextState }) => ({ action, text: textOf(nextState).trim() })));
    const structure = counts.decided(true);
    expect(structure).toEqual({ titles: new Set(), sentences: new Set(["You stand in the"]) });
    expect(titleOf(structure, "You stand in the old mill. Here is a cup.")).toBe("You stand in the old mill.");
    expect(titleOf(structure, "You take the cup. It is heavy.")).toBeNull();
    expect(counts.decided(false).sentences.size).toBe(0);
  });

  it("begin their sentences in turn again, whatever has come or gone", () => {
    const counts = createOrdinalCounts();
    for (const { nextState } of steps) counts.add(textOf(nextState).trim());
    const ordinals = counts.decided();
    expect(ordinals).toEqual({ of: "You", phrases });
    const page =
      "You stand in the hall. Near the wall stands a cup. Here is a saw. Further on you notice a hat. \nA path leads north.";
    const read = outOfTurn(ordinals, page);
    expect(read).toBe("You stand in the hall. Here is a cup. Here is a saw. Here is a hat. \nA path leads north.");
    expect(inTurn(ordinals, read)).toBe(page);
    expect(inTurn(ordinals, read.replace(" Here is a saw.", ""))).toBe(
      "You stand in the hall. Near the wall stands a cup. Here is a hat. \nA path leads north.",
    );
    expect(outOfTurn(ordinals, "You take it. Here is a cup.")).toBe("You take it. Here is a cup.");
    for (const { nextState } of steps)
      expect(inTurn(ordinals, outOfTurn(ordinals, textOf(nextState)))).toBe(textOf(nextState));
  });

  it("hold lists inside sentences, and say nothing of a list where they only say how a thing is", () => {
    expect(listIn("Here is a tray that has a cup, a pen and an egg on it.")).toEqual({
      before: "Here is a tray that has ",
      items: ["a cup", "a pen", "an egg"],
      after: " on it.",
    });
    expect(listIn("Here is a box that is shut.")).toBeNull();
    expect(listIn("On the shelf is a cup and a pen.")?.items).toEqual(["a cup", "a pen"]);
  });

  it("say that a list is empty as other sentences did, and back, with what stands before as it is", () => {
    const counts = createEmptyCounts();
    for (const thing of ["tray", "desk", "shelf"])
      counts.add(`Here is a ${thing} that has \u0001list\u0002 on it.`, `Here is a ${thing}, which is bare.`);
    counts.add("Done: \u0001list\u0002.", "Done.");
    const rules = counts.decided();
    const list = listIn("There stands a rack that has a cup on it.");
    if (list === null) throw new Error("no list");
    expect(emptiedText(rules, list, ["cup"])).toBe("There stands a rack, which is bare.");
    expect(filledText(rules, "There stands a rack, which is bare.", "a cup", ["cup", "rack"])).toBe(
      "There stands a rack that has a cup on it.",
    );
    expect(filledText(rules, "Nothing is here.", "a cup", ["cup"])).toBeNull();
    expect([...rules].map(([key, outcome]) => pageRule({ is: "change", key, outcome }).says)).toEqual([
      'a sentence that ends " that has <list …> on it." ends ", which is bare." without its last item',
      'a sentence that ends ", which is bare." ends " that has <list …> on it." with its first item',
    ]);
  });

  it("keep their other sentences when a thing is moved away, and blanks at the ends of their lines", () => {
    const first = "Hall\nHere is a cup. Here is a saw. \nA path leads north.";
    const belief = beginPages({ ...noPages, titles: new Set(["Hall"]) }, null, first);
    const event = {
      key: "",
      actionText: "take cup",
      names: ["cup", ""],
      items: ["a cup"],
      held: [],
      at: 0,
      toward: [],
      listed: [],
      said: "",
      from: "Hall",
      step: 0,
    };
    move(belief, `${toAnswer}bag`, event, ["cup"], belief.finder.find([first], ["cup"]));
    expect(belief.pages.get("Hall")).toBe(first);
    const segments = segmentsOf(first);
    expect(segments.map(({ text }) => text)).toEqual([
      "Hall",
      "Here is a cup.",
      "Here is a saw.",
      "A path leads north.",
    ]);
    expect(segments.map(({ separator, text }) => separator + text).join("")).toBe(first);
  });
});
