/**
 * What an episode did, gathered from its scores until its outcome says how it ended. Scores and outcomes are two topics, so either may come
 * last: an episode is whole when as many steps were seen as its outcome has. Bounded; the oldest go.
 */
import type { Arm, Outcome, Score } from "../../codec/records.ts";
import type { Json } from "../../json/json.ts";
import { nameOf } from "../consistency/consistency.ts";

export interface ArmEpisode {
  readonly arm: Arm;
  readonly agent: string;
  readonly worldModel: string;
  readonly task: string;
  readonly steps: number;
  /** Steps by the action's name; names beyond the bound share the last one. */
  readonly actions: readonly (readonly [string, number])[];
  /** Hashes of the different next states that were shown, bounded. */
  readonly shown: readonly string[];
}

export interface Episodes {
  /** The episode where this was the last that was missing, else null. */
  score(score: Score): ArmEpisode | null;
  outcome(outcome: Outcome): ArmEpisode | null;
  snapshot(): Json;
  restore(snapshot: Json): void;
}

interface Open {
  steps: number;
  readonly actions: Map<string, number>;
  readonly shown: Set<string>;
  /** What the outcome said, where it came first. */
  ended: Ended | null;
}
type Ended = Pick<ArmEpisode, "arm" | "agent" | "worldModel" | "task" | "steps">;

/** Episodes that run at one time in an environment, and outcomes that wait for their scores. */
const openMax = 500;
/** Names of actions per episode, and next states kept of it. */
const namesMax = 32;
const shownMax = 64;
const others = "(others)";

export function createEpisodes(): Episodes {
  const open = new Map<string, Open>();

  function openOf(episode: string): Open {
    const known = open.get(episode);
    if (known !== undefined) return known;
    const fresh: Open = { steps: 0, actions: new Map(), shown: new Set(), ended: null };
    open.set(episode, fresh);
    for (const oldest of open.keys()) {
      if (open.size <= openMax) break;
      open.delete(oldest);
    }
    return fresh;
  }

  function whole(episode: string, its: Open): ArmEpisode | null {
    if (its.ended === null || its.steps < its.ended.steps) return null;
    open.delete(episode);
    return { ...its.ended, actions: [...its.actions].sort(byName), shown: [...its.shown] };
  }

  return {
    score({ episode, first, actionName, truth }) {
      if (!first) return null;
      const its = openOf(episode);
      its.steps += 1;
      const name = its.actions.has(actionName) || its.actions.size < namesMax - 1 ? actionName : others;
      its.actions.set(name, (its.actions.get(name) ?? 0) + 1);
      if (truth !== "" && its.shown.size < shownMax) its.shown.add(truth);
      return whole(episode, its);
    },
    outcome({ episode, arm, agent, worldModel, task, steps }) {
      // Only tasks that ran in both arms are compared, and an episode without a step did nothing.
      if (task === null || steps === 0) {
        open.delete(episode);
        return null;
      }
      const its = openOf(episode);
      its.ended = { arm, agent: nameOf(agent) ?? "unnamed", worldModel: nameOf(worldModel) ?? "", task, steps };
      return whole(episode, its);
    },
    snapshot: () =>
      [...open].map(([episode, { steps, actions, shown, ended }]) => [
        episode,
        steps,
        [...actions],
        [...shown],
        ended === null ? null : { ...ended },
      ]),
    restore(rows) {
      open.clear();
      for (const [episode, steps, actions, shown, ended] of rows as unknown as readonly Row[])
        open.set(episode, { steps, actions: new Map(actions), shown: new Set(shown), ended });
    },
  };
}

type Row = readonly [string, number, readonly (readonly [string, number])[], readonly string[], Ended | null];

function byName([a]: readonly [string, number], [b]: readonly [string, number]): number {
  return a < b ? -1 : 1;
}
