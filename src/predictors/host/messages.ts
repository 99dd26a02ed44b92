/** What a process that holds a remote predictor, or lets one learn on, and its parent tell each other: plain data, over the channel that Node gives them. */
import type { Prediction } from "../predictor.ts";
import type { Backend, RemoteSituation, WorkCount } from "../remote.ts";
import type { SituationView } from "../situation.ts";
import type { ModelVersion, RoundOrder, RoundReport } from "../tuning.ts";

/** Its first argument. */
export const hostArgument = "predictor-host";

export type ToHost =
  | { readonly kind: "open"; readonly predictor: string; readonly name: string; readonly options: object }
  | {
      readonly kind: "predict";
      readonly call: number;
      readonly situations: readonly SituationView[];
      readonly model: ModelVersion | null;
    }
  | {
      readonly kind: "tune";
      readonly predictor: string;
      readonly name: string;
      readonly options: object;
      readonly order: RoundOrder;
    }
  /** What was asked for with `read`; null: gone or damaged. */
  | { readonly kind: "bytes"; readonly read: number; readonly bytes: readonly Uint8Array[] | null }
  | { readonly kind: "unread"; readonly read: number; readonly message: string }
  | { readonly kind: "abort"; readonly call: number }
  | { readonly kind: "close" };

export type FromHost =
  | {
      readonly kind: "opened";
      readonly version: string;
      readonly deterministic: boolean;
      readonly backend: Backend;
    }
  | { readonly kind: "refused"; readonly message: string }
  | { readonly kind: "predicted"; readonly call: number; readonly predictions: readonly Prediction[] }
  /** The predictor is of no use any more. */
  | { readonly kind: "lost"; readonly call: number; readonly message: string }
  | { readonly kind: "tuned"; readonly report: RoundReport }
  /** Wants these blobs. */
  | { readonly kind: "read"; readonly read: number; readonly hashes: readonly string[] }
  | { readonly kind: "log"; readonly level: "info" | "warn"; readonly message: string; readonly fields: object }
  | { readonly kind: "count"; readonly what: WorkCount; readonly by: number };

export function plainOf(situation: RemoteSituation): SituationView {
  const { environment, kind, episode, step, task, arm, stateText, actionText, contextText, history } = situation;
  return {
    environment,
    kind,
    episode,
    step,
    task,
    arm,
    state: stateText,
    action: actionText,
    context: contextText,
    history: history.map((past) => ({ state: past.stateText, action: past.actionText })),
  };
}
