/**
 * Simulated episodes and the real runs of their plans. A transfer names the simulated episode whose plan it carried out; what it does not say
 * itself (world model, agent, task) that episode says. Either may end first, so each waits for the other, within a bound.
 */
import type { Json } from "../../json/json.ts";

/** One run, as far as is known. Names are null where the outcome does not give them. */
export interface Run {
  readonly worldModel: string | null;
  readonly agent: string | null;
  readonly task: string | null;
  /** Null: it ended without a verdict. */
  readonly success: boolean | null;
}

/** A transfer whose simulated run has not ended yet. */
export interface Waiting {
  readonly run: Run;
  /** It said enough by itself to be counted at once; only what the plan says is missing. */
  readonly counted: boolean;
}

export interface Plans {
  /** The transfers that waited for it. */
  simulated(episode: string, run: Run): readonly Waiting[];
  find(plan: string): Run | null;
  wait(plan: string, waiting: Waiting): void;
  /** Takes the transfers that wait no longer, because the bound bit. */
  forgotten(): readonly Waiting[];
  /** Transfers that wait and are not counted yet. */
  uncounted(): number;
  snapshot(): Json;
  restore(snapshot: Json): void;
}

interface Plan {
  simulated: Run | null;
  readonly waiting: Waiting[];
}

/** A plan is carried out once or a few times. */
const waitingMax = 100;

export function createPlans(plansMax: number): Plans {
  const plans = new Map<string, Plan>();
  let lost: Waiting[] = [];

  function planOf(id: string): Plan {
    const known = plans.get(id);
    if (known !== undefined) return known;
    const fresh: Plan = { simulated: null, waiting: [] };
    plans.set(id, fresh);
    for (const [oldest, { waiting }] of plans) {
      if (plans.size <= plansMax) break;
      lost.push(...waiting);
      plans.delete(oldest);
    }
    return fresh;
  }

  return {
    simulated(episode, run) {
      const plan = planOf(episode);
      plan.simulated = run;
      return plan.waiting.splice(0);
    },
    find: (id) => plans.get(id)?.simulated ?? null,
    wait(id, one) {
      const { waiting } = planOf(id);
      waiting.push(one);
      if (waiting.length > waitingMax) lost.push(...waiting.splice(0, 1));
    },
    forgotten() {
      const all = lost;
      lost = [];
      return all;
    },
    uncounted() {
      let uncounted = 0;
      for (const { waiting } of plans.values()) for (const { counted } of waiting) uncounted += Number(!counted);
      return uncounted;
    },
    snapshot: () =>
      [...plans].map(([id, { simulated, waiting }]) => [
        id,
        simulated === null ? null : rowOf(simulated),
        waiting.map(({ run, counted }) => [...rowOf(run), counted]),
      ]),
    restore(rows) {
      plans.clear();
      lost = [];
      for (const [id, simulated, waiting] of rows as readonly (readonly [string, Row | null, readonly WaitingRow[]])[])
        plans.set(id, {
          simulated: simulated === null ? null : runOf(simulated),
          waiting: waiting.map(([worldModel, agent, task, success, counted]) => ({
            run: { worldModel, agent, task, success },
            counted,
          })),
        });
    },
  };
}

type Row = readonly [string | null, string | null, string | null, boolean | null];
type WaitingRow = readonly [...Row, boolean];

function rowOf({ worldModel, agent, task, success }: Run): Row {
  return [worldModel, agent, task, success];
}

function runOf([worldModel, agent, task, success]: Row): Run {
  return { worldModel, agent, task, success };
}
