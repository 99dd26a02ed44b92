/** What is configured of each remote predictor, checked against its kind and complete with defaults. */
import { bestOfName, isReferenceName } from "../codec/reference-name.ts";
import type { Batching, RemoteFactory } from "../predictors/remote.ts";
import { remoteOptionsOf } from "../predictors/remote-options.ts";
import { remoteFactories } from "../predictors/remote-registry.ts";
import { commonFields, type PredictRemoteOptions } from "./options.ts";

export interface RemoteSetup {
  readonly name: string;
  readonly factory: RemoteFactory;
  /** Of the kind's own schema. */
  readonly options: object;
  /** Null: all. */
  readonly environments: ReadonlySet<string> | null;
  readonly batching: Batching;
  readonly timeoutMs: number;
}

const timeoutMsDefault = 30_000;
/** Of track: so many are expected to answer in an environment. */
const predictorsMax = 16;
/** A name is part of a consumer group's. */
const namePattern = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

export function isFor({ environments }: Pick<RemoteSetup, "environments">, environment: string): boolean {
  return environments?.has(environment) ?? true;
}

/** `inline`: names that are taken. Either setups or problems, one a line. */
export function setupsOf(
  { predictors }: PredictRemoteOptions,
  inline: readonly string[],
  factories: readonly RemoteFactory[] = remoteFactories,
): { readonly setups: readonly RemoteSetup[]; readonly problems: readonly string[] } {
  const problems: string[] = [];
  const setups: RemoteSetup[] = [];
  const entries = Object.entries(predictors);
  if (entries.length > predictorsMax)
    problems.push(`predictRemote.predictors: there are ${entries.length}, at most ${predictorsMax} may run`);
  for (const [name, given] of entries) {
    const at = `predictRemote.predictors.${name}`;
    if (!namePattern.test(name))
      problems.push(`${at}: a name has letters, digits, dots, hyphens and underscores alone`);
    if (inline.includes(name) || name === bestOfName || isReferenceName(name))
      problems.push(`${at}: this is the name of an inline predictor`);
    const factory = factories.find(({ kind }) => kind === given.kind);
    if (factory === undefined) {
      const kinds = factories.map(({ kind }) => kind).join(", ");
      problems.push(`${at}.kind: ${JSON.stringify(given.kind)} is not one of ${kinds}`);
      continue;
    }
    const { properties } = factory.optionsSchema;
    const own = Object.entries(given).filter(
      ([key]) => Object.hasOwn(properties, key) || !Object.hasOwn(commonFields, key),
    );
    const { options, problems: faults } = remoteOptionsOf(factory, Object.fromEntries(own));
    for (const { option, message } of faults) problems.push(`${at}${option === "" ? "" : `.${option}`}: ${message}`);
    const { environments, batchMax, batchWaitMs, concurrency, timeoutMs = timeoutMsDefault } = given;
    const { batching } = factory;
    setups.push({
      name,
      factory,
      options,
      environments: environments === undefined ? null : new Set(environments),
      batching: {
        max: batchMax ?? batching.max,
        waitMs: batchWaitMs ?? batching.waitMs,
        concurrency: concurrency ?? batching.concurrency,
      },
      timeoutMs,
    });
  }
  return { setups: problems.length === 0 ? setups : [], problems };
}
