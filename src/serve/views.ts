/** What the HTTP API returns, for the page and for others. Times are epoch milliseconds, ratios 0 to 1, null where nothing is known. */
import type { Alarm, ArmComparison, Baseline, EntryStatus, Kind, Quality, WindowName } from "../codec/records.ts";
import type { Summary } from "../monitor/summary.ts";
import type { LearntRule } from "../predictors/learnt-rules.ts";
import type { Explanation } from "../predictors/predictor.ts";
import type { RuleKind } from "../predictors/rule-kinds.ts";
import type { RuleOrder } from "../predictors/rule-orders.ts";
import type { ConsistencyView } from "./consistency-view.ts";

export type { Kind, Quality, Summary, WindowName };

export interface PredictorView {
  readonly predictor: string;
  readonly version: string;
  readonly summary: Summary;
  /** Tries and matches per bucket, oldest first; the last bucket ends at the window's `end`. */
  readonly tries: readonly number[];
  readonly matches: readonly number[];
  /** Tries and matches per step index; the last place gathers all later steps. Empty but for window `all`. */
  readonly stepTries: readonly number[];
  readonly stepMatches: readonly number[];
  /** Steps about which it said nothing, by reason, the most frequent first; `means` is for people. */
  readonly abstentions: readonly { readonly reason: string; readonly steps: number; readonly means: string }[];
}

export interface WindowView {
  readonly window: WindowName;
  readonly bucketMs: number;
  readonly end: number;
  readonly transitions: number;
  readonly episodes: number;
  readonly coverage: number | null;
  readonly quality: readonly { readonly quality: Quality; readonly transitions: number }[];
  readonly predictors: readonly PredictorView[];
}

/** Which version of a learnt predictor is pinned. */
export interface ReferenceView {
  readonly version: string;
  /** Since when. */
  readonly at: number;
  /** Null: it was pinned by itself, once the curve was flat. */
  readonly author: string | null;
}

/** What moved, before and since: the share that was wrong, or the share of all steps. */
export interface MovedView {
  readonly name: string;
  readonly before: number;
  readonly after: number;
  readonly steps: number;
  readonly p: number;
}
export interface MixView {
  readonly statistic: number;
  readonly freedom: number;
  readonly p: number;
  readonly moved: readonly MovedView[];
}

/** `GET /api/alarms?environment=E&max=N`: open ones first. */
export interface AlarmView extends Omit<Alarm, "evidence"> {
  /** When it was first raised; `time` is when the newest word was said. */
  readonly openedAt: number;
  readonly evidence: {
    readonly version: string;
    /** Error of episodes: mean and bound of the baseline, mean since. */
    readonly baseline: { readonly episodes: number; readonly mean: number; readonly upper: number };
    readonly since: {
      readonly mean: number;
      readonly episodes: number;
      readonly steps: number;
      readonly firstEpisode: string;
    };
    /** Error of steps before and since. */
    readonly steps: { readonly before: number; readonly after: number };
    /** The error since at the baseline's mix of actions and agents. */
    readonly reweighted: number | null;
    /** By cause: what it explains of the rise, and how far its evidence goes alone. */
    readonly effects: Readonly<Record<string, number>>;
    readonly logEvidence: Readonly<Record<string, number>>;
    readonly actions: readonly MovedView[];
    readonly fields: readonly MovedView[];
    readonly actionMix: MixView;
    readonly agentMix: MixView;
    readonly schema: readonly {
      readonly kind: string;
      readonly place: string;
      readonly at: number;
      readonly episodes: number;
    }[];
    readonly acknowledged?: { readonly author: string; readonly note: string | null; readonly at: number };
    readonly rebaselined?: { readonly author: string; readonly note: string | null; readonly at: number };
    /** Why it ended. */
    readonly recovered?: string;
  };
}

/** `GET /api/baselines?environment=E`: what is usual for each reference. */
export type BaselineView = Baseline;

export interface ChoiceView {
  readonly predictor: string;
  /** Of the steps that best-of answered lately. */
  readonly share: number;
}

export interface EnvironmentView {
  readonly environment: string;
  readonly kind: Kind;
  readonly baseline: string;
  /**
   * The best that a model which never changes, and sees state, action and context alone, could reach on the steps of situations that came at
   * least twice since the beginning. `ceilingSamples`: those steps.
   */
  readonly ceiling: number | null;
  readonly ceilingSamples: number;
  /** What is pinned, by predictor. `NAME@reference` in the windows is the pinned version of NAME, NAME the live one. */
  readonly references: readonly (ReferenceView & { readonly predictor: string })[];
  /** Open ones first, then the newest that recovered. */
  readonly alarms: readonly AlarmView[];
  readonly baselines: readonly BaselineView[];
  readonly windows: readonly WindowView[];
  /** Whom best-of chose lately, the most chosen first. */
  readonly choices: readonly ChoiceView[];
  /** Empty where no simulated episode has come. */
  readonly consistency: ConsistencyView;
  /** Simulated arms against the real one, on the same tasks. */
  readonly arms: readonly ArmComparison[];
}

