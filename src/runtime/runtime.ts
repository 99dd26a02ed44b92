/**
 * One process on the embedded log: log, blobs, stages and their supervisor, and what keeps them in order. `run` puts HTTP before it,
 * `replay` a file. Learning runs in a thread of its own.
 */
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import type { Logger } from "pino";
import { openFolderBlobs, removeTemporaries } from "../blobs/folder.ts";
import type { Blobs } from "../blobs/port.ts";
import type { Host } from "../cli/host.ts";
import { composeStages, type StageName, stageNames } from "../compose.ts";
import type { Config } from "../config.ts";
import { openEmbeddedLog } from "../log/embedded/embedded-log.ts";
import type { Log } from "../log/port.ts";
import { createBreathe } from "../run/breathe.ts";
import { sweep } from "../run/janitor.ts";
import { joinViews, type LifecycleView } from "../run/lifecycle.ts";
import { createSupervisor } from "../run/supervisor.ts";
import type { Format } from "../stats/exposition.ts";
import type { Metrics } from "../stats/metrics.ts";
import { createPrometheus } from "../stats/prometheus.ts";
import { topicSpecs } from "../topology.ts";
import { watchLag } from "./gauges.ts";
import { createReports } from "./reports.ts";
import { startStageThread } from "./stage-thread.ts";

export interface Runtime {
  readonly log: Log;
  readonly blobs: Blobs;
  readonly metrics: Metrics;
  /** The text exposition of every thread's metrics. */
  readonly exposition: { text(format: Format): Promise<string> };
  readonly breathe: () => Promise<void> | null;
  /** Aborted when the process cannot go on. */
  readonly failed: AbortSignal;
  lifecycle(): LifecycleView;
  /** True where everything was finished in time. */
  stop(): Promise<boolean>;
}

/** What may take long in one go, and delays nobody in a thread of its own. */
const threaded: readonly StageName[] = ["learn"];
const sweepEveryMs = 600_000;

/** Throws `LogLocked` where another process writes the data folder. */
export async function openRuntime(config: Config, host: Host, logger: Logger): Promise<Runtime> {
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
  const log = await openEmbeddedLog({ dir: join(config.dataDir, "log"), mode: "write", now: host.now });
  try {
    await log.ensureTopics(topicSpecs(config.log.partitions, config.log.retentionBytes));
    return await start(config, host, logger, log);
  } catch (error) {
    await log.close();
    throw error;
  }
}

async function start(config: Config, host: Host, logger: Logger, log: Log): Promise<Runtime> {
  const blobsDir = join(config.dataDir, "blobs");
  await removeTemporaries(blobsDir);
  const blobs = await openFolderBlobs(blobsDir);
  const prometheus = createPrometheus();
  const partitions = await log.partitionCount("interactions");
  const breathe = createBreathe(host.seconds, () => turn());
  const failed = new AbortController();
  const reports = createReports(prometheus.metrics, logger, () => failed.abort());
  const supervisor = createSupervisor({
    log,
    blobs,
    stages: composeStages(
      {
        options: config,
        blobs,
        log,
        metrics: prometheus.metrics,
        partitions,
        now: host.now,
        seconds: host.seconds,
        onModelTrouble: ({ predictor, version }, error) => reports.modelTrouble(`${predictor} ${version}`, error),
      },
      stageNames.filter((name) => !threaded.includes(name)),
    ),
    options: config.run,
    now: host.now,
    sleep: (ms) => host.sleep(ms),
    breathe,
    onDefect: (stage, error, { topic, partition, offset }) =>
      reports.defect(stage, error, { topic, partition, offset }),
    onFailure: reports.failure,
  });
  const closeLag = await watchLag(log, prometheus, host);
  await supervisor.start();
  const { track, learn, monitor, run } = config;
  const thread = startStageThread({
    data: { stages: threaded, config: { track, learn, monitor, run }, blobsDir, partitions },
    log,
    heard: reports.hear,
    died: reports.threadDied,
    sleep: (ms) => host.sleep(ms),
  });
  await thread.started;
  const sweeper = startSweeping(log, blobs, host, logger);
  return {
    log,
    blobs,
    metrics: prometheus.metrics,
    exposition: { text: (format) => prometheus.text([thread.metrics()], format) },
    breathe,
    failed: failed.signal,
    lifecycle: () => joinViews([supervisor.lifecycle(), thread.lifecycle()]),
    async stop() {
      sweeper.abort();
      closeLag();
      const inTime = await Promise.all([supervisor.stop(), thread.stop()]);
      await log.close();
      return inTime.every((one) => one);
    },
  };
}

function startSweeping(log: Log, blobs: Blobs, host: Host, logger: Logger): AbortController {
  const stopped = new AbortController();
  void (async () => {
    while (!stopped.signal.aborted) {
      await host.sleep(sweepEveryMs, stopped.signal);
      if (stopped.signal.aborted) return;
      const swept = await sweep(log, blobs, host.now());
      if (swept.versions + swept.blobs > 0) logger.info(swept, "swept old model versions and blobs");
    }
  })().catch((error: unknown) => logger.error({ err: error }, "sweeping failed; it goes on after the next start"));
  return stopped;
}

/** A data folder that holds nothing but the sample is marked, so that the next start plays on. */
export function sampleMark(dataDir: string) {
  const path = join(dataDir, "sample-only");
  return {
    isSet: () => existsSync(path),
    set: () => writeFileSync(path, "This folder holds only the bundled sample. Delete it to begin anew.\n"),
    clear: () => rmSync(path, { force: true }),
  };
}

/** Nothing was ever written to `interactions`. */
export async function isEmpty(log: Log): Promise<boolean> {
  const partitions = await log.partitionCount("interactions");
  for (let partition = 0; partition < partitions; partition++) {
    if ((await log.range("interactions", partition)).end > 0) return false;
  }
  return true;
}
