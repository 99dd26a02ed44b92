/** How situations become calls: by number and age, never past a deadline, and each to an answer whatever the predictor does. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createBatcher } from "../../src/predict-remote/batcher.ts";
import { createReopening } from "../../src/predict-remote/reopening.ts";
import type { Prediction } from "../../src/predictors/predictor.ts";
import type { Batching, RemotePredictor, RemoteSituation } from "../../src/predictors/remote.ts";
import { predictorOf, remoteSituation, same } from "../support/remote.ts";

const far = Number.MAX_SAFE_INTEGER;

function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) return resolve();
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

interface Call {
  readonly steps: readonly number[];
  readonly version: string | null;
  readonly signal: AbortSignal;
  answer(): void;
  reject(error: Error): void;
}

/** A predictor whose calls the test answers. */
function setUp(batching: Partial<Batching> = {}, open?: () => Promise<RemotePredictor>) {
  const calls: Call[] = [];
  const troubles: string[] = [];
  let closed = 0;
  const predictor = () =>
    predictorOf(
      (situations, signal, model) =>
        new Promise<readonly Prediction[]>((resolve, reject) => {
          const steps = situations.map(({ step }) => step);
          calls.push({
            steps,
            version: model?.version ?? null,
            signal,
            answer: () => resolve(situations.map(same)),
            reject,
          });
        }),
      async () => {
        closed += 1;
      },
    );
  const reopening = createReopening({
    open: open ?? (async () => predictor()),
    now: Date.now,
    onTrouble: (error) => void troubles.push(String(error)),
  });
  const batcher = createBatcher({
    predictor: reopening,
    batching: { max: 3, waitMs: 10, concurrency: 1, ...batching },
    timeoutMs: 1_000,
    now: Date.now,
    elapsed: () => performance.now(),
    sleep,
    onCall() {},
  });
  const ask = (step: number, deadline = far) => batcher.ask(remoteSituation({ step }), deadline);
  return { calls, troubles, reopening, batcher, ask, closed: () => closed };
}

const named = (version: string) => ({ version, blobs: [`blob of ${version}`] });
const answered = (situation: RemoteSituation) => ({ form: "prediction", prediction: same(situation), version: "1" });

