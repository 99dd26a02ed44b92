/**
 * What a sub-topology is to the runner: a fold per partition. The runner owns reading, committing, catch-up, snapshots and the clock;
 * a stage owns only its logic. Everything that `fold` returns is a function of the records folded so far (T5).
 */
import type { LogRecord } from "../log/port.ts";

export interface Emit {
  /** Queues an output of the record being folded (or of `poll`); it becomes visible with the commit that covers the record. */
  record(topic: string, key: string | null, value: Uint8Array | null, partition?: number): void;
  /** Stores bytes before the commit; returns their SHA-256 in hex. */
  blob(bytes: Uint8Array): string;
}

export interface StageTask {
  /**
   * Loads what the fold of these records needs (model blobs). May be slow; changes no store that `snapshot` writes.
   * Called before `fold` for every batch, in replay too. A number says how many of them it has prepared, from the first: only these are
   * folded now.
   */
  // biome-ignore lint/suspicious/noConfusingVoidType: most say nothing.
  prepare?(records: readonly LogRecord[]): Promise<number | void>;
  /** From now on `prepare` takes no longer than it must: the task is to end. */
  hurry?(): void;
  /** Grows with work that `prepare` does: a task whose work moves on does not stand still. */
  progress?(): number;
  /** Folds one record. Never throws for bad input: that is a dead letter. `live` is false in catch-up, where outputs are discarded. */
  fold(record: LogRecord, emit: Emit, live: boolean): void;
  /**
   * The whole store, in pieces: nothing is folded while they are taken, but other work has its turn between them. Restoring their
   * concatenation gives a task that folds alike (M2).
   */
  snapshot(): Iterable<Uint8Array>;
  /** Called once on a new task, before any fold; may load blobs. */
  restore(snapshot: Uint8Array): Promise<void>;
  /**
   * Called once, when the store is that of the committed offsets and nothing new was folded. A stage whose `poll` decides by the wall clock
   * reads back here what it decided, from what the same commits wrote.
   */
  caughtUp?(): Promise<void>;
  /** Rough bytes that `snapshot` would write: the runner spaces snapshots by it. */
  storeBytes(): number;
  /** Stream time at which a silent partition needs a `tick`, or null. Track only. */
  nextDeadline?(): number | null;
  /**
   * Called about once a second with the wall clock, between batches; what it emits is committed like any output. Never called on track. Long
   * work is done in slices, with `breathe` between them.
   */
  poll?(nowMs: number, emit: Emit, breathe: () => Promise<void> | null): void | Promise<void>;
  /** The commit that covers everything folded so far is durable: counters may count. */
  committed?(): void;
  /** Drops metrics and caches of this task. */
  close?(): void;
}

export interface Stage {
  /** Also the consumer group, prefixed: `driftline-track`. */
  readonly name: string;
  readonly inputs: readonly string[];
  /** Its tasks remember nothing: nothing is replayed, no snapshots are written. */
  readonly stateless?: boolean;
  /** What its tasks fold seldom puts anything out: offsets alone may wait for a commit, since folding again does no harm. */
  readonly commitsLater?: boolean;
  /** Before any task is made; rejects where the process cannot run it. */
  open?(): Promise<void>;
  task(partition: number): StageTask;
  /** After the last task has ended. */
  close?(): Promise<void>;
}
