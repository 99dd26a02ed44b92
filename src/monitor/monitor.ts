/**
 * `monitor`: scores and outcomes → rolling accuracy per environment and predictor, as gauges at scrape and as `rollups` for the page; drift of the
 * references, as alarms.
 */

import { CodecError, codecs } from "../codec/codecs.ts";
import type { DeadLetterReason } from "../codec/dead-letter-reasons.ts";
import type { WindowName } from "../codec/records.ts";
import { createSourceWatermark } from "../codec/source-watermark.ts";
import type { Json } from "../json/json.ts";
import type { LogRecord } from "../log/port.ts";
import { deadLetterOf } from "../run/dead-letter.ts";
import { havePassed } from "../run/passed.ts";
import type { Emit, Stage, StageTask } from "../run/stage.ts";
import type { Metrics } from "../stats/metrics.ts";
import { createDriftMetrics, type DriftMetrics } from "./drift/metrics.ts";
import { createDriftPart, type DriftPart } from "./drift/part.ts";
import { createEnvironment, type Environment, type PlainEnvironment } from "./environment.ts";
import { createMonitorMetrics, type MonitorMetrics } from "./metrics.ts";
import type { MonitorOptions } from "./options.ts";

export interface MonitorDeps {
  readonly options: MonitorOptions;
  readonly metrics: Metrics;
  /** Names of the predictors that run here: they are not references, but for their pinned versions. */
  readonly own: ReadonlySet<string>;
  /** Wall clock, epoch ms: for gauges at scrape. */
  readonly now: () => number;
}

/** Least time between two rollups of a window: longer windows move slowly. */
const rollupMs: Readonly<Record<WindowName, number>> = {
  "1m": 1_000,
  "5m": 1_000,
  "1h": 5_000,
  "24h": 60_000,
  all: 2_000,
};

export function createMonitor(deps: MonitorDeps): Stage {
  const metrics = createMonitorMetrics(deps.metrics, deps.now);
  const drifts = createDriftMetrics(deps.metrics);
  return {
    name: "monitor",
    inputs: ["commands", "scores", "outcomes"],
    task: () => createMonitorTask(deps, metrics, drifts),
  };
}

interface Written {
  at: number;
  /** Something came since. */
  dirty: boolean;
}

