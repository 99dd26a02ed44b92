/** Drift detection as a part of monitor's stream task: what it is given, what it writes and counts, what it remembers. */
import { CodecError, codecs } from "../../codec/codecs.ts";
import type { DeadLetterReason } from "../../codec/dead-letter-reasons.ts";
import type { Alarm, Baseline, Command, Outcome, Score } from "../../codec/records.ts";
import type { Emit } from "../../run/stage.ts";
import { createDrift, type PlainOpen } from "./drift.ts";
import type { DriftMetrics } from "./metrics.ts";
import { type DriftOptions, episodesWantedOf } from "./options.ts";
import type { SeriesView } from "./series.ts";
import type { PlainWatch } from "./watch.ts";

export interface Refused {
  readonly reason: DeadLetterReason;
  readonly message: string;
  readonly environment: string;
}

export interface DriftPart {
  score(score: Score, streamTime: number): void;
  outcome(outcome: Outcome, streamTime: number): void;
  /** Obeys a command; what cannot be done is returned. Commands of other stages, and what is no command, are theirs. */
  command(bytes: Uint8Array, streamTime: number): Refused | null;
  /** Writes what was raised since; call it after each record. */
  flush(emit: Emit, live: boolean): void;
  /** Says where baselines and detectors stand, where something moved. */
  poll(nowMs: number, emit: Emit): void;
  forget(environment: string): void;
  committed(): void;
  snapshot(): Iterable<PlainOpen | PlainWatch>;
  restore(parts: readonly (PlainOpen | PlainWatch)[]): void;
  close(): void;
}

export function createDriftPart(options: DriftOptions, own: ReadonlySet<string>, metrics: DriftMetrics): DriftPart {
  let raised: Alarm[] = [];
  let counts: (() => void)[] = [];
  let live = false;
  /** By environment and predictor: the record as it was written last, but for its time. */
  let written = new Map<string, string>();
  const drift = createDrift({
    options,
    own,
    raise: (alarm) => void raised.push(alarm),
    lost: (why) => void (live && counts.push(() => metrics.lost(why))),
  });
  const unwatch = metrics.watch({ series: drift.series, schemas: drift.schemas });

  function commandOf(bytes: Uint8Array): Command | null {
    try {
      return codecs.command.decode(bytes);
    } catch (error) {
      // Learning reads the same topic, and buries what is no command.
      if (error instanceof CodecError) return null;
      throw error;
    }
  }

  return {
    score: drift.score,
    outcome: drift.outcome,
    command(bytes, streamTime) {
      const command = commandOf(bytes);
      if (command === null || drift.command(command, streamTime)) return null;
      const { environment, target } = command;
      if (command.command === "acknowledge")
        return { reason: "unknown-alarm", message: `no alarm ${target} is open in ${environment}`, environment };
      return { reason: "unknown-baseline", message: `${target} has no baseline in ${environment}`, environment };
    },
    flush(emit, isLive) {
      live = isLive;
      if (raised.length === 0) return;
      const all = raised;
      raised = [];
      if (!isLive) return;
      for (const alarm of all) {
        emit.record("alarms", alarm.environment, codecs.alarm.encode(alarm));
        if (alarm.status === "open") counts.push(() => metrics.alarm(alarm));
      }
    },
    poll(nowMs, emit) {
      const seen = new Map<string, string>();
      for (const view of drift.series()) {
        const key = JSON.stringify([view.environment, view.predictor]);
        const record = baselineRecord(view, episodesWantedOf(options, view.environment), 0);
        const text = JSON.stringify(record);
        seen.set(key, text);
        if (written.get(key) === text) continue;
        emit.record("baselines", key, codecs.baseline.encode({ ...record, at: nowMs }));
      }
      written = seen;
    },
    forget: drift.forget,
    committed() {
      const due = counts;
      counts = [];
      for (const count of due) count();
    },
    snapshot: drift.snapshot,
    restore: drift.restore,
    close: unwatch,
  };
}

function baselineRecord(view: SeriesView, episodesWanted: number, at: number): Baseline {
  const { environment, predictor, version, passages, since, frozen, logEvalue, limit, renewal } = view;
  return {
    environment,
    predictor,
    version,
    mature: frozen !== null,
    episodes: passages,
    episodesWanted,
    mean: frozen?.error.mean ?? null,
    upper: frozen?.error.upper ?? null,
    since,
    until: frozen?.profile.until ?? null,
    logEvalue: logEvalue === null ? null : Math.max(logEvalue, -1e3),
    limit,
    author: renewal?.author ?? null,
    note: renewal?.note ?? null,
    at,
  };
}
