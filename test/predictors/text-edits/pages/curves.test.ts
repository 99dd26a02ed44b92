/** Curves: numbers that go on as those of something else did. */
import { describe, expect, it } from "vitest";
import { beginPages } from "../../../../src/predictors/text-edits/pages/belief.ts";
import {
  type Curves,
  curveTexts,
  followed,
  followedText,
  learnCurve,
} from "../../../../src/predictors/text-edits/pages/choice/curves.ts";
import { type Course, readCourse } from "../../../../src/predictors/text-edits/pages/events/numbers.ts";
import { observePage } from "../../../../src/predictors/text-edits/pages/observe.ts";
import { noPages } from "../../../../src/predictors/text-edits/pages/structure.ts";

const words = (thing: string, value: number) => `the ${thing} has sunk by about ${value} spans so far`;
const course = (thing: string, values: readonly number[], from = 0): Course | undefined =>
  values.reduce<Course | undefined>(
    (before, value, at) => readCourse(words(thing, value), from + at, before) ?? undefined,
    undefined,
  );

const world = 1;
/** A boat that sinks, read at these times; each reading is learnt before the next. */
function learnt(
  curves: Curves,
  thing: string,
  values: readonly (readonly [at: number, value: number])[],
  last?: string,
) {
  let known: Course | undefined;
  const add = (text: string, at: number) => {
    if (known !== undefined) learnCurve(curves, known, { now: at, text, thing: thing.length, world });
    known = readCourse(text, at, known) ?? undefined;
  };
  for (const [at, value] of values) add(words(thing, value), at);
  if (last !== undefined) add(last, (values.at(-1)?.[0] ?? 0) + 1);
}

function readings(values: readonly (readonly [at: number, value: number])[], thing = "big stone"): Course | undefined {
  return values.reduce<Course | undefined>(
    (before, [at, value]) => readCourse(words(thing, value), at, before) ?? undefined,
    undefined,
  );
}

describe("a curve", () => {
  const curves: Curves = new Map();
  const values = [2, 5, 9, 14, 20, 27, 35, 44, 54, 65, 77, 90] as const;
  learnt(
    curves,
    "old boat",
    values.map((value, at) => [at, value]),
    "the old boat has sunk to the ground so far",
  );
  const stone = (known: Course | undefined, now: number, of = 2) => curveTexts(curves, known, now, of);
  const [boat] = [course("old boat", [2, 5, 9])];

  it("goes on as it did for something else, later, and with other times between the readings", () => {
    const next = words("big stone", 20);
    expect(
      stone(
        readings([
          [40, 9],
          [41, 14],
        ]),
        42,
      ),
    ).toEqual([next, null, null]);
    expect(
      stone(
        readings([
          [40, 5],
          [41, 9],
          [42, 14],
        ]),
        43,
      ),
    ).toEqual([next, next, null]);
    expect(
      stone(
        readings([
          [40, 2],
          [43, 14],
        ]),
        44,
      )[0],
    ).toBe(next);
    expect(
      stone(
        readings([
          [40, 9],
          [41, 14],
        ]),
        44,
      )[0],
    ).toBe(words("big stone", 35));
    const six = [2, 5, 9, 14, 20, 27].map((value, at) => [at, value] as const);
    expect(stone(readings(six), 6)[2]).toBe(words("big stone", 35));
  });

  it("is of other worlds, and goes another way where one reading is another", () => {
    expect(
      stone(
        readings([
          [40, 9],
          [41, 14],
        ]),
        42,
        world,
      ),
    ).toEqual([null, null, null]);
    expect(
      stone(
        readings([
          [40, 3],
          [41, 9],
          [42, 14],
        ]),
        43,
      ),
    ).toEqual([null, null, null]);
    expect(stone(readings([[40, 14]]), 41)[0]).toBeNull();
    // What rests may begin to move in any way.
    learnt(curves, "raft", [
      [0, 6],
      [1, 6],
      [2, 6],
      [3, 8],
    ]);
    expect(
      stone(
        readings([
          [0, 6],
          [1, 6],
        ]),
        2,
      )[0],
    ).toBeNull();
  });

  it("ends in the same words, and stays there", () => {
    const end = "the big stone has sunk to the ground so far";
    expect(
      stone(
        readings([
          [3, 77],
          [4, 90],
        ]),
        5,
      )[0],
    ).toBe(end);
    expect(
      stone(
        readings([
          [3, 77],
          [4, 90],
        ]),
        9,
      )[0],
    ).toBe(end);
  });

  it("is not kept a second time where it says nothing new", () => {
    const count = () => [...curves.values()].reduce((sum, all) => sum + all.size, 0);
    const [all] = curves.values();
    const before = count();
    let known: Course | undefined;
    for (let at = 0; at < values.length + 8; at++) {
      const value = values[at] ?? 90 + 10 * (at - values.length + 1);
      const text = words("barge", value);
      if (known !== undefined) learnCurve(curves, known, { now: at, text, thing: 9, world: 3 });
      known = readCourse(text, at, known) ?? undefined;
      if (at === values.length - 1) expect(count()).toBe(before);
    }
    expect(count()).toBe(before + 1);
    expect(all?.size).toBe(before + 1);
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
