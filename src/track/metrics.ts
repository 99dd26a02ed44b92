/** The counters of track. They gather while a batch is folded and count when its commit is durable; replays count nothing. */
import { abstentionReasonOf } from "../codec/abstention-reasons.ts";
import { chosenIn } from "../codec/best-of-version.ts";
import type { DropReason } from "../codec/dead-letter-reasons.ts";
import type { Outcome, Score, Transition } from "../codec/records.ts";
import { bestOfName } from "../codec/reference-name.ts";
import { createBoundedLabels } from "../stats/bounded-labels.ts";
import type { Metrics } from "../stats/metrics.ts";
import { createStaged } from "../stats/staged.ts";
import { exemplarOf } from "../stats/trace.ts";

/** Environments, predictors and reasons come from input. */
const environmentsMax = 200;
const predictorsMax = 50;
const reasonsMax = 50;
const predictSecondsBuckets = [0.00001, 0.0001, 0.001, 0.01, 0.1, 1];

export interface TrackMetrics {
  /** Counters of one stream task. */
  stage(): TrackCounts;
}
export type TrackCounts = ReturnType<typeof stageCounts>;

/** Shared by all partitions of a process. */
export function createTrackMetrics(metrics: Metrics): TrackMetrics {
  const clients = clientsOf(metrics);
  const labels = {
    environment: createBoundedLabels(environmentsMax),
    predictor: createBoundedLabels(predictorsMax),
    reason: createBoundedLabels(reasonsMax),
  };
  return { stage: () => stageCounts(clients, labels) };
}

function clientsOf(metrics: Metrics) {
  return {
    interactions: metrics.counter("driftline_interactions_total", "Interaction events consumed.", [
      "environment",
      "type",
    ]),
    deadLetters: metrics.counter(
      "driftline_dead_letters_total",
      "Records that could not be used, by stage and reason.",
      ["stage", "reason"],
    ),
    drops: metrics.counter("driftline_dropped_events_total", "Harmless events that changed nothing, by reason.", [
      "environment",
      "reason",
    ]),
    misplaced: metrics.counter(
      "driftline_misplaced_events_total",
      "Events in a partition that is not their key's (librdkafka needs partitioner=murmur2_random).",
      [],
    ),
    transitions: metrics.counter("driftline_transitions_total", "Transitions, by quality; only ok is scored.", [
      "environment",
      "quality",
    ]),
    outcomes: metrics.counter("driftline_episodes_total", "Episodes that ended, by how.", [
      "environment",
      "arm",
      "ending",
    ]),
    predictions: metrics.counter(
      "driftline_predictions_total",
      "Predictions of real and transfer episodes against the truth; kind says whether the state changed.",
      ["environment", "predictor", "kind", "result"],
    ),
    abstentions: metrics.counter(
      "driftline_abstentions_total",
      "Steps about which a predictor said nothing, of real and transfer episodes, by its reason.",
      ["environment", "predictor", "reason"],
    ),
    bestOf: metrics.counter("driftline_best_of_total", "Steps that best-of answered, by the predictor that it chose.", [
      "environment",
      "predictor",
    ]),
    unasked: metrics.counter(
      "driftline_predict_unasked_total",
      "Steps about which a remote predictor was not asked, because it answers slower than steps come.",
      ["predictor"],
    ),
    fields: metrics.counter("driftline_fields_compared_total", "Leaves of truth and prediction compared.", [
      "environment",
      "predictor",
      "result",
    ]),
    seconds: metrics.histogram(
      "driftline_predict_seconds",
      "Time of one inline prediction.",
      ["predictor"],
      predictSecondsBuckets,
    ),
  };
}

function stageCounts(
  clients: ReturnType<typeof clientsOf>,
  {
    environment,
    predictor,
    reason,
  }: Readonly<Record<"environment" | "predictor" | "reason", (value: string) => string>>,
) {
  const staged = createStaged();
  const interactions = staged.counter(clients.interactions);
  const deadLetters = staged.counter(clients.deadLetters);
  const drops = staged.counter(clients.drops);
  const misplaced = staged.counter(clients.misplaced);
  const transitions = staged.counter(clients.transitions);
  const outcomes = staged.counter(clients.outcomes);
  const predictions = staged.counter(clients.predictions);
  const abstentions = staged.counter(clients.abstentions);
  const bestOf = staged.counter(clients.bestOf);
  const unasked = staged.counter(clients.unasked);
  const fields = staged.counter(clients.fields);
  const seconds = staged.histogram(clients.seconds);

  function score(record: Score, trace: string | null): void {
    if (record.arm === "world_model") return;
    const where = environment(record.environment);
    const exemplar = exemplarOf(trace);
    const kind = record.dynamic ? "dynamic" : "static";
    for (const entry of record.entries) {
      const name = predictor(entry.predictor);
      const result = entry.status === "answered" ? (entry.exact === true ? "match" : "mismatch") : entry.status;
      predictions.add({ environment: where, predictor: name, kind, result }, 1, exemplar);
      if (entry.status === "abstained")
        abstentions.add({ environment: where, predictor: name, reason: reason(abstentionReasonOf(entry.reason)) });
      if (entry.predictor === bestOfName && entry.status === "answered")
        bestOf.add({ environment: where, predictor: predictor(chosenIn(entry)) });
      if (entry.seconds !== null) seconds.observe({ predictor: name }, entry.seconds, exemplar);
      if (entry.fieldsTotal === null || entry.fieldsEqual === null) continue;
      const which = { environment: where, predictor: name };
      fields.add({ ...which, result: "equal" }, entry.fieldsEqual);
      fields.add({ ...which, result: "different" }, entry.fieldsTotal - entry.fieldsEqual);
    }
  }

  return {
    commit: () => staged.commit(),
    interaction: (name: string, type: string) => interactions.add({ environment: environment(name), type }),
    deadLetter: (stage: string, reason: string) => deadLetters.add({ stage, reason }),
    drop: (name: string | null, reason: DropReason) =>
      drops.add({ environment: environment(name ?? "unknown"), reason }),
    misplaced: () => misplaced.add({}),
    unasked: (name: string) => unasked.add({ predictor: predictor(name) }),
    transition: (record: Transition) =>
      transitions.add({ environment: environment(record.environment), quality: record.quality }),
    score,
    outcome: (record: Outcome) =>
      outcomes.add({ environment: environment(record.environment), arm: record.arm, ending: record.ending }),
  };
}
