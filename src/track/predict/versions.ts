/**
 * The model versions in force in one partition, per environment and predictor. A version comes into force exactly at the offset of its
 * announcement; it was loaded before, in `prepare`, so that the fold itself never waits.
 */
import type { Model } from "../../codec/records.ts";
import type { Loader } from "../../predictors/loader.ts";
import type { Predictor } from "../../predictors/predictor.ts";

/** Environments are named by input: beyond so many, the one announced longest ago is forgotten. */
const inForceMax = 10_000;

export interface Versions {
  /** Loads what these announcements need. */
  prepare(models: readonly Model[]): Promise<void>;
  announce(model: Model): void;
  /** Undefined: nothing was announced yet. Null: the version in force cannot be had. */
  inForce(
    environment: string,
    predictor: string,
  ): { readonly version: string; readonly predictor: Predictor | null } | undefined;
  all(): readonly Model[];
  restore(models: readonly Model[]): Promise<void>;
}

export function createVersions(loader: Loader): Versions {
  const inForce = new Map<string, { readonly model: Model; readonly predictor: Predictor | null }>();
  /** What `prepare` loaded and `announce` has not used. */
  let prepared = new Map<string, Predictor | null>();

  async function prepare(models: readonly Model[]): Promise<void> {
    prepared = new Map();
    // Of the announcements of one batch each is in force for a while, however short: all are loaded.
    for (const model of models) prepared.set(model.version, await loader.load(model));
  }

  function announce(model: Model): void {
    const key = keyOf(model.environment, model.predictor);
    inForce.delete(key);
    inForce.set(key, { model, predictor: prepared.get(model.version) ?? null });
    for (const old of inForce.keys()) {
      if (inForce.size <= inForceMax) break;
      inForce.delete(old);
    }
  }

  return {
    prepare,
    announce,
    inForce(environment, predictor) {
      const found = inForce.get(keyOf(environment, predictor));
      return found === undefined ? undefined : { version: found.model.version, predictor: found.predictor };
    },
    all: () => [...inForce.values()].map(({ model }) => model),
    async restore(models) {
      await prepare(models);
      inForce.clear();
      for (const model of models) announce(model);
    },
  };
}

function keyOf(environment: string, predictor: string): string {
  return `${predictor}\n${environment}`;
}
