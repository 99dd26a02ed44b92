/** The parts of reading a world of pages: actions, holes, tails, lists, numbers, names, edits, what other episodes tell. */
import { describe, expect, it } from "vitest";
import { createTextMemory } from "../../../../src/predictors/text-edits/pages/choice/texts.ts";
import { movedAsLast, movedEvenly, readCourse } from "../../../../src/predictors/text-edits/pages/events/numbers.ts";
import { asMeant, grammarOf, readPhrases } from "../../../../src/predictors/text-edits/pages/grammar.ts";
import { calledIn } from "../../../../src/predictors/text-edits/pages/naming/names.ts";
import { createFinder } from "../../../../src/predictors/text-edits/pages/naming/referents.ts";
import { noPages } from "../../../../src/predictors/text-edits/pages/structure.ts";
import { createEditCounts } from "../../../../src/predictors/text-edits/pages/study/study-edits.ts";
import { cut, titleOf, withoutRemark } from "../../../../src/predictors/text-edits/pages/text/cut.ts";
import { itemOf, itemsIn } from "../../../../src/predictors/text-edits/pages/text/items.ts";
import { fillIn, lift, toldOf } from "../../../../src/predictors/text-edits/pages/text/lift.ts";
import { marksIn, neighboursOf } from "../../../../src/predictors/text-edits/pages/text/neighbours.ts";
import { placeOf, replaced } from "../../../../src/predictors/text-edits/pages/text/words.ts";
import { shownTemplate } from "../../../../src/predictors/text-edits/reading.ts";
import { edited, eventOfTest } from "./event.ts";

const things = ["lamp", "red ball", "key", "old coin", "apple", "box", "pan", "cup", "pen", "mug", "hat", "rope"];
const grammar = grammarOf(
  things.flatMap((one, at) => {
    const other = things[(at + 5) % things.length] ?? "";
    return [`take ${one} from ${other}`, `pick up ${one}`, `drop ${one}`, "look"];
  }),
);

describe("actions whose things are named by phrases", () => {
  it("are read by the words that stand between many others", () => {
    const read = (text: string) => readPhrases(grammar, text);
    expect(read("take blue vase from oak chest")?.args).toEqual(["blue vase", "oak chest"]);
    expect(shownTemplate(read("take blue vase from oak chest")?.template ?? "")).toBe("take <0> from <1>");
    expect(shownTemplate(read("pick up red ball")?.template ?? "")).toBe("pick up <0>");
    expect(read("drop red ball")?.args).toEqual(["red ball"]);
    expect(shownTemplate(read("find[a (small) box]")?.template ?? "")).toBe("find[<0>]");
    expect(read("find[a (small) box]")?.args).toEqual(["a (small) box"]);
  });

  it("are read by few actions, where others name what stands before and behind a word", () => {
    const shown = ["old key", "brass key", "bag of nuts", "lid of tin", "oak chest", "low bed"];
    const few = grammarOf([
      ...shown.map((thing) => `view ${thing}`),
      ...["old key", "brass key", "bag of nuts"].flatMap((thing) => [
        `take ${thing} from oak chest`,
        `take ${thing} from low bed`,
      ]),
      "look",
    ]);
    expect([...few.functionWords]).toEqual(["from"]);
    expect(readPhrases(few, "take old key from low bed")?.args).toEqual(["old key", "low bed"]);
    expect(readPhrases(few, "view bag of nuts")?.args).toEqual(["bag of nuts"]);
    // Of one thing on a side the word may be of its name.
    const one = grammarOf([
      ...shown.map((thing) => `view ${thing}`),
      ...shown.map((thing) => `take ${thing} of tin`),
      "view tin",
    ]);
    expect([...one.functionWords]).toEqual([]);
  });

  it("may stand for the line of a menu", () => {
    const menu = "Which one?\n0:\topen box (in hall)\n1:\topen door\n";
    expect([asMeant("0", menu), asMeant("1", menu), asMeant("2", menu)]).toEqual(["open box", "open door", "2"]);
  });
});

