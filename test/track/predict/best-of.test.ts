/** The best of all predictors: chosen by what was seen before, per environment and action, and remembered through a restart. */
import { describe, expect, it } from "vitest";
import { chosenIn } from "../../../src/codec/best-of-version.ts";
import type { ScoreEntry } from "../../../src/codec/records.ts";
import { createBestOf } from "../../../src/track/predict/best-of.ts";
import { absentEntry } from "../../../src/track/score/entries.ts";
import { createTrackBench } from "../../support/track.ts";

function entryOf(predictor: string, exact: boolean | null, change: Partial<ScoreEntry> = {}): ScoreEntry {
  const status = exact === null ? "abstained" : "answered";
  return { ...absentEntry(predictor, "late"), version: "1", status, exact, ahead: true, ...change };
}

const named =
  (name: string, template = name) =>
  () => ({ name, template });
const go = named("go");

describe("best-of", () => {
  it("is right where either is, once it knows who is right about which action", () => {
    const best = createBestOf();
    const step = (action: string) =>
      best.entry("e", named(action), [entryOf("a", action === "go"), entryOf("b", action === "take")], true);
    for (let at = 0; at < 20; at++) for (const action of ["go", "take"]) step(action);
    expect([step("go"), step("take")].map((one) => [chosenIn(one ?? { version: "" }), one?.exact])).toEqual([
      ["a", true],
      ["b", true],
    ]);
    // An action that was never seen: by the environment as a whole.
    for (let at = 0; at < 20; at++) step("go");
    expect(step("open")?.version).toBe("a 1");
  });

  it("tells templates of one name apart, and knows a new template by its name, a new name by its environment", () => {
    const best = createBestOf();
    const step = (name: string, template: string, a: boolean, b: boolean) =>
      chosenIn(best.entry("e", named(name, template), [entryOf("a", a), entryOf("b", b)], true) ?? { version: "" });
    for (let at = 0; at < 40; at++) {
      step("open", "open <0>", true, false);
      if (at % 2 === 0) step("open", "open <0> with <1>", false, true);
    }
    expect(step("open", "open <0>", true, false)).toBe("a");
    expect(step("open", "open <0> with <1>", false, true)).toBe("b");
    expect(step("open", "open <0> to <1>", true, false)).toBe("a");
    for (let at = 0; at < 40; at++) step("shut", "shut <0>", false, true);
    expect(step("shut", "shut <0> with <1>", false, true)).toBe("b");
    expect(step("open", "open <0> from <1>", true, false)).toBe("a");
  });

  it("goes on from what was counted by names alone, before there were templates", () => {
    const best = createBestOf();
    best.restore([
      ['["e","","a"]', 30, 60],
      ['["e","","b"]', 30, 60],
      ['["e","go","a"]', 2, 30],
      ['["e","go","b"]', 28, 30],
    ]);
    expect(best.entry("e", named("go", "go <0>"), [entryOf("a", true), entryOf("b", true)], true)?.version).toBe("b 1");
    const other = createBestOf();
    other.restore(best.snapshot());
    expect(other.snapshot()).toEqual(best.snapshot());
    expect(best.snapshot()).toHaveLength(6);
  });

  it("keeps so many counts, whatever comes in, and none of an environment that goes on is forgotten", () => {
    const best = createBestOf();
    for (let at = 0; at < 12_000; at++)
      best.entry("e", named("go", `go ${at}`), [entryOf("a", true), entryOf("b", false)], true);
    const keys = new Set(best.snapshot().map(([key]) => key));
    expect(keys.size).toBe(20_000);
    for (const key of ['["e","","a"]', '["e","go","b"]', '["e","go","a","go 11999"]']) expect(keys).toContain(key);
  });

  it("chooses before it looks at the step's truth", () => {
    const best = createBestOf();
    const first = best.entry("e", go, [entryOf("a", false), entryOf("b", true)], true);
    expect(first).toMatchObject({ version: "a 1", exact: false, prediction: null });
  });

  it("takes the next best where the best does not answer, nobody where none does, and neither late nor pinned ones", () => {
    const best = createBestOf();
    for (let at = 0; at < 9; at++) best.entry("e", go, [entryOf("a", true), entryOf("b", false)], true);
    expect(best.entry("e", go, [entryOf("a", null), entryOf("b", false)], true)?.version).toBe("b 1");
    const silent = best.entry("e", go, [entryOf("a", null), entryOf("b", null)], true);
    expect(silent).toMatchObject({ status: "abstained", reason: "nobody-answers", exact: null });
    const others = [entryOf("a", true, { ahead: false }), entryOf("a@reference", true), entryOf("b", false)];
    expect(best.entry("e", go, others, true)).toBeNull();
  });

  it("learns nothing from steps that do not teach, and forgets slowly", () => {
    const best = createBestOf();
    for (let at = 0; at < 50; at++) best.entry("e", go, [entryOf("a", false), entryOf("b", true)], false);
    expect(best.snapshot()).toEqual([]);
    for (let at = 0; at < 5_000; at++) best.entry("e", go, [entryOf("a", true), entryOf("b", false)], true);
    let steps = 0;
    while (best.entry("e", go, [entryOf("a", false), entryOf("b", true)], true)?.version !== "b 1") steps += 1;
    expect(steps).toBeLessThan(400);
  });

  it("stands in the scores beside the others, and goes on alike after a restart", async () => {
    const bench = createTrackBench({ predictors: ["persistence", "recall"] });
    const play = (episode: string) => {
      bench.send({ type: "reset", episode, environment: "shop", state: { n: 0 } });
      for (let step = 0; step < 8; step++)
        bench.send({
          ...{ type: "prediction", episode, step, predictor: "theirs", state: { n: step + 1 } },
        });
      for (let step = 0; step < 8; step++)
        bench.send({ type: "step", episode, step, action: "add", state: { n: step + 1 } });
      bench.send({ type: "end", episode, success: true });
    };
    play("e1");
    await bench.restart();
    play("e2");
    const chosen = bench.out.scores.map(
      ({ entries }) => entries.find(({ predictor }) => predictor === "best-of")?.version.split(" ")[0],
    );
    expect(chosen[0]).toBe("persistence");
    expect(chosen.slice(1)).toEqual(new Array(15).fill("theirs"));
  });
});
