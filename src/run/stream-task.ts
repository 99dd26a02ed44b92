/**
 * One stream task: a stage's fold over one partition. The loop is read → prepare → fold → commit; the commit writes outputs, offsets
 * and note atomically (T3), counters count after it. Nothing here knows what a stage does.
 *
 * Invariants: the store always equals the fold of the input up to `positions`; between steps `positions` equal the committed offsets, or are
 * ahead of them by records that put nothing out; after any error the task is dead and a new one is made from the committed note.
 */

import type { Blobs } from "../blobs/port.ts";
import { codecs } from "../codec/codecs.ts";
import type { LogRecord, Offsets, OutRecord, TaskInput } from "../log/port.ts";
import { deadLetterOf } from "./dead-letter.ts";
import { type Note, noteText, parseNote } from "./note.ts";
import type { RunOptions } from "./options.ts";
import { havePassed } from "./passed.ts";
import type { Begin } from "./precedence.ts";
import { readSnapshot, type Snapshot, SnapshotGone, type SnapshotPlace, storeSnapshot } from "./snapshots.ts";
import { createSnapshotting } from "./snapshotting.ts";
import type { Stage, StageTask } from "./stage.ts";
import { createStaging, discard, type Staging } from "./staging.ts";

export interface StreamTaskDeps {
  readonly stage: Stage;
  readonly input: TaskInput;
  readonly blobs: Blobs;
  readonly options: RunOptions;
  /** Wall clock, epoch ms. */
  readonly now: () => number;
  /** Resolves when other work had its turn; called between records so that no batch blocks the process. */
  readonly breathe: () => Promise<void> | null;
  readonly begin?: Begin;
  /** Called for each exception of pure logic (E2). */
  readonly onDefect: (stage: string, error: unknown, record: LogRecord) => void;
}

export interface StreamTask {
  /** Restores and replays silently to the committed offset. `onProgress` gets records done and to do. `stopped` cancels between records. */
  catchUp(onProgress: (done: number, total: number) => void, stopped: () => boolean): Promise<void>;
  /** One batch: returns the number of records folded; 0 when the partition was silent for `waitMs`. */
  step(waitMs: number): Promise<number>;
  /** Stream time at which this silent partition needs a tick, or null. */
  nextDeadline(): number | null;
  /** Grows with everything that is done: where it stands still, nothing is. */
  progress(): number;
  /** Next offset per input, of what was committed here or caught up with; null in catch-up. */
  position(): Offsets | null;
  /** The step under way takes no longer than it must. */
  hurry(): void;
  /** Writes a last snapshot, so that the next owner starts at once. */
  settle(): Promise<void>;
  close(): void;
}

