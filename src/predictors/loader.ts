/**
 * Loads model versions from blobs. Versions are immutable, so all partitions of a process share what was loaded; the least recently used
 * version beyond the bound is loaded again when it is needed.
 */
import { BlobDamaged, type Blobs } from "../blobs/port.ts";
import type { Model } from "../codec/records.ts";
import type { Predictor, PredictorFactory } from "./predictor.ts";

export interface Loader {
  /**
   * Null where the version cannot be had: a blob is gone or damaged, or nobody here knows such predictors. Throws where that cannot be known
   * now: what is predicted must not depend on a broker that did not answer.
   */
  load(model: Model): Promise<Predictor | null>;
}

type Trouble = (model: Model, error: unknown) => void;

const versionsMax = 64;

export function createLoader(factories: readonly PredictorFactory[], blobs: Blobs, onTrouble: Trouble): Loader {
  const loaded = new Map<string, Promise<Predictor | null>>();

  async function read(model: Model, onTrouble: Trouble): Promise<Predictor | null> {
    const factory = factories.find((one) => one.name === model.predictor);
    if (factory?.load === undefined) return null;
    const bytes = await Promise.all(model.blobs.map((hash) => blobs.get(hash).catch(unlessDamaged)));
    try {
      for (const one of bytes) if (one instanceof BlobDamaged) throw one;
      const gone = model.blobs.filter((_, at) => bytes[at] === null);
      if (gone.length > 0) throw new Error(`blob ${gone.join(", ")} is gone`);
      return factory.load(
        model,
        bytes.filter((one) => one instanceof Uint8Array),
      );
    } catch (error) {
      onTrouble(model, error);
      return null;
    }
  }

  return {
    load(model) {
      const key = `${model.predictor} ${model.version}`;
      // What could not be had may have been put again since; that it could not is told once.
      const known = loaded.get(key)?.then((predictor) => predictor ?? read(model, () => {})) ?? read(model, onTrouble);
      loaded.delete(key);
      loaded.set(key, known);
      known.catch(() => {
        if (loaded.get(key) === known) loaded.delete(key);
      });
      for (const old of loaded.keys()) {
        if (loaded.size <= versionsMax) break;
        loaded.delete(old);
      }
      return known;
    },
  };
}

function unlessDamaged(error: unknown): BlobDamaged {
  if (error instanceof BlobDamaged) return error;
  throw error;
}
