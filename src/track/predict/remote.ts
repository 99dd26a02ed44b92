/** Which remote predictors are expected to answer in an environment, those that run here and other people's, how much they are shown, and by which versions. */
import type { SituationModel } from "../../codec/records.ts";
import { referenceName } from "../../codec/reference-name.ts";
import type { History } from "../../predictors/predictor.ts";
import { environmentOf } from "../environment.ts";
import type { TrackOptions } from "../options.ts";
import { charsOf } from "../pair/history.ts";
import type { Versions } from "./versions.ts";

/** A remote predictor of ours. */
export interface RemoteNeed {
  readonly name: string;
  readonly historySteps: number;
  /** It learns on: situations name the version to predict with. */
  readonly tuned?: boolean;
}

export interface Remote {
  readonly names: readonly string[];
  /** Earlier steps that are sent; 0 where nobody answers. */
  readonly historySteps: number;
  /** Versions in force now, of those that learn on: the live one, and the pinned one under its own name. */
  models(): readonly SituationModel[];
}

/** Environments come from input. */
const environmentsMax = 10_000;

export function createRemoteOf(
  options: Pick<TrackOptions, "environments" | "historySteps">,
  own: (environment: string) => readonly RemoteNeed[],
  versions: Pick<Versions, "live" | "reference">,
): (environment: string) => Remote {
  const known = new Map<string, Remote>();
  return (environment) => {
    const found = known.get(environment);
    if (found !== undefined) return found;
    if (known.size >= environmentsMax) known.clear();
    const ours = own(environment);
    const others = environmentOf(options, environment)?.remote ?? [];
    const wanted = [
      ...ours.map(({ historySteps }) => historySteps),
      ...(others.length > 0 ? [options.historySteps] : []),
    ];
    const names = [...new Set([...ours.map(({ name }) => name), ...others])];
    const tuned = ours.flatMap(({ name, tuned: isTuned }) => (isTuned === true ? [name] : []));
    const models = () => tuned.flatMap((name) => modelsOf(versions, environment, name));
    const remote = { names, historySteps: Math.max(0, ...wanted), models };
    known.set(environment, remote);
    return remote;
  };
}

function modelsOf(
  versions: Pick<Versions, "live" | "reference">,
  environment: string,
  name: string,
): readonly SituationModel[] {
  const [live, reference] = [versions.live(environment, name), versions.reference(environment, name)];
  return [
    ...(live === undefined ? [] : [{ predictor: name, version: live.version, blobs: live.blobs }]),
    ...(reference === undefined
      ? []
      : [{ predictor: referenceName(name), version: reference.version, blobs: reference.blobs }]),
  ];
}

/** The newest steps, as many as are wanted and as fit into so many UTF-16 units. */
export function historyFor({ historySteps }: Remote, history: History, charsMax: number): History {
  let chars = 0;
  let first = history.length;
  while (first > 0 && history.length - first < historySteps) {
    chars += charsOf(history.slice(first - 1, first));
    if (chars > charsMax) break;
    first -= 1;
  }
  return history.slice(first);
}
