/** One partition of track, fed by hand: what it writes for events that come one after the other on a clock of ours. */
import { createMemoryBlobs } from "../../src/blobs/memory.ts";
import { blankInteraction } from "../../src/codec/blank-interaction.ts";
import { codecs } from "../../src/codec/codecs.ts";
import type { DeadLetter, Outcome, Score, SituationRecord, Transition } from "../../src/codec/records.ts";
import type { Json } from "../../src/json/json.ts";
import type { LogRecord } from "../../src/log/port.ts";
import type { PredictorFactory } from "../../src/predictors/predictor.ts";
import { predictorFactories } from "../../src/predictors/registry.ts";
import type { StageTask } from "../../src/run/stage.ts";
import type { TrackOptions } from "../../src/track/options.ts";
import { createTrack } from "../../src/track/track.ts";
import { defaultsOf } from "./defaults.ts";
import { createRecorder, type Recorder } from "./recorder.ts";

export type Event = { readonly [key: string]: Json };

export interface Fed {
  readonly transitions: Transition[];
  readonly scores: Score[];
  readonly outcomes: Outcome[];
  readonly dead: DeadLetter[];
  readonly situations: SituationRecord[];
}

export interface TrackBench {
  readonly out: Fed;
  readonly recorder: Recorder;
  /** An event as JSON, an Avro value, or any bytes. `more`: what a log behind a schema registry says of the record. */
  send(event: Event | Uint8Array, key?: string | null, more?: Pick<LogRecord, "sent" | "refused">): void;
  /** The clock moves on; nothing happens before the next record. */
  wait(ms: number): void;
  /** A tick: lets everything that is due happen. */
  tick(): void;
  /** The drops of a reason in an environment. */
  drops(reason: string, environment?: string): number;
  /** Throws the task away and goes on from its snapshot. */
  restart(): Promise<void>;
  readonly now: () => number;
  task(): StageTask;
}

export const startMs = 1_700_000_000_000;

export function createTrackBench(
  change: Partial<TrackOptions> = {},
  factories: readonly PredictorFactory[] = predictorFactories,
  own: readonly string[] = [],
): TrackBench {
  const recorder = createRecorder();
  const stage = createTrack({
    options: { ...defaultsOf().track, ...change },
    factories,
    remoteIn: () => own.map((name) => ({ name, historySteps: 0 })),
    blobs: createMemoryBlobs(),
    metrics: recorder.metrics,
    partitions: 1,
    seconds: () => 0,
  });
  let task = stage.task(0);
  let now = startMs;
  let offset = 0;
  const out = {
    transitions: [] as Transition[],
    scores: [] as Score[],
    outcomes: [] as Outcome[],
    dead: [] as DeadLetter[],
    situations: [] as SituationRecord[],
  };
  const emit = {
    record(topic: string, _key: string | null, value: Uint8Array | null) {
      const bytes = value ?? new Uint8Array();
      if (topic === "transitions") out.transitions.push(codecs.transition.decode(bytes));
      else if (topic === "scores") out.scores.push(codecs.score.decode(bytes));
      else if (topic === "outcomes") out.outcomes.push(codecs.outcome.decode(bytes));
      else if (topic === "dead-letters") out.dead.push(codecs.deadLetter.decode(bytes));
      else out.situations.push(codecs.situation.decode(bytes));
    },
    blob: () => "",
  };

  function fold(key: string | null, value: Uint8Array, more: Pick<LogRecord, "sent" | "refused"> = {}): void {
    const place = { topic: "interactions", partition: 0, offset: offset++ };
    const record: LogRecord = { ...place, timestamp: now, key, value, ...more };
    task.fold(record, emit, true);
    task.committed?.();
  }

  return {
    out,
    recorder,
    send(event, key = null, more = {}) {
      now += 1;
      fold(key, event instanceof Uint8Array ? event : Buffer.from(JSON.stringify(event)), more);
    },
    wait(ms) {
      now += ms;
    },
    tick() {
      fold(null, tickBytes);
    },
    drops: (reason, environment = "w") =>
      recorder.count(`driftline_dropped_events_total{environment="${environment}",reason="${reason}"}`),
    async restart() {
      const snapshot = Buffer.concat([...task.snapshot()]);
      task = stage.task(0);
      await task.restore(snapshot);
    },
    now: () => now,
    task: () => task,
  };
}

const tickBytes = codecs.interaction.encode(blankInteraction);

/** Shorthands: every event is of episode `e` unless it says otherwise. */
export const reset = (more: Event = {}): Event => ({
  type: "reset",
  episode: "e",
  environment: "w",
  state: { n: 0 },
  ...more,
});
export const action = (step: number | null, more: Event = {}): Event => ({
  type: "action",
  episode: "e",
  action: "go",
  ...(step === null ? {} : { step }),
  ...more,
});
export const observation = (step: number | null, more: Event = {}): Event => ({
  type: "observation",
  episode: "e",
  ...("patch" in more ? {} : { state: { n: (step ?? 0) + 1 } }),
  ...(step === null ? {} : { step }),
  ...more,
});
export const step = (number: number | null, more: Event = {}): Event => ({
  type: "step",
  episode: "e",
  action: "go",
  ...("patch" in more ? {} : { state: { n: (number ?? 0) + 1 } }),
  ...(number === null ? {} : { step: number }),
  ...more,
});
export const prediction = (number: number, more: Event = {}): Event => ({
  type: "prediction",
  episode: "e",
  step: number,
  predictor: "theirs",
  ...("patch" in more ? {} : { state: { n: number + 1 } }),
  ...more,
});
export const end = (more: Event = {}): Event => ({ type: "end", episode: "e", success: true, ...more });
