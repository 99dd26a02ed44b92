/** Moves: a thing's own words leave one list of a text and enter another; where to is learnt by next sight. */
import { describe, expect, it } from "vitest";
import type { PageEvent } from "../../../../src/predictors/text-edits/pages/edits.ts";
import { within, withLine, without } from "../../../../src/predictors/text-edits/pages/moves.ts";
import { nodesOf } from "../../../../src/predictors/text-edits/pages/nodes.ts";
import { createMoveCounts } from "../../../../src/predictors/text-edits/pages/study-moves.ts";

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
    items: names.map(() => null),
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
