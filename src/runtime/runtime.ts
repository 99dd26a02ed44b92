/**
 * One process: log, blobs, the stages that it is to run and their supervisor, and what keeps them in order. `run` puts HTTP before it, `replay`
 * a file. Learning runs in a thread of its own. On Kafka every thread has connections and memberships of its own; the embedded log has one
 * writer, through which the other threads go.
 */
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import type { Logger } from "pino";
import type { Blobs } from "../blobs/port.ts";
import type { Host } from "../cli/host.ts";
import { composeStages, type StageName, stageNames } from "../compose.ts";
import type { Config } from "../config.ts";
import type { Log } from "../log/port.ts";
import { createBreathe } from "../run/breathe.ts";
import { joinViews, type LifecycleView } from "../run/lifecycle.ts";
import { subTopologiesOf } from "../run/options.ts";
import { createFolding, createGoFirst } from "../run/precedence.ts";
import { createSupervisor } from "../run/supervisor.ts";
import type { Format } from "../stats/exposition.ts";
import type { Metrics } from "../stats/metrics.ts";
import { createPrometheus, type Prometheus } from "../stats/prometheus.ts";
import { topicSpecs, topicsOf } from "../topology.ts";
import { makeDataDir } from "./data-dir.ts";
import { gaugeStalled, watchLag } from "./gauges.ts";
import { openBlobs, tidyBlobs } from "./open-blobs.ts";
import { logOfThread, type OnLog, openLog } from "./open-log.ts";
import { createLogLines, createReports, type Why } from "./reports.ts";
import { type StageThread, startStageThread } from "./stage-thread.ts";
import { startSweeping } from "./sweeping.ts";

export interface Runtime {
  readonly log: Log;
  readonly blobs: Blobs;
  readonly metrics: Metrics;
  /** The text exposition of every thread's metrics. */
  readonly exposition: { text(format: Format): Promise<string> };
  readonly breathe: () => Promise<void> | null;
  /** Aborted when the process cannot go on. */
  readonly failed: AbortSignal;
  /** Why it cannot go on; null where it can. */
  why(): Why | null;
  /** What was the matter first, in words; null where it can. */
  trouble(): string | null;
  lifecycle(): LifecycleView;
  /** True where everything was finished in time. */
  stop(): Promise<boolean>;
}

/** Learning allocates much that dies young and is in no hurry: a small nursery costs it little, and the process tens of megabytes less. */
const learnYoungMegabytes = 16;
/** Among those that say when they fold; the threads follow. */
const mainPlace = 0;
/** A log that does not close is left open: the process ends anyway. */
const closeMs = 5_000;

/** Throws `LogLocked` where another process writes the data folder, and where it cannot be written. */
export async function openRuntime(config: Config, host: Host, logger: Logger): Promise<Runtime> {
  makeDataDir(config.dataDir);
  const prometheus = createPrometheus();
  const onLog = createLogLines(prometheus.metrics, logger);
  const log = await openLog(config, host, onLog, "write");
  try {
    const needed: readonly string[] = topicsOf(subTopologiesOf(config.run));
    const specs = topicSpecs(config.log.partitions, config.log.retentionBytes);
    // On Kafka a process may see no more than it needs; a data folder has everything.
    await log.ensureTopics(config.log.adapter === "kafka" ? specs.filter(({ name }) => needed.includes(name)) : specs);
    return await start(config, host, logger, { log, prometheus, onLog });
  } catch (error) {
    await log.close();
    throw error;
  }
}

