/** Which remote predictors are asked about a step, those that run here and other people's, and how much they are shown. */
import type { History } from "../../predictors/predictor.ts";
import { environmentOf } from "../environment.ts";
import type { TrackOptions } from "../options.ts";
import type { Episode } from "../pair/episode.ts";
import { charsOf } from "../pair/history.ts";
import type { Asking } from "./asking.ts";

/** A remote predictor, and how many earlier steps of the episode it looks at. */
export interface RemoteNeed {
  readonly name: string;
  readonly historySteps: number;
}

export interface Remote {
  /** Ours: expected to answer what they were asked, and nothing else. */
  own(environment: string): readonly string[];
  /** Earlier steps that are kept for them; 0 where nobody answers. */
  historySteps(environment: string): number;
  /**
   * Ours are asked as fast as they answer, and not about simulated steps, whose predictions nobody counts; other people's about every step.
   * `streamTime`: epoch ms.
   */
  ask(episode: Pick<Episode, "id" | "environment" | "arm">, step: number, streamTime: number): Asked;
}

export interface Asked {
  readonly asked: readonly RemoteNeed[];
  readonly unasked: readonly string[];
}

export const nobodyRemote: Remote = {
  own: () => [],
  historySteps: () => 0,
  ask: () => ({ asked: [], unasked: [] }),
};

interface Known {
  readonly own: readonly RemoteNeed[];
  readonly ownNames: readonly string[];
  readonly others: readonly RemoteNeed[];
  readonly historySteps: number;
}

/** Environments come from input. */
const environmentsMax = 10_000;

export function createRemote(
  options: Pick<TrackOptions, "environments" | "historySteps">,
  ownOf: (environment: string) => readonly RemoteNeed[],
  asking: Pick<Asking, "choose">,
): Remote {
  const known = new Map<string, Known>();

  function knownOf(environment: string): Known {
    const found = known.get(environment);
    if (found !== undefined) return found;
    if (known.size >= environmentsMax) known.clear();
    const own = ownOf(environment);
    const ownNames = own.map(({ name }) => name);
    const others = (environmentOf(options, environment)?.remote ?? [])
      .filter((name) => !ownNames.includes(name))
      .map((name) => ({ name, historySteps: options.historySteps }));
    const made = { own, ownNames, others, historySteps: stepsFor([...own, ...others]) };
    known.set(environment, made);
    return made;
  }

  return {
    own: (environment) => knownOf(environment).ownNames,
    historySteps: (environment) => knownOf(environment).historySteps,
    ask({ id, environment, arm }, step, streamTime) {
      const { own, ownNames, others } = knownOf(environment);
      if (arm === "world_model") return { asked: others, unasked: [] };
      const chosen = asking.choose(ownNames, id, step, streamTime);
      if (chosen.length === own.length) return { asked: [...own, ...others], unasked: [] };
      return {
        asked: [...own.filter(({ name }) => chosen.includes(name)), ...others],
        unasked: ownNames.filter((name) => !chosen.includes(name)),
      };
    },
  };
}

/** The newest steps, as many as somebody of them looks at and as fit into so many UTF-16 units. */
export function historyFor(needs: readonly RemoteNeed[], history: History, charsMax: number): History {
  const steps = stepsFor(needs);
  let chars = 0;
  let first = history.length;
  while (first > 0 && history.length - first < steps) {
    chars += charsOf(history.slice(first - 1, first));
    if (chars > charsMax) break;
    first -= 1;
  }
  return history.slice(first);
}

function stepsFor(needs: readonly RemoteNeed[]): number {
  return Math.max(0, ...needs.map(({ historySteps }) => historySteps));
}
