/** Lists in sentences, and what events do to them. */
import { describe, expect, it } from "vitest";
import type { PageEvent } from "../../../../src/predictors/text-edits/pages/events/event.ts";
import { listIn, withoutList } from "../../../../src/predictors/text-edits/pages/events/lists.ts";
import { createListCounts } from "../../../../src/predictors/text-edits/pages/study/study-lists.ts";
import { edited, eventOfTest } from "./event.ts";

describe("a list in a sentence", () => {
  it("is what it ends with, up to where it is", () => {
    expect(listIn("By the tub lie a sponge, some soap and a brush.")).toEqual({
      before: "By the tub lie ",
      items: ["a sponge", "some soap", "a brush"],
      after: ".",
    });
    expect(listIn("There is a pin on the rug.")).toMatchObject({ items: ["a pin"], after: " on the rug." });
    expect(withoutList("In it are a pin and a nut.")).toBe(withoutList("In it is a pin."));
  });

  it("is none where a thing is spoken of further, in indented lines, or without an article", () => {
    for (const text of ["You spot a stove, which hums.", "\ta pin. Next to it is a nut.", "You hold nothing."])
      expect(listIn(text)).toBeNull();
  });
});

describe("what events do to lists", () => {
  const counts = createListCounts();
  const bag = "In the bag is a comb.";
  const see = (before: string, after: string, event: PageEvent, standing: string) =>
    counts.add({ before, after, events: [event], standingOf: () => standing });
  for (const [thing, tub] of [
    ["pin", "tub"],
    ["jar", "sink"],
    ["mug", "pail"],
  ] as const) {
    const hall = `Hall\nBy the ${tub} is a ${thing}.`;
    see(hall, "Hall", eventOfTest("grab", thing, tub), "here");
    see("Your hands are free.", `You hold a ${thing}.`, eventOfTest("grab", thing, tub), "answer hands");
    see(`You hold a ${thing}.`, "Your hands are free.", eventOfTest("lose", thing), "answer hands");
    see(
      `It is old.\n\n${bag}`,
      `It is old.\n\nIn the bag are a ${thing} and a comb.`,
      eventOfTest("stow", thing, "bag"),
      "answer view <1>",
    );
    see("It is old.", `It is old.\n\nIn the bag is a ${thing}.`, eventOfTest("stow", thing, "bag"), "answer view <1>");
    see(`Hall\nYou spot a dry ${thing}.`, `Hall\nYou spot a wet ${thing}.`, eventOfTest("wash", thing), "here");
    see(hall, hall, eventOfTest("touch", thing, tub), "here");
  }
  const rules = { edits: counts.decided(), fillers: new Set<string>() };
  const textAfter = (text: string, event: PageEvent, standing: string) => edited(rules, text, event, standing);

  it("things leave the list that shows them; the last one leaves what stands there then", () => {
    const event = eventOfTest("grab", "cup", "desk");
    expect(textAfter("Hall\nBy the desk are a cup, a pen and a cap.", event, "here")).toBe(
      "Hall\nBy the desk are a pen and a cap.",
    );
    expect(textAfter("Hall\nBy the desk are a cup and a pen.", event, "here")).toBe("Hall\nBy the desk is a pen.");
    expect(textAfter("Hall\nBy the desk is a cup.", event, "here")).toBe("Hall");
    expect(textAfter("You hold a cup.", eventOfTest("lose", "cup"), "answer hands")).toBe("Your hands are free.");
  });

  it("things enter a list, which comes where there was none, in number as others were seen", () => {
    const event = eventOfTest("grab", "cup", "desk");
    expect(textAfter("Your hands are free.", event, "answer hands")).toBe("You hold a cup.");
    const stow = eventOfTest("stow", "cup", "bag");
    expect(textAfter("It is old.\n\nIn the bag is a pen.", stow, "answer view <1>")).toBe(
      "It is old.\n\nIn the bag are a cup and a pen.",
    );
    expect(textAfter("It is red.", stow, "answer view <1>")).toBe("It is red.\n\nIn the bag is a cup.");
  });

  it("things are called another name wherever they are shown; what only touches them does nothing", () => {
    expect(textAfter("Hall\nYou spot a dry cup and a pen.", eventOfTest("wash", "cup"), "elsewhere")).toBe(
      "Hall\nYou spot a wet cup and a pen.",
    );
    const hall = "Hall\nBy the desk is a cup.";
    expect(textAfter(hall, eventOfTest("touch", "cup", "desk"), "here")).toBe(hall);
  });

  it("names are judged after what the earlier events are known to do", () => {
    const named = createListCounts();
    const [wash, press] = [eventOfTest("wash", "shirt"), { ...eventOfTest("press", "shirt"), step: 1 }];
    const sight = (before: string, after: string, events: readonly PageEvent[]) =>
      named.add({ before: `Hall\n${before}`, after: `Hall\n${after}`, events, standingOf: () => "here" });
    for (let seen = 0; seen < 3; seen++) sight("You spot a dull shirt.", "You spot a wet shirt.", [wash]);
    for (let seen = 0; seen < 3; seen++) sight("You spot a dull shirt.", "You spot a flat shirt.", [wash, press]);
    const edits = named.decided();
    const pressed = (text: string) => edited({ edits, fillers: new Set() }, text, press, "elsewhere");
    expect(pressed("You spot a wet shirt.")).toBe("You spot a flat shirt.");
    expect(pressed("You spot a dull shirt.")).toBe("You spot a dull shirt.");
  });

  it("are let alone in indented lines, whose things move", () => {
    const line = "Hall\n\tan old desk. By the desk are a cup, a pen and a cap.";
    expect(textAfter(line, eventOfTest("grab", "cup", "desk"), "here")).toBe(line);
    const lines = createListCounts();
    for (const thing of ["pin", "jar", "mug"])
      lines.add({
        before: `Hall\n\ta tub. By the tub is a ${thing}.`,
        after: "Hall\n\ta tub.",
        events: [eventOfTest("grab", thing, "tub")],
        standingOf: () => "here",
      });
    expect([...lines.decided().keys()].filter((key) => key.includes("listed"))).toEqual([]);
  });

  it("are not learnt from things that two events have named", () => {
    const twice = createListCounts();
    for (let seen = 0; seen < 5; seen++)
      twice.add({
        before: "By the tub is a pin.",
        after: "You see nobody.",
        events: [eventOfTest("grab", "pin", "tub"), eventOfTest("toss", "pin")],
        standingOf: () => "here",
      });
    expect(twice.decided().size).toBe(0);
  });
});
