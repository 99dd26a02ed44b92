/**
 * The coordinator, kept small: joins the groups of its stages, drives each assigned stream task in its own loop, restarts one that failed or
 * stands still from its committed note, and stops everything under one deadline. It knows no stage's logic and holds no store.
 */
import type { Blobs } from "../blobs/port.ts";
import {
  Fenced,
  type Log,
  type LogRecord,
  type Membership,
  OffsetGone,
  RegistryFailed,
  type TaskInput,
} from "../log/port.ts";
import { holdOf } from "./hold.ts";
import { createLifecycle, type LifecycleView } from "./lifecycle.ts";
import { NoteUnreadable } from "./note.ts";
import type { RunOptions } from "./options.ts";
import type { Begin } from "./precedence.ts";
import { SnapshotGone } from "./snapshots.ts";
import type { Stage } from "./stage.ts";
import { createStreamTask, type StreamTask } from "./stream-task.ts";
import { createTicker } from "./ticks.ts";
import { waitingRecords } from "./waiting.ts";
import { checkEveryMs, createWatchdog, type Stall, Stalled } from "./watchdog.ts";

export interface SupervisorDeps {
  readonly log: Log;
  readonly blobs: Blobs;
  readonly stages: readonly Stage[];
  readonly options: RunOptions;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly breathe: () => Promise<void> | null;
  readonly begin?: Begin;
  readonly onDefect: (stage: string, error: unknown, record: LogRecord) => void;
  /** A task failed and is restarted (`fatal` false), or the process cannot go on (`fatal` true). */
  readonly onFailure: (stage: string, partition: number, error: unknown, fatal: boolean) => void;
  /** A task stands still though records wait. */
  readonly onStall?: (stall: Stall) => void;
}

export interface Supervisor {
  start(): Promise<void>;
  lifecycle(): LifecycleView;
  /** How many partitions of each stage stand still now. */
  stalled(): ReadonlyMap<string, number>;
  /** Finishes batches, writes snapshots, leaves the groups. Resolves within `stopMs`: false where the deadline cut it short. */
  stop(): Promise<boolean>;
}

const fencedMs = 500;
/** Restarts are counted over this span. */
const restartWindowMs = 600_000;

/** One assigned partition, for as long as it is. */
interface Loop {
  /** The task finishes what it does; one that only catches up, which commits nothing, is left where it is. */
  stop(): void;
  /** The task is left where it is, whatever it does. */
  abandon(): void;
  readonly ended: Promise<void>;
}

/** One stream task in the life of a loop. */
interface Attempt {
  caughtUp: boolean;
  /** What it is doing takes no longer than it must. */
  hurry(): void;
  /** Ends the attempt from outside: with an error, as a failure of the task's. */
  end(error: Stalled | null): void;
}

export function groupOf(stage: string): string {
  return `driftline-${stage}`;
}