describe("holes", () => {
  it("are filled with what was taken out, the longest first, whole words only", () => {
    const told = toldOf("goal", "Find the golden apple of the garden.");
    const text = "The apple pie is no apple. Find the golden apple of the garden. Pineapple!";
    const lifted = lift(text, ["apple", "apple pie"], told);
    expect(shownTemplate(lifted)).toBe("The <1> is no <0>. <goal> Pineapple!");
    expect(fillIn(lifted, ["apple", "apple pie"], told)).toBe(text);
    expect(fillIn(lifted, ["plum", "plum cake"], told)).toContain("The plum cake is no plum.");
    expect(fillIn(lifted, ["plum"], told)).toBeNull();
  });

  it("know the borders of words in every script", () => {
    expect(placeOf("boxes, box", "box")).toBe(7);
    expect(placeOf("größe groß", "groß")).toBe(6);
    expect(replaced("a box, a box.", "box", "pan")).toBe("a pan, a pan.");
    expect(placeOf("anything", "")).toBe(-1);
  });
});

describe("texts", () => {
  it("are cut where a known tail begins, whatever its numbers", () => {
    const tails = new Set(["\n\n\nYou have # points."]);
    expect(cut({ ...noPages, tails }, "Done.\n\n\nYou have 7 points.")).toEqual({
      body: "Done.",
      tail: "\n\n\nYou have 7 points.",
    });
    expect(cut({ ...noPages, tails }, "Done.\n\n\nYou lost.").tail).toBe("");
  });

  it("may say first, in brackets, what an action was taken to mean", () => {
    expect(withoutRemark("(the oak box)\nYou open it.")).toBe("You open it.");
    for (const text of ["(the oak box)", "(the oak box) You open it.", "You open it.\n(At last.)\nIt is bare."])
      expect(withoutRemark(text)).toBe(text);
  });

  it("have a title where they begin as pages do", () => {
    const structure = { ...noPages, titles: new Set(["=="]) };
    expect(titleOf(structure, "== Hall ==\nIt is dark.")).toBe("== Hall ==");
    expect(titleOf(structure, "== Hall ==")).toBeNull();
    expect(titleOf(structure, "Hall\nIt is dark.")).toBeNull();
  });

  it("show things as items, brackets and what stands before their names with them", () => {
    expect(itemOf("On it are a big red cup (containing tea, milk), and a pen.", "cup")).toBe(
      "a big red cup (containing tea, milk)",
    );
    expect(itemOf("The cup is here.", "cup")).toBe("The cup");
    expect(itemOf("cups", "cup")).toBeNull();
    // Not one whose name goes on, nor from the article of what holds it.
    expect(itemOf("a cup holder, a cup, a lid", "cup")).toBe("a cup");
    expect(itemOf("a cup holder", "cup")).toBe("a cup");
    expect(itemOf("a tin (holding red paint)", "red paint")).toBeNull();
    expect(itemsIn("a cup (of tea, milk), an apple and a pen")).toEqual(["a cup (of tea, milk)", "an apple", "a pen"]);
  });

  it("made of fields tell what stands beside a field that is named", () => {
    const text = "Back [SEP] B07X [SEP] A fine pan [SEP] $9.50 [SEP] B08Y";
    expect([...marksIn(text)]).toEqual([["[SEP]", 4]]);
    expect(neighboursOf("[SEP]", text, ["b07x"]).map(({ text: field }) => field)).toEqual([
      "B07X",
      "A fine pan",
      "$9.50",
    ]);
    expect(neighboursOf("", text, ["b07x"])).toEqual([]);
  });
});

describe("numbers", () => {
  it("move on as they did, and evenly", () => {
    let course = readCourse("It reads 10 degrees.", 1, undefined) ?? undefined;
    expect(movedAsLast(course, 2)).toBeNull();
    for (const [at, value] of [
      [2, 12],
      [4, 18],
    ] as const)
      course = readCourse(`It reads ${value} degrees.`, at, course) ?? undefined;
    expect(movedAsLast(course, 5)).toBe("It reads 21 degrees.");
    expect(movedEvenly(course, 7)).toBe("It reads 26 degrees.");
    const still = readCourse("It reads 18 degrees.", 5, readCourse("It reads 18 degrees.", 4, undefined) ?? undefined);
    expect(movedAsLast(still ?? undefined, 6)).toBeNull();
    expect(readCourse("Other words 3", 5, course)?.readings.length).toBe(1);
  });
});

