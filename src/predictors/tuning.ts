/**
 * The contract of remote predictors that learn on beside the stream: `learn` keeps what they learn from and, now and then, gives a round of
 * it to them. A round starts from the version in force, learns, judges itself on episodes that are never learnt from, and gives new weights
 * back or says why there are none. It runs in a process of its own and remembers nothing: what it is given is all that it knows.
 */
import type { Kind } from "../codec/records.ts";
import type { JsonText } from "../json/json.ts";
import type { History } from "./predictor.ts";

/** A version by its name, with the hashes of its blobs in load order. */
export interface ModelVersion {
  readonly version: string;
  readonly blobs: readonly string[];
}

export interface TracedStep {
  readonly state: JsonText;
  readonly action: JsonText;
  /** The next state; of structured states the patch that leads to it. */
  readonly next: JsonText;
}

/** Steps of one episode that follow each other. */
export interface Trace {
  readonly environment: string;
  readonly kind: Kind;
  readonly episode: string;
  readonly task: string | null;
  readonly context: JsonText | null;
  /** Number of the first step. */
  readonly first: number;
  /** Steps before the first, oldest first, bounded. */
  readonly earlier: History;
  readonly steps: readonly TracedStep[];
}

/** A step of a round: which trace, and which of its steps. */
export type Picked = readonly [trace: number, step: number];

export interface RoundOrder {
  readonly environment: string;
  readonly kind: Kind;
  /** Null: none was published yet. */
  readonly base: ModelVersion | null;
  readonly traces: readonly Trace[];
  /** Steps that the base has not learnt from, oldest first. */
  readonly fresh: readonly Picked[];
  /** So many of them, the newest, were in no round before: what the base says of them is its prequential record. */
  readonly untried: number;
  /** Earlier steps, of every environment that the predictor learns: so nothing is forgotten. */
  readonly replay: readonly Picked[];
  /** Never learnt from. */
  readonly heldOut: readonly Picked[];
  readonly seed: number;
}

export interface RoundFigures {
  /** Fresh steps that were learnt from. */
  readonly steps: number;
  readonly batches: number;
  readonly seconds: number;
  /** Of fresh steps, by the base and by the new weights. */
  readonly lossBefore: number;
  readonly lossAfter: number;
  /** Exact matches on held-out steps. */
  readonly heldOut: number;
  readonly exactBefore: number;
  readonly exactAfter: number;
  /** Of untried steps, by the base. */
  readonly hits: number;
  readonly tries: number;
}

/** `held-out`: exact match fell there; `loss`: fresh steps are not predicted better; `nothing`: no fresh step can be learnt. */
const dropReasons = ["held-out", "loss", "nothing"] as const;
export type DropReason = (typeof dropReasons)[number];

export interface TunedVersion {
  readonly version: string;
  readonly bytes: Uint8Array;
  /** Numbers in it. */
  readonly parameters: number;
}

export type RoundReport =
  /** There was no base, it is gone, or it comes of other weights: the configured weights themselves are the version to go on from. */
  | { readonly form: "begun"; readonly model: TunedVersion }
  | { readonly form: "tuned"; readonly model: TunedVersion; readonly figures: RoundFigures }
  | { readonly form: "dropped"; readonly reason: DropReason; readonly figures: RoundFigures | null };

/** What the configuration says of learning on. */
export interface TuneOptions {
  /** Least time between two rounds of one environment. */
  readonly intervalMs: number;
  /** New steps before a round. */
  readonly stepsMin: number;
  /** Of texts remembered per environment. */
  readonly memoryBytes: number;
  /** Time that a round may compute at training. */
  readonly secondsMax: number;
}

/** A predictor that learns on. */
export interface Tuned {
  /** The name under which it is configured. */
  readonly name: string;
  readonly options: TuneOptions;
  /** Earlier steps that it looks at, at most. */
  readonly historySteps: number;
  isFor(environment: string): boolean;
  /** Rejects where the round came to nothing: its process died, its weights cannot be read, it took too long. */
  round(order: RoundOrder, signal: AbortSignal): Promise<RoundReport>;
}
