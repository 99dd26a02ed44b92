/**
 * The model versions in force in one partition, per environment and predictor: the live one, and the reference where one is pinned. A version comes into force exactly at the offset of its
 * announcement; it was loaded before, in `prepare`, so that the fold itself never waits.
 */
import type { Model } from "../../codec/records.ts";
import type { Loader } from "../../predictors/loader.ts";
import type { Predictor } from "../../predictors/predictor.ts";

/** Environments are named by input: beyond so many, the one announced longest ago is forgotten. */
const inForceMax = 10_000;

export interface InForce {
  readonly version: string;
  readonly blobs: readonly string[];
  /** Null: the version in force cannot be had; or it is a remote predictor's, who loads it himself. */
  readonly predictor: Predictor | null;
}

/** What a snapshot keeps. */
export interface PlainVersions {
  readonly models: readonly Model[];
  readonly references: readonly Model[];
}

export interface Versions {
  /** Loads what these announcements need. */
  prepare(models: readonly Model[]): Promise<void>;
  announce(model: Model): void;
  /** The model is its predictor's reference from here on, or no longer is. */
  refer(model: Model): void;
  /** Undefined: nothing was announced yet. */
  live(environment: string, predictor: string): InForce | undefined;
  /** Undefined: nothing is pinned. */
  reference(environment: string, predictor: string): InForce | undefined;
  snapshot(): PlainVersions;
  restore(plain: PlainVersions): Promise<void>;
}

type Held = Map<string, { readonly model: Model; readonly predictor: Predictor | null }>;

export function createVersions(loader: Loader): Versions {
  const live: Held = new Map();
  const references: Held = new Map();
  /** What `prepare` loaded and no announcement has used. */
  let prepared = new Map<string, Predictor | null>();

  async function prepare(models: readonly Model[]): Promise<void> {
    prepared = new Map();
    // Of the announcements of one batch each is in force for a while, however short: all are loaded.
    for (const model of models) {
      if (model.reference?.pinned !== false) prepared.set(model.version, await loader.load(model));
    }
  }

  function hold(held: Held, model: Model): void {
    const key = keyOf(model.environment, model.predictor);
    held.delete(key);
    held.set(key, { model, predictor: prepared.get(model.version) ?? null });
    for (const old of held.keys()) {
      if (held.size <= inForceMax) break;
      held.delete(old);
    }
  }

  function refer(model: Model): void {
    if (model.reference?.pinned === true) hold(references, model);
    else references.delete(keyOf(model.environment, model.predictor));
  }

  return {
    prepare,
    announce: (model) => hold(live, model),
    refer,
    live: (environment, predictor) => inForce(live, environment, predictor),
    reference: (environment, predictor) => inForce(references, environment, predictor),
    snapshot: () => ({ models: modelsOf(live), references: modelsOf(references) }),
    async restore({ models, references: pinned }) {
      await prepare([...models, ...pinned]);
      live.clear();
      references.clear();
      for (const model of models) hold(live, model);
      for (const model of pinned) hold(references, model);
    },
  };
}

function inForce(held: Held, environment: string, predictor: string): InForce | undefined {
  const found = held.get(keyOf(environment, predictor));
  if (found === undefined) return undefined;
  const { version, blobs } = found.model;
  return { version, blobs, predictor: found.predictor };
}

function modelsOf(held: Held): readonly Model[] {
  return [...held.values()].map(({ model }) => model);
}

function keyOf(environment: string, predictor: string): string {
  return `${predictor}\n${environment}`;
}
