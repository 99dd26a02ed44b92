/** What pairing tells the rest of track. Pairing decides what happened; the sink predicts, scores and writes. */
import type { DeadLetterReason, DropReason } from "../../codec/dead-letter-reasons.ts";
import type { Kind, Quality } from "../../codec/records.ts";
import type { Json, Patch } from "../../json/json.ts";
import type { Event } from "../decode/logic.ts";
import type { Truth, Valued } from "../score/logic.ts";
import type { Episode, Pending, Predicted, Recent } from "./episode.ts";

/** A step whose truth has come. */
export interface Completed {
  readonly pending: Pending;
  /** The event that brought the truth. */
  readonly event: Event;
  readonly quality: Quality;
  readonly state: Valued | null;
  readonly next: Valued;
  /** From state to next; null where the state is unknown or either is text. */
  readonly patch: Patch | null;
  readonly intermediatePatch: Patch | null;
  readonly flags: readonly string[];
  /** Predictions by others that came before the truth. */
  readonly predictions: readonly Event[];
}

export interface Sink {
  /** What the environment's configuration says, null where it says nothing. */
  kindOf(environment: string): Kind | null;
  /** Remote predictors of ours: expected to answer what they were asked, and nothing else. */
  ownRemote(environment: string): readonly string[];
  /** Why the state is not one that the environment may have; null where it is, or where nothing is configured. */
  strange(environment: string, state: Json): string | null;
  /** Earlier steps of an episode that predictors look at. */
  historySteps(environment: string, kind: Kind): number;
  /** The state is known and the action has come: predicts, and asks remote predictors. */
  predict(episode: Episode, step: number, action: Valued): Predicted;
  /** Writes transition and score; returns the truth for predictions that come later, null where it is not scored. */
  completed(episode: Episode, completed: Completed): Truth | null;
  /** A prediction that came after the truth, in time. */
  later(episode: Episode, recent: Recent, event: Event): void;
  /** An expected answer that did not come in time. */
  unanswered(episode: Episode, recent: Recent, predictor: string, status: "late" | "missing"): void;
  closed(episode: Episode): void;
  drop(reason: DropReason, environment: string | null): void;
  dead(reason: DeadLetterReason, message: string, event: Event): void;
}