describe("names", () => {
  it("are found in what the page calls things", () => {
    const page =
      "You see:\n\ta glass cup (containing green tea)\n\ta substance called water\n\ta table. On it is: a pen.";
    const finder = createFinder();
    const named = (thing: string) => finder.find([page], [thing])[0]?.node.name;
    expect(named("cup")).toBe("glass cup");
    expect(named("cup containing tea")).toBe("glass cup");
    expect(named("water")).toBe("water");
    expect(named("spoon")).toBeUndefined();
    expect(calledIn("You take the glass cup.", ["cup", "glass cup", null])).toBe("glass cup");
  });
});

describe("texts of other episodes", () => {
  it("are told to others, never to the episode that showed them, and are forgotten beyond the bound", () => {
    const memory = createTextMemory(400);
    memory.note(1, "It is red.", 10);
    expect(memory.of(1, 10)).toBeNull();
    expect(memory.of(1, 11)?.text).toBe("It is red.");
    memory.note(1, "It is blue.", 11);
    expect(memory.of(1, 11)?.text).toBe("It is red.");
    expect(memory.of(1, 12)?.text).toBe("It is blue.");
    for (let key = 2; key < 20; key++) memory.note(key, "x".repeat(60), 1);
    expect(memory.chars).toBeLessThanOrEqual(400);
    expect(memory.of(1, 12)).toBeNull();
    memory.note(99, "y".repeat(1_000), 1);
    expect(memory.of(99, 2)).toBeNull();
  });

  it("are those that most others showed, whatever one showed since", () => {
    const memory = createTextMemory(4_000);
    for (const origin of [1, 2, 3]) memory.note(1, "It is red.", origin);
    for (let origin = 4; origin < 20; origin++) memory.note(1, `It is of colour ${origin}.`, origin);
    expect(memory.of(1, 20)?.text).toBe("It is red.");
    for (let origin = 20; origin < 24; origin++) memory.note(1, "It is blue.", origin);
    expect(memory.of(1, 24)?.text).toBe("It is blue.");
    memory.note(2, "It hums.", 1);
    memory.note(2, "It hums.", 1);
    memory.note(2, "It sings.", 2);
    expect(memory.of(2, 1)?.text).toBe("It sings.");
    expect(memory.of(2, 3)?.text).toBe("It sings.");
  });
});

