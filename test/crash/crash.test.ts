/**
 * Thousands of seeded runs of the whole topology, each with crashes, duplicates, disorder and model swaps: what is left behind equals one
 * uninterrupted fold, record by record. `DRIFTLINE_CRASH_SEEDS` sets how many; `DRIFTLINE_CRASH_FIRST` the first.
 */
import { describe, expect, it } from "vitest";
import { essenceOf } from "./compare.ts";
import { createPipeline, recordOf } from "./pipeline.ts";
import { crashRun, type FaultCounts, faultNames, world } from "./run.ts";
import { worldEvents } from "./world.ts";

const seeds = Number(process.env["DRIFTLINE_CRASH_SEEDS"] ?? 2_000);
const first = Number(process.env["DRIFTLINE_CRASH_FIRST"] ?? 1);

describe("the whole topology under faults", () => {
  it(`equals an uninterrupted fold in each of ${seeds} seeded runs`, { timeout: 30 * 60_000 }, async () => {
    const totals: FaultCounts = { crashBetween: 0, crashBeforeCommit: 0, crashAfterCommit: 0, fenced: 0, lostOffsets: 0, duplicate: 0, disorder: 0, modelSwap: 0 };
    let events = 0;
    for (let seed = first; seed < first + seeds; seed++) {
      const outcome = await crashRun(seed);
      expect(outcome.problems, `seed ${seed}`).toEqual([]);
      expect(outcome.events, `seed ${seed} has too few events`).toBeGreaterThanOrEqual(200);
      const { crashBetween, crashBeforeCommit, crashAfterCommit, duplicate, disorder, modelSwap } = outcome.faults;
      expect(crashBetween + crashBeforeCommit + crashAfterCommit, `seed ${seed} did not crash`).toBeGreaterThan(0);
      expect(Math.min(duplicate, disorder, modelSwap), `seed ${seed} injected too little: ${JSON.stringify(outcome.faults)}`).toBeGreaterThan(0);
      for (const name of faultNames) totals[name] += outcome.faults[name];
      events += outcome.events;
    }
    process.stdout.write(`crash runs: ${seeds} seeds, ${events} events, faults ${JSON.stringify(totals)}\n`);
  });

  it("gives the same transitions for duplicated and disordered input as for clean input", { timeout: 10 * 60_000 }, async () => {
    for (let seed = first; seed < first + Math.min(seeds, 100); seed++) {
      const clean = await createPipeline();
      await clean.append(worldEvents(seed, world).map((event) => recordOf(event, false)));
      await clean.settle();
      const { pipeline } = await crashRun(seed);
      expect(await essenceOf(pipeline.log), `seed ${seed}`).toEqual(await essenceOf(clean.log));
    }
  });

  it("has what is behind it count every record once where outputs are written twice", { timeout: 10 * 60_000 }, async () => {
    let lost = 0;
    for (let seed = first; seed < first + Math.min(seeds, 200); seed++) {
      const outcome = await crashRun(seed, {}, true);
      expect(outcome.problems, `seed ${seed}`).toEqual([]);
      lost += outcome.faults.lostOffsets;
    }
    expect(lost).toBeGreaterThan(0);
  });
});
