/** A predictor in a process of its own, truly: it crashes, hangs, is killed, and its parent lives and is told why. */
import { afterEach, describe, expect, it } from "vitest";
import { openIsolated } from "../../src/predictors/host/isolated.ts";
import type { RemotePredictor } from "../../src/predictors/remote.ts";
import { remoteSituation } from "../support/remote.ts";
import { type TestDeps, testDeps } from "../support/remote-deps.ts";

const file = new URL("../support/predictor-host.mjs", import.meta.url);
const never = new AbortController().signal;
const opened: RemotePredictor[] = [];

async function open(options: object = {}, deps: TestDeps = testDeps()): Promise<RemotePredictor> {
  const predictor = await openIsolated({ kind: "obedient" }, options, deps, file);
  opened.push(predictor);
  return predictor;
}

function ask(predictor: RemotePredictor, action: string, signal: AbortSignal = never) {
  return predictor.predict([remoteSituation({ action: JSON.stringify(action) })], signal);
}

function pidOf({ backend }: RemotePredictor): number {
  return Number(/pid (\d+)/.exec(backend.device)?.[1]);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe("a predictor in a process of its own", () => {
  afterEach(async () => {
    for (const predictor of opened.splice(0)) await predictor.close();
  });

  it("answers, logs, counts and says what it is, as if it were here", async () => {
    const deps = testDeps();
    const predictor = await open({}, deps);
    expect(predictor).toMatchObject({ version: "v1", deterministic: true, backend: { name: "cpu" } });
    expect(pidOf(predictor)).not.toBe(process.pid);
    const next = { form: "state", stateText: '"You are in a room."' };
    expect(await ask(predictor, "look")).toEqual([{ status: "answered", next, confidence: 1 }]);
    expect(deps.lines).toEqual(['info open {"secret":"none"}']);
    expect(deps.counts.tokensIn).toBe(1);
  });

  it("cannot be opened: the reason is its own", async () => {
    await expect(open({ refuse: 3 })).rejects.toThrow("model.bin: expected 8 bytes, found 3");
    const unknown = openIsolated({ kind: "other" }, {}, testDeps(), file);
    await expect(unknown).rejects.toThrow("there is no kind other");
  });

  it("takes nobody with it: an abort in native code, an exit with last words, kill -9", async () => {
    const aborted = await open();
    await expect(ask(aborted, "abort")).rejects.toThrow(/its process \d+ ended \(SIGABRT\)/);
    await expect(ask(aborted, "look")).rejects.toThrow(/SIGABRT/);
    await expect(ask(await open(), "exit")).rejects.toThrow(/ended \(exit code 7\): the driver is gone/);
    const killed = await open();
    const waiting = ask(killed, "wait");
    process.kill(pidOf(killed), "SIGKILL");
    await expect(waiting).rejects.toThrow(/SIGKILL/);
  });

  it("tells that it is lost where it says so itself, and lives", async () => {
    const predictor = await open();
    await expect(ask(predictor, "throw")).rejects.toThrow("device lost");
    expect(await ask(predictor, "look")).toHaveLength(1);
  });

  it("gives up a call that is aborted", async () => {
    const ending = new AbortController();
    const waiting = ask(await open(), "wait", ending.signal);
    ending.abort();
    expect(await waiting).toEqual([{ status: "failed", reason: "deadline" }]);
    const gone = new AbortController();
    gone.abort();
    expect(await ask(opened[0] ?? (await open()), "wait", gone.signal)).toMatchObject([{ status: "failed" }]);
  });

  it("ends when it is closed, by force where it hangs", { timeout: 30_000 }, async () => {
    const quick = await open();
    await quick.close();
    expect(isAlive(pidOf(quick))).toBe(false);
    const busy = await open();
    const spinning = ask(busy, "spin");
    const spun = expect(spinning).rejects.toThrow(/SIGKILL/);
    await busy.close();
    await spun;
    expect(isAlive(pidOf(busy))).toBe(false);
  });
});