describe("edits", () => {
  const counts = createEditCounts();
  for (const [thing, other] of [
    ["cup", "pen"],
    ["hat", "key"],
    ["pan", "mug"],
  ] as const) {
    const add = (action: string, before: string, after: string) =>
      counts.add({ before, after, events: [eventOfTest(action, thing)], standingOf: () => "here" });
    add("open", `Hall\nThe ${thing} is shut.`, `Hall\nThe ${thing} is open.`);
    add("take", `Hall\nThere is a ${thing} on the floor.`, "Hall");
    add("take", `Hall\nThere is a ${thing} and a ${other} on the floor.`, `Hall\nThere is a ${other} on the floor.`);
    add("drop", "Hall", `Hall\nThere is a ${thing} on the floor.`);
    add("look at", `Hall\nThe ${thing} is shut.`, `Hall\nThe ${thing} is shut.`);
  }
  const rules = counts.decided();
  const following = (action: string, text: string, thing = "ring") =>
    edited(rules, text, eventOfTest(action, thing), "here");

  it("are learnt from what texts were before and are after, and hold for things never seen", () => {
    expect(following("open", "Attic\nThe ring is shut. The box is shut.")).toBe(
      "Attic\nThe ring is open. The box is shut.",
    );
    expect(following("look at", "Attic\nThe ring is shut.")).toBe("Attic\nThe ring is shut.");
    expect(following("open", "Attic\nThe box is shut.")).toBe("Attic\nThe box is shut.");
  });

  it("of a sentence in a line are what stands behind the same one now; new lines come between lines", () => {
    const stirs = createEditCounts();
    const bench = (bowl: string) => `Shed\n\ta bench. On the bench is: a bowl (${bowl}).\n\ta rope`;
    for (const tint of ["red", "blue", "green"])
      stirs.add({
        before: bench("holding nothing"),
        after: bench(`holding ${tint} paint`),
        events: [eventOfTest("stir", "bowl")],
        standingOf: () => "here",
      });
    // What it became is another thing each time; it has not gone.
    expect(edited(stirs.decided(), bench("holding nothing"), eventOfTest("stir", "bowl"), "here")).toBe(
      bench("holding nothing"),
    );
    const drops = createEditCounts();
    for (const thing of ["pin", "jar", "mug"])
      drops.add({
        before: "Shed\n\ta box",
        after: `Shed\n\ta box\n\ta ${thing}`,
        events: [eventOfTest("drop", thing)],
        standingOf: () => "here",
      });
    const dropped = (text: string) => edited(drops.decided(), text, eventOfTest("drop", "cup"), "here");
    expect(dropped(bench("holding tea"))).toBe(bench("holding tea").replace("\n\ta rope", "\n\ta cup\n\ta rope"));
    expect(dropped("Shed\n\ta cup of tin")).toBe("Shed\n\ta cup of tin");
  });

  it("take items from lists and add them", () => {
    expect(following("take", "Attic\nThere is a ring on the floor.")).toBe("Attic");
    expect(following("take", "Attic\nThere is a box, a ring and a pen on the floor.")).toBe(
      "Attic\nThere is a box and a pen on the floor.",
    );
    expect(following("drop", "Attic\nThere is a box on the floor.")).toBe(
      "Attic\nThere is a box and a ring on the floor.",
    );
    expect(following("drop", "Attic")).toBe("Attic\nThere is a ring on the floor.");
    const shown = "Attic\nThere is a box and a ring on the floor.";
    expect(following("drop", shown)).toBe(shown);
  });

  it("bring what a thing was seen to hold, each its own, and of others what is usual", () => {
    const lids = createEditCounts();
    const shut = (thing: string) => `Hall\n\ta ${thing}. The ${thing} has its lid on. \n\ta chair`;
    const open = (thing: string, held: string) =>
      `Hall\n\ta ${thing}. The ${thing} has no lid. In the ${thing} is: ${held}.\n\ta chair`;
    for (const [thing, held] of [
      ["box", "a pen, a cup"],
      ["box", "a pen, a cup"],
      ["jar", "dust"],
      ["pot", "dust"],
      ["tin", "dust"],
      ["can", "dust"],
    ] as const)
      lids.add({
        before: shut(thing),
        after: open(thing, held),
        events: [eventOfTest("unlid", thing)],
        standingOf: () => "here",
      });
    const unlidded = (thing: string) => edited(lids.decided(), shut(thing), eventOfTest("unlid", thing), "here");
    expect(unlidded("box")).toBe(open("box", "a pen, a cup"));
    expect(unlidded("urn")).toBe(open("urn", "dust"));
    // Where more is said behind it in its line, nothing comes.
    const lights = createEditCounts();
    const dark = (thing: string) => `Hall\n\ta ${thing} that is dark.`;
    const lit = (thing: string) => `Hall\n\ta ${thing} that is lit.`;
    for (const thing of ["lamp", "torch", "stove"]) {
      const event = eventOfTest("light", thing);
      lights.add({
        before: dark(thing),
        after: `${lit(thing)} By the ${thing} is: a moth.`,
        events: [event],
        standingOf: () => "here",
      });
    }
    const litUp = (text: string) => edited(lights.decided(), text, eventOfTest("light", "fire"), "here");
    expect(litUp(dark("fire"))).toBe(`${lit("fire")} By the fire is: a moth.`);
    expect(litUp(`${dark("fire")} By the fire is: a cat.`)).toBe(`${lit("fire")} By the fire is: a cat.`);
  });

  it("are judged after what earlier events are known to do", () => {
    const turns = createEditCounts();
    const on = (thing: string) => `Hall\nThe ${thing} is lit.`;
    const off = (thing: string) => `Hall\nThe ${thing} is dark.`;
    for (const thing of ["lamp", "torch", "stove"]) {
      const [lights, douses] = [eventOfTest("light", thing), eventOfTest("douse", thing)];
      turns.add({ before: off(thing), after: on(thing), events: [lights], standingOf: () => "here" });
      // Lit and doused since it was seen: both sights are the same, and yet the last event did something.
      turns.add({ before: off(thing), after: off(thing), events: [lights, douses], standingOf: () => "here" });
    }
    expect(edited(turns.decided(), on("fire"), eventOfTest("douse", "fire"), "here")).toBe(off("fire"));
    expect(edited(turns.decided(), off("fire"), eventOfTest("douse", "fire"), "here")).toBe(off("fire"));
  });

  it("are kept by where the text stands", () => {
    expect(edited(rules, "Attic\nThe ring is shut.", eventOfTest("open", "ring"), "elsewhere")).toBe(
      "Attic\nThe ring is shut.",
    );
  });
});
