/** What is chosen among: names of things, words of forms, texts that may be new. */
import { describe, expect, it } from "vitest";
import { chosenOf, noneLabel } from "../../../../src/predictors/text-edits/chosen.ts";
import { grammarOf } from "../../../../src/predictors/text-edits/pages/grammar.ts";
import { isOfAnother } from "../../../../src/predictors/text-edits/pages/naming/here.ts";

describe("a name", () => {
  it("of another argument calls no other thing, but where it is of its own", () => {
    expect(isOfAnother("rope", ["coil of rope", "hook"], 1)).toBe(true);
    expect(isOfAnother("rope", ["coil of rope", "rope hook"], 1)).toBe(false);
    expect(isOfAnother("peg", ["coil of rope", "hook"], 1)).toBe(false);
  });
});

describe("a function word", () => {
  const actions = (of: number) => [
    ...Array.from({ length: of }, (_, at) => `hang thing${at} onto place${at}`),
    ...Array.from({ length: 500 }, (_, at) => `view thing${at}`),
  ];

  it("of few actions needs more neighbours", () => {
    expect(grammarOf(actions(24)).functionWords).toContain("onto");
    expect(grammarOf(actions(16)).functionWords).not.toContain("onto");
  });
});

describe("a text", () => {
  const chosen = (none: number) =>
    chosenOf([noneLabel, "It hums."], Float64Array.of(none, 1 - none), (label) => (label === noneLabel ? null : label));

  it("that is likelier new is guessed, and nothing is said where nearly all say so", () => {
    expect(chosen(0.9)).toMatchObject({ text: "It hums.", share: expect.closeTo(0.1, 6) });
    expect(chosen(0.97)).toBeNull();
  });
});
