/** The same action again, of a verb that was never repeated. */
import { describe, expect, it } from "vitest";
import { readAsked } from "../../../../src/predictors/text-edits/pages/asked.ts";
import { beginPages } from "../../../../src/predictors/text-edits/pages/belief.ts";
import { againFor, againOf, learnAgain } from "../../../../src/predictors/text-edits/pages/choice/again.ts";
import { observePage } from "../../../../src/predictors/text-edits/pages/observe.ts";
import { noPages } from "../../../../src/predictors/text-edits/pages/structure.ts";
import { createRemembered } from "../../../../src/predictors/text-edits/remembered.ts";

const structure = { ...noPages, titles: new Set(["Hall", "Hallway"]) };

/** What an episode would be answered again, after these steps. */
function againAfter(steps: readonly (readonly [action: string, answer: string])[], action: string) {
  const belief = beginPages(structure, null, "Hall\nIt is cold.");
  for (const [did, answer] of steps) {
    const asked = readAsked(structure, belief, did);
    if (asked !== null) observePage(structure, belief, asked.text, asked.action, answer);
  }
  const read = readAsked(structure, belief, action);
  if (read === null) throw new Error(`"${action}" cannot be read`);
  const asked = { action: read.action, actionText: read.text, episode: 1 };
  return { asked, again: againOf(belief, asked) };
}

describe("the same action again", () => {
  it("has the answer before, where nothing that it names was touched since", () => {
    expect(againAfter([["poke rat", "Which rat?"]], "poke rat").again?.text).toBe("Which rat?");
    const later = againAfter(
      [
        ["poke rat", "Which rat?"],
        ["hum", "You hum."],
      ],
      "poke rat",
    );
    expect(later.again?.text).toBe("Which rat?");
    const touched = againAfter(
      [
        ["poke rat", "Which rat?"],
        ["feed rat", "It eats."],
      ],
      "poke rat",
    );
    expect(touched.again).toBeNull();
    expect(againAfter([["wander", "Hall\nIt is cold."]], "wander").again).toBeNull();
    expect(againAfter([], "poke rat").again).toBeNull();
  });

  it("is judged by other verbs until the verb was repeated itself", () => {
    const remembered = createRemembered(1_000);
    const poked = againAfter([["poke rat", "Which rat?"]], "poke rat");
    expect(againFor(remembered, poked.again, poked.asked, false)).toBeNull();
    const seen = againAfter([["view hat", "It is a hat."]], "view hat");
    for (let time = 0; time < 20; time++) learnAgain(remembered, seen.again, seen.asked, "It is a hat.", 100);
    expect(againFor(remembered, poked.again, poked.asked, false)).toMatchObject({ text: "Which rat?", share: 1 });
    for (let time = 0; time < 4; time++) learnAgain(remembered, poked.again, poked.asked, "It bites.", 100);
    expect(againFor(remembered, poked.again, poked.asked, false)).toBeNull();
  });

  it("comes elsewhere, too, of a verb that nearly always did, unless other episodes of the world tell what comes", () => {
    const remembered = createRemembered(1_000);
    const read = againAfter(
      [
        ["read map", "The hall is north."],
        ["walk", "Hallway\nIt is warm."],
        ["walk", "Hall\nIt is cold."],
      ],
      "read map",
    );
    expect(read.again?.text).toBe("The hall is north.");
    for (let time = 0; time < 11; time++) learnAgain(remembered, read.again, read.asked, "The hall is north.", 100);
    expect(againFor(remembered, read.again, read.asked, false)).toBeNull();
    for (let time = 0; time < 9; time++) learnAgain(remembered, read.again, read.asked, "The hall is north.", 100);
    expect(againFor(remembered, read.again, read.asked, false)).toMatchObject({ text: "The hall is north.", share: 1 });
    expect(againFor(remembered, read.again, read.asked, true)).toBeNull();
    for (let time = 0; time < 2; time++) learnAgain(remembered, read.again, read.asked, "It is torn.", 100);
    expect(againFor(remembered, read.again, read.asked, false)).toBeNull();
  });
});
