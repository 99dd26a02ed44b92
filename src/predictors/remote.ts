/**
 * The contract of remote predictors: those that take their time (a GPU, a language model, a service). `predict-remote` gives them situations
 * in batches; they never see the next state (P1), never delay the stream (P3), and say what they predict with (P4).
 */
import type { TObject } from "@sinclair/typebox";
import type { Arm } from "../codec/records.ts";
import type { Prediction, Situation } from "./predictor.ts";
import type { ModelVersion, RoundOrder, RoundReport, TuneOptions } from "./tuning.ts";

export interface RemoteSituation extends Situation {
  /** What comes from `world_model` teaches nobody (P6). */
  readonly arm: Arm;
}

/** What a predictor computes with, as the metric `driftline_backend_info` tells it. */
export interface Backend {
  /** `tensorflow-gpu`, `tensorflow`, `webgpu`, `wasm`, `cpu`; `cuda`, `vulkan`, `metal`; `http`. */
  readonly name: string;
  /** The device or the address, for people: `NVIDIA H100`, `2 threads`, `https://api.example.com`. Never a secret. */
  readonly device: string;
}

export interface RemotePredictor {
  /** Content hash of what it predicts with (model, template, settings that change answers), or the name that a service gives its model. */
  readonly version: string;
  /** True: the same situation gives the same answer again. */
  readonly deterministic: boolean;
  readonly backend: Backend;
  /** Resolves where it ends by itself, with why: its process died while nobody asked. */
  readonly ended?: Promise<Error>;
  /**
   * One prediction per situation, in order. What cannot be predicted is `failed` or `abstained` with a reason of at most 200 characters; it
   * rejects only where the predictor itself is of no use any more (the device is lost): it is then closed and opened anew. When `signal`
   * aborts it returns soon, with `failed`, reason `deadline`, for what is not done. `model`: of a kind that is tuned, the version to predict
   * with instead of its own; one that cannot be had is `abstained`, reason `version-gone` (P4).
   */
  predict(
    situations: readonly RemoteSituation[],
    signal: AbortSignal,
    model?: ModelVersion | null,
  ): Promise<readonly Prediction[]>;
  /** Ends gracefully: work under way is finished or given up, memory and processes are released. */
  close(): Promise<void>;
}

/** What a predictor counts of its work; each is a counter with the label `predictor`. */
export const workCounts = {
  tokensIn: ["driftline_predict_tokens_total", "Tokens read and written by language models.", { direction: "in" }],
  tokensOut: ["driftline_predict_tokens_total", "Tokens read and written by language models.", { direction: "out" }],
  /** Tokens read from a cache instead of being computed. */
  tokensCached: [
    "driftline_predict_tokens_total",
    "Tokens read and written by language models.",
    { direction: "cached" },
  ],
  costDollars: ["driftline_predict_cost_dollars_total", "What predictions cost, by the configured prices.", {}],
  retries: ["driftline_predict_retries_total", "Requests to a service that were sent again.", {}],
  cacheHits: ["driftline_predict_cache_hits_total", "Predictions answered from memory of the same request.", {}],
  stepsDropped: [
    "driftline_predict_history_dropped_total",
    "Earlier steps left out because the model's context was full.",
    {},
  ],
} as const satisfies Readonly<Record<string, readonly [name: string, help: string, labels: Record<string, string>]>>;
export type WorkCount = keyof typeof workCounts;

/** The outside world as a remote predictor sees it. */
export interface RemoteDeps {
  /** The name under which it is configured and appears everywhere. */
  readonly name: string;
  /** Secrets come from here or from files, never from the configuration. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Epoch ms. */
  now(): number;
  /** Monotonic seconds. */
  seconds(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  log(level: "info" | "warn", message: string, fields: object): void;
  count(what: WorkCount, by: number): void;
  /** Blobs by their hashes; null where one is gone or damaged. Rejects where that cannot be known now. */
  read(hashes: readonly string[]): Promise<readonly Uint8Array[] | null>;
}

/** How situations are put together for it; the configuration may say otherwise. */
export interface Batching {
  /** Situations of one call. */
  readonly max: number;
  /** How long one waits for others. */
  readonly waitMs: number;
  /** Calls at one time. */
  readonly concurrency: number;
}

/** A kind of remote predictor. `Options`: what `optionsSchema` describes. */
export interface RemoteFactory<Options extends object = object> {
  readonly kind: string;
  /** Closed object of its own options (without `kind`), with defaults and descriptions. */
  readonly optionsSchema: TObject;
  readonly batching: Batching;
  /** Earlier steps of the episode that it looks at, at most. */
  historySteps(options: Options): number;
  /** True: native code runs in it, so it gets a process of its own, whose crash takes nothing else down. */
  readonly isolated: boolean;
  /** Variables of that process, beside ours. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Throws with the file, the expected and the found where it cannot start. */
  open(options: Options, deps: RemoteDeps): Promise<RemotePredictor>;
  /** Of kinds that can learn on beside the stream. */
  readonly tuning?: Tuning<Options>;
}

export interface Tuning<Options extends object = object> {
  /** Null: it is not to. */
  wanted(options: Options): TuneOptions | null;
  /** Throws where its weights cannot be read; otherwise whatever comes of a round is in its report. */
  round(order: RoundOrder, options: Options, deps: RemoteDeps, signal: AbortSignal): Promise<RoundReport>;
}
