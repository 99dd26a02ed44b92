import { setImmediate as turn } from "node:timers/promises";
import { expect, it } from "vitest";
import { playSample } from "../../src/ingest/sample.ts";

it("sends nothing more while a stage is behind, and goes on when it has caught up", async () => {
  const ended = new AbortController();
  let behind = 501;
  let appended = 0;
  let slept = 0;
  const log = {
    async append(records: readonly unknown[]) {
      appended += records.length;
      return [];
    },
    async lag() {
      return [
        { group: "driftline-track", topic: "interactions", records: 0 },
        { group: "driftline-learn", topic: "transitions", records: behind },
      ];
    },
  };
  const sleep = async () => {
    slept += 1;
    await turn();
  };
  const sleptMore = async (times: number) => {
    for (const until = slept + times; slept < until; ) await turn();
  };
  const played = playSample({ log, run: "r", sleep, signal: ended.signal });
  // Both that play have sent a batch: the lift's first episode, and a hundred events once the recorded ones are read.
  while (appended <= 100) await turn();
  const first = appended;
  await sleptMore(50);
  expect(appended).toBe(first);
  behind = 500;
  await sleptMore(50);
  expect(appended).toBeGreaterThan(10 * first);
  behind = 501;
  await sleptMore(10);
  ended.abort();
  await played;
});