/** Which stages run where: those of the main thread, and the threads with theirs. */
function placesOf({ run, predictRemote }: Config) {
  const wanted: readonly string[] = subTopologiesOf(run);
  const runs = stageNames.filter((name) => wanted.includes(name));
  // What may take long in one go delays nobody in a thread of its own.
  const threads: { readonly name: string; readonly stages: readonly StageName[] }[] = [];
  if (runs.includes("learn")) threads.push({ name: "learn", stages: ["learn"] });
  if (runs.includes("predict-remote") && Object.keys(predictRemote.predictors).length > 0)
    threads.push({ name: "predict-remote", stages: ["predict-remote"] });
  if (runs.includes("track"))
    for (let at = 0; at < run.trackThreads; at++) threads.push({ name: `track-${at}`, stages: ["track"] });
  const threaded = new Set(threads.flatMap(({ stages }) => stages));
  return { main: runs.filter((name) => name !== "predict-remote" && !threaded.has(name)), threads };
}

interface Opened {
  readonly log: Log;
  readonly prometheus: Prometheus;
  readonly onLog: OnLog;
}

async function start(config: Config, host: Host, logger: Logger, { log, prometheus, onLog }: Opened): Promise<Runtime> {
  await tidyBlobs(config);
  const blobs = await openBlobs(config, log, host.now);
  // What is there has as many, or the process would not have come so far.
  const { partitions } = config.log;
  const breathe = createBreathe(host.seconds, () => turn());
  const failed = new AbortController();
  let why: Why | null = null;
  let trouble: string | null = null;
  const reports = createReports(prometheus.metrics, logger, onLog, (reason, message) => {
    why ??= reason;
    trouble ??= message;
    failed.abort();
  });
  const places = placesOf(config);
  const threadCount = places.threads.length + 1;
  const folding = availableParallelism() > threadCount ? null : createFolding(threadCount);
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
      places.main,
    ),
    options: config.run,
    now: host.now,
    sleep: (ms) => host.sleep(ms),
    breathe,
    ...(folding === null ? {} : { begin: createGoFirst(folding, mainPlace) }),
    onDefect: (stage, error, { topic, partition, offset }) =>
      reports.defect(stage, error, { topic, partition, offset }),
    onFailure: (stage, partition, error, fatal) => reports.failure(stage, partition, error, fatal),
    onStall: reports.stall,
  });
  gaugeStalled(prometheus.metrics, supervisor.stalled);
  const closeLag = await watchLag(log, prometheus, host);
  await supervisor.start();
  const { dataDir, blobs: blobOptions, track, predictRemote, learn, monitor, run } = config;
  const threads = places.threads.map(({ name, stages }, at): StageThread => {
    const precedence = folding && { folding, place: name === "learn" ? null : mainPlace + 1 + at };
    const stageOptions = { track, predictRemote, learn, monitor, run };
    const ofThread = { dataDir, blobs: blobOptions, ...stageOptions, log: logOfThread(config.log, name) };
    return startStageThread({
      data: { name, stages, config: ofThread, partitions, precedence },
      log: config.log.adapter === "embedded" ? log : null,
      youngMegabytes: name === "learn" ? learnYoungMegabytes : null,
      heard: reports.hear,
      died: reports.threadDied,
      now: host.now,
      sleep: (ms) => host.sleep(ms),
    });
  });
  await Promise.all(threads.map((thread) => thread.started));
  const lifecycle = () => joinViews([supervisor.lifecycle(), ...threads.map((thread) => thread.lifecycle())]);
  const sweeper = startSweeping(log, blobs, lifecycle, host, logger);
  return {
    log,
    blobs,
    metrics: prometheus.metrics,
    exposition: {
      text: (format) =>
        prometheus.text(
          threads.map((thread) => thread.metrics()),
          format,
        ),
    },
    breathe,
    failed: failed.signal,
    why: () => why,
    trouble: () => trouble,
    lifecycle,
    async stop() {
      sweeper.abort();
      closeLag();
      const inTime = await Promise.all([supervisor.stop(), ...threads.map((thread) => thread.stop())]);
      const closed = await Promise.race([log.close().then(() => true), host.sleep(closeMs).then(() => false)]);
      return closed && inTime.every((one) => one);
    },
  };
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
