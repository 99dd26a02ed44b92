/** Texts as templates, and back. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { factsOf } from "../../../src/predictors/text-edits/context.ts";
import { obeys, ordered, orderNames, written } from "../../../src/predictors/text-edits/listing.ts";
import { piecesOf, readAction, readText, shownTemplate } from "../../../src/predictors/text-edits/reading.ts";

describe("reading", () => {
  it("takes the things that an action names for its arguments, each once", () => {
    const read = readAction(" swap ring 2 with box 10 and ring 2 ");
    expect(read?.args).toEqual(["ring 2", "box 10"]);
    expect(shownTemplate(read?.template ?? "")).toBe("swap <0> with <1> and <0>");
  });

  it("takes runs of things for lists, with their article and joiner", () => {
    const read = readText("In the box 1 you see a ring 2, a ring 1, and a coin 3. Beside it: lamp 1 and lamp 2.");
    expect(read?.lists).toEqual([["box 1"], ["ring 2", "ring 1", "coin 3"], ["lamp 1", "lamp 2"]]);
    expect(read?.joins).toEqual(["", ", and ", " and "]);
    expect(shownTemplate(read?.template ?? "")).toBe("In the <…> you see <a …>. Beside it: <…>.");
  });

  it("knows things of other scripts, and is not fooled by what looks like a pattern", () => {
    expect(readAction("открой ящик 3")?.args).toEqual(["ящик 3"]);
    expect(readText("x1 2 (a+)+$ 5th [ring 1]* \\1")?.lists).toEqual([["ring 1"]]);
  });

  it("does not read texts that hold the marks of holes", () => {
    expect(readText("a \u0001 b")).toBeNull();
    expect(readAction("a \u0002 b")).toBeNull();
  });

  it("is undone by filling the holes", () => {
    const thing = fc
      .tuple(fc.constantFrom("ring", "box", "été"), fc.nat(99))
      .map(([kind, number]) => `${kind} ${number}`);
    const words = fc.stringMatching(/^[ .:(?*$]{1,6}$/);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(words, fc.array(thing, { minLength: 1, maxLength: 4 }), fc.constantFrom("", "a", "an"))),
        (parts) => {
          const text = parts.map(([before, list, article]) => `${before}.${written(list, article, ", and ")}`).join("");
          const read = readText(`${text}.`);
          const { texts, styles } = piecesOf(read?.template ?? "");
          const again = texts.map((piece, at) =>
            at === 0
              ? piece
              : written(read?.lists[at - 1] ?? [], styles[at - 1] ?? "", read?.joins[at - 1] ?? "") + piece,
          );
          expect(again.join("")).toBe(`${text}.`.trim());
        },
      ),
    );
  });

  it("takes time in proportion to the text", () => {
    const start = performance.now();
    for (const text of [
      "a ".repeat(500_000),
      "a 1, ".repeat(200_000),
      "ring 1 and ".repeat(90_000),
      "é".repeat(1_000_000),
    ])
      readText(text);
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});

describe("the order of lists", () => {
  it("is obeyed by what was put in order", () => {
    const list = ["ring 10", "coin 2", "ring 9", "coin 11"];
    expect(ordered(list, "type, number down")).toEqual(["coin 11", "coin 2", "ring 10", "ring 9"]);
    expect(ordered(list, "number down")).toEqual(["coin 11", "ring 10", "ring 9", "coin 2"]);
    for (const order of orderNames) expect(obeys(ordered(list, order), order)).toBe(true);
    expect(obeys(list, "alphabet")).toBe(false);
  });
});

describe("a context", () => {
  it("is relations and attributes by owner, within a bound", () => {
    const context = {
      goal: "win",
      held: ["coin 1"],
      boxes: { "box 1": { open: false, things: ["ring 1"] } },
      map: { n: [] },
    };
    const { relations, attributes } = factsOf(context, 100);
    expect(relations.get("held")?.get("")).toEqual(["coin 1"]);
    expect(relations.get("boxes.things")?.get("box 1")).toEqual(["ring 1"]);
    expect(relations.get("map")?.get("n")).toEqual([]);
    expect(attributes.get("boxes.open")?.get("box 1")).toBe("false");
    expect(factsOf(context, 1).relations.size).toBe(0);
    expect(factsOf(["no", "object"], 9).relations.size).toBe(0);
  });
});
