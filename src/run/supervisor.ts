/**
 * The coordinator, kept small: joins the groups of its stages, drives each assigned stream task in its own loop, restarts a failed one
 * from its committed note, and stops everything under one deadline. It knows no stage's logic and holds no store.
 */
import type { Blobs } from "../blobs/port.ts";
import { Fenced, type Log, type LogRecord, type Membership, OffsetGone, type TaskInput } from "../log/port.ts";
import { createLifecycle, type LifecycleView } from "./lifecycle.ts";
import { NoteUnreadable } from "./note.ts";
import type { RunOptions } from "./options.ts";
import { SnapshotGone } from "./snapshots.ts";
import type { Stage } from "./stage.ts";
import { createStreamTask, type StreamTask } from "./stream-task.ts";
import { createTicker } from "./ticks.ts";

export interface SupervisorDeps {
  readonly log: Log;
  readonly blobs: Blobs;
  readonly stages: readonly Stage[];
  readonly options: RunOptions;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly breathe: () => Promise<void> | null;
  readonly onDefect: (stage: string, error: unknown, record: LogRecord) => void;
  /** A task failed and is restarted (`fatal` false), or the process cannot go on (`fatal` true). */
  readonly onFailure: (stage: string, partition: number, error: unknown, fatal: boolean) => void;
}

export interface Supervisor {
  start(): Promise<void>;
  lifecycle(): LifecycleView;
  /** Finishes batches, writes snapshots, leaves the groups. Resolves within `stopMs`: false where the deadline cut it short. */
  stop(): Promise<boolean>;
}

/** Restarts are counted over this span. */
const restartWindowMs = 600_000;

export function groupOf(stage: string): string {
  return `driftline-${stage}`;
}

export function createSupervisor(deps: SupervisorDeps): Supervisor {
  const { log, options, now } = deps;
  const lifecycle = createLifecycle();
  const memberships: Membership[] = [];
  const loops = new Map<string, { stop(): void; readonly ended: Promise<void> }>();
  let stopping = false;

  function assigned(stage: Stage, input: TaskInput): void {
    const key = `${stage.name}/${input.partition}`;
    let revoked = false;
    const ended = drive(stage, input, () => stopping || revoked).finally(() => loops.delete(key));
    loops.set(key, {
      stop() {
        revoked = true;
      },
      ended,
    });
  }

  async function revoked(stage: Stage, partition: number): Promise<void> {
    const loop = loops.get(`${stage.name}/${partition}`);
    loop?.stop();
    await loop?.ended;
    lifecycle.remove(stage.name, partition);
  }

  /** Runs the partition until stopped: a failed task is replaced by a new one from the committed note. */
  async function drive(stage: Stage, input: TaskInput, stopped: () => boolean): Promise<void> {
    const failures: number[] = [];
    while (!stopped()) {
      let task: StreamTask | null = null;
      try {
        lifecycle.task(stage.name, input.partition, "starting");
        task = await createStreamTask({ ...deps, stage, input });
        await runTask(stage, input, task, stopped);
        lifecycle.task(stage.name, input.partition, "stopped");
        return;
      } catch (error) {
        lifecycle.task(stage.name, input.partition, "failed");
        if (error instanceof Fenced) return;
        failures.push(now());
        const recent = failures.filter((at) => now() - at < restartWindowMs).length;
        const fatal = isFatal(error) || recent > options.restartsMax;
        deps.onFailure(stage.name, input.partition, error, fatal);
        if (fatal) {
          lifecycle.phase("failed");
          return;
        }
        await deps.sleep(Math.min(100 * 2 ** recent, 5_000));
      } finally {
        task?.close();
      }
    }
  }

  async function runTask(stage: Stage, input: TaskInput, task: StreamTask, stopped: () => boolean): Promise<void> {
    const { name } = stage;
    lifecycle.task(name, input.partition, "catching-up");
    await task.catchUp((done, total) => lifecycle.task(name, input.partition, "catching-up", done, total), stopped);
    if (stopped()) return;
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
      for (const stage of deps.stages) {
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
      lifecycle.phase("running");
    },
    lifecycle: () => lifecycle.view(),
    async stop() {
      stopping = true;
      lifecycle.phase("stopping");
      const settled = Promise.allSettled([...loops.values()].map((loop) => loop.ended))
        .then(() => Promise.allSettled(memberships.map((membership) => membership.leave())))
        .then(() => true);
      const inTime = await Promise.race([settled, deps.sleep(options.stopMs).then(() => false)]);
      lifecycle.phase("stopped");
      return inTime;
    },
  };
}

/** What a restart cannot mend. */
function isFatal(error: unknown): boolean {
  return error instanceof OffsetGone || error instanceof SnapshotGone || error instanceof NoteUnreadable;
}
