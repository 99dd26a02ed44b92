/**
 * What a thread asks of the log that another thread owns, and what it answers. Records travel packed, as buffers that change hands: cloning
 * them one by one would cost more than most folds.
 */
import { type FrameRecord, packFrame, unpackFrame } from "../frame.ts";
import type { Committed, Position, Range, ReadLimits, TopicInfo, TopicSpec } from "../port.ts";
import { Fenced, LogBusy, LogLocked, type LogRecord, OffsetGone, type Offsets, type OutRecord } from "../port.ts";

/** Consecutive records of one partition. */
export interface PackedRun {
  readonly topic: string;
  readonly partition: number;
  readonly base: number;
  readonly packed: Uint8Array<ArrayBuffer>;
}

export interface PackedOutputs {
  readonly places: readonly { readonly topic: string; readonly partition: number | null }[];
  readonly packed: Uint8Array<ArrayBuffer>;
}

export type Call =
  | { readonly call: "ensureTopics"; readonly specs: readonly TopicSpec[] }
  | { readonly call: "topics" }
  | { readonly call: "partitionCount"; readonly topic: string }
  | { readonly call: "range"; readonly topic: string; readonly partition: number }
  | { readonly call: "append"; readonly outputs: PackedOutputs }
  | {
      readonly call: "read";
      readonly topic: string;
      readonly partition: number;
      readonly from: number;
      readonly limits: ReadLimits;
      readonly waitMs: number;
    }
  | { readonly call: "lag" }
  | { readonly call: "join"; readonly member: number; readonly group: string; readonly topics: readonly string[] }
  | { readonly call: "leave"; readonly member: number }
  | { readonly call: "inputCommitted"; readonly input: number }
  | { readonly call: "inputRange"; readonly input: number; readonly topic: string }
  | {
      readonly call: "inputRead";
      readonly input: number;
      readonly from: Offsets;
      readonly limits: ReadLimits;
      readonly waitMs: number;
    }
  | {
      readonly call: "inputCommit";
      readonly input: number;
      readonly offsets: Offsets;
      readonly note: string;
      readonly outputs: PackedOutputs;
    };

/** What a call resolves with, as it travels. */
export interface Results {
  readonly ensureTopics: null;
  readonly topics: readonly TopicInfo[];
  readonly partitionCount: number;
  readonly range: Range;
  readonly append: readonly Position[];
  readonly read: readonly PackedRun[];
  readonly lag: readonly { readonly group: string; readonly topic: string; readonly records: number }[];
  readonly join: null;
  readonly leave: null;
  readonly inputCommitted: Committed | null;
  readonly inputRange: Range;
  readonly inputRead: readonly PackedRun[];
  readonly inputCommit: null;
}

export interface Failure {
  readonly name: string;
  readonly message: string;
}

export type ToOwner =
  | { readonly kind: "call"; readonly id: number; readonly request: Call }
  /** The member has settled a partition that was taken from it. */
  | { readonly kind: "settled"; readonly settling: number };

export type ToThread =
  | { readonly kind: "result"; readonly id: number; readonly value: Results[keyof Results] }
  | { readonly kind: "failure"; readonly id: number; readonly failure: Failure }
  | {
      readonly kind: "assigned";
      readonly member: number;
      readonly input: number;
      readonly group: string;
      readonly partition: number;
    }
  | { readonly kind: "revoked"; readonly member: number; readonly partition: number; readonly settling: number }
  | { readonly kind: "failed"; readonly member: number; readonly failure: Failure };

export function packRecords(records: readonly LogRecord[]): readonly PackedRun[] {
  const runs: PackedRun[] = [];
  for (let from = 0; from < records.length; ) {
    const first = records[from];
    if (first === undefined) break;
    const { topic, partition, offset: base } = first;
    let to = from + 1;
    while (records[to]?.topic === topic && records[to]?.partition === partition) to += 1;
    runs.push({ topic, partition, base, packed: packFrame(base, records.slice(from, to)) });
    from = to;
  }
  return runs;
}

export function unpackRecords(runs: readonly PackedRun[]): readonly LogRecord[] {
  const [only] = runs;
  if (only !== undefined && runs.length === 1) return unpackFrame(only.topic, only.partition, only.base, only.packed);
  return runs.flatMap(({ topic, partition, base, packed }) => unpackFrame(topic, partition, base, packed));
}

export function packOutputs(records: readonly OutRecord[]): PackedOutputs {
  const frame = records.map(({ key, value }, offset): FrameRecord => ({ offset, timestamp: 0, key, value }));
  return { places: records.map(({ topic, partition }) => ({ topic, partition })), packed: packFrame(0, frame) };
}

export function unpackOutputs({ places, packed }: PackedOutputs): readonly OutRecord[] {
  return unpackFrame("", 0, 0, packed).map(({ key, value }, at) => {
    const { topic, partition } = places[at] ?? { topic: "", partition: null };
    return { topic, partition, key, value };
  });
}

export function failureOf(error: unknown): Failure {
  return error instanceof Error
    ? { name: error.name, message: error.message }
    : { name: "Error", message: String(error) };
}

/** The error that the owner's log threw: callers tell the port's errors apart by their class. */
export function errorOf({ name, message }: Failure): Error {
  switch (name) {
    case "Fenced":
      return new Fenced(message);
    case "OffsetGone":
      return new OffsetGone(message);
    case "LogLocked":
      return new LogLocked(message);
    case "LogBusy":
      return new LogBusy(message);
    case "RangeError":
      return new RangeError(message);
    default:
      return new Error(message);
  }
}
