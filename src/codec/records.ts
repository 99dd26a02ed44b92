/**
 * The value of every topic, as plain TypeScript. `schemas/*.avsc` says the same in Avro; `test/style` holds the two together.
 * Conventions: absent is `null`, never `undefined`; times are epoch milliseconds; offsets and counts are safe integers
 * (Avro long, refused beyond 2^52); `*Text` and everything typed JsonText is canonical JSON text.
 */
import type { JsonText } from "../json/json.ts";

export type Arm = "real" | "world_model" | "transfer";
export type Kind = "state" | "observation";
export type EventType = "reset" | "action" | "observation" | "step" | "prediction" | "end";
/** Control records are written by the pipeline alone; HTTP refuses them. */
export type ControlType = "model" | "tick";

export interface Agent {
  readonly name: string;
  readonly version: string | null;
}
export interface WorldModel {
  readonly name: string;
  readonly version: string | null;
}
/** The identity of a derived record: the input record it came from and its index among that record's outputs. */
export interface Source {
  readonly partition: number;
  readonly offset: number;
  readonly index: number;
}

/** `interactions`: one flat record for all event types; fields that a type does not have are null. */
export interface Interaction {
  readonly type: EventType | ControlType;
  /** Empty for control records. */
  readonly episode: string;
  readonly id: string | null;
  readonly environment: string | null;
  readonly time: number | null;
  readonly trace: string | null;
  readonly meta: JsonText | null;
  readonly step: number | null;
  readonly action: JsonText | null;
  readonly state: JsonText | null;
  readonly patch: JsonText | null;
  readonly intermediatePatch: JsonText | null;
  readonly reward: number | null;
  readonly done: boolean | null;
  readonly task: string | null;
  readonly agent: Agent | null;
  readonly arm: Arm | null;
  readonly context: JsonText | null;
  readonly worldModel: WorldModel | null;
  readonly plan: string | null;
  readonly predictor: string | null;
  /** `prediction`: the version that its author names. */
  readonly model: string | null;
  readonly confidence: number | null;
  /** `prediction` without one: `abstained` or `failed`, with a reason. */
  readonly status: string | null;
  readonly success: boolean | null;
  readonly reason: string | null;
  /** `model` control records only: the version that is live from here on. */
  readonly announcement: Model | null;
  /** `model` control records only: the version that is, or no longer is, the reference from here on. */
  readonly reference: Model | null;
}

/** `models`: the manifest of one model version; also announced into every `interactions` partition. */
export interface Model {
  readonly environment: string;
  readonly predictor: string;
  /** Content hash of what the predictor predicts with (hex SHA-256, 64 characters). */
  readonly version: string;
  /** Hashes of the blobs that make up the version, in load order. */
  readonly blobs: readonly string[];
  readonly bytes: number;
  /** Stream time of publication. */
  readonly publishedAt: number;
  /** Transitions learnt from, ever. */
  readonly transitions: number;
  /** Entries (rows) held by this version. */
  readonly entries: number;
  /** Prequential hits and tries of the learner over the transitions since its previous version (the learning curve). */
  readonly hits: number;
  readonly tries: number;
  /** Per partition of `transitions`: the first offset not learnt from. */
  readonly offsets: readonly { readonly partition: number; readonly offset: number }[];
  /** Null for a version as it was published. */
  readonly reference: Reference | null;
}

/** What is said of a version as its predictor's reference. */
export interface Reference {
  /** False: no longer, and nothing is pinned by itself any more. */
  readonly pinned: boolean;
  readonly at: number;
  /** Null where it was pinned by itself. */
  readonly author: string | null;
}

/** `situations`: what remote predictors see. No field can reach the next state. */
export interface SituationRecord {
  readonly source: Source;
  readonly environment: string;
  readonly kind: Kind;
  readonly episode: string;
  readonly step: number;
  readonly time: number;
  readonly state: JsonText;
  readonly action: JsonText;
  readonly context: JsonText | null;
  readonly history: readonly { readonly action: JsonText; readonly state: JsonText }[];
  readonly task: string | null;
  readonly arm: Arm;
  /** Versions in force when the action came, of predictors that learn on; others predict with their own. */
  readonly models: readonly SituationModel[];
  /** Stream time after which an answer is late. */
  readonly deadline: number;
  /** Who is asked. Empty: everybody, in records from before there was a choice. */
  readonly predictors: readonly string[];
}

export interface SituationModel {
  /** `NAME@reference` for the pinned version. */
  readonly predictor: string;
  readonly version: string;
  /** Hashes of the blobs that make up the version, in load order. */
  readonly blobs: readonly string[];
}

