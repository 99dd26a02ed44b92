/** What the main thread and a thread of stages tell each other. The log of the main thread goes through a port of its own (`log/remote`). */
import type { MessagePort } from "node:worker_threads";
import type { StageName } from "../compose.ts";
import type { Config } from "../config.ts";
import type { LifecycleView } from "../run/lifecycle.ts";
import type { Folding } from "../run/precedence.ts";
import type { Stall } from "../run/watchdog.ts";
import type { MetricsData } from "../stats/prometheus.ts";

/** What a thread is started with. */
export interface ThreadData {
  /** Unique within the process. */
  readonly name: string;
  readonly stages: readonly StageName[];
  readonly config: Pick<Config, "dataDir" | "log" | "blobs" | "track" | "predictRemote" | "learn" | "monitor" | "run">;
  readonly partitions: number;
  /** Where threads are more than processors: who folds, and the place of this thread; null: it goes after the others. */
  readonly precedence: { readonly folding: Folding; readonly place: number | null } | null;
  /** The main thread's log; null: the thread opens its own. */
  readonly log: MessagePort | null;
}

export type ToStages = { readonly kind: "stop" };

/** What a thread reports. Errors travel as copies: their class is lost, name, message and stack stay. */
export type Report =
  | {
      readonly kind: "defect";
      readonly stage: string;
      readonly error: unknown;
      readonly place: { readonly topic: string; readonly partition: number; readonly offset: number };
    }
  | {
      readonly kind: "failure";
      readonly stage: string;
      readonly partition: number;
      readonly error: unknown;
      readonly fatal: boolean;
      readonly stalled: boolean;
    }
  | { readonly kind: "stall"; readonly stall: Stall }
  | { readonly kind: "model-trouble"; readonly model: string; readonly error: unknown }
  | {
      readonly kind: "log";
      readonly level: "error" | "warn" | "info" | "debug";
      readonly message: string;
      readonly fields: object;
    };

export type FromStages =
  | { readonly kind: "view"; readonly view: LifecycleView }
  | { readonly kind: "metrics"; readonly metrics: MetricsData }
  | Report
  | { readonly kind: "stopped"; readonly inTime: boolean };
