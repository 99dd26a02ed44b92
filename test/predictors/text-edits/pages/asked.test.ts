/** What an action means on the page where it is asked, what answers may call its things, and which answers lead elsewhere. */
import { describe, expect, it } from "vitest";
import { readAsked } from "../../../../src/predictors/text-edits/pages/asked.ts";
import { beginPages } from "../../../../src/predictors/text-edits/pages/belief.ts";
import { createTextMemory } from "../../../../src/predictors/text-edits/pages/choice/texts.ts";
import { candidatesOf, isHere } from "../../../../src/predictors/text-edits/pages/naming/here.ts";
import { inLettersOf, shortened } from "../../../../src/predictors/text-edits/pages/naming/names.ts";
import { observePage } from "../../../../src/predictors/text-edits/pages/observe.ts";
import { noPages, type PageStructure } from "../../../../src/predictors/text-edits/pages/structure.ts";
import { studyPages } from "../../../../src/predictors/text-edits/pages/study/study.ts";
import { shownTemplate } from "../../../../src/predictors/text-edits/reading.ts";

const structure: PageStructure = {
  ...noPages,
  grammar: { functionWords: new Set(["to", "from"]), seconds: new Set() },
  titles: new Set(["Room"]),
};
const hall =
  "Room hall:\n\ta lamp\n\ta sample of ore Q\nWays:\n\tA door to the yard (that is shut)\n\tA door to the cellar";

describe("an action on a page", () => {
  const belief = beginPages(structure, null, hall);
  const read = (text: string) => {
    const asked = readAsked(structure, belief, text);
    return [shownTemplate(asked?.action.template ?? ""), ...(asked?.action.args ?? [])];
  };

  it("has one argument where a thing is named around a function word, and two where none is", () => {
    expect(read("tie lamp to door to yard")).toEqual(["tie <0> to <1>", "lamp", "door to yard"]);
    expect(read("tie door to yard to door to cellar")).toEqual(["tie <0> to <1>", "door to yard", "door to cellar"]);
    expect(read("tie door to attic")).toEqual(["tie <0> to <1>", "door", "attic"]);
  });

  it("may be answered by parts of its names, or in the letters of the page", () => {
    expect(shortened("long red cable end")).toEqual(["end", "long", "long red cable", "long red"]);
    expect(shortened("lamp")).toEqual([null, null, null, null]);
    expect(inLettersOf([hall], "cold sample of ore q")).toBe("cold sample of ore Q");
    expect(inLettersOf([hall], "sample of ore Q")).toBeNull();
    expect(candidatesOf(belief, { args: ["yard door"] })[0]?.[2]).toBe("door to the yard");
  });

  it("may be answered as other worlds called what is here", () => {
    const memory = createTextMemory(10_000);
    for (const name of ["kettle", "lamp", "drum"]) memory.note(1, name, 7);
    expect(memory.sights(1, 8).find(({ text }) => isHere(belief, text))?.text).toBe("lamp");
    expect(memory.sights(1, 7)).toEqual([]);
  });
});

describe("ways", () => {
  const rooms = ["hall", "yard", "cellar", "attic"];
  const page = (name: string, isThere: boolean) =>
    `Room ${name}:\n${isThere ? "\tyourself\n" : ""}\ta lamp\nWays:\n\tA door to the yard`;
  const context = { rooms: Object.fromEntries(rooms.map((name) => [name, page(name, true)])) };
  const episodes = Array.from({ length: 12 }, (_, number) => {
    const steps: { action: string; text: string }[] = [];
    for (let step = 0; step < 16; step++) {
      const [to, other] = [rooms[(number + step + 1) % 4] ?? "", rooms[(number + step + 3) % 4] ?? ""];
      steps.push(
        { action: `go through door to ${to}`, text: `You walk to the ${to}.` },
        { action: "look", text: page(to, true) },
      );
      if (step % 4 === 3)
        steps.push({ action: `view ${other}`, text: page(other, false) }, { action: "look", text: page(to, true) });
    }
    return { context, first: page(rooms[number % 4] ?? "", true), steps };
  });

  it("are learnt from answers that name a place, and pages that are seen from elsewhere from what is seen after", () => {
    const study = studyPages(episodes);
    let studied = study.next();
    while (studied.done !== true) studied = study.next();
    const learnt = studied.value;
    expect([...learnt.movers].some((key) => key.startsWith("go") && key.includes("You walk to the"))).toBe(true);
    expect(learnt.peeks.size).toBe(1);
    expect([...learnt.presence]).toEqual(["\tyourself"]);
    const belief = beginPages(learnt, context, page("hall", true));
    const say = (text: string, answer: string) => {
      const asked = readAsked(learnt, belief, text);
      if (asked !== null) observePage(learnt, belief, asked.text, asked.action, answer);
    };
    say("go through door to attic", "You walk to the attic.");
    expect(belief.current).toBe("Room attic:");
    say("view cellar", page("cellar", false));
    expect(belief.current).toBe("Room attic:");
    expect(belief.pages.get("Room cellar:")).toBe(page("cellar", true));
    // A verb whose answers nearly always lead to the place that they name does so in other words, too.
    say("go through door to hall", "A stair takes you up to the hall.");
    expect(belief.current).toBe("Room hall:");
    say("go through door to yard", "It is shut.");
    expect(belief.current).toBe("Room hall:");
  });
});
