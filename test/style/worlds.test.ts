/** Predictors learn what a world is like: none of them knows one by name, nor by its words. */
import { expect, it } from "vitest";
import { sourceFiles } from "./sources.ts";

const worlds =
  /alf ?world|science ?world|sci ?world|textworld|web ?shop|byte ?sized|stable ?tool|tau.bench|jericho|receptacle|fridge|countertop|drawer|thermometer|\[sep\]|["'`]-=/i;

const named = (text: string) => text.split("\n").filter((line) => worlds.test(line));

it("finds no world of the study in a predictor", () => {
  const found = sourceFiles("src/predictors").flatMap(({ path, text }) =>
    named(text).map((line) => `${path}: ${line}`),
  );
  expect(found).toEqual([]);
});

it("would notice one", () => {
  expect(named('if (environment === "alfworld") return;')).toHaveLength(1);
  expect(named('const page = text.split(" [SEP] ");')).toHaveLength(1);
});
