/**
 * Stages in a thread of their own, so that what they do in one go (learning, writing a large model) delays neither requests nor
 * predictions. A thread that dies is made anew from its committed notes, like a stream task that failed.
 */
import { MessageChannel, Worker } from "node:worker_threads";
import type { Log } from "../log/port.ts";
import { serveLog } from "../log/remote/serve-log.ts";
import { mainFile } from "../main-file.ts";
import type { LifecycleView } from "../run/lifecycle.ts";
import type { MetricsData } from "../stats/prometheus.ts";
import type { FromStages, Report, ThreadData, ToStages } from "./messages.ts";

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
  /** What the thread uses of the main thread's log; null: it opens its own. */
  readonly log: Log | null;
  readonly youngMegabytes: number | null;
  /** What the thread reports. */
  readonly heard: (report: Report) => void;
  /** The thread ended by itself; `again` says that another was started. */
  readonly died: (error: Error, again: boolean) => void;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

const starting: LifecycleView = { ready: false, phase: "starting", tasks: [] };
const failed: LifecycleView = { ready: false, phase: "failed", tasks: [] };

export function startStageThread(deps: StageThreadDeps): StageThread {
  const { data, log, youngMegabytes } = deps;
  let view = starting;
  let metrics: MetricsData = [];
  let deaths = 0;
  let stopping = false;
  let heardAt = deps.now();
  let onStopped: (inTime: boolean) => void = () => {};
  let onStarted: () => void = () => {};
  const started = new Promise<void>((resolve) => {
    onStarted = resolve;
  });
  let worker = start();

  function start(): Worker {
    const { port1, port2 } = new MessageChannel();
    const served = log === null ? null : serveLog(log, port1);
    const threadData: ThreadData = { ...data, log: served === null ? null : port2 };
    heardAt = deps.now();
    const fresh = new Worker(mainFile(), {
      workerData: threadData,
      transferList: served === null ? [] : [port2],
      execArgv: [],
      ...(youngMegabytes === null ? {} : { resourceLimits: { maxYoungGenerationSizeMb: youngMegabytes } }),
    });
    let error = new Error(`the thread of ${data.stages.join(", ")} ended`);
    fresh.on("message", hear);
    fresh.on("error", (thrown) => {
      error = thrown;
    });
    fresh.on("exit", () => {
      port1.close();
      void (served?.closed ?? Promise.resolve()).then(() => ended(error));
    });
    return fresh;
  }

  function hear(message: FromStages): void {
    heardAt = deps.now();
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

  /** It tells something twice a second: one that is silent for so long is caught in a loop of its own, where its own watchdog cannot bark. */
  async function watch(): Promise<void> {
    const { stalledRestartMs } = data.config.run;
    while (!stopping) {
      const before = deps.now();
      await deps.sleep(1_000);
      const slept = deps.now() - before;
      if (slept < 0 || slept > 5_000) heardAt += slept;
      if (stopping || deps.now() - heardAt < stalledRestartMs) continue;
      heardAt = deps.now();
      await worker.terminate();
    }
  }
  void watch();

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
