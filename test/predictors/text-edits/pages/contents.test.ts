/** What events do to what things hold, and which of several things of a name they move. */
import { describe, expect, it } from "vitest";
import { beginPages } from "../../../../src/predictors/text-edits/pages/belief.ts";
import type { PageEvent } from "../../../../src/predictors/text-edits/pages/events/event.ts";
import {
  believeSaid,
  contentsAre,
  contentsIn,
  holding,
  move,
  toNamed,
} from "../../../../src/predictors/text-edits/pages/events/moves.ts";
import { readPhrases } from "../../../../src/predictors/text-edits/pages/grammar.ts";
import { clauseKey, withClauses } from "../../../../src/predictors/text-edits/pages/naming/clauses.ts";
import { referentsOf } from "../../../../src/predictors/text-edits/pages/naming/here.ts";
import { noPages } from "../../../../src/predictors/text-edits/pages/structure.ts";
import { createContentsCounts } from "../../../../src/predictors/text-edits/pages/study/study-contents.ts";
import { nodesOf } from "../../../../src/predictors/text-edits/pages/text/nodes.ts";

const structure = { ...noPages, titles: new Set(["Room"]) };
const page =
  "Room hall:\n\ta bowl (holding a pip)\n\ta cup (holding milk, tea)\n\ta cup (holding nothing)\n\ta jug (holding nothing)";
const grammar = { functionWords: new Set(["into", "holding"]), seconds: new Set<string>() };
const words = new Map([[clauseKey("pour", "holding", false), "with" as const]]);

/** The page after the move is made. */
function pageAfter(text: string, to: string): string {
  const belief = beginPages(structure, null, page);
  const read = readPhrases(grammar, text);
  if (read === null) throw new Error(text);
  const action = withClauses(words, read);
  move(belief, to, eventOf("pour", action.args), action.args, referentsOf(belief, action));
  return belief.pages.get("Room hall:") ?? "";
}

function eventOf(key: string, names: readonly string[], held: readonly string[] = []): PageEvent {
  const items = names.map((name) => `a ${name}`);
  return {
    key,
    actionText: key,
    names: [...names, "hall"],
    items,
    held,
    at: 0,
    toward: [],
    listed: [],
    said: "",
    from: "Room hall:",
    step: 0,
  };
}

describe("what a thing holds", () => {
  it("goes into another, and is something else", () => {
    expect(pageAfter("pour cup into jug", `${contentsIn}1`)).toContain(
      "\ta cup (holding nothing)\n\ta cup (holding nothing)\n\ta jug (holding milk, tea)",
    );
    expect(pageAfter("pour jug into cup", `${contentsIn}1`)).toBe(page);
    expect(pageAfter("pour bowl into cup holding nothing", `${contentsIn}1`)).toContain(
      "\ta bowl (holding nothing)\n\ta cup (holding milk, tea)\n\ta cup (holding a pip)",
    );
    expect(pageAfter("pour cup into bowl", `${contentsIn}1`)).toContain(
      "\ta bowl (holding milk, a pip, tea)\n\ta cup (holding nothing)",
    );
    expect(pageAfter("pour cup into jug", `${contentsAre}white tea`)).toContain("\ta cup (holding white tea)\n");
    const [, cup] = nodesOf(page).filter(({ name }) => name === "cup");
    expect(cup === undefined ? "" : holding(page, cup, "rum")).toContain("\ta cup (holding rum)\n\ta jug");
  });

  it("is that of the thing of which is so what the action says", () => {
    expect(pageAfter("pour bowl into cup holding nothing", `${toNamed}1`)).toBe(
      "Room hall:\n\ta cup (holding milk, tea)\n\ta cup (holding a bowl (holding a pip))\n\ta jug (holding nothing)",
    );
  });

  it("is nothing where an action that was done says so", () => {
    const belief = beginPages(structure, null, page.replace("holding nothing", "holding rum"));
    const read = readPhrases(grammar, "pour jug holding nothing into bowl");
    if (read === null) throw new Error("not read");
    believeSaid(belief, withClauses(words, read));
    expect(belief.pages.get("Room hall:")).toContain("a cup (holding rum)\n\ta jug (holding nothing)");
    const cup = readPhrases(grammar, "pour bowl holding nothing into jug");
    if (cup === null) throw new Error("not read");
    believeSaid(belief, withClauses(words, cup));
    expect(belief.pages.get("Room hall:")).toContain("\ta bowl (holding nothing)\n");
  });

  it("is learnt by next sight", () => {
    const counts = createContentsCounts();
    const see = (event: PageEvent, now: string) =>
      counts.add(event, { old: nodesOf(now), now: nodesOf(now), standing: "here" }, () => true);
    for (let seen = 0; seen < 4; seen++) {
      see(
        eventOf("pour", ["cup", "jug"], ["milk"]),
        "Room hall:\n\ta cup (holding nothing)\n\ta jug (holding milk, tea)",
      );
      see(eventOf("tip", ["cup", "hall"], ["milk"]), "Room hall:\n\ta cup (holding nothing)\n\tmilk");
      see(eventOf("stir", ["cup"], ["milk", "tea"]), "Room hall:\n\ta cup (holding white tea)");
      see(eventOf("view", ["cup", "jug"], ["milk"]), "Room hall:\n\ta cup (holding milk)\n\ta jug (holding tea)");
    }
    expect(["pour", "tip", "stir", "view", "sell"].map((key) => counts.of(key))).toEqual([
      `${contentsIn}1`,
      `${contentsIn}1`,
      `${contentsAre}white tea`,
      null,
      null,
    ]);
  });
});
