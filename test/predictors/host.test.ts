/** A predictor in a process of its own, truly: it crashes, hangs, is killed, and its parent lives and is told why. */
import { afterEach, describe, expect, it } from "vitest";
import { openIsolated } from "../../src/predictors/host/isolated.ts";
import { tuneIsolated } from "../../src/predictors/host/tune.ts";
import type { RemoteDeps, RemotePredictor } from "../../src/predictors/remote.ts";
import type { RoundOrder } from "../../src/predictors/tuning.ts";
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

describe("a round in a process of its own", () => {
  const order: RoundOrder = {
    ...{ environment: "w", kind: "observation", base: { version: "v", blobs: ["a", "b"] }, seed: 7 },
    ...{ traces: [], fresh: [], untried: 0, replay: [], heldOut: [] },
  };
  const round = (act: string, deps: RemoteDeps = testDeps(), limitMs = 30_000, signal = never) =>
    tuneIsolated({ kind: "obedient" }, { do: act }, order, deps, { limitMs, signal }, file);

  it("gives its report and is gone; bytes travel as bytes, both ways, and others come first", async () => {
    const deps = {
      ...testDeps(),
      read: async (hashes: readonly string[]) => hashes.map((one) => Buffer.from(`${one}!`)),
    };
    const report = await round("report", deps);
    expect(report).toMatchObject({ form: "begun", model: { version: "7 a!b!", parameters: 3 } });
    expect(report.form === "begun" && [...report.model.bytes]).toEqual([1, 2, 255]);
    const [line = ""] = deps.lines;
    const { pid, nice }: { pid: number; nice: number } = JSON.parse(line.slice("info round ".length));
    expect(nice).toBe(5);
    expect(isAlive(pid)).toBe(false);
  });

  it("hears that blobs are gone, or cannot be read now", async () => {
    expect(await round("report")).toMatchObject({ model: { version: "7 gone" } });
    const deps = { ...testDeps(), read: () => Promise.reject(new Error("no broker")) };
    expect(await round("report", deps)).toMatchObject({ model: { version: "7 no broker" } });
  });

  it("takes nobody with it: what it throws, an abort in native code, a hang, and being given up", async () => {
    await expect(round("throw")).rejects.toThrow("model.bin: expected 8 bytes, found 3");
    await expect(round("abort")).rejects.toThrow(/its process \d+ ended \(SIGABRT\)/);
    await expect(round("spin", testDeps(), 700)).rejects.toThrow("it took longer than 700 ms");
    const stopping = new AbortController();
    const waiting = round("wait", testDeps(), 30_000, stopping.signal);
    stopping.abort();
    await expect(waiting).rejects.toThrow("it was given up");
  });
});
