/** What the forests may ask of a moment: what is shown of the things that an action says something of, and what is not. */
import { describe, expect, it } from "vitest";
import { readAsked } from "../../../../src/predictors/text-edits/pages/asked.ts";
import { beginPages } from "../../../../src/predictors/text-edits/pages/belief.ts";
import { writePageFeatures } from "../../../../src/predictors/text-edits/pages/choice/features.ts";
import { shownSource } from "../../../../src/predictors/text-edits/pages/choice/sources.ts";
import { clauseKey } from "../../../../src/predictors/text-edits/pages/naming/clauses.ts";
import { noPages, type PageStructure } from "../../../../src/predictors/text-edits/pages/structure.ts";
import { TokenWriter } from "../../../../src/predictors/text-edits/token-writer.ts";

const structure: PageStructure = {
  ...noPages,
  grammar: { functionWords: new Set(["holding"]), seconds: new Set() },
  clauses: new Map([[clauseKey("take", "holding", true), "with" as const]]),
  titles: new Set(["Room"]),
};
const hall = "Room hall:\n\ta crate. The crate lid is shut.\n\ta cup (holding milk, tea)\n\ta cup (holding nothing)";
const context = { rooms: { hall, yard: "Room yard:\n\ta spade", shed: "Room shed:\n\ta spade\n\ta rope" } };

/** All that is written, in words. `last`: the last answer, where it is known. */
function asked(text: string, page = hall, last: string | null = null): string {
  const belief = beginPages(structure, context, hall);
  belief.pages.set("Room hall:", page);
  const read = readAsked(structure, belief, text);
  if (read === null) throw new Error(text);
  const words = new Map<number, string>();
  const proposals = Array.from({ length: shownSource + 1 }, (_, at) =>
    at === shownSource ? "a cup" : at === 0 ? last : null,
  );
  const { action } = read;
  writePageFeatures(new TokenWriter(words), structure, belief, { action, actionText: text, episode: 1 }, proposals);
  return [...words.values()].join("\n");
}

describe("what is asked", () => {
  it("is how far what an action says is so, and of how many things", () => {
    expect(asked("take cup holding nothing")).toMatch(/what is said of <0> is so\n.*things that <0> may mean: 1/s);
    expect(asked("take cup holding tar")).toContain("what is said of <0> is not so");
    expect(asked("take lamp holding tar")).toContain("what is said of <0> cannot be seen");
    expect(asked("take crate")).toContain("things that <0> may mean: 1");
    expect(asked("take cup holding milk")).toContain("<0> holds milk and tea");
  });

  it("is whether other pages name what is not here", () => {
    expect(asked("take spade")).toContain("other pages name <0>");
    expect(asked("take rope")).toContain("one other page names <0>");
    expect(asked("take lamp")).toContain("no other page names <0>");
    expect(asked("take crate")).not.toMatch(/other pages? names? <0>/);
  });

  it("is whether things have changed of which nobody knows what they hold", () => {
    const what = "things that have changed, of which the page does not say what they hold";
    expect(asked("take lamp", hall.replace("lid is shut", "lid is open"))).toContain(`${what}: 1`);
    expect(asked("take lamp", hall.replace("milk, ", ""))).toContain(`${what}: 0`);
    expect(asked("take lamp")).not.toContain(what);
  });

  it("is whether the last answer says more than is shown", () => {
    expect(asked("take cup", hall, "a cup, which is old")).toContain("says more than what is shown of the argument");
    expect(asked("take cup", hall, "a cup")).toContain("is as what is shown of the argument");
    expect(asked("take cup", hall, "a jug")).toContain("is another than what is shown of the argument");
    expect(asked("take cup")).not.toContain("than what is shown of the argument");
  });
});
