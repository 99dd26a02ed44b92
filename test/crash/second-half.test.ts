/** The other half of the seeded runs, in a file of its own so that both cores have work. */
import { describe, it } from "vitest";
import { firstSeed, runSeeds, seeds } from "./seeds.ts";

describe("the whole topology under faults", () => {
  it("equals an uninterrupted fold in each seeded run (second half)", { timeout: 60 * 60_000 }, () =>
    runSeeds(firstSeed + Math.ceil(seeds / 2), Math.floor(seeds / 2)),
  );
});
