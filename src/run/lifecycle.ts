/**
 * What a process of stream tasks is doing, for `/readyz`, logs and metrics.
 *
 *   starting ──► catching-up ──► running ──► stopped
 *                     │             │
 *                     └─────────────┴──► failed ──► starting (restart) or the end of the process
 */
export type TaskState = "starting" | "catching-up" | "running" | "stopped" | "failed";

export interface TaskView {
  readonly stage: string;
  readonly partition: number;
  readonly state: TaskState;
  /** Records replayed and to replay in catch-up. */
  readonly done: number;
  readonly total: number;
}

export interface LifecycleView {
  readonly ready: boolean;
  readonly phase: "starting" | "catch-up" | "running" | "stopping" | "stopped" | "failed";
  readonly tasks: readonly TaskView[];
}

export interface Lifecycle {
  view(): LifecycleView;
  task(stage: string, partition: number, state: TaskState, done?: number, total?: number): void;
  remove(stage: string, partition: number): void;
  phase(phase: "running" | "stopping" | "stopped" | "failed"): void;
}

export function createLifecycle(): Lifecycle {
  const tasks = new Map<string, TaskView>();
  let phase: "running" | "stopping" | "stopped" | "failed" | null = null;
  return {
    task(stage, partition, state, done = 0, total = 0) {
      tasks.set(`${stage}/${partition}`, { stage, partition, state, done, total });
    },
    remove: (stage, partition) => void tasks.delete(`${stage}/${partition}`),
    phase(next) {
      phase = next;
    },
    view() {
      const views = [...tasks.values()];
      const ready = phase === "running" && views.every((task) => task.state === "running");
      return { ready, phase: phaseOf(phase, views, ready), tasks: views };
    },
  };
}

/** Several views as one: ready when all are, else in the phase that most needs to be known. */
export function joinViews(views: readonly LifecycleView[]): LifecycleView {
  const order = ["failed", "stopping", "starting", "catch-up", "running", "stopped"] as const;
  return {
    ready: views.every((view) => view.ready),
    phase: order.find((phase) => views.some((view) => view.phase === phase)) ?? "starting",
    tasks: views.flatMap((view) => view.tasks),
  };
}

function phaseOf(
  phase: "running" | "stopping" | "stopped" | "failed" | null,
  tasks: readonly TaskView[],
  ready: boolean,
): LifecycleView["phase"] {
  if (phase === "stopping" || phase === "stopped" || phase === "failed") return phase;
  if (ready) return "running";
  return tasks.some((task) => task.state === "catching-up") ? "catch-up" : "starting";
}
