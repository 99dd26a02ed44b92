/**
 * `recall`: bounded exact memory, (last state, action) → next state, with lifted back-off. The trivial baseline of `observation`
 * environments (P5), and the first predictor that learns from the stream.
 */
import type { Predictor, PredictorFactory } from "../predictor.ts";
import { explainFrom } from "./explain.ts";
import { createRecallLearner, versionOf } from "./learner.ts";
import type { Entry } from "./precision.ts";
import { predictFrom } from "./predict.ts";
import { decodeSegment, type Segment } from "./segment.ts";

/** Entries of one environment over all levels; about 100,000 situations with their coarser keys. */
const entriesMax = 200_000;
/** Bytes of one environment's memory: what ten environments may take must fit one machine. */
const bytesMax = 128 * 1024 * 1024;
/** Segments read by this process and shared between versions; the least recently used goes. */
const cachedSegmentsMax = 512;

const segments = new Map<string, Segment>();

export const recallFactory: PredictorFactory = {
  name: "recall",
  learnt: true,
  load(model, blobs): Predictor {
    const layers = model.blobs.map((hash, at) => segmentOf(hash, blobs[at]));
    if (versionOf(model.blobs) !== model.version) {
      throw new Error(`version ${model.version} of recall is not that of its blobs ${model.blobs.join(" ")}`);
    }
    const newestFirst = layers.reverse();
    const precision = newestFirst[0]?.precision ?? [];
    return {
      name: "recall",
      version: model.version,
      deterministic: true,
      predict: (situation) => predictFrom({ get: (key) => lookUp(newestFirst, key), precision }, situation),
      explain: (situation) => explainFrom({ get: (key) => lookUp(newestFirst, key), precision }, situation),
    };
  },
  learner: () => createRecallLearner({ entriesMax, bytesMax }),
};

function lookUp(newestFirst: readonly Segment[], key: string): Entry | null {
  for (const segment of newestFirst) {
    const entry = segment.row(key);
    if (entry !== undefined) return entry;
  }
  return null;
}

/** Blobs are named by their content, so a segment read once is right for ever. */
function segmentOf(hash: string, bytes: Uint8Array | undefined): Segment {
  const known = segments.get(hash);
  const segment = known ?? decodeSegment(bytes ?? new Uint8Array(), hash);
  segments.delete(hash);
  segments.set(hash, segment);
  if (segments.size > cachedSegmentsMax) {
    const oldest = segments.keys().next().value;
    if (oldest !== undefined) segments.delete(oldest);
  }
  return segment;
}
