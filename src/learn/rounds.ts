/**
 * Rounds of learning on, one at a time in a process however many partitions and predictors there are: they take what time is left, and never
 * that of the fold, which only looks now and then whether one has come back.
 */
import type { RoundOrder, RoundReport, Tuned } from "../predictors/tuning.ts";

export type RoundResult =
  | { readonly form: "report"; readonly report: RoundReport }
  /** It came to nothing: its process died, its weights cannot be read, it took too long. */
  | { readonly form: "failed"; readonly message: string };

export interface Round {
  /** Null while it runs. */
  result(): RoundResult | null;
  /** Nobody waits for it any more. */
  abandon(): void;
}

export interface Rounds {
  /** Null where another one runs. */
  begin(tuned: Tuned, order: RoundOrder): Round | null;
  close(): Promise<void>;
}

export function createRounds(): Rounds {
  let running: { readonly abort: AbortController; readonly ended: Promise<void> } | null = null;
  let closed = false;

  return {
    begin(tuned, order) {
      if (running !== null || closed) return null;
      const abort = new AbortController();
      let result: RoundResult | null = null;
      const ended = tuned.round(order, abort.signal).then(
        (report) => {
          result = { form: "report", report };
          running = null;
        },
        (error: unknown) => {
          result = { form: "failed", message: error instanceof Error ? error.message : String(error) };
          running = null;
        },
      );
      running = { abort, ended };
      return { result: () => result, abandon: () => abort.abort() };
    },
    async close() {
      closed = true;
      running?.abort.abort();
      await running?.ended;
    },
  };
}
