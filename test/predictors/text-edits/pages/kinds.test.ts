/** Words that name no thing that is shown, what has what is held, how things are shown at first, and what doors are called. */
import { describe, expect, it } from "vitest";
import { emptyForest } from "../../../../src/predictors/lifted/forest.ts";
import { beginPages } from "../../../../src/predictors/text-edits/pages/belief.ts";
import { standingOf } from "../../../../src/predictors/text-edits/pages/events/event.ts";
import { eventOf } from "../../../../src/predictors/text-edits/pages/events/event-of.ts";
import { meant, referentsOf } from "../../../../src/predictors/text-edits/pages/naming/here.ts";
import { calledKey, namesFor } from "../../../../src/predictors/text-edits/pages/naming/naming.ts";
import { noPages, type PageStructure } from "../../../../src/predictors/text-edits/pages/structure.ts";
import { createEditCounts } from "../../../../src/predictors/text-edits/pages/study/study-edits.ts";
import { createKindCounts } from "../../../../src/predictors/text-edits/pages/study/study-kinds.ts";
import { createUsualCounts } from "../../../../src/predictors/text-edits/pages/study/study-usual.ts";
import { nodesOf } from "../../../../src/predictors/text-edits/pages/text/nodes.ts";
import { createRemembered } from "../../../../src/predictors/text-edits/remembered.ts";
import { noStructure } from "../../../../src/predictors/text-edits/structure.ts";
import { eventOfTest } from "./event.ts";

const hall = "Room hall:\n\ta bench. On the bench is: a pillow.\n\ta rug\nWays:\n\tA door to the yard (that is shut)";
const yard = "Room yard:\n\ta spade\nWays:\n\tA door to the hall (that is shut)\n\tA door to the shed (that is shut)";
const shed = "Room shed:\n\ta spade\nWays:\n\tA door to the yard (that is shut)";
const context = { rooms: { hall, yard, shed } };

function believed(more: Partial<PageStructure> = {}) {
  const structure: PageStructure = {
    ...noPages,
    grammar: { functionWords: new Set(["to"]), seconds: new Set() },
    titles: new Set(["Room"]),
    beginnings: new Map([["bag", "Bag:\n\ta comb"]]),
    ...more,
  };
  return { structure, belief: beginPages(structure, context, hall) };
}

describe("words for a kind", () => {
  const counts = createKindCounts();
  for (const name of ["pillow", "rug", "pillow", "Rug", "stone"]) counts.add("something soft", name);

  it("mean what things were called that they meant, more than once", () => {
    expect([...(counts.kinds.get("something soft") ?? [])]).toEqual(["pillow", "rug"]);
    const { belief } = believed({ kinds: counts.kinds });
    const [soft, hard] = referentsOf(belief, { args: ["something soft", "something hard"] });
    expect(soft).toMatchObject({ rank: 0, count: 2, all: 2 });
    expect(hard).toBeNull();
  });
});

describe("what many worlds call the same", () => {
  it("is called so, whatever the forest says, and what most call by words of its own", () => {
    const { belief } = believed();
    const remembered = createRemembered(1_000);
    for (let world = 1; world <= 8; world++) remembered.texts.note(calledKey("soft rug"), "rug", world);
    for (let world = 1; world <= 8; world++)
      remembered.texts.note(calledKey("pin"), world < 8 ? "nail" : "bolt", world);
    for (let world = 1; world <= 9; world++)
      remembered.texts.note(calledKey("yard door"), world < 9 ? "door" : "gate", world);
    const choice = { forest: emptyForest, templates: [] };
    const rules = { structure: noStructure, remembered, choices: new Map(), choiceOf: () => choice };
    const action = { template: "tie", args: ["soft rug", "pin", "yard door"] };
    expect(namesFor(rules, belief, { action, actionText: "tie", episode: 1 })).toEqual(["rug", "pin", "door"]);
  });
});

describe("what shows what is here", () => {
  it("is a list, and no answer that only says something", () => {
    const { belief } = believed({
      beginnings: new Map([
        ["bag", "Bag:\n\ta comb"],
        ["task", "Your task:\nFind the comb of the queen. Hurry."],
      ]),
    });
    const [comb] = referentsOf(belief, { args: ["comb"] });
    expect(comb).toMatchObject({ text: 1, count: 1, all: 1 });
  });
});

describe("what has what another text shows", () => {
  it("holds it", () => {
    const { belief } = believed();
    const [bag] = referentsOf(belief, { args: ["bag"] });
    expect(bag?.node.kids.map(({ name }) => name)).toEqual(["comb"]);
  });
});

describe("how things are shown at first", () => {
  it("is learnt where most are so", () => {
    const counts = createUsualCounts();
    for (let episode = 0; episode < 4; episode++) {
      counts.begin();
      counts.add(nodesOf(`Room:\n\ta pot (holding nothing)\n\ta lamp, which is ${episode % 2 === 0 ? "on" : "off"}`));
      counts.add(nodesOf("Room:\n\ta pot (holding tea)"));
    }
    expect([...counts.decided()]).toEqual([
      ["pot", "a pot (holding nothing)"],
      ["tea", "tea"],
    ]);
  });

  it("is how an event knows what no text has shown", () => {
    const { structure, belief } = believed({ usual: new Map([["pot", "a pot (holding nothing)"]]) });
    const read = { action: { template: "take <0>", args: ["pot"] }, actionText: "take pot" };
    const answered = { ...read, called: ["pot"], key: "", order: [0], form: "", body: "You take the pot." };
    expect(eventOf(structure, belief, answered).items).toEqual(["a pot (holding nothing)"]);
    const jug = { ...answered, action: { template: "take <0>", args: ["jug"] }, called: ["jug"] };
    expect(eventOf(structure, belief, jug).items).toEqual(["a jug"]);
  });
});

describe("what leads to another place", () => {
  const { structure, belief } = believed();
  const action = { template: "open <0>", args: ["door to yard"] };
  const event = eventOf(structure, belief, {
    ...{ action, actionText: "open door to yard", called: ["door"], key: "open", order: [0] },
    ...{ form: "", body: "The door is open." },
  });

  it("is told apart by its whole name, whatever the answer calls it", () => {
    expect(event.names).toEqual(["door to the yard", "hall"]);
    expect(meant(structure, belief, action)).toEqual(["door to the yard"]);
  });

  it("is shown on the page of that place, and on no other", () => {
    const standings = ["Room hall:", "Room yard:", "Room shed:"].map((title) => standingOf(event, title));
    expect(standings).toEqual(["here", "beyond", "elsewhere"]);
  });
});

describe("other pages", () => {
  it("are changed by what is done seldom: a few sights do not teach it", () => {
    const counts = createEditCounts();
    const event = eventOfTest("take", "spade");
    const see = (standing: string) => {
      const [before, after] = ["Room:\n\ta spade\n\ta rope", "Room:\n\ta rope"];
      counts.add({ before, after, events: [event], standingOf: () => standing });
    };
    for (let seen = 0; seen < 4; seen++) for (const standing of ["here", "elsewhere"]) see(standing);
    expect([...counts.decided().edits.keys()].map((key) => key.split("\u0003")[2])).toEqual(["here"]);
    see("elsewhere");
    expect(counts.decided().edits.size).toBe(2);
  });
});
