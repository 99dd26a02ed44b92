/**
 * A remote predictor that is opened, and opened anew when it is lost: its process died, its device went away, a call hung. Between two tries
 * that failed the pause doubles; meanwhile whoever asks hears why at once.
 */

import type { RemotePredictor } from "../predictors/remote.ts";
import { havePassed } from "../run/passed.ts";

export interface Reopening {
  /** The open predictor; opens it where there is none. Rejects with why it cannot be had now. */
  get(): Promise<RemotePredictor>;
  /** It is of no use any more. Does nothing where another was opened since. */
  lost(predictor: RemotePredictor, error: unknown): void;
  /** The one that is open now. */
  current(): RemotePredictor | null;
  close(): Promise<void>;
}

export interface ReopeningDeps {
  readonly open: () => Promise<RemotePredictor>;
  readonly now: () => number;
  /** It was lost, or could not be opened. */
  readonly onTrouble: (error: unknown) => void;
}

const pauseFirstMs = 250;
const pauseMaxMs = 30_000;

export function createReopening({ open, now, onTrouble }: ReopeningDeps): Reopening {
  let opening: Promise<RemotePredictor> | null = null;
  let opened: RemotePredictor | null = null;
  let failures = 0;
  let failedAt = 0;
  let pauseMs = 0;
  let why: unknown = null;
  let closed = false;

  async function openOnce(): Promise<RemotePredictor> {
    try {
      const predictor = await open();
      if (closed) {
        await predictor.close();
        throw new Error("stopped");
      }
      opened = predictor;
      failures = 0;
      void predictor.ended?.then((error) => lost(predictor, error));
      return predictor;
    } catch (error) {
      opening = null;
      pauseAfter(error);
      throw error;
    }
  }

  function lost(predictor: RemotePredictor, error: unknown): void {
    if (opened !== predictor) return;
    opened = null;
    opening = null;
    // The first try after a loss is made at once.
    failures = 0;
    pauseMs = 0;
    onTrouble(error);
    void predictor.close().catch(() => {});
  }

  function pauseAfter(error: unknown): void {
    why = error;
    failedAt = now();
    pauseMs = Math.min(pauseFirstMs * 2 ** failures, pauseMaxMs);
    failures += 1;
    if (!closed) onTrouble(error);
  }

  return {
    async get() {
      if (closed) throw new Error("stopped");
      if (opening === null && !havePassed(pauseMs, failedAt, now())) throw why;
      opening ??= openOnce();
      return opening;
    },
    lost,
    current: () => opened,
    async close() {
      closed = true;
      const predictor = opened ?? (await opening?.catch(() => null)) ?? null;
      opened = null;
      await predictor?.close();
    },
  };
}
