/** Outcome records for tests. */
import type { Outcome } from "../../src/codec/records.ts";

export function outcomeOf(offset: number, more: Partial<Outcome> = {}): Outcome {
  return {
    source: { partition: 0, offset, index: 0 },
    environment: "world",
    episode: `e${offset}`,
    task: null,
    agent: { name: "agent", version: null },
    arm: "real",
    worldModel: null,
    plan: null,
    time: 1_700_000_000_000,
    startedAt: 1_700_000_000_000,
    ending: "end",
    success: true,
    reward: null,
    reason: null,
    steps: 0,
    scored: 0,
    predictors: [],
    ...more,
  };
}
