/** On real recorded episodes that the project bundles: a grid world as JSON, from nothing. */
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { evaluate } from "../../../src/cli/evaluate/evaluation.ts";
import { predictorFactories } from "../../../src/predictors/registry.ts";
import { defaultsOf } from "../../support/defaults.ts";

const file = fileURLToPath(new URL("../../../src/ingest/sample/babyai.jsonl.gz", import.meta.url));

describe("lifted-edits on the bundled structured world, each step predicted and then learnt", () => {
  it("is right far oftener than memory and than no change, where things change too", async () => {
    const { results } = await evaluate(
      { train: [], test: [file], predictors: [], context: true, learnFromTest: true, openLoopLengths: [] },
      {
        factories: predictorFactories,
        track: defaultsOf().track,
        seconds: () => performance.now() / 1000,
        stopped: () => false,
        progress() {},
      },
    );
    const of = (name: string) => results.find(({ predictor }) => predictor === name);
    const exactOf = (name: string) => of(name)?.exact.all ?? Number.NaN;
    expect(of("lifted-edits")?.n).toBe(2_303);
    expect(exactOf("persistence")).toBeLessThan(0.3);
    expect(exactOf("recall")).toBeLessThan(0.6);
    expect(exactOf("lifted-edits")).toBeGreaterThan(0.8);
    expect(of("lifted-edits")?.exact.dynamic ?? Number.NaN).toBeGreaterThan(0.82);
  }, 120_000);
});
