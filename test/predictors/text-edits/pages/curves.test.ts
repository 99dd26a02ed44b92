/** Curves: numbers that go on as those of something else did. */
import { describe, expect, it } from "vitest";
import { beginPages } from "../../../../src/predictors/text-edits/pages/belief.ts";
import {
  curveKeys,
  curveTexts,
  followed,
  followedText,
} from "../../../../src/predictors/text-edits/pages/choice/curves.ts";
import { createTextMemory } from "../../../../src/predictors/text-edits/pages/choice/texts.ts";
import { type Course, readCourse } from "../../../../src/predictors/text-edits/pages/events/numbers.ts";
import { observePage } from "../../../../src/predictors/text-edits/pages/observe.ts";
import { noPages } from "../../../../src/predictors/text-edits/pages/structure.ts";

const words = (thing: string, value: number) => `the ${thing} has sunk by about ${value} spans so far`;
const course = (thing: string, values: readonly number[], from = 0): Course | undefined =>
  values.reduce<Course | undefined>(
    (before, value, at) => readCourse(words(thing, value), from + at, before) ?? undefined,
    undefined,
  );

describe("a curve", () => {
  const [boat, stone] = [course("old boat", [2, 5, 9]), course("big stone", [2, 5, 9], 40)];

  it("is known by the words around the number, the last readings and the time between them", () => {
    expect(curveKeys(stone, 43)).toEqual(curveKeys(boat, 3));
    expect(curveKeys(stone, 44)).not.toEqual(curveKeys(boat, 3));
    expect(curveKeys(course("old boat", [1, 5, 9]), 3)?.[0]).toBe(curveKeys(boat, 3)?.[0]);
    expect(curveKeys(course("old boat", [1, 5, 9]), 3)?.[1]).not.toBe(curveKeys(boat, 3)?.[1]);
    expect(curveKeys(course("old boat", [2]), 3)).toEqual([0, 0, 0]);
    // What rests may begin to move in any way.
    expect(curveKeys(course("old boat", [9, 4, 4]), 3)?.map((key) => key !== 0)).toEqual([false, true, false]);
    expect(curveKeys(readCourse("from 3 to 5", 0, undefined) ?? undefined, 1)).toBeNull();
  });

  it("goes on as it did for something else, and ends in the same words", () => {
    const memory = createTextMemory(10_000);
    const world = 1;
    const note = (known: Course | undefined, text: string) => {
      const next = known === undefined ? null : followed(known, text);
      for (const key of curveKeys(known, 3) ?? []) if (key !== 0 && next !== null) memory.note(key, next, world);
      return next;
    };
    note(boat, words("old boat", 14));
    expect(curveTexts(stone, 43, memory, 2)).toEqual([words("big stone", 14), words("big stone", 14), null]);
    // What the same world has shown is no other's.
    expect(curveTexts(stone, 43, memory, world)).toEqual([null, null, null]);
    const deep = course("old boat", [90, 94, 98]);
    note(deep, "the old boat has sunk to the ground so far");
    expect(curveTexts(course("big stone", [90, 94, 98]), 3, memory, 2)[1]).toBe(
      "the big stone has sunk to the ground so far",
    );
  });

  it("is not followed by another text, nor where its words do not fit", () => {
    expect(boat === undefined ? null : followed(boat, "Nothing happens.")).toBeNull();
    expect(boat === undefined ? "" : followedText(boat, "a # b\u0003c")).toBeNull();
  });

  it("ends where the same is answered without a number, not where it is refused", () => {
    const structure = { ...noPages, refusals: new Set(["You cannot."]) };
    const belief = beginPages(structure, null, "A pond.");
    const answer = (text: string) => {
      observePage(structure, belief, "watch boat", { template: "watch \u00010\u0002", args: ["boat"] }, text);
      return belief.courses.get("watch boat")?.readings.length ?? 0;
    };
    expect([words("boat", 2), words("boat", 5), "You cannot."].map(answer)).toEqual([1, 2, 2]);
    expect(answer("the boat has sunk")).toBe(0);
    expect(answer(words("boat", 1))).toBe(1);
  });
});
