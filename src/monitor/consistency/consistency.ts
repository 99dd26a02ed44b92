/**
 * Outcomes of the three arms, counted per world model and agent: what the consistency ratio is computed from. A run without a verdict
 * (`success` absent: abandoned, or broken off) is an error, and no success. Pure.
 */
import type { Agent, ConsistencyCell, Outcome, WorldModel } from "../../codec/records.ts";
import type { Json } from "../../json/json.ts";
import { noPairs } from "../../stats/consistency-ratio.ts";
import { createPlans, type Run, type Waiting } from "./plans.ts";
import { cellKey, createTasks } from "./tasks.ts";

export interface ConsistencyLimits {
  /** Tasks, plans and episodes remembered, each. */
  readonly tasksMax: number;
  /** Pairs of world model and agent, and agents. */
  readonly cellsMax: number;
}

/** Why an outcome, or a part of what it says, was not counted. */
export type Skipped = "doubled-episode" | "no-world-model" | "plan-unknown" | "consistency-cells";

export interface ConsistencyStore {
  /** What was skipped, mostly nothing. */
  outcome(outcome: Outcome): readonly Skipped[];
  /** One per world model and agent that any simulated or transferred run named, in order of names. */
  cells(): readonly ConsistencyCell[];
  /** Transfers that wait for their simulated episode to be counted at all. */
  waiting(): number;
  snapshot(): Json;
  restore(snapshot: Json): void;
}

interface Arm {
  runs: number;
  successes: number;
  errors: number;
}
interface Cell {
  readonly worldModel: string;
  readonly agent: string;
  readonly simulated: Arm;
  readonly transfer: Arm;
  /** Plans by how they ended in the simulation and for real. */
  readonly plans: { both: number; simulatedOnly: number; transferOnly: number; neither: number };
}

/** For runs whose agent has no name. */
const unnamed = "unnamed";

export function nameOf(one: Agent | WorldModel | null): string | null {
  if (one === null) return null;
  return one.version === null ? one.name : `${one.name}@${one.version}`;
}

