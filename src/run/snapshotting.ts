/**
 * When a stream task's snapshots are taken. A small store is copied between two steps and deflated while later records are folded; a later
 * commit names the snapshot, at the offsets that it was taken at. So what must wait is the copy, not the deflating.
 */
import type { RunOptions } from "./options.ts";
import { copyStore, deflateSnapshot, type Snapshot, type SnapshotPlace } from "./snapshots.ts";
import type { Stage, StageTask } from "./stage.ts";

export interface Snapshotting {
  /** So many more records would be replayed. */
  folded(records: number): void;
  isDue(): boolean;
  /** Takes one of the store as it is. Null: it is under way; else the next commit names it. */
  take(place: SnapshotPlace): Promise<Snapshot | null>;
  /** The one that was under way, where the next commit names it. What is silent has time for it. */
  ripe(isSilent: boolean): Promise<Snapshot | null>;
  readonly isUnderway: boolean;
  /** One of the store as it is, whatever is under way; null where nothing would be replayed. */
  last(place: SnapshotPlace): Promise<Snapshot | null>;
}

export interface SnapshottingDeps {
  readonly stage: Pick<Stage, "stateless">;
  readonly task: Pick<StageTask, "snapshot" | "storeBytes">;
  readonly options: Pick<RunOptions, "snapshotRecordsMin" | "catchUpMax">;
  readonly breathe: () => Promise<void> | null;
}

/** A snapshot has this share of the records until the next one as its time: waiting for it at once would hold them up. */
const shareLater = 0.1;
/** A larger store is not copied: folding waits until it is deflated. In bytes. */
const copiedMax = 2 ** 24;

export function createSnapshotting({ stage, task, options, breathe }: SnapshottingDeps): Snapshotting {
  let records = 0;
  let underway: Promise<Snapshot> | null = null;

  /** A snapshot costs in proportion to the store, a replay in proportion to the records: they are spaced so that neither dominates. */
  function dueAfter(): number {
    const due = Math.max(options.snapshotRecordsMin, Math.floor(task.storeBytes() / 500));
    return Math.min(due, options.catchUpMax);
  }

  async function taken(place: SnapshotPlace): Promise<Snapshot> {
    return { place, blob: await deflateSnapshot(place, task.snapshot(), breathe) };
  }

  return {
    folded(more) {
      records += more;
    },
    isDue: () => stage.stateless !== true && underway === null && records >= dueAfter(),
    async take(place) {
      records = 0;
      if (task.storeBytes() > copiedMax) return taken(place);
      const copy = await copyStore(task.snapshot(), breathe);
      underway = deflateSnapshot(place, [copy], () => null).then((blob) => ({ place, blob }));
      // Whoever waits for it is told.
      underway.catch(() => {});
      return null;
    },
    async ripe(isSilent) {
      if (underway === null) return null;
      if (!isSilent && records < shareLater * dueAfter()) return null;
      const snapshot = await underway;
      underway = null;
      return snapshot;
    },
    get isUnderway() {
      return underway !== null;
    },
    async last(place) {
      if (stage.stateless === true || (records === 0 && underway === null)) return null;
      records = 0;
      underway = null;
      return taken(place);
    },
  };
}
