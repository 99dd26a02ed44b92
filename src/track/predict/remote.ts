/** Which remote predictors are asked about a step, those that run here and other people's, how much they are shown, and by which versions. */
import type { SituationModel } from "../../codec/records.ts";
import { referenceName } from "../../codec/reference-name.ts";
import type { History } from "../../predictors/predictor.ts";
import { environmentOf } from "../environment.ts";
import type { TrackOptions } from "../options.ts";
import type { Episode } from "../pair/episode.ts";
import { charsOf } from "../pair/history.ts";
import type { Asking } from "./asking.ts";
import type { Versions } from "./versions.ts";

/** A remote predictor, and how many earlier steps of the episode it looks at. */
export interface RemoteNeed {
  readonly name: string;
  readonly historySteps: number;
  /** It learns on: situations name the version to predict with. */
  readonly tuned?: boolean;
}

export interface Remote {
  /** Ours, and their pinned versions: expected to answer what they were asked, and nothing else. */
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
  /** Versions in force now, of those asked that learn on: the live one, and the pinned one under its own name. */
  readonly models: readonly SituationModel[];
  readonly unasked: readonly string[];
}

export const nobodyRemote: Remote = {
  own: () => [],
  historySteps: () => 0,
  ask: () => ({ asked: [], models: [], unasked: [] }),
};

interface Known {
  readonly own: readonly RemoteNeed[];
  readonly names: readonly string[];
  readonly withReferences: readonly string[];
  readonly others: readonly RemoteNeed[];
  readonly historySteps: number;
}

/** Environments come from input. */
const environmentsMax = 10_000;

export function createRemote(
  options: Pick<TrackOptions, "environments" | "historySteps">,
  ownOf: (environment: string) => readonly RemoteNeed[],
  asking: Pick<Asking, "choose">,
  versions: Pick<Versions, "live" | "reference">,
): Remote {
  const known = new Map<string, Known>();

  function knownOf(environment: string): Known {
    const found = known.get(environment);
    if (found !== undefined) return found;
    if (known.size >= environmentsMax) known.clear();
    const own = ownOf(environment);
    const names = own.map(({ name }) => name);
    const withReferences = own.flatMap(({ name, tuned }) => (tuned === true ? [name, referenceName(name)] : [name]));
    const others = (environmentOf(options, environment)?.remote ?? [])
      .filter((name) => !names.includes(name))
      .map((name) => ({ name, historySteps: options.historySteps }));
    const made = { own, names, withReferences, others, historySteps: stepsFor([...own, ...others]) };
    known.set(environment, made);
    return made;
  }

  function modelsOf(environment: string, asked: readonly RemoteNeed[]): readonly SituationModel[] {
    return asked.flatMap(({ name, tuned }) => {
      if (tuned !== true) return [];
      const [live, reference] = [versions.live(environment, name), versions.reference(environment, name)];
      return [
        ...(live === undefined ? [] : [{ predictor: name, version: live.version, blobs: live.blobs }]),
        ...(reference === undefined
          ? []
          : [{ predictor: referenceName(name), version: reference.version, blobs: reference.blobs }]),
      ];
    });
  }

  return {
    own: (environment) => knownOf(environment).withReferences,
    historySteps: (environment) => knownOf(environment).historySteps,
    ask({ id, environment, arm }, step, streamTime) {
      const { own, names, others } = knownOf(environment);
      if (arm === "world_model") return { asked: others, models: [], unasked: [] };
      const chosen = asking.choose(names, id, step, streamTime);
      const all = chosen.length === names.length;
      const asked = all ? own : own.filter(({ name }) => chosen.includes(name));
      return {
        asked: [...asked, ...others],
        models: modelsOf(environment, asked),
        unasked: all ? [] : names.filter((name) => !chosen.includes(name)),
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
