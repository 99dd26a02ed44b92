/** A training under way as one file: options, progress, weights, the best weights so far and Adam's means. Resumed, it goes on exactly. */
import { canonicalText } from "../../json/canonical.ts";
import { hash16 } from "../../json/hash.ts";
import { checkShapes, readContainer, type Shape, WeightsUnreadable, writeContainer } from "./container.ts";
import { parameterSpecs } from "./parameters.ts";
import type { Progress, TrainingOptions, TrainingState } from "./trainer.ts";
import { vocabularyOf } from "./vocabulary.ts";

const magic = "DLNCHECK";
const format = 1;
const parts = ["weights", "best", "first", "second"] as const;

interface Header {
  /** Of options and lessons: another training cannot go on from here. */
  readonly training: string;
  readonly progress: Progress;
  readonly adamSteps: number;
}

/** `lessons`: a hash of what is learnt from. `minutes` may change between runs, for more time is what a resumed training wants. */
export function trainingHash(options: TrainingOptions, lessons: string): string {
  const { minutes: _, epochs, ...rest } = options;
  const fixed = { ...rest, epochs: Number.isFinite(epochs) ? epochs : null, config: { ...options.config }, lessons };
  return hash16(canonicalText({ ...fixed, words: [...options.words] }));
}

export function encodeCheckpoint(state: TrainingState, training: string): Uint8Array {
  const header: Header = { training, progress: state.progress, adamSteps: state.adam.steps };
  const maps = mapsOf(state);
  const shapes: Shape[] = parts.flatMap((part) =>
    [...state.weights].map(([name, values]) => ({ name: `${part}/${name}`, shape: [values.length] })),
  );
  return writeContainer(magic, format, header, shapes, (name) => found(maps, name), "float32");
}

/** Throws `WeightsUnreadable` where the file is damaged or belongs to another training. */
export function decodeCheckpoint(
  file: string,
  bytes: Uint8Array,
  options: TrainingOptions,
  training: string,
): TrainingState {
  const { header, shapes, values } = readContainer<Header>(file, bytes, magic, format);
  if (header.training !== training)
    throw new WeightsUnreadable(
      file,
      `a training of these data and options (${training})`,
      `one of others (${header.training}): leave --resume out to start anew`,
    );
  const specs = parameterSpecs(options.config, vocabularyOf(options.words).size);
  const wanted = parts.flatMap((part) =>
    specs.map(({ name, shape }) => ({ name: `${part}/${name}`, shape: [shape.reduce((a, b) => a * b, 1)] })),
  );
  checkShapes(file, wanted, shapes);
  const map = (part: string) =>
    new Map(specs.map(({ name }) => [name, values.get(`${part}/${name}`) ?? new Float32Array()]));
  return {
    progress: header.progress,
    weights: map("weights"),
    best: map("best"),
    adam: { steps: header.adamSteps, first: map("first"), second: map("second") },
  };
}

function mapsOf({ weights, best, adam }: TrainingState) {
  return { weights, best, first: adam.first, second: adam.second };
}

function found(maps: ReturnType<typeof mapsOf>, name: string): Float32Array {
  const part = parts.find((one) => name.startsWith(`${one}/`));
  return (part && maps[part].get(name.slice(part.length + 1))) ?? new Float32Array();
}
