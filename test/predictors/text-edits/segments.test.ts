/** Explanations of texts: each piece with its source, and what is believed of the episode, in both readings. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tableOf } from "../../../src/predictors/belief-table.ts";
import { type SegmentSource, segmentSources, tidied } from "../../../src/predictors/text-segments.ts";
import { visit } from "./pages/house.ts";
import { explainAll, learnt, piecesFrom, walk } from "./toy.ts";

const boxes = explainAll(learnt(walk(60, 1)).current(), walk(6, 2));
const house = explainAll(learnt(visit(90, 1)).current(), visit(8, 2));

it.each([
  ["lists", boxes],
  ["pages", house],
] as const)("the pieces are the text that was predicted, whole: %s", (_, told) => {
  expect(told.length).toBeGreaterThan(100);
  for (const { explanation, text } of told)
    expect((explanation.segments ?? []).map((one) => one.text).join("")).toBe(text.trim());
});

describe("a text with lists", () => {
  it("names the action's argument, the list that is believed and the one that the context told", () => {
    const peek = boxes.filter(({ text }) => text.startsWith("Inside the box"));
    expect(peek.length).toBeGreaterThan(5);
    for (const one of peek) {
      expect(piecesFrom(one, "argument")[0]?.text).toMatch(/^box \d$/);
      expect(piecesFrom(one, "argument")[0]?.detail).toMatch(/^<0>; right in \d+\.\d %$/);
      const lists = [...piecesFrom(one, "contents"), ...piecesFrom(one, "context")];
      expect(lists[0]?.text).toMatch(/^nothing$|^a /);
      expect(lists[0]?.detail).toContain("boxes.things of <0>");
    }
    expect(peek.some((one) => piecesFrom(one, "contents").length > 0)).toBe(true);
    expect(peek.some((one) => piecesFrom(one, "context").length > 0)).toBe(true);
  });

  it("comes with the belief of the episode: contents as they are now, what was told, what happened", () => {
    const late = boxes.findLast(({ transition }) => transition.action.includes("peek into"));
    const { rows = [], left } = late?.explanation.belief ?? {};
    expect(left).toBe(0);
    const box = JSON.parse(late?.transition.action ?? "").replace("peek into ", "");
    expect(rows[0]?.thing).toBe(box);
    expect(rows.some(({ relation }) => relation === "boxes.things")).toBe(true);
    expect(rows.some(({ relation }) => relation === "boxes.things (told)" || relation === "boxes.open (told)")).toBe(
      true,
    );
    expect(rows.find(({ relation }) => relation === "happened last")?.known).toMatch(/as <0> of ".* <0>.*" → "/);
  });
});

describe("a text of a world of pages", () => {
  const kindsSeen = new Set(
    house.flatMap(({ explanation }) => explanation.segments?.map(({ source }) => source) ?? []),
  );

  it("names pages, what the action names, and what a tail counts", () => {
    expect([...kindsSeen]).toEqual(expect.arrayContaining<SegmentSource>(["words", "argument", "page"]));
    const found = house.find(({ text }) => text.includes("You have found"));
    if (found === undefined) throw new Error("nothing was found");
    expect(piecesFrom(found, "counted")[0]).toMatchObject({
      text: expect.stringMatching(/^\d+$/),
      detail: "what was reached and one",
    });
    const look = house.find(({ explanation }) => explanation.segments?.[0]?.source === "page");
    expect(look?.explanation.segments?.[0]?.detail).toMatch(/page/);
  });

  it("comes with the belief: where one is, pages, answers, ways", () => {
    const rows = house.at(-1)?.explanation.belief?.rows ?? [];
    const relations = new Set(rows.map(({ relation }) => relation.replace(/".*"/, "…")));
    expect(rows[0]?.relation).toBe("is where one is");
    expect([...relations]).toEqual(
      expect.arrayContaining(["page, as believed now", "was answered, as believed now", "leads by … to"]),
    );
  });
});

describe("what is shown of a text and a belief", () => {
  it("is bounded, and says how much was left out", () => {
    const pieces = Array.from({ length: 1_000 }, (_, at) => ({
      text: "x".repeat(50),
      source: at % 2 === 0 ? ("words" as const) : ("argument" as const),
    }));
    const shown = tidied(pieces);
    expect(shown.length).toBe(257);
    expect(shown.at(-1)).toEqual({ text: "…", source: "cut", detail: `${744 * 50} characters more` });
    expect(tidied([{ text: "y".repeat(30_000), source: "page" }]).at(-1)?.detail).toBe("10000 characters more");
    const table = tableOf(
      Array.from({ length: 100 }, (_, at) => ({ thing: `${at}`, relation: "r".repeat(300), known: "k".repeat(700) })),
    );
    expect(table.rows.length).toBe(80);
    expect(table.left).toBe(20);
    expect(table.rows[0]?.relation).toBe(`${"r".repeat(200)}… (100 characters more)`);
    expect(table.rows[0]?.known).toBe(`${"k".repeat(600)}… (100 characters more)`);
  });

  it("leaves out white space around the whole, and nothing else", () => {
    const piece = fc.record({
      text: fc.array(fc.constantFrom("a", " ", "\n", "ü")).map((parts) => parts.join("")),
      source: fc.constantFrom(...(Object.keys(segmentSources) as SegmentSource[])),
    });
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const joined = (all: readonly { readonly text: string }[]) => all.map(({ text }) => text).join("");
        expect(joined(tidied(pieces))).toBe(joined(pieces).trim());
      }),
    );
  });
});
