/** The consistency ratio as it is shown: every pair of agent and world model, and the averages over agents. */
import type { ConsistencyCell } from "../codec/records.ts";
import { averagesOf, type Consistency, type ConsistencyAverages, consistencyOf } from "../stats/consistency-ratio.ts";

export interface ConsistencyCellView
  extends Pick<ConsistencyCell, "worldModel" | "agent" | "real" | "simulated" | "transfer" | "plans"> {
  /** Tasks that ran for real and as a transfer. */
  readonly pairedTasks: number;
  readonly shown: Consistency;
}

export interface ConsistencyView {
  readonly cells: readonly ConsistencyCellView[];
  /** Per world model, over the agents that have a ratio. */
  readonly averages: readonly (ConsistencyAverages & { readonly worldModel: string })[];
}

export function consistencyView(cells: readonly ConsistencyCell[]): ConsistencyView {
  const worldModels = [...new Set(cells.map(({ worldModel }) => worldModel))];
  return {
    cells: cells.map(({ pairs, ...cell }) => ({
      ...cell,
      pairedTasks: pairs.tasks,
      shown: consistencyOf({ ...cell, pairs }),
    })),
    averages: worldModels.flatMap((worldModel) => {
      const averages = averagesOf(cells.filter((cell) => cell.worldModel === worldModel));
      return averages === null ? [] : [{ worldModel, ...averages }];
    }),
  };
}
