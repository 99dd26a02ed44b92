/**
 * The far side of a thread of stages: the same stages under the same supervisor, on the log of the main thread or on one of its own. It tells
 * the main thread what it is doing and what it has counted, and never makes it wait.
 */
import { setImmediate as turn } from "node:timers/promises";
import type { MessagePort } from "node:worker_threads";
import type { Host } from "../cli/host.ts";
import { composeStages } from "../compose.ts";
import { openRemoteLog } from "../log/remote/remote-log.ts";
import { createBreathe } from "../run/breathe.ts";
import { createGiveWay, createGoFirst } from "../run/precedence.ts";
import { createSupervisor } from "../run/supervisor.ts";
import { Stalled } from "../run/watchdog.ts";
import { createPrometheus } from "../stats/prometheus.ts";
import { gaugeStalled } from "./gauges.ts";
import type { FromStages, ThreadData, ToStages } from "./messages.ts";
import { openBlobs } from "./open-blobs.ts";
import { type OnLog, openLog } from "./open-log.ts";

/** How often the main thread hears of changes. */
const viewMs = 100;
const metricsMs = 500;

/** Resolves when the stages were told to stop and have. */
export async function hostStages(
  data: ThreadData,
  port: MessagePort,
  host: Pick<Host, "now" | "seconds" | "sleep" | "env">,
) {
  const tell = (message: FromStages) => port.postMessage(message);
  const onLog: OnLog = (level, message, fields) => tell({ kind: "log", level, message, fields });
  const log = data.log === null ? await openLog(data.config, host, onLog, "write") : openRemoteLog(data.log);
  const prometheus = createPrometheus();
  const blobs = await openBlobs(data.config, log, host.now);
  const supervisor = createSupervisor({
    log,
    blobs,
    stages: composeStages(
      {
        options: data.config,
        blobs,
        log,
        metrics: prometheus.metrics,
        partitions: data.partitions,
        now: host.now,
        seconds: host.seconds,
        remoteWorld: { env: host.env, now: host.now, seconds: host.seconds, sleep: host.sleep, log: onLog },
        onModelTrouble: ({ predictor, version }, error) =>
          tell({ kind: "model-trouble", model: `${predictor} ${version}`, error: cloneable(error) }),
      },
      data.stages,
    ),
    options: data.config.run,
    now: host.now,
    sleep: (ms) => host.sleep(ms),
    ...pacesOf(data, host),
    onDefect: (stage, error, { topic, partition, offset }) =>
      tell({ kind: "defect", stage, error: cloneable(error), place: { topic, partition, offset } }),
    onFailure: (stage, partition, error, fatal) =>
      tell({
        kind: "failure",
        stage,
        partition,
        error: cloneable(error),
        fatal,
        stalled: error instanceof Stalled,
      }),
    onStall: (stall) => tell({ kind: "stall", stall }),
  });
  gaugeStalled(prometheus.metrics, supervisor.stalled);
  const ended = new AbortController();
  const stopping = new Promise<void>((resolve) => {
    port.on("message", ({ kind }: ToStages) => {
      if (kind === "stop") resolve();
    });
  });

  async function repeat(everyMs: number, act: () => Promise<void> | void): Promise<void> {
    while (!ended.signal.aborted) {
      await act();
      await host.sleep(everyMs, ended.signal);
    }
  }

  let shown = "";
  function tellView(): void {
    const view = supervisor.lifecycle();
    const text = JSON.stringify(view);
    if (text !== shown) tell({ kind: "view", view });
    shown = text;
  }

  const telling = [
    repeat(viewMs, tellView),
    repeat(metricsMs, async () => tell({ kind: "metrics", metrics: await prometheus.data() })),
  ];
  // A stage that cannot be opened is no better in another thread. What takes long to open (a model of gigabytes) keeps nobody waiting.
  const starting = supervisor.start().catch((error: unknown) =>
    tell({
      kind: "failure",
      stage: data.stages.join(", "),
      partition: -1,
      error: cloneable(error),
      fatal: true,
      stalled: false,
    }),
  );
  await Promise.race([starting, stopping]);
  await stopping;
  const inTime = await supervisor.stop();
  ended.abort();
  await Promise.all(telling);
  tellView();
  await log.close();
  tell({ kind: "stopped", inTime });
  port.close();
}

/** Whoever goes first says when it folds; whoever goes after the others waits for them. */
function pacesOf({ precedence }: ThreadData, { seconds, sleep }: Pick<Host, "seconds" | "sleep">) {
  const breathe = createBreathe(seconds, () => turn());
  if (precedence === null) return { breathe };
  const { folding, place } = precedence;
  if (place === null) return createGiveWay(folding, { seconds, sleep, breathe });
  return { breathe, begin: createGoFirst(folding, place) };
}

/** Errors can be sent; what else is thrown may hold what cannot. */
function cloneable(error: unknown): unknown {
  return error instanceof Error ? error : String(error);
}