describe("batches", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("are of one version each, in the order of who waits, and each answer says which", async () => {
    const { calls, batcher } = setUp();
    const ask = (step: number, version: string | null) =>
      batcher.ask(remoteSituation({ step }), far, version === null ? null : named(version));
    const asked = [ask(0, "a"), ask(1, "b"), ask(2, "a"), ask(3, null), ask(4, "b"), ask(5, "a"), ask(6, "a")];
    for (let call = 0; call < 4; call++) {
      await vi.advanceTimersByTimeAsync(10);
      calls[call]?.answer();
    }
    await vi.advanceTimersByTimeAsync(10);
    expect(calls.map(({ steps, version }) => [version, steps])).toEqual([
      ["a", [0, 2, 5]],
      ["b", [1, 4]],
      [null, [3]],
      ["a", [6]],
    ]);
    const versions = (await Promise.all(asked.map(({ answer }) => answer))).map((one) =>
      one.form === "prediction" ? one.version : null,
    );
    // Its own, where none is named.
    expect(versions).toEqual(["a", "b", "a", "1", "b", "a", "a"]);
  });

  it("are full, or as old as one may wait", async () => {
    const { calls, ask } = setUp();
    ask(0);
    await vi.advanceTimersByTimeAsync(9);
    expect(calls).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(1);
    expect(calls.map(({ steps }) => steps)).toEqual([[0]]);
    calls[0]?.answer();
    await vi.advanceTimersByTimeAsync(0);
    for (const step of [1, 2, 3]) ask(step);
    await vi.advanceTimersByTimeAsync(0);
    expect(calls.map(({ steps }) => steps)).toEqual([[0], [1, 2, 3]]);
  });

  it("are as many at one time as allowed; the others wait", async () => {
    const { calls, ask, batcher } = setUp({ max: 1, waitMs: 0, concurrency: 2 });
    const asked = [0, 1, 2, 3].map((step) => ask(step));
    await vi.advanceTimersByTimeAsync(0);
    expect(calls.map(({ steps }) => steps)).toEqual([[0], [1]]);
    expect([batcher.calls(), batcher.waiting()]).toEqual([2, 2]);
    calls[1]?.answer();
    expect(await asked[1]?.answer).toEqual(answered(remoteSituation({ step: 1 })));
    await vi.advanceTimersByTimeAsync(0);
    expect(calls.map(({ steps }) => steps)).toEqual([[0], [1], [2]]);
  });

  it("have nothing that is past its deadline, and nothing that was withdrawn", async () => {
    const { calls, ask } = setUp({ max: 2, waitMs: 0 });
    ask(0);
    await vi.advanceTimersByTimeAsync(0);
    const late = ask(1, Date.now() + 50);
    const gone = ask(2);
    ask(3);
    gone.withdraw();
    await vi.advanceTimersByTimeAsync(100);
    calls[0]?.answer();
    expect(await late.answer).toEqual({ form: "late" });
    await vi.advanceTimersByTimeAsync(0);
    expect(calls.map(({ steps }) => steps)).toEqual([[0], [3]]);
  });

  it("ask in time to be answered, and forget how long that takes when nobody asks", async () => {
    const { calls, ask, batcher } = setUp({ max: 1, waitMs: 0 });
    for (let at = 0; at < 40; at++) {
      ask(at);
      await vi.advanceTimersByTimeAsync(500);
      calls[at]?.answer();
      await vi.advanceTimersByTimeAsync(0);
    }
    expect(batcher.expectedMs()).toBeGreaterThan(490);
    expect(await ask(40, Date.now() + 400).answer).toEqual({ form: "late" });
    const enough = ask(41, Date.now() + 600);
    await vi.advanceTimersByTimeAsync(0);
    calls[40]?.answer();
    expect(await enough.answer).toMatchObject({ form: "prediction" });
    await vi.advanceTimersByTimeAsync(10_001);
    ask(42, Date.now() + 400);
    await vi.advanceTimersByTimeAsync(0);
    expect(calls).toHaveLength(42);
  });

  it("take as long as they take, whatever is done to the clock meanwhile", async () => {
    const { calls, batcher, ask } = setUp({ concurrency: 2 });
    const before = Date.now();
    ask(0);
    await vi.advanceTimersByTimeAsync(10);
    vi.setSystemTime(before + 3_600_000);
    calls[0]?.answer();
    await vi.advanceTimersByTimeAsync(0);
    expect(batcher.expectedMs()).toBeLessThan(100);
    ask(1);
    vi.setSystemTime(before);
    await vi.advanceTimersByTimeAsync(10);
    calls[1]?.answer();
    // What a call took is forgotten in time, though the clock was set back.
    await vi.advanceTimersByTimeAsync(10_000);
    expect(batcher.expectedMs()).toBe(0);
  });

  it("are told to end at the timeout, or at their last deadline", async () => {
    const { calls, ask } = setUp({ max: 2, waitMs: 0, concurrency: 2 });
    ask(0);
    ask(1, Date.now() + 200);
    await vi.advanceTimersByTimeAsync(0);
    await vi.advanceTimersByTimeAsync(201);
    expect(calls.map(({ signal }) => signal.aborted)).toEqual([false, true]);
    await vi.advanceTimersByTimeAsync(800);
    expect(calls.map(({ signal }) => signal.aborted)).toEqual([true, true]);
  });

  it("that hang cost their predictor: it is opened anew, they are asked once more, then they have failed", async () => {
    const { calls, ask, troubles, closed } = setUp({ max: 1, waitMs: 0 });
    const asked = ask(0);
    await vi.advanceTimersByTimeAsync(6_100);
    expect(calls).toHaveLength(2);
    expect(closed()).toBe(1);
    await vi.advanceTimersByTimeAsync(6_100);
    const prediction = { status: "failed", reason: "lost: the call hung" };
    expect(await asked.answer).toEqual({ form: "prediction", prediction, version: "1" });
    expect(troubles).toHaveLength(2);
    const next = ask(1);
    await vi.advanceTimersByTimeAsync(0);
    calls[2]?.answer();
    expect(await next.answer).toMatchObject({ prediction: { status: "answered" } });
  });

  it("need none under way for a predictor that died to be noticed", async () => {
    let die: (error: Error) => void = () => {};
    const ended = new Promise<Error>((resolve) => {
      die = resolve;
    });
    let opens = 0;
    const { reopening, troubles } = setUp({}, async () => {
      opens += 1;
      return { ...predictorOf(async () => []), ...(opens === 1 ? { ended } : {}) };
    });
    await reopening.get();
    die(new Error("its process ended (SIGKILL)"));
    await vi.advanceTimersByTimeAsync(0);
    expect([troubles, reopening.current()]).toEqual([["Error: its process ended (SIGKILL)"], null]);
    await reopening.get();
    expect(opens).toBe(2);
  });

  it("that are lost keep their order when they are asked again", async () => {
    const { calls, ask } = setUp({ max: 2, waitMs: 5 });
    const asked = [0, 1, 2].map((step) => ask(step));
    await vi.advanceTimersByTimeAsync(0);
    calls[0]?.reject(new Error("device lost"));
    await vi.advanceTimersByTimeAsync(5);
    expect(calls.map(({ steps }) => steps)).toEqual([
      [0, 1],
      [0, 1],
    ]);
    calls[1]?.answer();
    await vi.advanceTimersByTimeAsync(5);
    calls[2]?.answer();
    for (const one of asked) expect(await one.answer).toMatchObject({ prediction: { status: "answered" } });
  });

  it("fail at once while their predictor cannot be opened, and it is tried again later and later", async () => {
    let opens = 0;
    const { ask } = setUp({ max: 1, waitMs: 0 }, async () => {
      opens += 1;
      throw new Error("model.bin: there is no such file");
    });
    for (let step = 0; step < 50; step++) {
      const asked = ask(step);
      await vi.advanceTimersByTimeAsync(100);
      expect(await asked.answer).toMatchObject({
        prediction: { status: "failed", reason: "unavailable: model.bin: there is no such file" },
      });
    }
    // 5 s, with pauses of 250, 500, 1000, 2000, 4000 ms.
    expect(opens).toBe(5);
  });

  it("get a failure for each answer that a predictor leaves out", async () => {
    const { ask } = setUp({ max: 2, waitMs: 0 }, async () => predictorOf(async () => []));
    const [first, second] = [ask(0), ask(1)];
    await vi.advanceTimersByTimeAsync(0);
    for (const one of [first, second])
      expect(await one.answer).toMatchObject({
        prediction: { status: "failed", reason: "the predictor gave no answer" },
      });
  });
});