export function createConsistency({ tasksMax, cellsMax }: ConsistencyLimits): ConsistencyStore {
  const episodes = new Set<string>();
  const reals = new Map<string, Arm>();
  const cells = new Map<string, Cell>();
  const tasks = createTasks(tasksMax);
  const plans = createPlans(tasksMax);
  let computed: readonly ConsistencyCell[] | null = null;

  function isDoubled(episode: string): boolean {
    if (episodes.has(episode)) return true;
    episodes.add(episode);
    for (const oldest of episodes) {
      if (episodes.size <= tasksMax) break;
      episodes.delete(oldest);
    }
    return false;
  }

  function cellOf({ worldModel, agent }: Named): Cell | null {
    const key = cellKey(worldModel, agent);
    const known = cells.get(key);
    if (known !== undefined) return known;
    if (cells.size >= cellsMax) return null;
    const fresh: Cell = {
      worldModel,
      agent,
      simulated: noRuns(),
      transfer: noRuns(),
      plans: { both: 0, simulatedOnly: 0, transferOnly: 0, neither: 0 },
    };
    cells.set(key, fresh);
    return fresh;
  }

  function real(run: Run): readonly Skipped[] {
    const agent = run.agent ?? unnamed;
    const known = reals.get(agent);
    if (known === undefined && reals.size >= cellsMax) return ["consistency-cells"];
    const arm = known ?? noRuns();
    reals.set(agent, arm);
    count(arm, run);
    if (run.task !== null) tasks.real(agent, run.task, run.success === true);
    return [];
  }

  function simulated(episode: string, run: Run): readonly Skipped[] {
    const skipped: Skipped[] = [];
    const named = whole(run);
    const cell = named === null ? null : cellOf(named);
    if (cell !== null) count(cell.simulated, run);
    else skipped.push(named === null ? "no-world-model" : "consistency-cells");
    for (const waiting of plans.simulated(episode, run)) skipped.push(...carriedOut(run, waiting));
    return skipped;
  }

  function transferred(run: Run, plan: string | null): readonly Skipped[] {
    if (plan === null) return counted(run);
    const from = plans.find(plan);
    if (from !== null) return carriedOut(from, { run, counted: false });
    const enough = run.worldModel !== null && run.agent !== null;
    plans.wait(plan, { run, counted: enough });
    return enough ? counted(run) : [];
  }

  /** A transfer whose simulated run is known. */
  function carriedOut(from: Run, { run, counted: before }: Waiting): readonly Skipped[] {
    const completed: Run = {
      worldModel: run.worldModel ?? from.worldModel,
      agent: run.agent ?? from.agent,
      task: run.task ?? from.task,
      success: run.success,
    };
    const skipped = before ? [] : counted(completed);
    const named = whole(completed);
    if (named === null) return skipped;
    if (before && run.task === null) pairTask(named, completed);
    const its = cells.get(cellKey(named.worldModel, named.agent));
    if (its !== undefined) its.plans[pairName(from.success === true, run.success === true)] += 1;
    return skipped;
  }

  function pairTask({ worldModel, agent }: Named, { task, success }: Run): void {
    if (task !== null) tasks.transfer(agent, task, worldModel, success === true);
  }

  /** A transfer with everything that is known of it. */
  function counted(run: Run): readonly Skipped[] {
    const named = whole(run);
    if (named === null) return ["no-world-model"];
    const cell = cellOf(named);
    if (cell === null) return ["consistency-cells"];
    count(cell.transfer, run);
    pairTask(named, run);
    return [];
  }

  /** Transfers that waited too long count by what they say themselves. */
  function unmet(): readonly Skipped[] {
    return plans.forgotten().flatMap(({ run, counted: before }): readonly Skipped[] => {
      if (before) return [];
      return counted(run).length === 0 ? [] : ["plan-unknown"];
    });
  }

  function cellsNow(): readonly ConsistencyCell[] {
    const pairs = tasks.pairs();
    return [...cells.entries()]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, cell]) => ({
        worldModel: cell.worldModel,
        agent: cell.agent,
        real: { ...(reals.get(cell.agent) ?? noRuns()) },
        simulated: { ...cell.simulated },
        transfer: { ...cell.transfer },
        pairs: pairs.get(key) ?? noPairs,
        plans: { ...cell.plans },
      }));
  }

  return {
    outcome({ episode, arm, worldModel, agent, task, plan, success }) {
      if (isDoubled(episode)) return ["doubled-episode"];
      computed = null;
      const run: Run = { worldModel: nameOf(worldModel), agent: nameOf(agent), task, success };
      switch (arm) {
        case "real":
          return real(run);
        case "world_model":
          return [...simulated(episode, run), ...unmet()];
        case "transfer":
          return [...transferred(run, plan), ...unmet()];
      }
    },
    cells() {
      computed ??= cellsNow();
      return computed;
    },
    waiting: plans.uncounted,
    snapshot: () => ({
      episodes: [...episodes],
      reals: [...reals].map(([agent, arm]) => [agent, { ...arm }]),
      cells: [...cells.values()].map(({ worldModel, agent, simulated, transfer, plans: its }) => {
        return { worldModel, agent, simulated: { ...simulated }, transfer: { ...transfer }, plans: { ...its } };
      }),
      tasks: tasks.snapshot(),
      plans: plans.snapshot(),
    }),
    restore(snapshot) {
      const plain = snapshot as unknown as Plain;
      episodes.clear();
      reals.clear();
      cells.clear();
      for (const episode of plain.episodes) episodes.add(episode);
      for (const [agent, arm] of plain.reals) reals.set(agent, { ...arm });
      for (const cell of plain.cells) cells.set(cellKey(cell.worldModel, cell.agent), structuredClone(cell));
      tasks.restore(plain.tasks);
      plans.restore(plain.plans);
      computed = null;
    },
  };
}

interface Plain {
  readonly episodes: readonly string[];
  readonly reals: readonly (readonly [string, Arm])[];
  readonly cells: readonly Cell[];
  readonly tasks: Json;
  readonly plans: Json;
}

interface Named {
  readonly worldModel: string;
  readonly agent: string;
}

/** Null where the world model is not known. */
function whole({ worldModel, agent }: Run): Named | null {
  return worldModel === null ? null : { worldModel, agent: agent ?? unnamed };
}

function noRuns(): Arm {
  return { runs: 0, successes: 0, errors: 0 };
}

function count(arm: Arm, { success }: Run): void {
  arm.runs += 1;
  arm.successes += Number(success === true);
  arm.errors += Number(success === null);
}

function pairName(simulated: boolean, transfer: boolean): keyof Cell["plans"] {
  if (simulated) return transfer ? "both" : "simulatedOnly";
  return transfer ? "transferOnly" : "neither";
}
