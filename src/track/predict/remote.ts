/** Which remote predictors are expected to answer in an environment: those that run here, and other people's that are configured for it. */
import { environmentOf } from "../environment.ts";
import type { TrackOptions } from "../options.ts";

/** Environments come from input. */
const environmentsMax = 10_000;

export function createRemoteOf(
  options: Pick<TrackOptions, "environments">,
  own: (environment: string) => readonly string[],
): (environment: string) => readonly string[] {
  const known = new Map<string, readonly string[]>();
  return (environment) => {
    const found = known.get(environment);
    if (found !== undefined) return found;
    if (known.size >= environmentsMax) known.clear();
    const names = [...new Set([...own(environment), ...(environmentOf(options, environment)?.remote ?? [])])];
    known.set(environment, names);
    return names;
  };
}
