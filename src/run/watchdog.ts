/**
 * Watches that stream tasks move. One that has something to do and does nothing for `stalledMs` is stalled: a metric and a line of the log say so.
 * After `stalledRestartMs` it is abandoned and made anew. What is done is told by a number that grows, not by the absence of errors: a promise that
 * never resolves, a consumer that silently fetches no more and a commit that is never answered all look the same.
 */
export interface WatchdogOptions {
  readonly stalledMs: number;
  readonly stalledRestartMs: number;
}

export interface Watched {
  readonly stage: string;
  readonly partition: number;
  /** Grows with everything that is done. */
  progress(): number;
  /** Records that wait, or 0. Asked only of one that stands still. */
  waiting(): Promise<number>;
  restart(stall: Stall): void;
}

export interface Stall {
  readonly stage: string;
  readonly partition: number;
  /** Seconds without progress. */
  readonly seconds: number;
  readonly waiting: number;
}

/** A stream task that did nothing for too long, though there was something to do. */
export class Stalled extends Error {
  override readonly name = "Stalled";
  constructor({ stage, partition, seconds, waiting }: Stall) {
    super(
      `${stage}/${partition} has done nothing for ${seconds} s though ${waiting === 1 ? "a record waits" : `${waiting} records wait`}`,
    );
  }
}

export interface Watchdog {
  /** Returns how it is taken out. */
  add(watched: Watched): () => void;
  /** Looks at all of them once. */
  check(): Promise<void>;
  /** Those that stand still now. */
  stalled(): readonly Pick<Stall, "stage" | "partition">[];
}

interface Entry {
  readonly watched: Watched;
  progress: number;
  movedAt: number;
  stalled: boolean;
  asking: boolean;
}

/** How often to look: well within the time after which something is stalled. */
export function checkEveryMs({ stalledMs }: WatchdogOptions): number {
  return Math.max(1, Math.min(10_000, Math.floor(stalledMs / 3)));
}

/** `onStall` is called when one begins to stand still, `onMoved` when it moves again or there is nothing to do any more. */
export function createWatchdog(
  options: WatchdogOptions,
  now: () => number,
  onStall: (stall: Stall) => void,
  onMoved: (stage: string, partition: number) => void,
): Watchdog {
  const entries = new Set<Entry>();
  const everyMs = checkEveryMs(options);
  let checkedAt = now();

  function moved(entry: Entry, at: number): void {
    entry.movedAt = at;
    if (entry.stalled) onMoved(entry.watched.stage, entry.watched.partition);
    entry.stalled = false;
  }

  async function look(entry: Entry, at: number): Promise<void> {
    const { watched } = entry;
    const progress = watched.progress();
    if (progress !== entry.progress) {
      entry.progress = progress;
      return moved(entry, at);
    }
    if (at - entry.movedAt < options.stalledMs || entry.asking) return;
    entry.asking = true;
    const waiting = await watched.waiting().finally(() => {
      entry.asking = false;
    });
    if (!entries.has(entry) || watched.progress() !== progress) return;
    if (waiting === 0) return moved(entry, at);
    const { stage, partition } = watched;
    const stall = { stage, partition, seconds: Math.round((at - entry.movedAt) / 1000), waiting };
    if (!entry.stalled) onStall(stall);
    entry.stalled = true;
    if (at - entry.movedAt < options.stalledRestartMs) return;
    moved(entry, at);
    watched.restart(stall);
  }

  return {
    add(watched) {
      const entry = { watched, progress: watched.progress(), movedAt: now(), stalled: false, asking: false };
      entries.add(entry);
      return () => {
        if (entry.stalled) onMoved(watched.stage, watched.partition);
        entries.delete(entry);
      };
    },
    async check() {
      const at = now();
      // A process that did not run itself (stopped, starved, suspended), or whose clock was set, blames none of its tasks for that time.
      const passed = at - checkedAt;
      checkedAt = at;
      if (passed < 0 || passed > 2 * everyMs) for (const entry of entries) entry.movedAt += passed - everyMs;
      await Promise.allSettled([...entries].map((entry) => look(entry, at)));
    },
    stalled: () =>
      [...entries].filter(({ stalled }) => stalled).map(({ watched: { stage, partition } }) => ({ stage, partition })),
  };
}
