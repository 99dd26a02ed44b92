/**
 * The log port: the one small surface on which every stage stands. Adapters: memory (tests), embedded (one machine), Kafka.
 * All adapters pass `test/contract/log.ts`. Timestamps are append times (LogAppendTime) and never decrease within a partition.
 */
import type { DeadLetterReason } from "../codec/dead-letter-reasons.ts";

export interface TopicSpec {
  readonly name: string;
  readonly partitions: number;
  /** `delete` drops the oldest by age and bytes; `compact` keeps the newest value of every key (a null value removes it). */
  readonly cleanup: "delete" | "compact";
  readonly retentionMs: number | null;
  readonly retentionBytes: number | null;
}

export interface LogRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** Append time, epoch ms. */
  readonly timestamp: number;
  readonly key: string | null;
  readonly value: Uint8Array | null;
  /** The bytes as they were sent, where `value` is another framing of them (`confluent/`). */
  readonly sent?: Uint8Array;
  /** Why a value in Confluent framing could not be made ours; `value` is as it was sent. */
  readonly refused?: { readonly reason: DeadLetterReason; readonly message: string };
}

/** The bytes of a record as its producer sent them: what a dead letter keeps. */
export function sentBytes({ sent, value }: Pick<LogRecord, "sent" | "value">): Uint8Array {
  return sent ?? value ?? new Uint8Array();
}

export interface OutRecord {
  readonly topic: string;
  readonly key: string | null;
  /** Null: murmur2 of the key, as Java clients do. A record without key and partition is refused. */
  readonly partition: number | null;
  readonly value: Uint8Array | null;
}

export interface Position {
  readonly partition: number;
  readonly offset: number;
}
/** `start` is the first offset still held, `end` the offset that the next record gets. */
export interface Range {
  readonly start: number;
  readonly end: number;
}
export interface ReadLimits {
  readonly recordsMax: number;
  readonly bytesMax: number;
}
export interface TopicInfo {
  readonly name: string;
  readonly cleanup: "delete" | "compact";
  readonly partitions: readonly Range[];
  /** As stored; null where the log cannot say. */
  readonly bytes: number | null;
}

/** Next offset to read, per input topic. */
export type Offsets = Readonly<Record<string, number>>;
export interface Committed {
  readonly offsets: Offsets;
  /** At most 4,096 bytes of UTF-8. */
  readonly note: string;
}

/** What a note may hold: Kafka's offset.metadata.max.bytes. */
export const noteBytesMax = 4096;

/**
 * One stream task's hold on partition `partition` of all its group's input topics (which have equal partition counts).
 * After `revoked` every call throws `Fenced`.
 */
export interface TaskInput {
  readonly group: string;
  readonly partition: number;
  committed(): Promise<Committed | null>;
  range(topic: string): Promise<Range>;
  /** Records at and behind `from`, in offset order per topic; waits up to `waitMs` for the first one. Offsets below the log's start throw `OffsetGone`. */
  read(from: Offsets, limits: ReadLimits, waitMs: number): Promise<readonly LogRecord[]>;
  /** Outputs, offsets and note as one atomic write; resolves when durable. */
  commit(commit: {
    readonly offsets: Offsets;
    readonly note: string;
    readonly outputs: readonly OutRecord[];
  }): Promise<void>;
}

export interface AssignmentListener {
  assigned(input: TaskInput): void;
  /** Called before the partition goes to another owner; the listener settles its work first. */
  revoked(partition: number): Promise<void>;
  /** The membership ended for a reason that cannot be retried. */
  failed(error: Error): void;
}
export interface Membership {
  leave(): Promise<void>;
}

export interface Log {
  /** Creates what is missing; an existing topic with another partition count is an error, never a change. */
  ensureTopics(specs: readonly TopicSpec[]): Promise<void>;
  topics(): Promise<readonly TopicInfo[]>;
  partitionCount(topic: string): Promise<number>;
  range(topic: string, partition: number): Promise<Range>;
  /** Appends all or nothing; resolves when durable, with positions in the order given. */
  append(records: readonly OutRecord[]): Promise<readonly Position[]>;
  /** Reads aside, without a group. An offset below the start continues at the start. */
  read(
    topic: string,
    partition: number,
    from: number,
    limits: ReadLimits,
    waitMs: number,
  ): Promise<readonly LogRecord[]>;
  join(group: string, topics: readonly string[], listener: AssignmentListener): Promise<Membership>;
  /** Records between each committed offset and the end: what `driftline_lag_records` shows. */
  lag(): Promise<readonly { readonly group: string; readonly topic: string; readonly records: number }[]>;
  close(): Promise<void>;
}

/** The partition belongs to somebody else now; nothing was written. */
export class Fenced extends Error {
  override readonly name = "Fenced";
}
/** A needed offset has fallen off the log. Fatal; the message holds the repair command. */
export class OffsetGone extends Error {
  override readonly name = "OffsetGone";
}
/** The log belongs to another process. */
export class LogLocked extends Error {
  override readonly name = "LogLocked";
}
/** The log cannot take more now (disk full, queue full): back off and retry. */
export class LogBusy extends Error {
  override readonly name = "LogBusy";
}
/** The schema registry gives no usable answer, so that records can be neither written nor told apart. Fatal; the message says what to mend. */
export class RegistryFailed extends Error {
  override readonly name = "RegistryFailed";
}
