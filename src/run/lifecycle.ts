/**
 * What a process of stream tasks is doing, for `/readyz`, logs and metrics.
 *
 *   starting ──► catching-up ──► running ──► stopped (told to, or the partition went to another member)
 *      │              │             │
 *      ├──────────────┴─────────────┴──► stalled ──► as before, when it moves again
 *      │                                    │
 *      └────────────────────────────────────┴──► failed ──► starting (restart) or the end of the process
 */
export type TaskState = "starting" | "catching-up" | "running" | "stalled" | "stopped" | "failed";

export interface TaskView {
  readonly stage: string;
  readonly partition: number;
  readonly state: TaskState;
  /** Records replayed and to replay in catch-up. */
  readonly done: number;
  readonly total: number;
}

export type Phase = "starting" | "catch-up" | "running" | "stalled" | "stopping" | "stopped" | "failed";

export interface LifecycleView {
  readonly ready: boolean;
  readonly phase: Phase;
  readonly tasks: readonly TaskView[];
}

type Told = "running" | "stopping" | "stopped" | "failed";

export interface Lifecycle {
  view(): LifecycleView;
  task(stage: string, partition: number, state: Exclude<TaskState, "stalled">, done?: number, total?: number): void;
  /** Whether it stands still, whatever it was doing. */
  stalled(stage: string, partition: number, is: boolean): void;
  remove(stage: string, partition: number): void;
  phase(phase: Told): void;
}

export function createLifecycle(): Lifecycle {
  const tasks = new Map<string, TaskView>();
  const still = new Set<string>();
  let phase: Told | null = null;
  return {
    task(stage, partition, state, done = 0, total = 0) {
      tasks.set(`${stage}/${partition}`, { stage, partition, state, done, total });
    },
    stalled(stage, partition, is) {
      if (is) still.add(`${stage}/${partition}`);
      else still.delete(`${stage}/${partition}`);
    },
    remove(stage, partition) {
      tasks.delete(`${stage}/${partition}`);
      still.delete(`${stage}/${partition}`);
    },
    phase(next) {
      phase = next;
    },
    view() {
      const views = [...tasks].map(([key, task]): TaskView => (still.has(key) ? { ...task, state: "stalled" } : task));
      const ready = phase === "running" && views.every((task) => task.state === "running");
      return { ready, phase: phaseOf(phase, views, ready), tasks: views };
    },
  };
}

/** Several views as one: ready when all are, else in the phase that most needs to be known. */
export function joinViews(views: readonly LifecycleView[]): LifecycleView {
  const order = ["failed", "stopping", "stalled", "starting", "catch-up", "running", "stopped"] as const;
  return {
    ready: views.every((view) => view.ready),
    phase: order.find((phase) => views.some((view) => view.phase === phase)) ?? "starting",
    tasks: views.flatMap((view) => view.tasks),
  };
}

function phaseOf(phase: Told | null, tasks: readonly TaskView[], ready: boolean): Phase {
  if (phase === "stopping" || phase === "stopped" || phase === "failed") return phase;
  if (ready) return "running";
  if (tasks.some((task) => task.state === "stalled")) return "stalled";
  return tasks.some((task) => task.state === "catching-up") ? "catch-up" : "starting";
}
