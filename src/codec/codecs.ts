/** One codec per record, and the record of every topic. Loading this module reads `schemas/`; a schema at fault stops the start. */
import { type Codec, createCodec } from "./avro.ts";
import type {
  Alarm,
  Baseline,
  Blob,
  BlobChunk,
  Command,
  DeadLetter,
  Interaction,
  Model,
  Outcome,
  Rollup,
  Score,
  SituationRecord,
  Snapshot,
  Transition,
} from "./records.ts";
import { loadReleased, loadSchema, type RecordName } from "./schemas.ts";

export type { Codec } from "./avro.ts";
export { CodecError } from "./errors.ts";
export { type Framing, framingOf } from "./framing.ts";

export const codecs = {
  interaction: load<Interaction>("interaction"),
  situation: load<SituationRecord>("situation"),
  transition: load<Transition>("transition"),
  score: load<Score>("score"),
  outcome: load<Outcome>("outcome"),
  alarm: load<Alarm>("alarm"),
  baseline: load<Baseline>("baseline"),
  rollup: load<Rollup>("rollup"),
  model: load<Model>("model"),
  snapshot: load<Snapshot>("snapshot"),
  command: load<Command>("command"),
  deadLetter: load<DeadLetter>("dead-letter"),
  blob: load<Blob>("blob"),
  blobChunk: load<BlobChunk>("blob-chunk"),
};

export const topicCodecs = {
  interactions: codecs.interaction,
  situations: codecs.situation,
  transitions: codecs.transition,
  scores: codecs.score,
  outcomes: codecs.outcome,
  alarms: codecs.alarm,
  baselines: codecs.baseline,
  rollups: codecs.rollup,
  models: codecs.model,
  snapshots: codecs.snapshot,
  commands: codecs.command,
  "dead-letters": codecs.deadLetter,
  blobs: codecs.blob,
  "blob-chunks": codecs.blobChunk,
};

function load<T>(name: RecordName): Codec<T> {
  return createCodec<T>(
    name,
    loadSchema(name),
    loadReleased(name).map(({ schema }) => schema),
  );
}
