/** The outside world of a remote predictor in tests: real time, counts and log lines kept. */
import { setTimeout as delay } from "node:timers/promises";
import type { RemoteDeps, WorkCount } from "../../src/predictors/remote.ts";

export interface TestDeps extends RemoteDeps {
  readonly counts: Partial<Record<WorkCount, number>>;
  readonly lines: string[];
}

/** `sleep`: for tests that look at the waits instead of taking them. */
export function testDeps(
  env: RemoteDeps["env"] = {},
  sleep: RemoteDeps["sleep"] = async (ms, signal) => {
    await delay(ms, undefined, signal === undefined ? {} : { signal }).catch(() => {});
  },
): TestDeps {
  const counts: Partial<Record<WorkCount, number>> = {};
  const lines: string[] = [];
  return {
    name: "tested",
    env,
    now: Date.now,
    seconds: () => performance.now() / 1_000,
    sleep,
    log: (level, message, fields) => void lines.push(`${level} ${message} ${JSON.stringify(fields)}`),
    count(what, by) {
      counts[what] = (counts[what] ?? 0) + by;
    },
    read: async () => null,
    counts,
    lines,
  };
}