function createMonitorTask({ options, own }: MonitorDeps, metrics: MonitorMetrics, drifts: DriftMetrics): StageTask {
  const environments = new Map<string, Environment>();
  const watermarks = { scores: createSourceWatermark(), outcomes: createSourceWatermark() };
  const written = new Map<string, Record<WindowName, Written>>();
  let streamTime = 0;
  let counts: (() => void)[] = [];
  const watching = metrics.watch(() => environments.values());
  const drift = createDriftPart(options.drift, own, drifts);

  /** In order of the last use: where there are too many, the one that was silent for longest goes, with all that is known of it. */
  function environmentOf(name: string, live: boolean): Environment {
    const environment = environments.get(name) ?? createEnvironment(name, options);
    environments.delete(name);
    environments.set(name, environment);
    for (const oldest of environments.keys()) {
      if (environments.size <= options.environmentsMax) break;
      environments.delete(oldest);
      written.delete(oldest);
      drift.forget(oldest);
      if (live) counts.push(() => metrics.skipped("environments"));
    }
    return environment;
  }

  function touch(name: string): void {
    const known = written.get(name);
    if (known === undefined) written.set(name, { "1m": due(), "5m": due(), "1h": due(), "24h": due(), all: due() });
    else for (const one of Object.values(known)) one.dirty = true;
  }

  function takeScore(bytes: Uint8Array, live: boolean): void {
    const score = codecs.score.decode(bytes);
    if (!watermarks.scores.isNew(score.source)) return;
    const whole = environmentOf(score.environment, live).score(score, streamTime);
    if (score.arm !== "world_model") drift.score(score, streamTime);
    touch(score.environment);
    if (!live) return;
    if (!whole) counts.push(() => metrics.skipped("predictors"));
    // What is said later of the same step (an answer that came late, or never) is no delay of ours.
    if (score.first && score.arm !== "world_model" && score.entries.length > 0)
      counts.push(() => metrics.delay(score.appendedAt));
  }

  function takeOutcome(bytes: Uint8Array, live: boolean): void {
    const outcome = codecs.outcome.decode(bytes);
    if (!watermarks.outcomes.isNew(outcome.source)) return;
    const skipped = environmentOf(outcome.environment, live).outcome(outcome, streamTime);
    if (outcome.arm !== "world_model") drift.outcome(outcome, streamTime);
    touch(outcome.environment);
    if (live) for (const reason of skipped) counts.push(() => metrics.skipped(reason));
  }

  function obey(record: LogRecord, emit: Emit, live: boolean): void {
    const refused = drift.command(record.value ?? new Uint8Array(), streamTime);
    if (refused !== null && live) bury(record, refused, emit);
  }

  function bury(record: LogRecord, why: Why, emit: Emit): void {
    emit.record("dead-letters", record.key, deadLetter(record, why), record.key === null ? 0 : undefined);
    counts.push(() => metrics.deadLetter(why.reason));
  }

  function fold(record: LogRecord, emit: Emit, live: boolean): void {
    streamTime = Math.max(streamTime, record.timestamp);
    const bytes = record.value ?? new Uint8Array();
    try {
      if (record.topic === "commands") obey(record, emit, live);
      else if (record.topic === "outcomes") takeOutcome(bytes, live);
      else takeScore(bytes, live);
    } catch (error) {
      if (!(error instanceof CodecError)) throw error;
      if (live) bury(record, { reason: "undecodable", message: error.message, environment: null }, emit);
    }
    drift.flush(emit, live);
  }

  return {
    fold,
    poll(nowMs, emit) {
      drift.poll(nowMs, emit);
      for (const [name, environment] of environments) {
        const times = written.get(name);
        if (times === undefined) continue;
        for (const window of environment.windows) {
          const last = times[window.name];
          if (!havePassed(rollupMs[window.name], last.at, nowMs)) continue;
          const due = window.name === "all" && environment.arms.due(nowMs);
          if (!last.dirty && !due && !window.moves(last.at, nowMs)) continue;
          last.at = nowMs;
          last.dirty = false;
          emit.record(
            "rollups",
            JSON.stringify([name, window.name]),
            codecs.rollup.encode(environment.rollup(window, nowMs)),
          );
        }
      }
    },
    *snapshot() {
      const { scores, outcomes } = watermarks;
      const plain: Plain = { v: 1, streamTime, scores: scores.snapshot(), outcomes: outcomes.snapshot() };
      yield Buffer.from(JSON.stringify(plain));
      for (const environment of environments.values()) yield Buffer.from(`\n${JSON.stringify(environment.snapshot())}`);
      for (const part of drift.snapshot()) yield Buffer.from(`\n${JSON.stringify({ drift: part })}`);
    },
    async restore(snapshot) {
      const [head = "{}", ...lines] = Buffer.from(snapshot).toString("utf8").split("\n");
      const plain: Plain = JSON.parse(head);
      streamTime = plain.streamTime;
      watermarks.scores.restore(plain.scores);
      watermarks.outcomes.restore(plain.outcomes);
      environments.clear();
      const parts: DriftLine["drift"][] = [];
      for (const line of lines) {
        const one: PlainEnvironment | DriftLine = JSON.parse(line);
        if ("drift" in one) parts.push(one.drift);
        else {
          environmentOf(one.name, false).restore(one);
          touch(one.name);
        }
      }
      drift.restore(parts);
    },
    storeBytes: () => environments.size * 200_000,
    committed() {
      watching.changed();
      drift.committed();
      const all = counts;
      counts = [];
      for (const count of all) count();
    },
    close() {
      watching.close();
      drift.close();
    },
  };
}

interface Plain {
  readonly v: 1;
  readonly streamTime: number;
  readonly scores: Json;
  readonly outcomes: Json;
}

/** A line of the snapshot that is drift's own; a snapshot from before there was any has none. */
interface DriftLine {
  readonly drift: Parameters<DriftPart["restore"]>[0][number];
}

interface Why {
  readonly reason: DeadLetterReason;
  readonly message: string;
  readonly environment: string | null;
}

function due(): Written {
  return { at: 0, dirty: true };
}

function deadLetter(record: LogRecord, why: Why): Uint8Array {
  return codecs.deadLetter.encode(deadLetterOf(record, { stage: "monitor", ...why }));
}