/** `GET /api/live` sends one as the data of each `live` event, about once a second; `GET /api/status` returns the newest. */
export interface LiveView {
  readonly at: number;
  readonly version: string;
  readonly startedAt: number;
  readonly ready: boolean;
  readonly phase: "starting" | "catch-up" | "running" | "stalled" | "stopping" | "stopped" | "failed";
  /** Records replayed and to replay in catch-up. */
  readonly catchUp: { readonly done: number; readonly total: number } | null;
  /** The bundled sample is playing: this is not the user's data. */
  readonly sample: boolean;
  readonly perSecond: { readonly interactions: number; readonly transitions: number };
  readonly totals: {
    readonly interactions: number;
    readonly transitions: number;
    readonly scores: number;
    readonly outcomes: number;
    readonly deadLetters: number;
  };
  readonly lag: readonly { readonly group: string; readonly topic: string; readonly records: number }[];
  readonly deadLetters: readonly { readonly reason: string; readonly count: number; readonly mend: string }[];
  readonly environments: readonly EnvironmentView[];
}

/** `GET /api/examples?environment=E&predictor=P&max=N`: the newest wrong predictions. */
export interface ExampleView {
  readonly environment: string;
  readonly kind: Kind;
  readonly predictor: string;
  readonly version: string;
  readonly episode: string;
  readonly step: number;
  readonly time: number;
  /** JSON texts; long ones are cut and end with an ellipsis. For texts, JSON strings. */
  readonly state: string;
  readonly action: string;
  /** A patch against the state (structured worlds) or the next state (texts), as JSON text. */
  readonly truth: string;
  readonly prediction: string;
  readonly confidence: number | null;
}

/** `GET /api/models`: the learning curve of each learnt predictor, oldest version first. */
export interface ModelsView {
  readonly environment: string;
  readonly predictor: string;
  /** Null where nothing is pinned. */
  readonly reference: ReferenceView | null;
  readonly versions: readonly {
    readonly version: string;
    readonly publishedAt: number;
    readonly transitions: number;
    readonly entries: number;
    readonly bytes: number;
    /** Prequential: predicted before learnt, since the version before. */
    readonly hits: number;
    readonly tries: number;
  }[];
}

/** `GET /api/dead-letters?reason=R&max=N`, newest first. */
export interface DeadLetterView {
  readonly partition: number;
  readonly offset: number;
  readonly time: number;
  readonly stage: string;
  readonly reason: string;
  readonly message: string;
  readonly environment: string | null;
  readonly episode: string | null;
  /** The first bytes of the original, as text where they are UTF-8, else base64. */
  readonly value: string;
}

/** `GET /api/explain?episode=E&step=N&environment=X`: what each predictor said about a step, and why. JSON texts. */
export interface ExplainView {
  readonly environment: string;
  readonly episode: string;
  readonly step: number;
  readonly action: string;
  /** What really happened: a patch (structured worlds) or the next state (texts). */
  readonly truth: string;
  readonly predictions: readonly {
    readonly predictor: string;
    readonly version: string;
    readonly status: EntryStatus;
    readonly exact: boolean | null;
    readonly explanation: Explanation | null;
    /** Why there is no explanation. */
    readonly why: string | null;
  }[];
}

/** `GET /api/rules?environment=E&predictor=P&kind=K&find=TEXT&from=N&max=M`: what was learnt, by the version in force. */
export interface RulesView {
  readonly environment: string;
  readonly predictor: string;
  readonly version: string;
  /** Transitions that it was learnt from. */
  readonly transitions: number;
  /** The predictors of the environment that list rules. */
  readonly predictors: readonly string[];
  /** How many rules of each kind there are. */
  readonly kinds: readonly { readonly kind: RuleKind; readonly rules: number }[];
  /** Rules that were asked for; `rules` are those from `from` on. */
  readonly total: number;
  readonly from: number;
  readonly rules: readonly RuleView[];
}

export interface RuleView extends Omit<LearntRule, "content" | "order"> {
  /** It can be deleted and pinned. */
  readonly editable: boolean;
  /** What an operator ordered, who and since when; null where nobody did. */
  readonly ordered: Pick<RuleOrder, "order" | "author" | "at"> | null;
}
