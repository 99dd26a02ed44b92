/** Gauges of how simulated arms differ from the real one, read at scrape; a comparison is computed anew every few seconds at most. */
import type { ArmComparison } from "../../codec/records.ts";
import type { Metrics } from "../../stats/metrics.ts";
import type { Arms } from "./arms.ts";

export interface WithArms {
  readonly name: string;
  readonly arms: Pick<Arms, "comparisons">;
}

const labelNames = ["environment", "world_model", "agent", "arm"];

/** Returns how the gauges of a partition are removed. */
export function watchArms(metrics: Metrics, environments: () => readonly WithArms[], now: () => number): () => void {
  const gauge = (name: string, help: string, value: (comparison: ArmComparison) => number | null) =>
    metrics.gauge(name, help, labelNames, () => {
      const at = now();
      return environments().flatMap(({ name: environment, arms }) =>
        arms.comparisons(at).flatMap((comparison) => {
          const { worldModel: world_model, agent, arm } = comparison;
          const number = value(comparison);
          return number === null ? [] : [{ labels: { environment, world_model, agent, arm }, value: number }];
        }),
      );
    });
  const removers = [
    gauge(
      "driftline_arm_compared_tasks",
      "Tasks that ran in the arm and for real, of the newest episodes.",
      (one) => one.tasks,
    ),
    gauge(
      "driftline_arm_action_distance_ratio",
      "Total variation between the actions of the arm and of the real one on the same tasks.",
      (one) => one.actions?.distance ?? null,
    ),
    gauge(
      "driftline_arm_action_pvalue_ratio",
      "Its p by a permutation test within tasks.",
      (one) => one.actions?.p ?? null,
    ),
    gauge(
      "driftline_arm_length_difference_steps",
      "Steps per episode more than for real, on the same tasks.",
      (one) => one.steps?.difference ?? null,
    ),
    gauge(
      "driftline_arm_length_pvalue_ratio",
      "Its p by a permutation test within tasks.",
      (one) => one.steps?.p ?? null,
    ),
    gauge(
      "driftline_arm_novelty_difference_ratio",
      "Share of next states that no other real episode shows, more than for real.",
      (one) => one.novelty?.difference ?? null,
    ),
    gauge(
      "driftline_arm_novelty_pvalue_ratio",
      "Its p by a permutation test within tasks.",
      (one) => one.novelty?.p ?? null,
    ),
  ];
  return () => {
    for (const remove of removers) remove();
  };
}
