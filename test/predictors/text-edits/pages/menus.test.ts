/** Menus of what may be meant: how they are worded is learnt, and which things fit is read from what is shown. */
import { describe, expect, it } from "vitest";
import { readAsked } from "../../../../src/predictors/text-edits/pages/asked.ts";
import { beginPages } from "../../../../src/predictors/text-edits/pages/belief.ts";
import { meantBy, menuFor } from "../../../../src/predictors/text-edits/pages/menus/menu.ts";
import { clauseKey } from "../../../../src/predictors/text-edits/pages/naming/clauses.ts";
import { observePage } from "../../../../src/predictors/text-edits/pages/observe.ts";
import { noPages, type PageStructure } from "../../../../src/predictors/text-edits/pages/structure.ts";
import { createMenuCounts } from "../../../../src/predictors/text-edits/pages/study/study-menus.ts";
import { readPages, writePages } from "../../../../src/predictors/text-edits/pages/written.ts";

const structure: PageStructure = {
  ...noPages,
  grammar: { functionWords: new Set(["into", "in"]), seconds: new Set() },
  clauses: new Map([[clauseKey("tip", "in", false), "in" as const]]),
  titles: new Set(["Room"]),
};
const page = "Room hall:\n\ta bench. On the bench is: a big tin (holding tar), a pot.\n\ta small tin (holding glue)";
const context = { rooms: { hall: page } };
const belief = beginPages(structure, context, page);

function asked(text: string) {
  const read = readAsked(structure, belief, text);
  if (read === null) throw new Error(text);
  return read.action;
}

const menu = [
  "Which do you mean?",
  "0:\ttip big tin (on bench; of hall) in pot (on bench; of hall)",
  "1:\ttip small tin (of hall) in pot (on bench; of hall)",
].join("\n");

describe("a menu", () => {
  const counts = createMenuCounts();
  for (let seen = 0; seen < 3; seen++) {
    const action = asked("tip tin into pot");
    counts.add(action.template, menu, () => meantBy(belief, action));
    counts.add(action.template, "You tip it.\nIt is empty.", () => meantBy(belief, action));
  }
  const rules = counts.decided();

  it("is learnt: its opening, how it says requests, and where things are", () => {
    expect(rules?.opening).toBe("Which do you mean?");
    expect(rules?.requests.size).toBe(1);
    expect([...(rules?.remarks.keys() ?? [])].sort()).toEqual(["here 0", "here 1"]);
    expect(readPages(writePages({ ...structure, menus: rules })).menus).toEqual(rules);
  });

  it("lists all that may be meant, the first argument's in turn", () => {
    if (rules === null) throw new Error("no rules");
    expect(menuFor(rules, belief, asked("tip tin into pot"))).toBe(menu);
    expect(menuFor(rules, belief, asked("tip tin into tin"))?.split("\n")[2]).toBe(
      "1:\ttip big tin (on bench; of hall) in small tin (of hall)",
    );
  });

  it("is answered by a choice, which is the request with the names of its line", () => {
    const shown = beginPages(structure, context, page);
    const request = readAsked(structure, shown, "tip tin in bench into pot");
    if (request === null) throw new Error("not read");
    observePage(structure, shown, request.text, request.action, menu);
    const choice = readAsked(structure, shown, "1")?.action;
    expect(choice?.template).toBe(request.action.template);
    expect(choice?.args).toEqual(["small tin", "pot", "bench"]);
    expect(choice?.clauses).toEqual(request.action.clauses);
  });

  it("is none where one thing alone may be meant, or where nobody saw how it is said", () => {
    if (rules === null) throw new Error("no rules");
    expect(menuFor(rules, belief, asked("tip tin in bench into pot"))).toBeNull();
    expect(menuFor(rules, belief, asked("tip lamp into pot"))).toBeNull();
    expect(menuFor(rules, belief, asked("shake tin"))).toBeNull();
  });
});
