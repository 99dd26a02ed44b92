/** A learner's version as others get it: published, and loaded from its blobs alone. */
import { sha256Hex } from "../../src/json/hash.ts";
import type { Learner, Predictor, PredictorFactory } from "../../src/predictors/predictor.ts";

export function publish(learner: Learner) {
  const bytes = new Map<string, Uint8Array>();
  const { version, blobs } = learner.publish((one) => {
    bytes.set(sha256Hex(one), one);
    return sha256Hex(one);
  });
  return { version, blobs, bytes };
}

export function load(factory: PredictorFactory, { version, blobs, bytes }: ReturnType<typeof publish>): Predictor {
  const loaded = factory.load?.(
    { version, blobs },
    blobs.map((hash) => bytes.get(hash) ?? new Uint8Array()),
  );
  if (loaded === undefined) throw new Error("it cannot be loaded");
  return loaded;
}
