/**
 * The predictor contract (P1–P6). A predictor is an immutable model version; learning makes new ones. All implementations pass
 * `test/contract/predictor.ts`, which finds them through `registry.ts`.
 */
import type { Kind, Model, Transition } from "../codec/records.ts";
import type { Json, JsonText, Patch } from "../json/json.ts";
import type { ShapeOverrides } from "../json/shape/overrides.ts";
import type { BeliefTable } from "./belief-table.ts";
import type { LearntRule } from "./learnt-rules.ts";
import type { RuleOrder } from "./rule-orders.ts";
import type { Slices } from "./slices.ts";
import type { StepStates } from "./states.ts";
import type { TextSegment } from "./text-segments.ts";

/** Earlier steps: the state before each action. */
export type History = readonly { readonly stateText: JsonText; readonly actionText: JsonText }[];

/** What a predictor sees. No type here can reach the next state (P1). */
export interface Situation {
  readonly environment: string;
  readonly kind: Kind;
  readonly episode: string;
  readonly step: number;
  readonly task: string | null;
  readonly stateText: JsonText;
  /** Parsed on first use; frozen by convention: predictors must not change it. */
  readonly state: Json;
  readonly actionText: JsonText;
  readonly action: Json;
  readonly contextText: JsonText | null;
  readonly context: Json | null;
  /** Earlier steps of the episode, oldest first, bounded: each leads to the state of the next, the last to the situation's. */
  readonly history: History;
}

export type NextState =
  /** RFC 6902 against the situation's state; an empty patch says "nothing changes". */
  | { readonly form: "patch"; readonly patch: Patch }
  /** The whole next state, canonical. The form of text worlds. */
  | { readonly form: "state"; readonly stateText: JsonText };

export type Prediction =
  | {
      readonly status: "answered";
      readonly next: NextState;
      /** The share of such predictions that are right, as far as is known. */
      readonly confidence: number | null;
      /** No step with an action of this form was learnt from: what is not known, as distinct from what is doubted. */
      readonly novel?: boolean;
    }
  | { readonly status: "abstained"; readonly reason: string }
  | { readonly status: "failed"; readonly reason: string };

/** Why one edit of a prediction is made: enough for a person to make it by hand. */
export interface ExplainedEdit {
  /** JSON pointer of what changes; of the thing itself where it comes or goes. */
  readonly path: string;
  /** What becomes of it, in words. */
  readonly expression: string;
  /** Its value then, as JSON text. Absent where the words say it, where it goes, and where it is a copy of what comes of the step. */
  readonly value?: JsonText;
  /** The conditions that led to it, in words, in the order in which they were asked. */
  readonly rule: readonly string[];
  /** Steps learnt from on which the answer rests. */
  readonly support: number;
  readonly confidence: number;
}

export interface Explanation {
  readonly edits: readonly ExplainedEdit[];
  /** What rules said and was not predicted: the like of them was wrong too often, or they do not go with the others. Absent: they are not told. */
  readonly withheld?: readonly ExplainedEdit[];
  /** What stays as it is although some votes were for a change: the least sure of it. Absent: it is not told. */
  readonly doubted?: readonly ExplainedEdit[];
  readonly confidence: number | null;
  /** No step with an action of this form was learnt from: the answer rests on likeness. */
  readonly novel: boolean;
  /** Of a predicted text: its pieces in order, each with where it comes from. */
  readonly segments?: readonly TextSegment[];
  /** What is believed of the episode before the step. */
  readonly belief?: BeliefTable;
}

export interface Predictor {
  readonly name: string;
  /** Content hash, or "builtin" for predictors without parameters. */
  readonly version: string;
  readonly deterministic: boolean;
  /** Pure and fast (microseconds). */
  predict(situation: Situation): Prediction;
  /** Why `predict` answers as it does; null where it abstains. For people: takes its time. */
  explain?(situation: Situation): Explanation | null;
  /** All that was learnt, in words, where it is learnt as rules. For people: takes its time. */
  rules?(): readonly LearntRule[];
}

