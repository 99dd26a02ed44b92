/** The name of a reference, there and back. */
import { expect, it } from "vitest";
import { isReferenceName, liveName, referenceName } from "../../src/codec/reference-name.ts";

it("tells the pinned version of a predictor from its live one", () => {
  expect(referenceName("recall")).toBe("recall@reference");
  expect(["recall", "recall@reference", "@reference"].map(isReferenceName)).toEqual([false, true, true]);
  expect(["recall", "recall@reference", "a@reference@b"].map(liveName)).toEqual(["recall", "recall", "a@reference@b"]);
});