export function createSupervisor(deps: SupervisorDeps): Supervisor {
  const { log, options, now, onStall = () => {} } = deps;
  const lifecycle = createLifecycle();
  const memberships: Membership[] = [];
  const loops = new Map<string, Loop>();
  let stopping = false;
  const watchdog = createWatchdog(
    options,
    now,
    (stall) => {
      lifecycle.stalled(stall.stage, stall.partition, true);
      onStall(stall);
    },
    (stage, partition) => lifecycle.stalled(stage, partition, false),
  );

  async function watch(): Promise<void> {
    while (!stopping) {
      await deps.sleep(checkEveryMs(options));
      await watchdog.check();
    }
  }

  function assigned(stage: Stage, input: TaskInput): void {
    const key = `${stage.name}/${input.partition}`;
    // Where it was assigned before, its input is fenced.
    loops.get(key)?.abandon();
    let stopped = false;
    let attempt: Attempt | null = null;
    const ended = drive(
      stage,
      input,
      () => stopping || stopped,
      (next) => {
        attempt = next;
      },
    ).finally(() => {
      if (loops.get(key) === loop) loops.delete(key);
    });
    const loop: Loop = {
      stop() {
        stopped = true;
        attempt?.hurry();
        if (attempt?.caughtUp !== true) attempt?.end(null);
      },
      abandon() {
        stopped = true;
        attempt?.end(null);
      },
      ended,
    };
    loops.set(key, loop);
  }

  async function revoked(stage: Stage, partition: number): Promise<void> {
    const loop = loops.get(`${stage.name}/${partition}`);
    loop?.stop();
    if (loop !== undefined) await Promise.race([loop.ended, deps.sleep(options.stopMs)]);
    loop?.abandon();
    await loop?.ended;
    lifecycle.remove(stage.name, partition);
  }

  /** Runs the partition until stopped: a failed task is replaced by a new one from the committed note. */
  async function drive(
    stage: Stage,
    given: TaskInput,
    stopped: () => boolean,
    onAttempt: (attempt: Attempt) => void,
  ): Promise<void> {
    const { partition } = given;
    const failures: number[] = [];
    let settled = () => Promise.resolve();
    while (!stopped()) {
      try {
        await attemptOnce(stage, given, stopped, onAttempt, settled, (next) => {
          settled = next;
        });
        lifecycle.task(stage.name, partition, "stopped");
        return;
      } catch (error) {
        lifecycle.task(stage.name, partition, "failed");
        if (error instanceof Fenced) {
          // The partition goes, and will be revoked; where it does not, it was this process's all the time and is taken up again.
          await deps.sleep(fencedMs);
          continue;
        }
        failures.push(now());
        const recent = failures.filter((at) => now() - at < restartWindowMs).length;
        const fatal = isFatal(error) || recent > options.restartsMax;
        deps.onFailure(stage.name, partition, error, fatal);
        if (fatal) {
          lifecycle.phase("failed");
          return;
        }
        await deps.sleep(Math.min(100 * 2 ** recent, 5_000));
      }
    }
  }

  /** One task until it is stopped, fails or is ended from outside. `before` resolves when nothing of the one before it is on its way. */
  async function attemptOnce(
    stage: Stage,
    given: TaskInput,
    stopped: () => boolean,
    onAttempt: (attempt: Attempt) => void,
    before: () => Promise<void>,
    onSettled: (settled: () => Promise<void>) => void,
  ): Promise<void> {
    const hold = holdOf(given);
    onSettled(() => before().then(() => hold.settled()));
    let task: StreamTask | null = null;
    let end: Attempt["end"] = () => {};
    const ended = new Promise<void>((resolve, reject) => {
      end = (error) => (error === null ? resolve() : reject(error));
    });
    const attempt: Attempt = { caughtUp: false, end, hurry: () => task?.hurry() };
    onAttempt(attempt);
    const { name } = stage;
    const unwatch = watchdog.add({
      stage: name,
      partition: given.partition,
      progress: () => task?.progress() ?? 0,
      waiting: () => waitingRecords(log, given.partition, task?.position() ?? null),
      restart: (stall) => end(new Stalled(stall)),
    });

    async function run(): Promise<void> {
      lifecycle.task(name, given.partition, "starting");
      await before();
      task = await createStreamTask({ ...deps, stage, input: hold.input });
      await runTask(stage, hold.input, task, () => stopped() || hold.isReleased(), attempt);
    }

    const running = run();
    // Once it is ended from outside nobody waits for it any more.
    running.catch(() => {});
    try {
      await Promise.race([running, ended]);
    } finally {
      unwatch();
      hold.release();
      // Assigned in `run`, which the compiler does not see.
      (task as StreamTask | null)?.close();
    }
  }

  async function runTask(
    stage: Stage,
    input: TaskInput,
    task: StreamTask,
    stopped: () => boolean,
    attempt: Attempt,
  ): Promise<void> {
    const { name } = stage;
    const progress = (done: number, total: number) => {
      if (!stopped()) lifecycle.task(name, input.partition, "catching-up", done, total);
    };
    progress(0, 0);
    await task.catchUp(progress, stopped);
    if (stopped()) return;
    attempt.caughtUp = true;
    lifecycle.task(name, input.partition, "running");
    const ticker = createTicker(log, input.partition, options.tickMs, now);
    while (!stopped()) {
      const records = await task.step(options.readWaitMs);
      if (records === 0 && !stopped()) await ticker.silent(task.nextDeadline());
    }
    await task.settle();
  }

  return {
    async start() {
      await Promise.all(deps.stages.map((stage) => stage.open?.()));
      for (const stage of deps.stages) {
        if (stopping) return;
        memberships.push(
          await log.join(groupOf(stage.name), stage.inputs, {
            assigned: (input) => assigned(stage, input),
            revoked: (partition) => revoked(stage, partition),
            failed(error) {
              lifecycle.phase("failed");
              deps.onFailure(stage.name, -1, error, true);
            },
          }),
        );
      }
      if (stopping) return;
      lifecycle.phase("running");
      void watch();
    },
    lifecycle: () => lifecycle.view(),
    stalled() {
      const counts = new Map(deps.stages.map(({ name }) => [name, 0]));
      for (const { stage } of watchdog.stalled()) counts.set(stage, (counts.get(stage) ?? 0) + 1);
      return counts;
    },
    async stop() {
      stopping = true;
      lifecycle.phase("stopping");
      for (const loop of loops.values()) loop.stop();
      const settled = Promise.allSettled([...loops.values()].map((loop) => loop.ended))
        .then(() => Promise.allSettled(memberships.map((membership) => membership.leave())))
        .then(() => true);
      const inTime = await Promise.race([settled, deps.sleep(options.stopMs).then(() => false)]);
      for (const loop of loops.values()) loop.abandon();
      const closed = Promise.allSettled(deps.stages.map((stage) => stage.close?.()));
      await Promise.race([closed, deps.sleep(options.stopMs)]);
      lifecycle.phase("stopped");
      return inTime;
    },
  };
}

/** What a restart cannot mend. A registry was asked again for as long as `log.registry.deadlineMs` by then. */
function isFatal(error: unknown): boolean {
  return [OffsetGone, RegistryFailed, SnapshotGone, NoteUnreadable].some((kind) => error instanceof kind);
}
