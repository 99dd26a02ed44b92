/** The metrics of remote predictors. What became of situations counts when it is committed, work where it is done. */
import { type Backend, type WorkCount, workCounts } from "../predictors/remote.ts";
import type { Counter, Labels, Metrics } from "../stats/metrics.ts";
import { createStaged } from "../stats/staged.ts";
import type { Answer } from "./batcher.ts";

const secondsBuckets = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30];
const batchBuckets = [1, 2, 4, 8, 16, 32, 64, 128];

export interface RemoteMetrics {
  /** Counts of one stream task. */
  stage(): RemoteCounts;
  call(situations: number, seconds: number): void;
  work(what: WorkCount, by: number): void;
  trouble(): void;
}

export interface RemoteCounts {
  /** `as`: the predictor's name, or that of its reference. */
  answered(answer: Answer, as: string): void;
  dead(): void;
  commit(): void;
}

/** `backend`: of the one that is open; null where none is. */
export function createRemoteMetrics(
  metrics: Metrics,
  predictor: string,
  now: { readonly backend: () => Backend | null; readonly waiting: () => number },
): RemoteMetrics {
  const its: Labels = { predictor };
  const situations = metrics.counter(
    "driftline_remote_situations_total",
    "Situations by what their remote predictor made of them; late: past the deadline before it was asked.",
    ["predictor", "result"],
  );
  const deadLetters = metrics.counter(
    "driftline_dead_letters_total",
    "Records that could not be used, by stage and reason.",
    ["stage", "reason"],
  );
  const seconds = metrics.histogram(
    "driftline_remote_call_seconds",
    "Time of one call of a remote predictor.",
    ["predictor"],
    secondsBuckets,
  );
  const sizes = metrics.histogram(
    "driftline_remote_call_situations",
    "Situations of one call of a remote predictor.",
    ["predictor"],
    batchBuckets,
  );
  const troubles = metrics.counter(
    "driftline_remote_predictor_failures_total",
    "Times that a remote predictor was lost or could not be opened, and was opened anew.",
    ["predictor"],
  );
  const work = workCounters(metrics);
  metrics.gauge(
    "driftline_backend_info",
    "What a remote predictor computes with: 1 for the one that is open.",
    ["predictor", "backend", "device"],
    () => {
      const backend = now.backend();
      return backend === null
        ? []
        : [{ labels: { ...its, backend: backend.name, device: backend.device.slice(0, 128) }, value: 1 }];
    },
  );
  metrics.gauge("driftline_remote_waiting", "Situations that wait for a call.", ["predictor"], () => [
    { labels: its, value: now.waiting() },
  ]);
  return {
    stage() {
      const staged = createStaged();
      const counted = staged.counter(situations);
      const dead = staged.counter(deadLetters);
      return {
        answered: (answer, as) =>
          counted.add({ predictor: as, result: answer.form === "late" ? "late" : answer.prediction.status }),
        dead: () => dead.add({ stage: "predict", reason: "undecodable" }),
        commit: () => staged.commit(),
      };
    },
    call(batch, took) {
      seconds.observe(its, took);
      sizes.observe(its, batch);
    },
    work(what, by) {
      work[what].add({ ...its, ...workCounts[what][2] }, by);
    },
    trouble: () => troubles.add(its),
  };
}

function workCounters(metrics: Metrics): Readonly<Record<WorkCount, Counter>> {
  const entries = Object.entries(workCounts).map(([what, [name, help, labels]]) => [
    what,
    metrics.counter(name, help, ["predictor", ...Object.keys(labels)]),
  ]);
  return Object.fromEntries(entries);
}
