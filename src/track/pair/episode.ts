/** What pairing remembers of one open episode. Plain data, mutated by `pairing.ts` and `sequence.ts` alone. */
import type { Agent, Arm, Kind, WorldModel } from "../../codec/records.ts";
import type { JsonText } from "../../json/json.ts";
import type { Prediction } from "../../predictors/predictor.ts";
import type { Event } from "../decode/logic.ts";
import type { Truth, Valued } from "../score/logic.ts";
import { createIdentities, type Identities } from "./identity.ts";

/** What an inline predictor said when the action came. */
export interface InlineAnswer {
  readonly predictor: string;
  readonly version: string;
  readonly prediction: Prediction;
  readonly seconds: number;
}

/** An action whose next state has not come. */
export interface Pending {
  readonly step: number;
  readonly action: Valued;
  /** From the event that brought the action. */
  readonly trace: string | null;
  readonly meta: JsonText | null;
  readonly unidentified: boolean;
  readonly answers: readonly InlineAnswer[];
  /** Remote predictors that were asked. */
  readonly asked: readonly string[];
}

/** What was said of a step when its action came, and who was asked. */
export type Predicted = Pick<Pending, "answers" | "asked">;
export const nothingPredicted: Predicted = { answers: [], asked: [] };

/** Events of one step that wait for earlier ones. */
export interface Slot {
  action: Event | null;
  observation: Event | null;
  step: Event | null;
}

/** A finished step that predictions may still arrive for. */
export interface Recent {
  readonly step: number;
  readonly time: number;
  readonly appendedAt: number;
  readonly action: Valued;
  /** Null where the step is not fit to be scored. */
  readonly truth: Truth | null;
  /** Stream time until which an answer is scored. */
  readonly deadline: number;
  /** Predictors that should have answered and have not, with what they are at the deadline. */
  readonly expected: Map<string, "late" | "missing">;
}

export interface Tally {
  steps: number;
  wrong: number;
}

export interface Episode {
  readonly id: string;
  readonly environment: string;
  readonly kindConfigured: Kind | null;
  kind: Kind;
  task: string | null;
  agent: Agent | null;
  arm: Arm;
  worldModel: WorldModel | null;
  plan: string | null;
  context: Valued | null;
  /** A reset opened it; else an agent joined midway. */
  hasReset: boolean;
  resetHash: number;
  midway: boolean;
  startedAt: number;
  /** Event time of the newest event. */
  time: number;
  /** The next step to be finished. */
  next: number;
  /** Null: not known (midway, after a gap, after a patch that did not apply). */
  state: Valued | null;
  broken: boolean;
  gap: boolean;
  pending: Pending | null;
  readonly buffer: Map<number, Slot>;
  buffered: number;
  bufferedBytes: number;
  /** Predictions of steps that are not finished. */
  readonly predictions: Map<number, Event[]>;
  predictionsHeld: number;
  readonly recent: Recent[];
  /** Other people's predictors seen in this episode. */
  readonly externals: Set<string>;
  readonly identities: Identities;
  readonly history: { readonly stateText: JsonText; readonly actionText: JsonText }[];
  /** An `end` that waits for events before it, or for predictions that are on their way. */
  ending: Event | null;
  /** Nothing but predictions is taken any more. */
  closed: "end" | "done" | "abandoned" | null;
  done: boolean;
  reward: number | null;
  /** Transitions written. */
  steps: number;
  scored: number;
  readonly tallies: Map<string, Tally>;
}

export function openEpisode(id: string, environment: string, kind: Kind | null, time: number): Episode {
  return {
    id,
    environment,
    kindConfigured: kind,
    kind: kind ?? "state",
    task: null,
    agent: null,
    arm: "real",
    worldModel: null,
    plan: null,
    context: null,
    hasReset: false,
    resetHash: 0,
    midway: true,
    startedAt: time,
    time,
    next: 0,
    state: null,
    broken: false,
    gap: false,
    pending: null,
    buffer: new Map(),
    buffered: 0,
    bufferedBytes: 0,
    predictions: new Map(),
    predictionsHeld: 0,
    recent: [],
    externals: new Set(),
    identities: createIdentities(),
    history: [],
    ending: null,
    closed: null,
    done: false,
    reward: null,
    steps: 0,
    scored: 0,
    tallies: new Map(),
  };
}
