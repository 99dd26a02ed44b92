/** What drift detection shows: where each reference's detector stands, its baseline, open alarms; counters of alarms and of what was let go. */
import type { Alarm } from "../../codec/records.ts";
import { createBoundedLabels } from "../../stats/bounded-labels.ts";
import type { Metrics, Sample } from "../../stats/metrics.ts";
import type { Lost } from "./drift.ts";
import type { SchemaView } from "./schema.ts";
import type { SeriesView } from "./series.ts";

const environmentsMax = 200;
const predictorsMax = 50;
const series = ["environment", "predictor"] as const;

export interface DriftGauges {
  readonly series: () => Iterable<SeriesView>;
  readonly schemas: () => Iterable<SchemaView & { readonly environment: string }>;
}

export function createDriftMetrics(metrics: Metrics) {
  const environment = createBoundedLabels(environmentsMax);
  const predictor = createBoundedLabels(predictorsMax);
  const alarms = metrics.counter("driftline_alarms_total", "Alarms raised.", [...series, "detector", "cause"]);
  const lost = metrics.counter("driftline_drift_lost_total", "What drift detection let go because a bound bit.", [
    "reason",
  ]);
  const labelsOf = (view: SeriesView) => ({
    environment: environment(view.environment),
    predictor: predictor(view.predictor),
  });

  /** Gauges of one partition; the returned function removes them. */
  function watch(gauges: DriftGauges): () => void {
    const each = (value: (view: SeriesView) => number | null) => (): readonly Sample[] =>
      [...gauges.series()].flatMap((view) => {
        const number = value(view);
        return number === null ? [] : [{ labels: labelsOf(view), value: number }];
      });
    const removers = [
      metrics.gauge(
        "driftline_drift_log_evalue",
        "ln of the e-SR statistic of a reference's episode means against its baseline; an alarm is raised at ln 5000.",
        series,
        each(({ logEvalue }) => (logEvalue === null ? null : Math.max(logEvalue, -1e3))),
      ),
      metrics.gauge(
        "driftline_drift_baseline_mature",
        "1: the baseline is frozen and alarms are raised; 0: episodes are still gathered.",
        series,
        each(({ frozen }) => (frozen === null ? 0 : 1)),
      ),
      metrics.gauge(
        "driftline_drift_baseline_episodes",
        "Episode means in the baseline.",
        series,
        each((view) => view.passages),
      ),
      metrics.gauge(
        "driftline_drift_baseline_error_ratio",
        "Mean error of an episode in the baseline.",
        series,
        each(({ frozen }) => frozen?.error.mean ?? null),
      ),
      metrics.gauge(
        "driftline_alarms_open",
        "Alarms that have not recovered: 1 each.",
        [...series, "cause", "status"],
        () =>
          [...gauges.series()].flatMap((view) =>
            view.alarm === null
              ? []
              : [{ labels: { ...labelsOf(view), cause: view.alarm.cause, status: view.alarm.status }, value: 1 }],
          ),
      ),
      metrics.gauge(
        "driftline_schema_news",
        "Places and words that are new, gone or retyped since the schema settled.",
        ["environment", "kind"],
        () => [...gauges.schemas()].flatMap((schema) => newsOf(schema)),
      ),
    ];
    return () => {
      for (const remove of removers) remove();
    };
  }

  function newsOf(schema: SchemaView & { readonly environment: string }): readonly Sample[] {
    const counts = new Map<string, number>();
    for (const { kind } of schema.news) counts.set(kind, (counts.get(kind) ?? 0) + 1);
    return [...counts].map(([kind, value]) => ({
      labels: { environment: environment(schema.environment), kind },
      value,
    }));
  }

  return {
    watch,
    alarm: (alarm: Alarm) =>
      alarms.add({
        environment: environment(alarm.environment),
        predictor: predictor(alarm.predictor),
        detector: alarm.detector,
        cause: alarm.cause,
      }),
    lost: (reason: Lost) => lost.add({ reason }),
  };
}
export type DriftMetrics = ReturnType<typeof createDriftMetrics>;