/** Takes the blobs of a version. */
export interface Put {
  /** Stores bytes; returns their SHA-256 in hex. */
  (bytes: Uint8Array): string;
  /** Whether that blob of the version before cannot be read any more. Absent: all of them can. */
  isLost?(hash: string): boolean;
}

/** Learns one environment. Deterministic: the same transitions in the same order give the same versions. */
export interface Learner {
  /**
   * Predict-then-learn is the caller's business: `learn` sees transitions of quality ok and arm real or transfer only (P6), each with its
   * episode's context. `states`: the transition's, where the caller has parsed them.
   */
  learn(transition: Transition, states?: StepStates): void;
  /** The newest state of learning as a predictor, without publishing (evaluate, prequential protocol). Cheap; may share memory with the learner. */
  current(): Predictor;
  /** What `publish` would do first, in slices: others may have their turn between them, but nothing may be learnt. */
  preparing?(): Slices;
  /** Finishes what learning has put off, however long it takes: for evaluation, where nothing is served meanwhile. */
  settle?(): void;
  /** Earlier steps of the transition's episode, where the learner keeps them: what its own predictions before learning rest on. */
  historyOf?(transition: Transition): History;
  /**
   * From now on its versions follow these orders, and no others. What is learnt does not depend on them, so that it is the same whenever they
   * came; nor is it what `current` predicts with.
   */
  obey?(orders: readonly RuleOrder[]): void;
  /** Something changed since the last `publish` that matters. */
  dirty(): boolean;
  /** Puts what the version before had not, or what of it is lost. Returns the list of all blobs. */
  publish(put: Put): {
    readonly version: string;
    readonly blobs: readonly string[];
    readonly bytes: number;
    readonly entries: number;
  };
  snapshot(): Uint8Array;
  restore(snapshot: Uint8Array): void;
  readonly transitions: number;
  storeBytes(): number;
}

/** Whether such predictors run in environments of the kind. */
export function isFor(factory: Pick<PredictorFactory, "kinds">, kind: Kind): boolean {
  return factory.kinds === undefined || factory.kinds.includes(kind);
}

/** Whether they have anything to say of a situation: in environments where they have not, they neither run nor learn. */
export function suits(factory: Pick<PredictorFactory, "kinds" | "fits">, situation: Shown): boolean {
  return isFor(factory, situation.kind) && (factory.fits?.(situation) ?? true);
}

/** The part of a situation that says whether a predictor is for it. */
export type Shown = Pick<Situation, "kind" | "state" | "action" | "context">;

/** What is configured of an environment, for its learners. */
export interface LearnerConfig {
  /** Of states, for those that read their structure. */
  readonly shape: ShapeOverrides;
  /** Bytes of the rows from which rules are grown, for those that keep such; absent: as much as each takes by itself. */
  readonly rowBytesMax?: number;
}

/** What the registry knows of a kind of predictor. */
export interface PredictorFactory {
  readonly name: string;
  readonly learnt: boolean;
  /** The kinds of environment that it is for; absent: all. In others it neither runs nor learns. */
  readonly kinds?: readonly Kind[];
  /** Of situations of these kinds only those of a form; absent: all. Cheap: asked at every step. */
  fits?(situation: Shown): boolean;
  /** Earlier steps of the episode that it looks at, at least; absent: none. They are kept only where somebody does. */
  readonly historySteps?: number;
  /** Its versions can say what was learnt as rules. */
  readonly listsRules?: boolean;
  /** The kinds of environment in which it looks at earlier steps; absent: all. */
  readonly historyKinds?: readonly Kind[];
  /** For predictors without parameters. */
  builtin?(): Predictor;
  /** For learnt ones: what it says before its first version; absent: it abstains. */
  untrained?(): Predictor;
  /** For learnt ones: a version from its manifest and blobs (given in manifest order). Throws on corrupt bytes, naming the hash. */
  load?(model: Pick<Model, "version" | "blobs">, blobs: readonly Uint8Array[]): Predictor;
  learner?(environment: string, config?: LearnerConfig): Learner;
}
