/** One round of learning on, in a process of its own that ends with it. */
import { setPriority } from "node:os";
import type { RemoteDeps, RemoteFactory } from "../remote.ts";
import type { RoundOrder, RoundReport } from "../tuning.ts";
import { startHost } from "./process.ts";

/** `limitMs`: whatever the process does, nobody waits longer for it. Rejects where it came to nothing; aborted, it is ended at once. */
export async function tuneIsolated(
  factory: Pick<RemoteFactory, "kind" | "variables">,
  options: object,
  order: RoundOrder,
  deps: RemoteDeps,
  limits: { readonly limitMs: number; readonly signal: AbortSignal },
  file?: URL,
): Promise<RoundReport> {
  let done: (report: RoundReport) => void = () => {};
  let failed: (error: Error) => void = () => {};
  const reporting = new Promise<RoundReport>((resolve, reject) => {
    done = resolve;
    failed = reject;
  });
  const host = startHost(
    factory,
    deps,
    (message) => {
      if (message.kind === "tuned") done(message.report);
      if (message.kind === "refused") failed(new Error(message.message));
    },
    file,
  );
  void host.ended.then(failed);
  yieldToOthers(host.pid);
  const over = new AbortController();
  const stop = () => failed(new Error("it was given up: the process stops"));
  limits.signal.addEventListener("abort", stop, { once: true });
  if (limits.signal.aborted) stop();
  void deps
    .sleep(limits.limitMs, over.signal)
    .then(() => failed(new Error(`it took longer than ${limits.limitMs} ms`)));
  host.tell({ kind: "tune", predictor: factory.kind, name: deps.name, options, order });
  try {
    return await reporting;
  } finally {
    over.abort();
    limits.signal.removeEventListener("abort", stop);
    // It has nothing to finish, and what hangs must not stay.
    host.kill();
    await host.ended;
  }
}

/** A third of the share of others, where all want to compute: less, and a busy machine would never finish a round. */
const niceness = 5;

/** It is in no hurry. Its threads, which come later, inherit that. */
function yieldToOthers(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, niceness);
  } catch {
    // Where that is not allowed, or it is gone already, it competes as any other.
  }
}
