/** Writes what track derives: transitions, scores, outcomes, situations and dead letters, each with its source (its identity). */
import { codecs } from "../codec/codecs.ts";
import type { DeadLetterReason } from "../codec/dead-letter-reasons.ts";
import type { DeadLetterStage, Outcome, Score, SituationRecord, Source, Transition } from "../codec/records.ts";
import { type LogRecord, sentBytes } from "../log/port.ts";
import type { Emit } from "../run/stage.ts";
import type { TrackCounts } from "./metrics.ts";

type Without<T> = Omit<T, "source">;

export interface Writer {
  /** What is written from now on comes from this record. */
  begin(record: LogRecord, emit: Emit, live: boolean): void;
  /** Counts, live records alone; what is counted shows when the commit is durable. */
  count(counting: (counts: TrackCounts) => void): void;
  transition(record: Without<Transition>): void;
  /** `trace`: of the event that brought the truth; it leads from the metrics to it. */
  score(record: Without<Score>, trace: string | null): void;
  outcome(record: Without<Outcome>): void;
  situation(record: Without<SituationRecord>): void;
  dead(letter: Dead): void;
  committed(): void;
}

export interface Dead {
  readonly record: LogRecord;
  readonly stage: DeadLetterStage;
  readonly reason: DeadLetterReason;
  readonly message: string;
  readonly environment: string | null;
  readonly episode: string | null;
}

export function createWriter(counts: TrackCounts): Writer {
  let current: { record: LogRecord; emit: Emit; live: boolean } | null = null;
  let index = 0;

  function sourceOf(): Source {
    if (current === null) throw new Error("nothing is being folded");
    return { partition: current.record.partition, offset: current.record.offset, index: index++ };
  }

  /** In catch-up nothing is encoded: the outputs were written when the record was folded first. */
  function emitting(): Emit | null {
    return current?.live === true ? current.emit : null;
  }

  function count(counting: (counts: TrackCounts) => void): void {
    if (current?.live === true) counting(counts);
  }

  return {
    begin(record, emit, live) {
      current = { record, emit, live };
      index = 0;
    },
    count,
    transition(record) {
      const whole = { ...record, source: sourceOf() };
      emitting()?.record("transitions", record.environment, codecs.transition.encode(whole));
      count((counting) => counting.transition(whole));
    },
    score(record, trace) {
      const whole = { ...record, source: sourceOf() };
      emitting()?.record("scores", record.environment, codecs.score.encode(whole));
      count((counting) => counting.score(whole, trace));
    },
    outcome(record) {
      const whole = { ...record, source: sourceOf() };
      emitting()?.record("outcomes", record.environment, codecs.outcome.encode(whole));
      count((counting) => counting.outcome(whole));
    },
    situation(record) {
      const whole = { ...record, source: sourceOf() };
      emitting()?.record("situations", record.episode, codecs.situation.encode(whole));
    },
    dead({ record, stage, reason, message, environment, episode }) {
      sourceOf();
      const { topic, key, timestamp } = record;
      const source = { partition: record.partition, offset: record.offset, index: 0 };
      const value = sentBytes(record);
      const letter = {
        source,
        topic,
        key,
        stage,
        reason,
        message,
        environment,
        episode,
        time: timestamp,
        stack: null,
        value,
      };
      emitting()?.record("dead-letters", key, codecs.deadLetter.encode(letter), key === null ? 0 : undefined);
      count((counting) => counting.deadLetter(stage, reason));
    },
    committed: () => counts.commit(),
  };
}
