/** The newest episodes of every arm, and how the simulated ones differ from the real ones of the same agent and tasks. Pure. */
import type { ArmComparison, Outcome, Score } from "../../codec/records.ts";
import type { Json } from "../../json/json.ts";
import { type Compared, compareArms } from "./compare.ts";
import { type ArmEpisode, createEpisodes } from "./episodes.ts";

export interface Arms {
  score(score: Score): void;
  outcome(outcome: Outcome): void;
  /** Computed anew at most every few seconds: a comparison deals its episodes some hundred times. */
  comparisons(now: number): readonly ArmComparison[];
  /** Have episodes come that the last comparison does not know, and is it time for another? */
  due(now: number): boolean;
  snapshot(): Json;
  restore(snapshot: Json): void;
}

/** Episodes of one arm of an agent (and world model) that are compared: the newest. */
const episodesMax = 64;
/** Such lists in an environment; further ones are not compared. */
const listsMax = 24;
const comparedEveryMs = 5_000;

export function createArms(): Arms {
  const episodes = createEpisodes();
  const lists = new Map<string, ArmEpisode[]>();
  let known: { readonly at: number; readonly comparisons: readonly ArmComparison[] } | null = null;
  let changed = false;

  function keep(episode: ArmEpisode | null): void {
    if (episode === null) return;
    const { arm, agent, worldModel } = episode;
    const key = keyOf(arm, agent, arm === "real" ? "" : worldModel);
    const list = lists.get(key) ?? [];
    if (!lists.has(key) && lists.size >= listsMax) return;
    lists.set(key, list);
    list.push(episode);
    if (list.length > episodesMax) list.shift();
    changed = true;
  }

  function compareAll(): readonly ArmComparison[] {
    return [...lists]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([key, list]) => {
        const [arm, agent, worldModel]: [ArmEpisode["arm"], string, string] = JSON.parse(key);
        if (arm === "real") return [];
        const compared: Compared = compareArms(lists.get(keyOf("real", agent, "")) ?? [], list);
        return [{ worldModel, agent, arm, ...compared }];
      });
  }

  function due(now: number): boolean {
    return changed && (known === null || Math.abs(now - known.at) >= comparedEveryMs);
  }

  return {
    score: (score) => keep(episodes.score(score)),
    outcome: (outcome) => keep(episodes.outcome(outcome)),
    due,
    comparisons(now) {
      if (known !== null && !due(now)) return known.comparisons;
      known = { at: now, comparisons: compareAll() };
      changed = false;
      return known.comparisons;
    },
    snapshot: () => ({
      episodes: episodes.snapshot(),
      lists: [...lists].map(([key, list]) => [key, list.map((one) => ({ ...one }))]) as unknown as Json,
    }),
    restore(snapshot) {
      const plain = snapshot as unknown as { episodes: Json; lists: readonly (readonly [string, ArmEpisode[]])[] };
      episodes.restore(plain.episodes);
      lists.clear();
      for (const [key, list] of plain.lists) lists.set(key, [...list]);
      known = null;
      changed = true;
    },
  };
}

function keyOf(arm: string, agent: string, worldModel: string): string {
  return JSON.stringify([arm, agent, worldModel]);
}
