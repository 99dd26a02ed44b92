/**
 * One process on the embedded log: log, blobs, stages and their supervisor, and what keeps them in order. `run` puts HTTP before it,
 * `replay` a file.
 */
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import type { Logger } from "pino";
import { openFolderBlobs } from "./blobs/folder.ts";
import type { Blobs } from "./blobs/port.ts";
import type { Host } from "./cli/host.ts";
import { composeStages } from "./compose.ts";
import type { Config } from "./config.ts";
import { openEmbeddedLog } from "./log/embedded/embedded-log.ts";
import type { Log } from "./log/port.ts";
import { createBreathe } from "./run/breathe.ts";
import { sweep } from "./run/janitor.ts";
import { createSupervisor, type Supervisor } from "./run/supervisor.ts";
import { createPrometheus, type Prometheus } from "./stats/prometheus.ts";
import { topicSpecs } from "./topology.ts";

export interface Runtime {
  readonly log: Log;
  readonly blobs: Blobs;
  readonly prometheus: Prometheus;
  readonly supervisor: Supervisor;
  readonly breathe: () => Promise<void> | null;
  /** Aborted when the process cannot go on. */
  readonly failed: AbortSignal;
  /** True where everything was finished in time. */
  stop(): Promise<boolean>;
}

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
  const blobs = await openFolderBlobs(join(config.dataDir, "blobs"));
  const prometheus = createPrometheus();
  const breathe = createBreathe(host.seconds, () => turn());
  const failed = new AbortController();
  const stages = composeStages({
    options: config,
    blobs,
    metrics: prometheus.metrics,
    partitions: await log.partitionCount("interactions"),
    now: host.now,
    seconds: host.seconds,
  });
  const defects = prometheus.metrics.counter(
    "driftline_defects_total",
    "Exceptions of Driftline's own logic, by stage.",
    ["stage"],
  );
  const restarts = prometheus.metrics.counter(
    "driftline_stream_task_failures_total",
    "Stream tasks that failed and were made anew.",
    ["stage"],
  );
  const supervisor = createSupervisor({
    log,
    blobs,
    stages,
    options: config.run,
    now: host.now,
    sleep: (ms) => host.sleep(ms),
    breathe,
    onDefect(stage, error, record) {
      defects.add({ stage });
      logger.error(
        { stage, topic: record.topic, partition: record.partition, offset: record.offset, err: error },
        "defect: the record is a dead letter",
      );
    },
    onFailure(stage, partition, error, fatal) {
      restarts.add({ stage });
      logger.error(
        { stage, partition, err: error, fatal },
        fatal ? "cannot go on" : "stream task failed; made anew from its committed note",
      );
      if (fatal) failed.abort();
    },
  });
  const closeLag = await watchLag(log, prometheus, host);
  await supervisor.start();
  const sweeper = startSweeping(log, blobs, host, logger);
  return {
    log,
    blobs,
    prometheus,
    supervisor,
    breathe,
    failed: failed.signal,
    async stop() {
      sweeper.abort();
      closeLag();
      const inTime = await supervisor.stop();
      await log.close();
      return inTime;
    },
  };
}

/** Lag and sizes, read once a second, since gauges cannot wait for the log. */
async function watchLag(log: Log, prometheus: Prometheus, host: Host): Promise<() => void> {
  const stopped = new AbortController();
  let lag = await log.lag();
  let topics = await log.topics();
  prometheus.metrics.gauge(
    "driftline_lag_records",
    "Records between a group's committed offsets and the end.",
    ["group", "topic"],
    () => lag.map(({ group, topic, records }) => ({ labels: { group, topic }, value: records })),
  );
  prometheus.metrics.gauge("driftline_topic_bytes", "Bytes of a topic as stored.", ["topic"], () =>
    topics.map(({ name, bytes }) => ({ labels: { topic: name }, value: bytes })),
  );
  prometheus.metrics.gauge("driftline_resident_memory_bytes", "Resident memory of the process.", [], () => [
    { labels: {}, value: process.memoryUsage.rss() },
  ]);
  void (async () => {
    while (!stopped.signal.aborted) {
      await host.sleep(1_000, stopped.signal);
      if (stopped.signal.aborted) return;
      lag = await log.lag();
      topics = await log.topics();
    }
  })().catch(() => {});
  return () => stopped.abort();
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
