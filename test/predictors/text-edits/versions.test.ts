/** Versions that were published before there were pages are read as they were meant. */
import { expect, it } from "vitest";
import { noStructure, readStructure, writeStructure } from "../../../src/predictors/text-edits/structure.ts";
import { readRemembered, writeRemembered } from "../../../src/predictors/text-edits/written.ts";

it("a structure and what is remembered, without what pages added", () => {
  const { pages: _, ...structure } = writeStructure(noStructure);
  expect(readStructure(structure)).toEqual(noStructure);
  const old = { places: [], habits: [], constants: [], sources: [["a", 1, 2]] as const };
  const remembered = readRemembered(old, { textsCharsMax: 1_000, afterCharsMax: 1_000 });
  expect(remembered.sources.get("a")).toEqual({ hits: 1, tries: 2 });
  expect(writeRemembered(remembered).texts).toEqual([]);
});
