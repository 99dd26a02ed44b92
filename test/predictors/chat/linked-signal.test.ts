import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { linkSignals } from "../../../src/predictors/chat/linked-signal.ts";

it("aborts with either, and lets go when released", () => {
  const [long, short] = [new AbortController(), new AbortController()];
  const first = linkSignals(long.signal, short.signal);
  short.abort();
  expect(first.signal.aborted).toBe(true);
  const second = linkSignals(long.signal);
  second.release();
  long.abort();
  expect(second.signal.aborted).toBe(false);
  expect(linkSignals(long.signal).signal.aborted).toBe(true);
});

it("takes many calls at one time for no leak", async () => {
  const warnings: Error[] = [];
  const onWarning = (warning: Error) => void warnings.push(warning);
  process.on("warning", onWarning);
  const long = new AbortController();
  const [linked] = Array.from({ length: 64 }, () => linkSignals(long.signal));
  for (let calls = 0; calls < 64; calls++) linked?.signal.addEventListener("abort", () => {});
  await sleep(10);
  process.off("warning", onWarning);
  expect(warnings).toEqual([]);
});
