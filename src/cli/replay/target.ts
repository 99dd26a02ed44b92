/** Where replayed events go. */
import type { EnvironmentView } from "../../serve/views.ts";

export interface Answer {
  readonly accepted: number;
  readonly rejected: number;
  /** For a person; bounded. */
  readonly errors: readonly string[];
}

export interface ReplaySummary {
  /** Everything sent has been through all stages. */
  readonly processed: boolean;
  readonly transitions: number;
  readonly deadLetters: number;
  readonly reasons: readonly { readonly reason: string; readonly count: number }[];
  /** Since the data folder was made. */
  readonly accuracy: readonly {
    readonly environment: string;
    readonly predictor: string;
    readonly samples: number;
    readonly accuracy: number | null;
    readonly lower: number | null;
    readonly upper: number | null;
  }[];
}

export interface Target {
  send(lines: readonly Buffer[], stop: AbortSignal): Promise<Answer>;
  /** Waits until everything sent is processed, or until told to stop. */
  finish(stop: AbortSignal): Promise<ReplaySummary>;
  close(): Promise<void>;
}

export function accuracyOf(environments: readonly EnvironmentView[]): ReplaySummary["accuracy"] {
  return environments.flatMap(({ environment, windows }) =>
    (windows.find((one) => one.window === "all")?.predictors ?? []).map(({ predictor, summary }) => ({
      environment,
      predictor,
      samples: summary.samples,
      accuracy: summary.accuracy,
      lower: summary.interval?.lower ?? null,
      upper: summary.interval?.upper ?? null,
    })),
  );
}
