/** What actions say of the things that they name: which words begin clauses, which thing is meant, what is no part of a form. */
import { describe, expect, it } from "vitest";
import { readPhrases } from "../../../../src/predictors/text-edits/pages/grammar.ts";
import {
  type ClauseKind,
  clauseKey,
  ofHeads,
  pairsIn,
  withClauses,
} from "../../../../src/predictors/text-edits/pages/naming/clauses.ts";
import { levels } from "../../../../src/predictors/text-edits/pages/naming/fits.ts";
import { createFinder } from "../../../../src/predictors/text-edits/pages/naming/referents.ts";
import { createClauseCounts } from "../../../../src/predictors/text-edits/pages/study/study-clauses.ts";
import { lift } from "../../../../src/predictors/text-edits/pages/text/lift.ts";
import { type ReadAction, shownTemplate } from "../../../../src/predictors/text-edits/reading.ts";

const page = [
  "Shed:",
  "\ta bench. On the bench is: a tin (holding glue), a tin (holding red paint, tar).",
  "\ta tin (holding nothing)",
  "\ta tin (holding red paint)",
  "\ta crate. The crate lid is shut.",
].join("\n");
const bag = "Bag:\n\ta tin (holding tar)";
const owners = ["shed", "list bag"];
const kinds: readonly (readonly [string, ClauseKind])[] = [
  ["in", "in"],
  ["holding", "with"],
  ["and", "beside"],
];
const verbs = ["tip", "take", "tie"];
const words = new Map(
  verbs.flatMap((verb) =>
    kinds.flatMap(([word, kind]) => [false, true].map((isOnly) => [clauseKey(verb, word, isOnly), kind] as const)),
  ),
);
const grammar = { functionWords: new Set(["in", "into", "to", "holding", "and"]), seconds: new Set<string>() };

function read(text: string): ReadAction {
  const action = readPhrases(grammar, text);
  if (action === null) throw new Error(text);
  return action;
}

const claused = (text: string) => withClauses(words, read(text));

describe("clauses", () => {
  it("are no part of the form, and what they name stands behind what the action is about", () => {
    const { template, args, clauses } = claused("tip tin holding red paint and tar in bench into tin in shed");
    expect(shownTemplate(template)).toBe("tip <0> into <1>");
    expect(args).toEqual(["tin", "tin", "red paint", "tar", "bench", "shed"]);
    expect(clauses).toMatchObject({ heads: 2, form: "0 holding 2, 0 and 3, 0 in 4, 1 in 5" });
    expect(clauses?.holders.slice(0, 2)).toEqual([4, 5]);
    expect(clauses?.held[0]).toEqual([2, 3]);
  });

  it("may be of what another clause names", () => {
    const { clauses } = claused("take tar in tin holding tar in bench");
    expect(clauses?.form).toBe("0 in 1, 1 holding 2, 1 in 3");
    expect(claused("tie tin to crate").clauses).toMatchObject({ heads: 2, form: "" });
  });

  it("are none where the verb has no such words, and in calls", () => {
    expect(withClauses(words, read("drop tin in crate"))).toMatchObject({ args: ["tin", "crate"] });
    const call = read("tip[tin in crate]");
    expect(withClauses(words, call)).toBe(call);
    expect(withClauses(new Map(), read("take tin in crate"))).toEqual(read("take tin in crate"));
  });

  it("give their names to what the action is about", () => {
    const { clauses } = claused("take tin in tin");
    expect(ofHeads(["big tin", "big tin"], clauses)).toEqual(["big tin", ""]);
    expect(ofHeads(["big tin", "tin"], clauses)).toEqual(["big tin", "tin"]);
    expect(ofHeads(["a", "a"], undefined)).toEqual(["a", "a"]);
  });
});

describe("the thing of which it is so", () => {
  const finder = createFinder();
  const found = (text: string) => {
    const { args, clauses } = claused(text);
    return finder.find([page, bag], args, owners, clauses)[0] ?? null;
  };

  it("is meant, all that it holds being said", () => {
    expect(found("take tin holding red paint")?.node).toMatchObject({
      parent: null,
      text: "a tin (holding red paint)",
    });
    expect(found("take tin holding red paint and tar")?.node.parent?.name).toBe("bench");
    expect(found("take tin holding nothing")?.node.kids).toEqual([]);
    expect(found("take tin holding tar in list bag")).toMatchObject({ text: 1, level: levels.said });
    expect(found("take tin in bench")).toMatchObject({ count: 2, all: 2, level: levels.said });
    expect(found("take tin in shed")).toMatchObject({ count: 2, all: 2 });
  });

  it("may be one of which less is so, or none", () => {
    expect(found("take tin holding tar and glue")?.level).toBe(levels.contrary);
    expect(found("take tin holding glue in crate")?.level).toBe(levels.contrary);
    expect(found("take crate holding glue")?.level).toBe(levels.open);
    expect(found("take lamp in crate")).toBeNull();
  });

  it("is the only one that another holds, whatever it is called", () => {
    expect(found("take something in tin holding glue")?.node.name).toBe("glue");
    expect(found("take something in bench")).toBeNull();
  });

  it("is one of all that may be meant", () => {
    const all = (text: string) => finder.all([page, bag], claused(text), owners, 0).map(({ node }) => node.text);
    expect(all("take tin")).toHaveLength(5);
    expect(all("take tar in tin")).toEqual(["tar", "tar"]);
    expect(all("take tin holding red paint in shed")).toEqual(["a tin (holding red paint)"]);
  });
});

describe("words that begin clauses", () => {
  it("are learnt by verb from what is shown in what", () => {
    const finder = createFinder();
    const counts = createClauseCounts();
    for (let seen = 0; seen < 12; seen++)
      for (const text of [
        "take glue in tin",
        "tip tin holding red paint and tar into crate",
        "tie tin to crate",
        "take lamp in tin",
      ]) {
        const action = read(text);
        for (const pair of pairsIn(counts.words, action)) {
          const ties = finder.ties([page, bag], pair, owners);
          if (ties !== null) counts.add(pair, ties);
        }
      }
    expect([...counts.words].map(([key, kind]) => [key.replaceAll("\u0003", " "), kind])).toEqual([
      ["take in only", "in"],
      ["tip holding", "with"],
      ["tip and", "beside"],
    ]);
  });
});

describe("things of one name", () => {
  it("are named in their order, what is named once more than there are such things by the first", () => {
    const shown = (text: string) => shownTemplate(lift(text, ["tin", "tin"], []));
    expect(shown("You tip the tin into the tin.")).toBe("You tip the <0> into the <1>.");
    expect(shown("You take the tin.")).toBe("You take the <0>.");
    expect(shown("(letting go of tin) You put the tin in the tin.")).toBe(
      "(letting go of <0>) You put the <0> in the <1>.",
    );
  });
});
