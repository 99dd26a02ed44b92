/**
 * Puts situations of all stream tasks of a process together for one predictor: a call has at most `max` of them, all to be predicted with one
 * version, none waits for others longer than `waitMs`, at most `concurrency` calls run at one time. What is past its deadline is not asked. A call has a timeout of its own:
 * whatever a predictor does, each situation comes to an answer, a failure or `late`.
 */

import { setMaxListeners } from "node:events";
import type { Prediction } from "../predictors/predictor.ts";
import type { Batching, RemotePredictor, RemoteSituation } from "../predictors/remote.ts";
import type { ModelVersion } from "../predictors/tuning.ts";
import type { Reopening } from "./reopening.ts";

export type Answer =
  | { readonly form: "prediction"; readonly prediction: Prediction; readonly version: string }
  | { readonly form: "late" };

export interface Asked {
  /** Never rejects. */
  readonly answer: Promise<Answer>;
  /** Nobody waits for it any more: it is not asked, where it was not yet. */
  withdraw(): void;
}

export interface Batcher {
  /** `deadline`: epoch ms of the log's clock. `model`: the version to predict with; null: the predictor's own. */
  ask(situation: RemoteSituation, deadline: number, model?: ModelVersion | null): Asked;
  /** Situations that wait for a call. */
  waiting(): number;
  /** Calls under way. */
  calls(): number;
  /** How long an answer takes, lately: what has not so long left before its deadline would be asked in vain. */
  expectedMs(): number;
}

export interface BatcherDeps {
  readonly predictor: Reopening;
  readonly batching: Batching;
  readonly timeoutMs: number;
  /** Epoch ms, for deadlines. */
  readonly now: () => number;
  /** Monotonic ms: how long something takes, whatever is done to the clock. */
  readonly elapsed: () => number;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly onCall: (situations: number, seconds: number) => void;
}

interface Entry {
  readonly situation: RemoteSituation;
  readonly deadline: number;
  readonly model: ModelVersion | null;
  /** By `elapsed`. */
  readonly askedAt: number;
  readonly settle: (answer: Answer) => void;
  tries: number;
}

/** How long a call that was told to end may take to do so, before its predictor counts as hung. */
const graceMs = 5_000;
/** A predictor that is lost in a call is asked once more. */
const triesMax = 2;
/** Weight of the newest call in how long calls take. */
const newest = 0.2;
/** After so long without a call nobody knows how long one takes. */
const forgetMs = 10_000;

export function createBatcher(deps: BatcherDeps): Batcher {
  const { predictor: reopening, batching, timeoutMs, now, elapsed, sleep, onCall } = deps;
  const queue: Entry[] = [];
  let calls = 0;
  let timer: AbortController | null = null;
  let tookMs = 0;
  let calledAt = Number.NEGATIVE_INFINITY;

  function expectedMs(): number {
    return calls > 0 || elapsed() - calledAt < forgetMs ? tookMs : 0;
  }

  function dispatch(): void {
    timer?.abort();
    timer = null;
    while (calls < batching.concurrency && queue.length > 0) {
      const [first] = queue;
      const waitLeft = first === undefined ? 0 : first.askedAt + batching.waitMs - elapsed();
      if (waitLeft > 0 && alike(first) < batching.max) return dispatchIn(waitLeft);
      const batch = takeBatch();
      if (batch.length > 0) void call(batch);
    }
  }

  /** Those that may go with the first, itself among them. */
  function alike(first: Entry | undefined): number {
    let count = 0;
    for (const { model } of queue) if (model?.version === first?.model?.version) count += 1;
    return count;
  }

  function dispatchIn(ms: number): void {
    const waiting = new AbortController();
    timer = waiting;
    void sleep(ms, waiting.signal).then(() => {
      if (timer === waiting) dispatch();
    });
  }

  function takeBatch(): readonly Entry[] {
    const batch: Entry[] = [];
    for (let at = 0; at < queue.length && batch.length < batching.max; ) {
      const entry = queue[at];
      const [first] = batch;
      // Those of another version stay in their order for the next call.
      if (entry === undefined || (first !== undefined && first.model?.version !== entry.model?.version)) {
        at += 1;
        continue;
      }
      queue.splice(at, 1);
      if (entry.deadline < now() + expectedMs()) entry.settle({ form: "late" });
      else batch.push(entry);
    }
    return batch;
  }

  async function call(batch: readonly Entry[]): Promise<void> {
    calls += 1;
    const begun = elapsed();
    try {
      await predictAll(batch);
    } finally {
      calls -= 1;
      calledAt = elapsed();
      tookMs += newest * (calledAt - begun - tookMs);
      onCall(batch.length, (calledAt - begun) / 1000);
      dispatch();
    }
  }

  async function predictAll(batch: readonly Entry[]): Promise<void> {
    let predictor: RemotePredictor;
    try {
      predictor = await within(reopening.get(), timeoutMs);
    } catch (error) {
      return fail(batch, `unavailable: ${messageOf(error)}`, "none");
    }
    const model = batch[0]?.model ?? null;
    const version = model?.version ?? predictor.version;
    const until = Math.min(begunWithin(batch), timeoutMs);
    const ending = new AbortController();
    // A predictor may listen for each situation of a call.
    setMaxListeners(0, ending.signal);
    const over = new AbortController();
    const timeUp = sleep(until, over.signal).then(() => ending.abort());
    try {
      const predictions = await Promise.race([
        predictor.predict(
          batch.map(({ situation }) => situation),
          ending.signal,
          model,
        ),
        timeUp.then(() => sleep(graceMs, over.signal)).then(() => Promise.reject(new Error("the call hung"))),
      ]);
      batch.forEach((entry, at) => {
        const prediction = predictions[at] ?? { status: "failed", reason: "the predictor gave no answer" };
        entry.settle({ form: "prediction", prediction, version });
      });
    } catch (error) {
      reopening.lost(predictor, error);
      again(batch, error, version);
    } finally {
      over.abort();
    }
  }

  /** Until the last deadline: nobody needs an answer after it. */
  function begunWithin(batch: readonly Entry[]): number {
    return Math.max(...batch.map(({ deadline }) => deadline)) - now();
  }

  function again(batch: readonly Entry[], error: unknown, version: string): void {
    for (const entry of [...batch].reverse()) {
      entry.tries += 1;
      if (entry.tries < triesMax && entry.deadline >= now()) queue.unshift(entry);
      else fail([entry], `lost: ${messageOf(error)}`, version);
    }
  }

  async function within<T>(promise: Promise<T>, ms: number): Promise<T> {
    const over = new AbortController();
    try {
      return await Promise.race([
        promise,
        sleep(ms, over.signal).then(() => Promise.reject(new Error("it is still being opened"))),
      ]);
    } finally {
      over.abort();
      promise.catch(() => {});
    }
  }

  return {
    ask(situation, deadline, model = null) {
      let settle: (answer: Answer) => void = () => {};
      const answer = new Promise<Answer>((resolve) => {
        settle = resolve;
      });
      const entry: Entry = { situation, deadline, model, askedAt: elapsed(), settle, tries: 0 };
      queue.push(entry);
      dispatch();
      return {
        answer,
        withdraw() {
          const at = queue.indexOf(entry);
          if (at >= 0) queue.splice(at, 1);
        },
      };
    },
    waiting: () => queue.length,
    calls: () => calls,
    expectedMs,
  };
}

function fail(batch: readonly Entry[], reason: string, version: string): void {
  const prediction: Prediction = { status: "failed", reason: reason.slice(0, 200) };
  for (const { settle } of batch) settle({ form: "prediction", prediction, version });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
