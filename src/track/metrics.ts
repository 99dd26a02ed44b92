/** The counters of track. They gather while a batch is folded and count when its commit is durable; replays count nothing. */
import type { DropReason } from "../codec/dead-letter-reasons.ts";
import type { Outcome, Score, Transition } from "../codec/records.ts";
import { createBoundedLabels } from "../stats/bounded-labels.ts";
import type { Labels, Metrics } from "../stats/metrics.ts";

/** Environments and predictors come from input. */
const environmentsMax = 200;
const predictorsMax = 50;
const predictSecondsBuckets = [0.00001, 0.0001, 0.001, 0.01, 0.1, 1];

export type TrackMetrics = ReturnType<typeof createTrackMetrics>;

/** Shared by all partitions of a process. */
export function createTrackMetrics(metrics: Metrics) {
  const environment = createBoundedLabels(environmentsMax);
  const predictor = createBoundedLabels(predictorsMax);
  const interactions = metrics.counter("driftline_interactions_total", "Interaction events consumed.", [
    "environment",
    "type",
  ]);
  const deadLetters = metrics.counter(
    "driftline_dead_letters_total",
    "Records that could not be used, by stage and reason.",
    ["stage", "reason"],
  );
  const drops = metrics.counter("driftline_dropped_events_total", "Harmless events that changed nothing, by reason.", [
    "environment",
    "reason",
  ]);
  const misplaced = metrics.counter(
    "driftline_misplaced_events_total",
    "Events in a partition that is not their key's (librdkafka needs partitioner=murmur2_random).",
    [],
  );
  const transitions = metrics.counter("driftline_transitions_total", "Transitions, by quality; only ok is scored.", [
    "environment",
    "quality",
  ]);
  const outcomes = metrics.counter("driftline_episodes_total", "Episodes that ended, by how.", [
    "environment",
    "arm",
    "ending",
  ]);
  const predictions = metrics.counter(
    "driftline_predictions_total",
    "Predictions of real and transfer episodes against the truth; kind says whether the state changed.",
    ["environment", "predictor", "kind", "result"],
  );
  const fields = metrics.counter("driftline_fields_compared_total", "Leaves of truth and prediction compared.", [
    "environment",
    "predictor",
    "result",
  ]);
  const seconds = metrics.histogram(
    "driftline_predict_seconds",
    "Time of one inline prediction.",
    ["predictor"],
    predictSecondsBuckets,
  );

  function score(record: Score): void {
    if (record.arm === "world_model") return;
    const where = environment(record.environment);
    const kind = record.dynamic ? "dynamic" : "static";
    for (const entry of record.entries) {
      const name = predictor(entry.predictor);
      const result = entry.status === "answered" ? (entry.exact === true ? "match" : "mismatch") : entry.status;
      predictions.add({ environment: where, predictor: name, kind, result });
      if (entry.seconds !== null) seconds.observe({ predictor: name }, entry.seconds);
      if (entry.fieldsTotal === null || entry.fieldsEqual === null) continue;
      const which = { environment: where, predictor: name };
      fields.add({ ...which, result: "equal" }, entry.fieldsEqual);
      fields.add({ ...which, result: "different" }, entry.fieldsTotal - entry.fieldsEqual);
    }
  }

  return {
    interaction: (name: string, type: string) => interactions.add({ environment: environment(name), type }),
    deadLetter: (stage: string, reason: string) => deadLetters.add({ stage, reason }),
    drop: (name: string | null, reason: DropReason) =>
      drops.add({ environment: environment(name ?? "unknown"), reason }),
    misplaced: () => misplaced.add(noLabels),
    transition: (record: Transition) =>
      transitions.add({ environment: environment(record.environment), quality: record.quality }),
    score,
    outcome: (record: Outcome) =>
      outcomes.add({ environment: environment(record.environment), arm: record.arm, ending: record.ending }),
  };
}

const noLabels: Labels = {};
