/** What learning shows: how much was learnt, which version is the newest. Owned by the partition that has the environment. */
import type { Model } from "../codec/records.ts";
import { versionShownChars } from "../run/manifests.ts";
import { createBoundedLabels } from "../stats/bounded-labels.ts";
import type { Metrics, Sample } from "../stats/metrics.ts";
import type { Learning } from "./logic.ts";

const environmentsMax = 200;

/** Shown of whatever has versions. */
export const modelInfo = {
  name: "driftline_model_info",
  help: "Versions of each learnt predictor: live is the newest, reference the pinned one; the value is always 1.",
  labels: ["environment", "predictor", "version", "role"],
} as const;

export function createLearnMetrics(metrics: Metrics) {
  const environment = createBoundedLabels(environmentsMax);
  const learnt = metrics.counter("driftline_learnt_transitions_total", "Transitions learnt from.", [
    "environment",
    "predictor",
  ]);
  const published = metrics.counter("driftline_models_published_total", "Model versions published.", [
    "environment",
    "predictor",
  ]);
  const skipped = metrics.counter("driftline_learn_skipped_total", "Transitions not learnt from, by reason.", [
    "reason",
  ]);
  const deadLetters = metrics.counter(
    "driftline_dead_letters_total",
    "Records that could not be used, by stage and reason.",
    ["stage", "reason"],
  );

  function info(name: string, predictor: string, version: string, role: "live" | "reference"): Sample {
    const labels = { environment: environment(name), predictor, version: version.slice(0, versionShownChars), role };
    return { labels, value: 1 };
  }

  /** Gauges of one partition's learners and references; the returned function removes them. */
  function watch(learnings: () => Iterable<Learning>, references: () => Iterable<Model>): () => void {
    const samples = (value: (learning: Learning) => number) => (): readonly Sample[] =>
      [...learnings()].map((learning) => ({
        labels: { environment: environment(learning.environment), predictor: learning.predictor },
        value: value(learning),
      }));
    const removers = [
      metrics.gauge(
        "driftline_training_transitions",
        "Transitions that the learner has learnt from.",
        ["environment", "predictor"],
        samples((one) => one.learner.transitions),
      ),
      metrics.gauge(
        "driftline_model_versions",
        "Versions published by this learner.",
        ["environment", "predictor"],
        samples((one) => one.published),
      ),
      metrics.gauge(modelInfo.name, modelInfo.help, modelInfo.labels, () => [
        ...[...learnings()].flatMap(({ environment: name, predictor, version }) =>
          version === "" ? [] : [info(name, predictor, version, "live")],
        ),
        ...[...references()].flatMap(({ environment: name, predictor, version, reference }) =>
          reference?.pinned === true ? [info(name, predictor, version, "reference")] : [],
        ),
      ]),
      metrics.gauge(
        "driftline_training_memory_bytes",
        "Size of the training memory.",
        ["environment", "predictor"],
        samples((one) => one.learner.storeBytes()),
      ),
    ];
    return () => {
      for (const remove of removers) remove();
    };
  }

  return {
    watch,
    learnt: (name: string, predictor: string) => learnt.add({ environment: environment(name), predictor }),
    published: (name: string, predictor: string) => published.add({ environment: environment(name), predictor }),
    skipped: (reason: "quality" | "arm" | "environments") => skipped.add({ reason }),
    deadLetter: (reason: string) => deadLetters.add({ stage: "learn", reason }),
  };
}
export type LearnMetrics = ReturnType<typeof createLearnMetrics>;