/**
 * Quality of a transition. Only `ok` is scored and learnt from.
 * gap: steps are missing just before it · no-state: the state before it is unknown · broken: after a patch that did not apply or a defect.
 */
export type Quality = "ok" | "gap" | "no-state" | "broken";

/** `transitions`: (state, action, next state) with provenance. */
export interface Transition {
  readonly source: Source;
  readonly environment: string;
  readonly kind: Kind;
  readonly episode: string;
  readonly step: number;
  readonly task: string | null;
  readonly agent: Agent | null;
  readonly arm: Arm;
  readonly worldModel: WorldModel | null;
  readonly plan: string | null;
  /** Event time of the truth, epoch ms (the append time where the event had none). */
  readonly time: number;
  /** Append time of the truth, epoch ms. */
  readonly appendedAt: number;
  readonly quality: Quality;
  /** Closed list, sorted: intermediate-failed (its patch does not apply), midway (no reset was seen), unidentified (no step number, no id). */
  readonly flags: readonly string[];
  readonly state: JsonText | null;
  readonly action: JsonText;
  readonly nextState: JsonText;
  /** RFC 6902 from state to next state (add, remove, replace only); null where the state is unknown or text. */
  readonly patch: JsonText | null;
  /** RFC 6902 from state to the state after the action and before the world's own tick. */
  readonly intermediatePatch: JsonText | null;
  /** On the first transition of an episode; null on the others. */
  readonly context: JsonText | null;
  readonly reward: number | null;
  readonly done: boolean | null;
  readonly trace: string | null;
  readonly meta: JsonText | null;
}

export type { EntryStatus, Score, ScoreEntry, StepShape } from "./score-records.ts";

export type Ending = "end" | "done" | "abandoned";
/** `outcomes`: how an episode ended. */
export interface Outcome {
  readonly source: Source;
  readonly environment: string;
  readonly episode: string;
  readonly task: string | null;
  readonly agent: Agent | null;
  readonly arm: Arm;
  readonly worldModel: WorldModel | null;
  readonly plan: string | null;
  readonly time: number;
  readonly startedAt: number;
  readonly ending: Ending;
  readonly success: boolean | null;
  readonly reward: number | null;
  readonly reason: string | null;
  readonly steps: number;
  readonly scored: number;
  readonly predictors: readonly { readonly predictor: string; readonly steps: number; readonly wrong: number }[];
}

export type * from "./rollup-records.ts";

/** `snapshots`: the manifest of a store written by a stream task. */
export interface Snapshot {
  readonly group: string;
  readonly partition: number;
  readonly blob: string;
  readonly bytes: number;
  readonly at: number;
  readonly offsets: readonly { readonly topic: string; readonly offset: number }[];
}

/** `blobs`: the head of a blob whose bytes are in `blob-chunks`. */
export interface Blob {
  readonly hash: string;
  readonly bytes: number;
  readonly chunks: number;
  readonly offset: number;
  readonly complete: boolean;
}

/** `blob-chunks`: a piece of a blob. */
export interface BlobChunk {
  readonly hash: string;
  readonly index: number;
  readonly data: Uint8Array;
}

/** `commands`: what an operator asked for. */
export interface Command {
  readonly environment: string;
  readonly command: "pin" | "rebaseline" | "acknowledge" | "forget";
  readonly target: string;
  readonly author: string;
  readonly time: number;
  readonly note: string | null;
  readonly predictor: string | null;
  /** The beginning of exactly one version is enough; null is the newest. */
  readonly version: string | null;
  /** `pin` with undo is unpin. */
  readonly undo: boolean;
  /** `forget`: delete, pin or restore a learnt rule. */
  readonly order: string | null;
  /** `forget`: what the rule says, as JSON text of its predictor's form. */
  readonly rule: string | null;
}

export type { Alarm, Baseline } from "./alarm-records.ts";

export type DeadLetterStage = "ingest" | "decode" | "pair" | "predict" | "score" | "learn" | "monitor";
/** `dead-letters`: a record that could not be used. */
export interface DeadLetter {
  readonly source: Source | null;
  readonly topic: string;
  readonly key: string | null;
  readonly stage: DeadLetterStage;
  /** From the closed list in `dead-letter-reasons.ts`. */
  readonly reason: string;
  /** What is wrong and how to mend it, for a person. */
  readonly message: string;
  readonly environment: string | null;
  readonly episode: string | null;
  readonly time: number;
  readonly stack: string | null;
  /** The original value, byte for byte. */
  readonly value: Uint8Array;
}
