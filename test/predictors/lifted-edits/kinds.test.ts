/** Kinds of things by the fields that they have. */
import { describe, expect, it } from "vitest";
import { areTold, createKinds, learnKind } from "../../../src/predictors/lifted-edits/situation/kinds.ts";
import { createPaths } from "../../../src/predictors/lifted-edits/state/paths.ts";

const paths = createPaths();
const fields = (...names: string[]) => names.map((name) => paths.child(paths.root, name, false));

describe("kinds of things", () => {
  it("are told by fields that no thing of another kind has", () => {
    const kinds = createKinds();
    learnKind(kinds, fields("clear", "on"));
    expect(areTold(kinds)).toBe(false);
    learnKind(kinds, fields("free"));
    learnKind(kinds, fields("clear", "table"));
    expect(areTold(kinds)).toBe(true);
    expect(Object.fromEntries(kinds.byField)).toEqual({
      clear: "thing with clear",
      on: "thing with clear",
      table: "thing with clear",
      free: "thing with free",
    });
  });

  it("are one as soon as one thing has fields of both", () => {
    const kinds = createKinds();
    learnKind(kinds, fields("free"));
    learnKind(kinds, fields("full"));
    learnKind(kinds, fields("clear"));
    expect(kinds.count).toBe(3);
    expect(learnKind(kinds, fields("free", "full"))).toEqual([["thing with full", "thing with free"]]);
    expect(kinds.count).toBe(2);
    expect(kinds.byField.get("full")).toBe("thing with free");
    expect(createKinds(kinds.byField)).toEqual(kinds);
  });

  it("are none where there are as many fields as things, and what data name is no field", () => {
    const many = createKinds();
    for (let at = 0; at < 500; at++) learnKind(many, fields(`field ${at}`));
    expect(areTold(many)).toBe(false);
    expect(many.byField.size).toBeLessThan(100);
    const kinds = createKinds();
    learnKind(kinds, [paths.child(paths.root, "a name", true)]);
    expect(kinds.count).toBe(0);
  });
});
