/** The score record: one step's predictions against the truth. */
import type { JsonText } from "../json/json.ts";
import type { Agent, Arm, Kind, Quality, Source } from "./records.ts";

export type EntryStatus = "answered" | "abstained" | "failed" | "late" | "missing";
/** One predictor's prediction of one step against the truth (DESIGN 7). Measures are null where the status is not `answered`. */
export interface ScoreEntry {
  readonly predictor: string;
  readonly version: string;
  readonly status: EntryStatus;
  /** Why it abstained or failed. */
  readonly reason: string | null;
  readonly exact: boolean | null;
  /** Leaf paths of truth and prediction together: how many agree, of how many. */
  readonly fieldsEqual: number | null;
  readonly fieldsTotal: number | null;
  /** Changed leaves: rightly predicted changes, predicted changes, true changes. Precision, recall and F1 follow. */
  readonly changedHit: number | null;
  readonly changedPredicted: number | null;
  readonly changedActual: number | null;
  /** Word multiset F1 and aligned token accuracy, 0..1. */
  readonly tokenF1: number | null;
  readonly tokenAligned: number | null;
  readonly confidence: number | null;
  /** (confidence - exact)^2, null without a confidence. */
  readonly brier: number | null;
  /** Was the prediction in the log before the truth? Always true for inline predictors. */
  readonly ahead: boolean;
  /** Seconds that an inline predictor took; null elsewhere. The one field that T5 excludes. */
  readonly seconds: number | null;
  /** The prediction where it is wrong, bounded: a patch against the state (structured) or the state itself (text). */
  readonly prediction: JsonText | null;
  /** Places at which it is wrong, bounded: lifted paths (`/orders/…/status`); empty for texts. */
  readonly wrongFields: readonly string[];
}

/** `scores`: one record per transition (no entries where its quality is not `ok`), and further ones for answers that come after the truth. */
export interface Score {
  readonly source: Source;
  readonly environment: string;
  readonly kind: Kind;
  readonly episode: string;
  readonly step: number;
  readonly time: number;
  readonly appendedAt: number;
  readonly arm: Arm;
  readonly quality: Quality;
  /** False for a further record of a step that already has one. */
  readonly first: boolean;
  /** The action's name: `name` of a structured action, else its first word. */
  readonly actionName: string;
  /** Does the next state differ from the state, under the comparison rules? */
  readonly dynamic: boolean;
  /** Hash of the comparison rules in force (hex, 16 characters). */
  readonly comparison: string;
  /** Hash of (state, action, context) and of the truth under the comparison rules (hex, 16 characters): for the ceiling. */
  readonly situation: string;
  readonly truth: string;
  /** The trivial baseline of the kind (P5). */
  readonly baseline: string;
  readonly entries: readonly ScoreEntry[];
  /** Where any entry is wrong, bounded: what to show. `truth` is a patch (structured) or the next state (text). */
  readonly example: { readonly state: JsonText; readonly action: JsonText; readonly truth: JsonText } | null;
  readonly agent: Agent | null;
  /** Null for texts. */
  readonly shape: StepShape | null;
}

/** What form the states and the action of a step have: typed places, lifted (`/orders/…/status:string`). Bounded. */
export interface StepShape {
  /** Hash of the next state's places (hex, 16 characters). */
  readonly version: string;
  /** True: `added` holds all places of the state before the step and of the next state. */
  readonly whole: boolean;
  /** Places of the next state that the state before had not, and the other way round. */
  readonly added: readonly string[];
  readonly gone: readonly string[];
  /** Places of a structured action. */
  readonly action: readonly string[];
  /** Short words that the step wrote, as place=word. */
  readonly values: readonly string[];
}
