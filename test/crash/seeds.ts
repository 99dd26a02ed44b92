/** Runs seeds, holds each to its promise, and prints what was injected. */
import { expect } from "vitest";
import { crashRun, type FaultCounts, faultNames } from "./run.ts";

export const seeds = Number(process.env["DRIFTLINE_CRASH_SEEDS"] ?? 120);
export const firstSeed = Number(process.env["DRIFTLINE_CRASH_FIRST"] ?? 1);

export async function runSeeds(first: number, count: number): Promise<void> {
  const totals = Object.fromEntries(faultNames.map((name) => [name, 0])) as FaultCounts;
  let events = 0;
  for (let seed = first; seed < first + count; seed++) {
    const outcome = await crashRun(seed);
    expect(outcome.problems, `seed ${seed}`).toEqual([]);
    expect(outcome.events, `seed ${seed} has too few events`).toBeGreaterThanOrEqual(200);
    const { crashBetween, crashBeforeCommit, crashAfterCommit, duplicate, disorder, modelSwap, pin } = outcome.faults;
    expect(crashBetween + crashBeforeCommit + crashAfterCommit, `seed ${seed} did not crash`).toBeGreaterThan(0);
    expect(
      Math.min(duplicate, disorder, modelSwap, pin),
      `seed ${seed} injected too little: ${JSON.stringify(outcome.faults)}`,
    ).toBeGreaterThan(0);
    for (const name of faultNames) totals[name] += outcome.faults[name];
    events += outcome.events;
  }
  process.stdout.write(
    `crash runs: seeds ${first} to ${first + count - 1}, ${events} events, faults ${JSON.stringify(totals)}\n`,
  );
}