export async function createStreamTask(deps: StreamTaskDeps): Promise<StreamTask> {
  const { stage, input, blobs, options } = deps;
  const task = stage.task(input.partition);
  const limits = { recordsMax: options.batchRecordsMax, bytesMax: options.batchBytesMax };
  const positions: Record<string, number> = {};
  let note: Note = { snapshot: null, offsets: {} };
  const snapshotting = createSnapshotting({ stage, task, options, breathe: deps.breathe });
  let polledAt = deps.now();
  let committedAt = deps.now();
  /** Folded beyond what is committed: nothing of it put anything out. */
  let isAhead = false;
  let fullInRow = 0;
  let progress = 0;
  let position: Offsets | null = null;
  /** Read, but not prepared yet. */
  let held: readonly LogRecord[] = [];

  async function catchUp(onProgress: (done: number, total: number) => void, stopped: () => boolean): Promise<void> {
    const committed = await input.committed();
    progress += 1;
    if (committed === null) {
      for (const topic of stage.inputs) positions[topic] = (await input.range(topic)).start;
      note = { snapshot: null, offsets: { ...positions } };
      await task.caughtUp?.();
      position = { ...positions };
      return;
    }
    note = committed.note === "" ? { snapshot: null, offsets: committed.offsets } : parseNote(committed.note);
    if (note.snapshot !== null) await restore(note.snapshot, stopped, committed.note);
    if (stopped()) return;
    let total = 0;
    for (const topic of stage.inputs) {
      positions[topic] = note.offsets[topic] ?? 0;
      total += Math.max(0, (committed.offsets[topic] ?? 0) - (positions[topic] ?? 0));
    }
    snapshotting.folded(total);
    let done = 0;
    onProgress(done, total);
    while (done < total && !stopped()) {
      const read = await input.read(unreplayed(positions, committed.offsets), limits, 0);
      if (read.length === 0) break;
      const records = read.filter((record) => record.offset < (committed.offsets[record.topic] ?? 0));
      await task.prepare?.(records);
      for (const record of records) {
        if (stopped()) return;
        foldQuietly(task, record);
        progress += 1;
        await deps.breathe();
      }
      advance(positions, read);
      done += records.length;
      onProgress(done, total);
    }
    if (stopped()) return;
    for (const topic of stage.inputs) positions[topic] = committed.offsets[topic] ?? positions[topic] ?? 0;
    await task.caughtUp?.();
    position = { ...positions };
  }

  async function restore(hash: string, stopped: () => boolean, named: string): Promise<void> {
    const store = await readSnapshot(blobs, input.group, hash).catch(async (error: unknown) => {
      // Whoever has the partition by now has committed a newer one and deleted this: that is no loss.
      if (!(error instanceof SnapshotGone) || (await input.committed())?.note === named) throw error;
      throw new Error("the snapshot was replaced by a newer one while it was read");
    });
    progress += 1;
    if (stopped()) return;
    await task.restore(store);
    progress += 1;
  }

  async function step(waitMs: number): Promise<number> {
    const read = held.length > 0 ? held : await input.read(positions, limits, waitMs);
    const staging = createStaging();
    const prepared = read.length > 0 ? await task.prepare?.(read) : undefined;
    const records = read.slice(0, prepared ?? read.length);
    held = read.slice(records.length);
    await foldAll(records, staging);
    if (task.poll !== undefined && havePassed(options.pollMs, polledAt, deps.now())) {
      polledAt = deps.now();
      await task.poll(polledAt, staging, deps.breathe);
    }
    const isSilent = records.length === 0;
    if (isSilent && staging.records.length === 0 && !snapshotting.isUnderway && !isAhead) return 0;
    advance(positions, records);
    snapshotting.folded(records.length);
    for (const bytes of staging.blobs.values()) await blobs.put(bytes);
    const snapshot = await snapshotting.ripe(isSilent);
    isAhead =
      stage.commitsLater === true && !isSilent && staging.records.length === 0 && snapshot === null && !isOverdue();
    if (!isAhead) await commit(staging.records, snapshot);
    if (snapshotting.isDue()) await commitSnapshot(await snapshotting.take(place()));
    return records.length;
  }

  function isOverdue(): boolean {
    return havePassed(options.commitWaitMs, committedAt, deps.now());
  }

  async function foldAll(records: readonly LogRecord[], staging: Staging): Promise<void> {
    if (records.length === 0) return;
    const done = deps.begin?.(countFull(records));
    try {
      for (const record of records) {
        foldOne(record, staging);
        progress += 1;
        const pause = deps.breathe();
        if (pause !== null) await pause;
      }
    } finally {
      done?.();
    }
  }

  /** Full batches in a row, with this one: where it is full, more records wait, most likely. */
  function countFull(records: readonly LogRecord[]): number {
    const bytes = records.reduce((sum, { value }) => sum + (value?.length ?? 0), 0);
    const isFull = records.length >= limits.recordsMax || 2 * bytes >= limits.bytesMax;
    fullInRow = isFull ? fullInRow + 1 : 0;
    return fullInRow;
  }

  function foldOne(record: LogRecord, staging: Staging): void {
    const mark = staging.mark();
    try {
      task.fold(record, staging, true);
    } catch (error) {
      staging.rollBack(mark);
      deps.onDefect(stage.name, error, record);
      const letter = defectLetter(stage.name, record, error);
      staging.record("dead-letters", record.key, codecs.deadLetter.encode(letter), record.key === null ? 0 : undefined);
    }
  }

  function place(): SnapshotPlace {
    return { group: input.group, partition: input.partition, offsets: { ...positions } };
  }

  async function commitSnapshot(snapshot: Snapshot | null): Promise<void> {
    if (snapshot !== null || isAhead) await commit([], snapshot);
  }

  async function commit(records: readonly OutRecord[], snapshot: Snapshot | null): Promise<void> {
    const before = note;
    const offsets = { ...positions };
    let outputs = records;
    if (stage.stateless === true) note = { snapshot: null, offsets };
    if (snapshot !== null) {
      const { hash, manifest } = await storeSnapshot(blobs, snapshot, deps.now());
      note = { snapshot: hash, offsets: snapshot.place.offsets };
      outputs = [...records, manifest];
    }
    await input.commit({ offsets, note: noteText(note), outputs });
    committedAt = deps.now();
    isAhead = false;
    task.committed?.();
    progress += 1;
    position = offsets;
    if (before.snapshot !== null && before.snapshot !== note.snapshot) await blobs.delete(before.snapshot);
  }

  return {
    catchUp,
    step,
    progress: () => progress + (task.progress?.() ?? 0),
    hurry: () => task.hurry?.(),
    position: () => position,
    nextDeadline: () => task.nextDeadline?.() ?? null,
    settle: async () => commitSnapshot(await snapshotting.last(place())),
    close: () => task.close?.(),
  };
}

/** In catch-up a defect was already reported when the record was folded first. */
function foldQuietly(task: StageTask, record: LogRecord): void {
  try {
    task.fold(record, discard, false);
  } catch {
    // The same exception as then leaves the same store as then.
  }
}

/** Where to read on in catch-up: an input that is replayed already is not read, or what has come since would crowd out the other inputs. */
function unreplayed(positions: Offsets, committed: Offsets): Offsets {
  const beyond = Object.entries(positions).map(([topic, offset]) =>
    offset < (committed[topic] ?? 0) ? [topic, offset] : [topic, Number.MAX_SAFE_INTEGER],
  );
  return Object.fromEntries(beyond);
}

function advance(positions: Record<string, number>, records: readonly LogRecord[]): void {
  for (const { topic, offset } of records) {
    if (offset + 1 > (positions[topic] ?? 0)) positions[topic] = offset + 1;
  }
}

function defectLetter(stage: string, record: LogRecord, error: unknown) {
  return deadLetterOf(record, {
    stage: stage === "learn" || stage === "monitor" ? stage : "pair",
    reason: "defect",
    message: `Driftline's own logic threw: ${error instanceof Error ? error.message : String(error)}`,
    stack: error instanceof Error ? (error.stack ?? null) : null,
  });
}
