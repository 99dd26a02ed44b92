/** What learning on shows: what came of its rounds, what they were judged by, and what is remembered. Owned by the partition that has the environment. */
import { versionShownChars } from "../run/manifests.ts";
import { createBoundedLabels } from "../stats/bounded-labels.ts";
import type { Labels, Metrics, Sample } from "../stats/metrics.ts";
import { modelInfo } from "./metrics.ts";
import { countSteps } from "./round-order.ts";
import type { Tuning } from "./tuned.ts";

const environmentsMax = 200;

export type RoundOutcome = "begun" | "published" | "held-out" | "loss" | "nothing" | "failed";

export function createTuningMetrics(metrics: Metrics) {
  const environment = createBoundedLabels(environmentsMax);
  const rounds = metrics.counter(
    "driftline_tune_rounds_total",
    "Rounds of learning on, by what came of them; begun: the configured weights became the first version; held-out, loss, nothing: the new weights were dropped.",
    ["environment", "predictor", "result"],
  );
  const labelsOf = ({ environment: name, predictor }: Pick<Tuning, "environment" | "predictor">): Labels => {
    return { environment: environment(name), predictor };
  };

  /** Gauges of one partition; the returned function removes them. */
  function watch(tunings: () => Iterable<Tuning>): () => void {
    const samples = (value: (tuning: Tuning) => readonly (readonly [more: Labels, value: number])[]) => () =>
      [...tunings()].flatMap((tuning) =>
        value(tuning).map(([more, its]): Sample => ({ labels: { ...labelsOf(tuning), ...more }, value: its })),
      );
    const both = (before: number, after: number) => [
      [{ when: "before" }, before] as const,
      [{ when: "after" }, after] as const,
    ];
    const removers = [
      metrics.gauge(
        "driftline_tune_loss",
        "Mean loss of new steps in the last round that learnt, before and after it.",
        ["environment", "predictor", "when"],
        samples(({ last }) => (last === null ? [] : both(last.lossBefore, last.lossAfter))),
      ),
      metrics.gauge(
        "driftline_tune_held_out_exact_ratio",
        "Share of held-out steps answered exactly in the last round that learnt, before and after it.",
        ["environment", "predictor", "when"],
        samples(({ last }) =>
          last === null || last.heldOut === 0
            ? []
            : both(last.exactBefore / last.heldOut, last.exactAfter / last.heldOut),
        ),
      ),
      metrics.gauge(
        "driftline_tune_memory_steps",
        "Steps remembered for learning on: those that the newest version has not learnt from, those that are held out, and the rest.",
        ["environment", "predictor", "part"],
        samples(({ traces, learntTo, triedTo }) => {
          const { all, fresh, heldOut } = countSteps(traces.all(), learntTo, triedTo);
          return [
            [{ part: "new" }, fresh],
            [{ part: "replay" }, all - fresh - heldOut],
            [{ part: "held-out" }, heldOut],
          ];
        }),
      ),
      metrics.gauge(
        "driftline_training_memory_bytes",
        "Size of the training memory.",
        ["environment", "predictor"],
        samples(({ traces }) => [[{}, traces.bytes()]]),
      ),
      metrics.gauge(
        modelInfo.name,
        modelInfo.help,
        modelInfo.labels,
        samples(({ newest }) =>
          newest === null ? [] : [[{ version: newest.version.slice(0, versionShownChars), role: "live" }, 1]],
        ),
      ),
    ];
    return () => {
      for (const remove of removers) remove();
    };
  }

  return {
    watch,
    round: (tuning: Tuning, result: RoundOutcome) => rounds.add({ ...labelsOf(tuning), result }),
  };
}
export type TuningMetrics = ReturnType<typeof createTuningMetrics>;
