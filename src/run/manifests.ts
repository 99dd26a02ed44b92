/**
 * The `models` topic, read aside: which versions are kept, and which one is pinned. A version has the key [environment, predictor, version];
 * what is said of the reference of a predictor has [environment, predictor, "reference"], so that the newest word on it is always kept.
 */
import { CodecError, codecs } from "../codec/codecs.ts";
import type { Model } from "../codec/records.ts";
import type { Log, LogRecord } from "../log/port.ts";
import { scan } from "../log/scan.ts";

export type Readable = Pick<Log, "read" | "range" | "partitionCount">;

/** What is known of one predictor of one environment. */
export interface Manifests {
  readonly environment: string;
  readonly predictor: string;
  /** Versions that are kept, in order of publication. */
  readonly versions: readonly Model[];
  /** The newest word on the reference: pinned, or (`reference.pinned` false) no longer. Null where there was never one. */
  readonly reference: Model | null;
}

export function versionKey({ environment, predictor, version }: Model): string {
  return JSON.stringify([environment, predictor, version]);
}

export function referenceKey({ environment, predictor }: Pick<Model, "environment" | "predictor">): string {
  return JSON.stringify([environment, predictor, "reference"]);
}

/** All that `models` keeps, of the environments that are wanted; where `only` says so, without the versions. */
export async function readManifests(
  log: Readable,
  isWanted: (environment: string) => boolean = () => true,
  only: "references" | "all" = "all",
): Promise<readonly Manifests[]> {
  const found = new Map<
    string,
    { environment: string; predictor: string; versions: Model[]; reference: Model | null }
  >();
  const isWantedKey = (key: string) => {
    const [environment, , name] = partsOf(key);
    return environment !== undefined && isWanted(environment) && (only === "all" || name === "reference");
  };
  for (const { value } of (await newestByKey(log, "models", isWantedKey)).values()) {
    const model = decoded(value);
    if (model === null) continue;
    const { environment, predictor } = model;
    const key = referenceKey(model);
    const one = found.get(key) ?? { environment, predictor, versions: [], reference: null };
    found.set(key, one);
    if (model.reference === null) one.versions.push(model);
    else one.reference = model;
  }
  return [...found.values()];
}

/** Environment, predictor, and version or "reference"; nothing where the key is not ours. */
function partsOf(key: string): readonly string[] {
  try {
    const parts: unknown = JSON.parse(key);
    return Array.isArray(parts) && parts.every((part) => typeof part === "string") ? parts : [];
  } catch {
    return [];
  }
}

/** A record that no version of ours wrote says nothing here. */
function decoded(value: Uint8Array | null): Model | null {
  if (value === null) return null;
  try {
    return codecs.model.decode(value);
  } catch (error) {
    if (error instanceof CodecError) return null;
    throw error;
  }
}

export type Resolved =
  | { readonly ok: true; readonly model: Model }
  | { readonly ok: false; readonly why: "unknown" | "ambiguous"; readonly message: string };

const shownMax = 5;
/** As many characters as the page and the metrics show are enough to tell versions apart. */
export const versionShownChars = 12;

/** The version of this name, or the only one that begins so; null is the newest. `versions` must not be empty. */
export function resolveVersion({ predictor, versions, environment }: Manifests, wanted: string | null): Resolved {
  const exact = wanted === null ? versions.at(-1) : versions.find(({ version }) => version === wanted);
  if (exact !== undefined) return { ok: true, model: exact };
  const begun = wanted === null || wanted === "" ? [] : versions.filter(({ version }) => version.startsWith(wanted));
  const [only] = begun;
  if (only !== undefined && begun.length === 1) return { ok: true, model: only };
  const what = `of ${predictor} in ${environment}`;
  if (begun.length > 1) {
    const message = `${begun.length} versions ${what} begin with ${wanted}: write more of it (${shown(begun)})`;
    return { ok: false, why: "ambiguous", message };
  }
  return {
    ok: false,
    why: "unknown",
    message: `no version ${wanted} ${what} is kept; the newest are ${shown(versions)}`,
  };
}

function shown(versions: readonly Model[]): string {
  const newest = versions.slice(-shownMax).reverse();
  return newest.map(({ version }) => version.slice(0, versionShownChars)).join(", ");
}

/** The newest record of every key of a compact topic, in the order of the log: compaction may not have run yet. */
export async function newestByKey(
  log: Readable,
  topic: string,
  isWanted: (key: string) => boolean = () => true,
): Promise<ReadonlyMap<string, LogRecord>> {
  const newest = new Map<string, LogRecord>();
  for await (const records of scan(log, topic)) {
    for (const record of records) {
      if (record.key === null || !isWanted(record.key)) continue;
      newest.delete(record.key);
      newest.set(record.key, record);
    }
  }
  return newest;
}
