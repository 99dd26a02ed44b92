/**
 * `predict-remote`: situations → predictions of those predictors that take their time, as events in the partition of `interactions` that each
 * situation came from. Each predictor is a consumer group of its own, so that none waits for another, and each scales alone.
 */
import type { RemoteDeps, RemotePredictor } from "../predictors/remote.ts";
import type { Stage } from "../run/stage.ts";
import type { Metrics } from "../stats/metrics.ts";
import { createBatcher } from "./batcher.ts";
import { createRemoteTask } from "./logic.ts";
import { createRemoteMetrics } from "./metrics.ts";
import { createReopening } from "./reopening.ts";
import type { RemoteSetup } from "./setups.ts";

/** The outside world, as all remote predictors of a process share it. */
export type RemoteWorld = Pick<RemoteDeps, "env" | "now" | "seconds" | "sleep" | "log">;

export interface PredictRemoteDeps {
  readonly setup: RemoteSetup;
  readonly metrics: Metrics;
  readonly world: RemoteWorld;
  /** Blobs of versions that situations name. */
  readonly read: RemoteDeps["read"];
  /** Opens it: here, or in a process of its own. */
  readonly open: (setup: RemoteSetup, deps: RemoteDeps) => Promise<RemotePredictor>;
}

/** The stage of one predictor; `predict-remote.NAME`. */
export function stageNameOf(predictor: string): `predict-remote.${string}` {
  return `predict-remote.${predictor}`;
}

export function createPredictRemote({ setup, metrics, world, read, open }: PredictRemoteDeps): Stage {
  const { name, batching, timeoutMs } = setup;
  const { now } = world;
  const counted = createRemoteMetrics(metrics, name, {
    backend: () => reopening.current()?.backend ?? null,
    waiting: () => batcher.waiting(),
  });
  const reopening = createReopening({
    now,
    open: () => open(setup, { ...world, name, read, count: counted.work }),
    onTrouble(error) {
      counted.trouble();
      const message = error instanceof Error ? error.message : String(error);
      world.log("warn", "a remote predictor was lost or cannot be opened; it is opened anew", {
        predictor: name,
        message,
      });
    },
  });
  const batcher = createBatcher({
    predictor: reopening,
    batching,
    timeoutMs,
    now,
    elapsed: () => world.seconds() * 1_000,
    sleep: world.sleep,
    onCall: counted.call,
  });
  return {
    name: stageNameOf(name),
    inputs: ["situations"],
    stateless: true,
    async open() {
      const { version, backend } = await reopening.get();
      world.log("info", "a remote predictor is open", {
        predictor: name,
        version,
        backend: backend.name,
        device: backend.device,
      });
    },
    task: () => createRemoteTask({ setup, batcher, now, counts: counted.stage() }),
    close: () => reopening.close(),
  };
}
