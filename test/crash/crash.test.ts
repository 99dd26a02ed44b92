/**
 * Thousands of seeded runs of the whole topology, each with crashes, duplicates, disorder and model swaps: what is left behind equals one
 * uninterrupted fold, record by record. `DRIFTLINE_CRASH_SEEDS` sets how many; `DRIFTLINE_CRASH_FIRST` the first.
 */
import { describe, expect, it } from "vitest";
import { essenceOf } from "./compare.ts";
import { createPipeline, recordOf } from "./pipeline.ts";
import { crashRun, world } from "./run.ts";
import { firstSeed, runSeeds, seeds } from "./seeds.ts";
import { withArms, worldEvents } from "./world.ts";

describe("the whole topology under faults", () => {
  it("equals an uninterrupted fold in each seeded run (first half)", { timeout: 60 * 60_000 }, () =>
    runSeeds(firstSeed, Math.ceil(seeds / 2)),
  );

  it("gives the same transitions for duplicated and disordered input as for clean input", {
    timeout: 10 * 60_000,
  }, async () => {
    for (let seed = firstSeed; seed < firstSeed + Math.min(seeds / 8, 50); seed++) {
      const clean = await createPipeline();
      await clean.append(withArms(worldEvents(seed, world)).map((event) => recordOf(event, false)));
      await clean.settle();
      const { pipeline } = await crashRun(seed);
      expect(await essenceOf(pipeline.log), `seed ${seed}`).toEqual(await essenceOf(clean.log));
    }
  });

  it("has what is behind it count every record once where outputs are written twice", {
    timeout: 10 * 60_000,
  }, async () => {
    let lost = 0;
    for (let seed = firstSeed; seed < firstSeed + Math.min(seeds / 4, 100); seed++) {
      const outcome = await crashRun(seed, {}, true);
      expect(outcome.problems, `seed ${seed}`).toEqual([]);
      lost += outcome.faults.lostOffsets;
    }
    expect(lost).toBeGreaterThan(0);
  });
});
