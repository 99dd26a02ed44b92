/** Gauges of the consistency ratio, computed at scrape from the counts of every environment that a partition owns. */
import type { ConsistencyCell } from "../../codec/records.ts";
import { averagesOf, type Consistency, consistencyOf } from "../../stats/consistency-ratio.ts";
import type { Labels, Metrics, Sample } from "../../stats/metrics.ts";
import type { ConsistencyStore } from "./consistency.ts";

export interface Counted {
  readonly name: string;
  readonly consistency: Pick<ConsistencyStore, "cells" | "waiting">;
}

const cellLabels = ["environment", "world_model", "agent"];

interface Group {
  readonly labels: Labels;
  readonly cells: ConsistencyCell[];
}
interface Row {
  readonly labels: Labels;
  readonly cell: ConsistencyCell;
  readonly shown: Consistency;
}

/** One for all partitions of a process. `watch` returns how the gauges of a partition are removed. */
export function createConsistencyGauges(metrics: Metrics) {
  /** By the array that a store returns until something is counted: many gauges are read in one scrape. */
  const computed = new WeakMap<readonly ConsistencyCell[], readonly Consistency[]>();

  function shownOf(cells: readonly ConsistencyCell[]): readonly Consistency[] {
    const known = computed.get(cells);
    if (known !== undefined) return known;
    const shown = cells.map(consistencyOf);
    computed.set(cells, shown);
    return shown;
  }

  function rowsOf(environments: Iterable<Counted>): readonly Row[] {
    const rows: Row[] = [];
    for (const { name, consistency } of environments) {
      const cells = consistency.cells();
      for (const [at, shown] of shownOf(cells).entries()) {
        const cell = cells[at];
        if (cell === undefined) continue;
        const labels = { environment: name, world_model: cell.worldModel, agent: cell.agent };
        rows.push({ labels, cell, shown });
      }
    }
    return rows;
  }

  return function watch(environments: () => readonly Counted[]): () => void {
    const gauge = (name: string, help: string, value: (row: Row) => number | null) =>
      metrics.gauge(name, help, cellLabels, () =>
        rowsOf(environments()).flatMap((row) => {
          const number = value(row);
          return number === null ? [] : [{ labels: row.labels, value: number }];
        }),
      );
    const perArm = (name: string, help: string, which: "runs" | "successes" | "errors") =>
      metrics.gauge(name, help, [...cellLabels, "arm"], () =>
        rowsOf(environments()).flatMap(({ labels, cell }) =>
          (["real", "simulated", "transfer"] as const).map((arm) => ({
            labels: { ...labels, arm: arm === "simulated" ? "world_model" : arm },
            value: cell[arm][which],
          })),
        ),
      );
    const removers = [
      gauge(
        "driftline_consistency_ratio",
        "Success of simulated plans carried out for real over success for real (W2R / Real), all runs.",
        ({ shown }) => shown.ratio?.value ?? null,
      ),
      gauge(
        "driftline_consistency_ratio_lower",
        "Lower end of its 95 % Koopman interval.",
        ({ shown }) => shown.ratio?.interval.lower ?? null,
      ),
      gauge(
        "driftline_consistency_ratio_upper",
        "Upper end of its 95 % Koopman interval.",
        ({ shown }) => shown.ratio?.interval.upper ?? null,
      ),
      gauge(
        "driftline_consistency_ratio_samples",
        "Runs of both arms of the consistency ratio.",
        ({ cell }) => cell.real.runs + cell.transfer.runs,
      ),
      gauge(
        "driftline_consistency_without_errors_ratio",
        "The consistency ratio with runs without a verdict left out, as published studies count.",
        ({ shown }) => shown.withoutErrors?.value ?? null,
      ),
      gauge(
        "driftline_consistency_paired_ratio",
        "The consistency ratio over tasks that ran in both arms.",
        ({ shown }) => shown.paired?.value ?? null,
      ),
      gauge(
        "driftline_consistency_paired_ratio_lower",
        "Lower end of its 95 % interval, paired by task.",
        ({ shown }) => shown.paired?.interval.lower ?? null,
      ),
      gauge(
        "driftline_consistency_paired_ratio_upper",
        "Upper end of its 95 % interval, paired by task.",
        ({ shown }) => shown.paired?.interval.upper ?? null,
      ),
      gauge(
        "driftline_consistency_paired_ratio_samples",
        "Tasks that ran in both arms.",
        ({ cell }) => cell.pairs.tasks,
      ),
      perArm("driftline_consistency_runs", "Episodes that ended, by arm.", "runs"),
      perArm("driftline_consistency_successes", "Episodes that succeeded, by arm.", "successes"),
      perArm("driftline_consistency_errors", "Episodes that ended without a verdict, by arm.", "errors"),
      metrics.gauge(
        "driftline_consistency_withheld",
        "1 where there is no consistency ratio, with the reason.",
        [...cellLabels, "reason"],
        () =>
          rowsOf(environments()).flatMap(({ labels, shown }) =>
            shown.withheld === null ? [] : [{ labels: { ...labels, reason: shown.withheld }, value: 1 }],
          ),
      ),
      metrics.gauge(
        "driftline_consistency_ratio_of_means",
        "Mean W2R over mean Real of the agents that have a ratio.",
        ["environment", "world_model"],
        () => averages(rowsOf(environments()), ({ ratioOfMeans }) => ratioOfMeans),
      ),
      metrics.gauge(
        "driftline_consistency_mean_of_ratios",
        "Mean of the agents' consistency ratios.",
        ["environment", "world_model"],
        () => averages(rowsOf(environments()), ({ meanOfRatios }) => meanOfRatios),
      ),
      metrics.gauge(
        "driftline_consistency_waiting_transfers",
        "Transfers that name no world model and whose simulated episode has not ended: not counted yet.",
        ["environment"],
        () =>
          environments().map(({ name, consistency }) => ({
            labels: { environment: name },
            value: consistency.waiting(),
          })),
      ),
    ];
    return () => {
      for (const remove of removers) remove();
    };
  };
}

function averages(
  rows: readonly Row[],
  value: (averages: NonNullable<ReturnType<typeof averagesOf>>) => number,
): readonly Sample[] {
  const groups = new Map<string, Group>();
  for (const { labels, cell } of rows) {
    const its = { environment: labels["environment"] ?? "", world_model: cell.worldModel };
    const key = JSON.stringify(its);
    const group: Group = groups.get(key) ?? { labels: its, cells: [] };
    groups.set(key, group);
    group.cells.push(cell);
  }
  return [...groups.values()].flatMap(({ labels, cells }) => {
    const all = averagesOf(cells);
    return all === null ? [] : [{ labels, value: value(all) }];
  });
}
