/** What the main thread and a thread of stages tell each other. The log goes through a port of its own (`log/remote`). */
import type { MessagePort } from "node:worker_threads";
import type { StageName } from "../compose.ts";
import type { Config } from "../config.ts";
import type { LifecycleView } from "../run/lifecycle.ts";
import type { MetricsData } from "../stats/prometheus.ts";

/** What a thread is started with. */
export interface ThreadData {
  readonly stages: readonly StageName[];
  readonly config: Pick<Config, "track" | "learn" | "monitor" | "run">;
  readonly blobsDir: string;
  readonly partitions: number;
  readonly log: MessagePort;
}

export type ToStages = { readonly kind: "stop" };

/** Errors travel as copies: their class is lost, name, message and stack stay. */
export type FromStages =
  | { readonly kind: "view"; readonly view: LifecycleView }
  | { readonly kind: "metrics"; readonly metrics: MetricsData }
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
    }
  | { readonly kind: "model-trouble"; readonly model: string; readonly error: unknown }
  | { readonly kind: "stopped"; readonly inTime: boolean };
