/**
 * Stages in a thread of their own, so that what they do in one go (learning, writing a large model) delays neither requests nor
 * predictions. A thread that dies is made anew from its committed notes, like a stream task that failed.
 */
import { MessageChannel, Worker } from "node:worker_threads";
import type { Log } from "../log/port.ts";
import { serveLog } from "../log/remote/serve-log.ts";
import type { LifecycleView } from "../run/lifecycle.ts";
import type { MetricsData } from "../stats/prometheus.ts";
import type { FromStages, ThreadData, ToStages } from "./messages.ts";

export interface StageThread {
  /** Resolves when the thread has joined its groups, or cannot. */
  readonly started: Promise<void>;
  lifecycle(): LifecycleView;
  metrics(): MetricsData;
  /** True where the thread finished everything in time. */
  stop(): Promise<boolean>;
}

export interface StageThreadDeps {
  readonly data: Omit<ThreadData, "log">;
  readonly log: Log;
  /** What the thread reports. */
  readonly heard: (message: FromStages & { readonly kind: "defect" | "failure" | "model-trouble" }) => void;
  /** The thread ended by itself; `again` says that another was started. */
  readonly died: (error: Error, again: boolean) => void;
  readonly sleep: (ms: number) => Promise<void>;
}

/** Learning allocates much that dies young and is in no hurry: a small nursery costs it little, and the process tens of megabytes less. */
const resourceLimits = { maxYoungGenerationSizeMb: 16 };

const starting: LifecycleView = { ready: false, phase: "starting", tasks: [] };
const failed: LifecycleView = { ready: false, phase: "failed", tasks: [] };

/** Run from source, the thread's code is that of the build: a worker cannot load TypeScript. */
function mainFile(): URL {
  const here = import.meta.url;
  return new URL(here.endsWith(".ts") ? "../../dist/main.js" : "../main.js", here);
}

export function startStageThread(deps: StageThreadDeps): StageThread {
  const { data, log } = deps;
  let view = starting;
  let metrics: MetricsData = [];
  let deaths = 0;
  let stopping = false;
  let onStopped: (inTime: boolean) => void = () => {};
  let onStarted: () => void = () => {};
  const started = new Promise<void>((resolve) => {
    onStarted = resolve;
  });
  let worker = start();

  function start(): Worker {
    const { port1, port2 } = new MessageChannel();
    const served = serveLog(log, port1);
    const threadData: ThreadData = { ...data, log: port2 };
    const fresh = new Worker(mainFile(), {
      workerData: threadData,
      transferList: [port2],
      execArgv: [],
      resourceLimits,
    });
    let error = new Error(`the thread of ${data.stages.join(", ")} ended`);
    fresh.on("message", hear);
    fresh.on("error", (thrown) => {
      error = thrown;
    });
    fresh.on("exit", () => {
      port1.close();
      void served.closed.then(() => ended(error));
    });
    return fresh;
  }

  function hear(message: FromStages): void {
    switch (message.kind) {
      case "view":
        view = message.view;
        return onStarted();
      case "metrics":
        metrics = message.metrics;
        return;
      case "stopped":
        return onStopped(message.inTime);
      default:
        deps.heard(message);
    }
  }

  async function ended(error: Error): Promise<void> {
    if (stopping) return onStopped(false);
    deaths += 1;
    onStarted();
    const again = deaths <= data.config.run.restartsMax;
    view = again ? starting : failed;
    deps.died(error, again);
    if (!again) return;
    await deps.sleep(Math.min(100 * 2 ** deaths, 5_000));
    if (!stopping) worker = start();
  }

  return {
    started,
    lifecycle: () => view,
    metrics: () => metrics,
    async stop() {
      stopping = true;
      const stopped = new Promise<boolean>((resolve) => {
        onStopped = resolve;
      });
      const stop: ToStages = { kind: "stop" };
      worker.postMessage(stop);
      // The thread keeps the deadline itself; one that does not answer soon after it is ended.
      const inTime = await Promise.race([stopped, deps.sleep(data.config.run.stopMs + 1_000).then(() => false)]);
      await worker.terminate();
      return inTime;
    },
  };
}
