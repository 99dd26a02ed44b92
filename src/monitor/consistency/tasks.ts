/**
 * How often each task succeeded, per agent: for real, and from the plans of each world model. Bounded: the tasks that did not run for longest
 * go, from the pairs alone; the counts of runs keep them.
 */
import type { Json } from "../../json/json.ts";
import { noPairs, type TaskPairs } from "../../stats/consistency-ratio.ts";

export interface Tasks {
  real(agent: string, task: string, success: boolean): void;
  transfer(agent: string, task: string, worldModel: string, success: boolean): void;
  /** Tasks that ran in both arms, by `cellKey(worldModel, agent)`. */
  pairs(): ReadonlyMap<string, TaskPairs>;
  snapshot(): Json;
  restore(snapshot: Json): void;
}

/** Runs and successes. */
type Count = [runs: number, successes: number];
interface Task {
  readonly agent: string;
  readonly real: Count;
  readonly transfer: Map<string, Count>;
}

/** World models that one task is known of. */
const worldModelsMax = 100;

export function cellKey(worldModel: string, agent: string): string {
  return JSON.stringify([worldModel, agent]);
}

export function createTasks(tasksMax: number): Tasks {
  const tasks = new Map<string, Task>();

  function touch(agent: string, name: string): Task {
    const key = JSON.stringify([agent, name]);
    const task: Task = tasks.get(key) ?? { agent, real: [0, 0], transfer: new Map() };
    tasks.delete(key);
    tasks.set(key, task);
    for (const oldest of tasks.keys()) {
      if (tasks.size <= tasksMax) break;
      tasks.delete(oldest);
    }
    return task;
  }

  return {
    real(agent, task, success) {
      count(touch(agent, task).real, success);
    },
    transfer(agent, task, worldModel, success) {
      const { transfer } = touch(agent, task);
      const known = transfer.get(worldModel);
      if (known === undefined && transfer.size >= worldModelsMax) return;
      const its = known ?? [0, 0];
      transfer.set(worldModel, its);
      count(its, success);
    },
    pairs() {
      const pairs = new Map<string, TaskPairs>();
      for (const { agent, real, transfer } of tasks.values()) {
        if (real[0] === 0) continue;
        for (const [worldModel, its] of transfer) {
          const key = cellKey(worldModel, agent);
          pairs.set(key, withTask(pairs.get(key) ?? noPairs, real, its));
        }
      }
      return pairs;
    },
    snapshot: () => [...tasks].map(([key, { real, transfer }]) => [key, [...real], [...transfer]]),
    restore(rows) {
      tasks.clear();
      for (const [key, real, transfer] of rows as readonly (readonly [string, Count, readonly [string, Count][]])[]) {
        const [agent]: [string] = JSON.parse(key);
        tasks.set(key, { agent, real: [...real], transfer: new Map(transfer.map(([name, its]) => [name, [...its]])) });
      }
    },
  };
}

function count(counts: Count, success: boolean): void {
  counts[0] += 1;
  counts[1] += Number(success);
}

function withTask(pairs: TaskPairs, real: Count, transfer: Count): TaskPairs {
  const [x, y] = [transfer[1] / transfer[0], real[1] / real[0]];
  const once = real[0] === 1 && transfer[0] === 1;
  return {
    tasks: pairs.tasks + 1,
    repeated: pairs.repeated + Number(!once),
    both: pairs.both + Number(once && x === 1 && y === 1),
    transferOnly: pairs.transferOnly + Number(once && x === 1 && y === 0),
    realOnly: pairs.realOnly + Number(once && x === 0 && y === 1),
    neither: pairs.neither + Number(once && x === 0 && y === 0),
    numerator: pairs.numerator + x,
    denominator: pairs.denominator + y,
    numeratorSquared: pairs.numeratorSquared + x * x,
    denominatorSquared: pairs.denominatorSquared + y * y,
    product: pairs.product + x * y,
  };
}
