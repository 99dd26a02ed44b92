/** Gauges of the rolling accuracy, computed at scrape for (now - w, now] by the owner of the environment (M3), and monitor's counters. */
import type { Labels, Metrics, Sample } from "../stats/metrics.ts";
import { watchArms } from "./arms/gauges.ts";
import type { Skipped } from "./consistency/consistency.ts";
import { createConsistencyGauges } from "./consistency/gauges.ts";
import type { Environment } from "./environment.ts";
import { createExported } from "./exported.ts";
import { coverageOf, type Summary, summarise } from "./summary.ts";
import { tallyOf } from "./tally.ts";

const secondsBuckets = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60];

/** One scrape reads many gauges: what they share is computed once, and holds for so long. */
const scrapeMs = 50;

interface Row {
  readonly labels: Labels;
  readonly summary: Summary;
}
interface Computed {
  readonly at: number;
  readonly rows: readonly Row[];
  readonly coverage: readonly Sample[];
}

export type MonitorMetrics = ReturnType<typeof createMonitorMetrics>;

export function createMonitorMetrics(metrics: Metrics, now: () => number) {
  const exported = createExported<Environment>();
  const watchConsistency = createConsistencyGauges(metrics);
  const delay = metrics.histogram(
    "driftline_event_to_metric_seconds",
    "From the truth's append to its place in the metrics.",
    [],
    secondsBuckets,
  );
  const skipped = metrics.counter(
    "driftline_monitor_skipped_total",
    "Scores, outcomes and environments left out, by reason.",
    ["reason"],
  );
  const deadLetters = metrics.counter(
    "driftline_dead_letters_total",
    "Records that could not be used, by stage and reason.",
    ["stage", "reason"],
  );

  /** Gauges of one partition. `changed` says that what they are computed from has moved: within one scrape it is computed once. */
  function watch(watched: () => Iterable<Environment>): {
    readonly changed: () => void;
    readonly close: () => void;
  } {
    const environments = () => exported.of(watched);
    let computed: Computed | null = null;
    const compute = () => {
      const at = now();
      if (computed === null || at < computed.at || at - computed.at > scrapeMs)
        computed = computedOf(environments(), at);
      return computed;
    };
    const perWindow = (value: (summary: Summary) => number | null) => () =>
      compute().rows.flatMap(({ labels, summary }) => {
        const number = value(summary);
        return number === null ? [] : [{ labels, value: number }];
      });
    const gauge = (name: string, help: string, value: (summary: Summary) => number | null) =>
      metrics.gauge(name, help, ["environment", "predictor", "window"], perWindow(value));
    const removers = [
      exported.add(watched),
      watchConsistency(environments),
      watchArms(metrics, environments, now),
      metrics.gauge(
        "driftline_environments_unexported",
        "Environments watched whose gauges are not exported because a bound bites.",
        [],
        () => [{ labels: {}, value: exported.left() }],
      ),
      gauge(
        "driftline_next_state_accuracy_ratio",
        "Exact next states per try; windows without tries export nothing.",
        (one) => one.accuracy,
      ),
      gauge(
        "driftline_next_state_accuracy_ratio_lower",
        "Lower end of the accuracy's 95 % Wilson interval.",
        (one) => one.interval?.lower ?? null,
      ),
      gauge(
        "driftline_next_state_accuracy_ratio_upper",
        "Upper end of the accuracy's 95 % Wilson interval.",
        (one) => one.interval?.upper ?? null,
      ),
      gauge("driftline_next_state_accuracy_ratio_samples", "Tries in the window.", (one) => one.samples),
      gauge(
        "driftline_next_state_accuracy_always_valid_lower_ratio",
        "Lower end of the 95 % confidence sequence over everything.",
        (one) => one.alwaysValid?.lower ?? null,
      ),
      gauge(
        "driftline_next_state_accuracy_always_valid_upper_ratio",
        "Upper end of the 95 % confidence sequence over everything.",
        (one) => one.alwaysValid?.upper ?? null,
      ),
      gauge(
        "driftline_dynamic_accuracy_ratio",
        "Exact next states per try, where the state changed.",
        (one) => one.dynamicAccuracy,
      ),
      gauge(
        "driftline_skill_ratio",
        "Accuracy over the trivial baseline, paired: (a - a0) / (1 - a0).",
        (one) => one.skill,
      ),
      metrics.gauge(
        "driftline_ceiling_ratio",
        "Best accuracy of a model that never changes, on the steps of situations that came at least twice.",
        ["environment"],
        () => perEnvironment(environments(), (one) => one.ceiling.value()?.ratio ?? null),
      ),
      metrics.gauge(
        "driftline_ceiling_ratio_samples",
        "Steps of situations that came at least twice.",
        ["environment"],
        () => perEnvironment(environments(), (one) => one.ceiling.value()?.samples ?? 0),
      ),
      metrics.gauge(
        "driftline_coverage_ratio",
        "Share of transitions fit to be scored, by window.",
        ["environment", "window"],
        () => compute().coverage,
      ),
      metrics.gauge(
        "driftline_last_scored_timestamp_seconds",
        "When the newest scored truth was appended.",
        ["environment"],
        () => perEnvironment(environments(), (one) => (one.lastScored === 0 ? null : one.lastScored / 1000)),
      ),
    ];
    return {
      changed() {
        computed = null;
      },
      close() {
        for (const remove of removers) remove();
      },
    };
  }

  function computedOf(environments: Iterable<Environment>, at: number): Computed {
    const rows: Row[] = [];
    const coverage: Sample[] = [];
    for (const one of environments) {
      for (const window of one.windows) {
        const total = window.total(at);
        for (const name of one.predictors()) {
          const labels = { environment: one.name, predictor: name, window: window.name };
          rows.push({ labels, summary: summarise(tallyOf(total.predictors.get(name) ?? []), window.name === "all") });
        }
        const share = coverageOf([...total.quality].map(([quality, transitions]) => ({ quality, transitions })));
        if (share !== null) coverage.push({ labels: { environment: one.name, window: window.name }, value: share });
      }
    }
    return { at, rows, coverage };
  }

  function perEnvironment(
    environments: Iterable<Environment>,
    value: (environment: Environment) => number | null,
  ): readonly Sample[] {
    return [...environments].flatMap((one) => {
      const number = value(one);
      return number === null ? [] : [{ labels: { environment: one.name }, value: number }];
    });
  }

  return {
    watch,
    delay: (appendedAt: number) => delay.observe({}, Math.max(0, now() - appendedAt) / 1000),
    skipped: (reason: "environments" | "predictors" | Skipped) => skipped.add({ reason }),
    deadLetter: (reason: string) => deadLetters.add({ stage: "monitor", reason }),
  };
}
