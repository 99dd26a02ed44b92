/** Reasons to abstain: each that our predictors say is explained, and what others say is counted as one. */
import { expect, it } from "vitest";
import { abstentionReasonOf, abstentionReasons, meaningOf } from "../../src/codec/abstention-reasons.ts";
import { sourceFiles } from "../style/sources.ts";

const sources = [...sourceFiles("src/predictors"), ...sourceFiles("src/track/predict")];

it("explains every reason that the code gives, and no other", () => {
  const explained = Object.keys(abstentionReasons).filter((reason) => reason !== "other");
  for (const { path, text } of sources)
    for (const [, reason = ""] of text.matchAll(/status: "abstained", reason: "([^"]+)"/g))
      expect(explained, path).toContain(reason);
  const unsaid = explained.filter((reason) => !sources.some(({ text }) => text.includes(`"${reason}"`)));
  expect(unsaid).toEqual([]);
});

it("takes words as reasons, and anything else as other", () => {
  expect([null, "", "I do not know", "x".repeat(30), "no-support", "their-own"].map(abstentionReasonOf)).toEqual([
    ...["other", "other", "other", "other"],
    ...["no-support", "their-own"],
  ]);
  expect(meaningOf("no-support")).toContain("ever seen");
  expect(meaningOf("their-own")).toBe(meaningOf("other"));
  expect(meaningOf("constructor")).toBe(meaningOf("other"));
});
