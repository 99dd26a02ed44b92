/** Predictors that are for situations of a form: who has an entry where, and for whom earlier steps are kept. */
import { describe, expect, it } from "vitest";
import { predictorFactories } from "../../../src/predictors/registry.ts";
import { createInline } from "../../../src/track/predict/logic.ts";
import type { Versions } from "../../../src/track/predict/versions.ts";
import { createTrackBench } from "../../support/track.ts";

const predictors = ["persistence", "recall", "lifted-edits", "text-edits"];

describe("text-edits in track", () => {
  it("has entries for texts and for calls that are answered in text, in no other structured world", () => {
    const bench = createTrackBench({ predictors });
    const play = (environment: string, action: object | string, states: readonly (object | string)[]) => {
      const episode = environment;
      const [first = "", ...others] = states;
      bench.send({ type: "reset", episode, environment, state: JSON.parse(JSON.stringify(first)) });
      for (const [step, state] of others.entries())
        bench.send(JSON.parse(JSON.stringify({ type: "step", episode, step, action, state })));
      bench.send({ type: "end", episode });
    };
    const call = { name: "maps/find", arguments: { city: "Rome" } };
    play("rooms", "look", ["a room", "a room", "a hall"]);
    play("tools", call, [
      { error: "", response: "" },
      { error: "no key", response: "" },
    ]);
    play("shop", call, [
      { cart: [], error: "" },
      { cart: ["tea"], error: "" },
    ]);
    const names = (environment: string) => {
      const score = bench.out.scores.find((one) => one.environment === environment);
      return score?.entries.map(({ predictor }) => predictor).filter((name) => name !== "best-of");
    };
    expect(names("rooms")).toEqual(["persistence", "recall", "text-edits"]);
    expect(names("tools")).toEqual(predictors);
    expect(names("shop")).toEqual(["persistence", "recall", "lifted-edits"]);
    // Somebody is chosen among those of a text world, live.
    const entries = bench.out.scores.filter((one) => one.environment === "rooms").flatMap((one) => one.entries);
    expect(entries.filter(({ predictor }) => predictor === "best-of")).toHaveLength(2);
  });

  it("has earlier steps kept in worlds of texts alone", () => {
    const versions = { live: () => undefined, reference: () => undefined } as unknown as Versions;
    const inline = createInline(predictorFactories, { predictors, environments: {} }, versions, () => 0);
    expect(inline.historySteps("state")).toBe(0);
    expect(inline.historySteps("observation")).toBeGreaterThan(0);
  });
});
