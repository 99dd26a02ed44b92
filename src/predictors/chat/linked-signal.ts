/**
 * A signal that aborts with any of others, and lets go of them when it is released. `AbortSignal.any` does not always: on some of the supported
 * versions of Node, what hangs on a signal that lives as long as the process is kept as long.
 */
import { setMaxListeners } from "node:events";

/** Release it when what it was for is over. */
export interface Linked {
  readonly signal: AbortSignal;
  release(): void;
}

export function linkSignals(...signals: readonly AbortSignal[]): Linked {
  const controller = new AbortController();
  const abort = () => controller.abort();
  // As many hang on one as there are calls at one time: that is no leak.
  setMaxListeners(0, controller.signal, ...signals);
  for (const signal of signals) {
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort, { once: true });
  }
  return {
    signal: controller.signal,
    release() {
      for (const signal of signals) signal.removeEventListener("abort", abort);
    },
  };
}
