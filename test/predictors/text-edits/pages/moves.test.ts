/** Moves: a thing's own words leave one list of a text and enter another; where to is learnt by next sight. */
import { describe, expect, it } from "vitest";
import { obeyed } from "../../../../src/predictors/text-edits/obeyed.ts";
import type { PageEvent } from "../../../../src/predictors/text-edits/pages/events/event.ts";
import { toNamed, within, withLine, without } from "../../../../src/predictors/text-edits/pages/events/moves.ts";
import { pageRules } from "../../../../src/predictors/text-edits/pages/rules.ts";
import { noPages, type PageStructure } from "../../../../src/predictors/text-edits/pages/structure.ts";
import { createMoveCounts } from "../../../../src/predictors/text-edits/pages/study/study-moves.ts";
import { nodesOf } from "../../../../src/predictors/text-edits/pages/text/nodes.ts";
import { createRemembered } from "../../../../src/predictors/text-edits/remembered.ts";
import { eventKey, noStructure } from "../../../../src/predictors/text-edits/structure.ts";

const shed = "Shed:\n\ta bench. On the bench is: a cup (holding tea), a key.\n\ta crate (holding nothing)\n\ta rope";
const bag = "Bag:\n\tnothing";

function nodeIn(text: string, name: string) {
  const node = nodesOf(text).find((one) => one.name === name);
  if (node === undefined) throw new Error(`no ${name} in ${text}`);
  return node;
}

describe("a thing", () => {
  it("leaves a list, a bracket or a line, which say so where they are empty then", () => {
    expect(without(shed, nodeIn(shed, "key"))).toContain("is: a cup (holding tea).\n");
    expect(without(shed, nodeIn(shed, "cup"))).toContain("is: a key.\n");
    expect(without(shed, nodeIn(shed, "tea"))).toContain("a cup (holding nothing), a key.");
    expect(without(shed, nodeIn(shed, "rope"))).toBe(shed.replace("\n\ta rope", ""));
    expect(without("Bag:\n\ta rope", nodeIn("Bag:\n\ta rope", "rope"))).toBe(bag);
  });

  it("enters another, sorted", () => {
    expect(within(shed, nodeIn(shed, "crate"), "a rope")).toContain("a crate (holding a rope)");
    expect(within(shed, nodeIn(shed, "bench"), "a jar")).toContain("is: a cup (holding tea), a jar, a key.");
    expect(within(shed, nodeIn(shed, "bench"), "a pan")).toContain("a cup (holding tea), a key, a pan.");
    expect(within(shed, nodeIn(shed, "rope"), "a pan")).toBe(shed);
    expect(withLine(bag, "a rope")).toBe("Bag:\n\ta rope");
    expect(withLine(shed, "a lamp")).toContain("\ta crate (holding nothing)\n\ta lamp\n\ta rope");
  });
});

describe("where events take things", () => {
  const event = (key: string, names: string[]): PageEvent => ({
    key,
    names,
    actionText: key,
    items: names.map(() => null),
    held: [],
    at: 0,
    toward: [],
    listed: [],
    said: "",
    from: "Shed:",
    step: 0,
  });
  const counts = createMoveCounts();
  /** What is known already is made in what is believed. */
  const see = (before: string, after: string, one: PageEvent, standing: string) =>
    counts.add({
      before: counts.moves.has(one.key) ? after : before,
      after,
      events: [one],
      standingOf: () => standing,
    });
  const emptyShed = without(shed, nodeIn(shed, "rope"));
  for (let seen = 0; seen < 25; seen++) {
    see(shed, emptyShed, event("take", ["rope", ""]), "here");
    see(bag, withLine(bag, "a rope"), event("take", ["rope", ""]), "answer bag");
    see(shed, within(emptyShed, nodeIn(emptyShed, "crate"), "a rope"), event("put", ["rope", "crate", ""]), "here");
    see(shed, emptyShed, event("burn", ["rope", ""]), "here");
    see(shed, shed, event("touch", ["rope", ""]), "here");
    const tossed = seen < 9 ? shed : within(emptyShed, nodeIn(emptyShed, "crate"), "a rope");
    see(shed, tossed, event("toss", ["rope", "crate", ""]), "here");
  }
  const { moves } = counts;

  it("is an answer, a thing that is named, or nowhere; what stays is not moved", () => {
    expect(Object.fromEntries(moves)).toEqual({ take: "answer bag", put: "in 1", burn: "nowhere" });
  });
});

describe("where things and agents go, as rules", () => {
  const event = eventKey("put \u00010\u0002 in \u00011\u0002", "You do.");
  const mover = eventKey("walk", "You go to the \u0001to\u0002.");
  const pages: PageStructure = { ...noPages, moves: new Map([[event, `${toNamed}1`]]), movers: new Set([mover]) };
  const rules = {
    structure: { ...noStructure, pages },
    remembered: createRemembered(1_000),
    choices: new Map(),
    choiceOf: () => undefined,
  };
  const listed = [...pageRules(pages)];

  it("are said in words", () => {
    expect(listed.map(({ action, says, when }) => [action, says, ...when])).toEqual([
      ["walk", "leads to the place that the answer names", 'the answer is "You go to the <to …>."'],
      ["put <0> in <1>", "takes <0> into <1>", 'the answer is "You do."'],
    ]);
  });

  it("are deleted, and pinned although they are not learnt", () => {
    const order = (order: "delete" | "pin") =>
      listed.map(({ id, content }) => ({ rule: id, order, content: content ?? "", author: "me", at: 1 }));
    const without = obeyed(rules, order("delete"));
    expect([without.structure.pages?.moves.size, without.structure.pages?.movers.size]).toEqual([0, 0]);
    const again = obeyed(without, order("pin")).structure.pages;
    expect([again?.moves, again?.movers]).toEqual([pages.moves, pages.movers]);
  });
});
