/** A trained model as one file. Its version is the SHA-256 of the file. */
import { hash16, sha256Hex } from "../../json/hash.ts";
import type { NeuralConfig } from "./config.ts";
import { checkShapes, type Precision, readContainer, WeightsUnreadable, writeContainer } from "./container.ts";
import { type ParameterSpec, parameterSpecs, type Weights } from "./parameters.ts";
import { type Vocabulary, vocabularyOf } from "./vocabulary.ts";

const magic = "DLNEURAL";
const format = 1;

export interface LearntEnvironment {
  readonly name: string;
  readonly kind: "state" | "observation";
  readonly steps: number;
  readonly episodes: number;
}

export interface TrainingFacts {
  readonly seed: number;
  readonly profile: string;
  readonly backend: string;
  readonly batches: number;
  /** Share of the episodes whose context was hidden; absent: none. */
  readonly contextHidden?: number;
  /** Share of held-out steps predicted exactly, and their number. */
  readonly heldOut: { readonly exact: number; readonly n: number };
  /** What became of it since, where it has learnt on. */
  readonly tuned?: TunedFacts;
}

export interface TunedFacts {
  /** Version of the trained weights that it comes of. */
  readonly origin: string;
  readonly rounds: number;
  /** New steps learnt from, over all rounds. */
  readonly steps: number;
  /** Hits and tries of held-out answers that the calibration was moved by, two a bin; absent in versions of before. */
  readonly judged?: readonly number[];
}

export interface NeuralModel {
  readonly config: NeuralConfig;
  readonly words: readonly string[];
  readonly environments: readonly LearntEnvironment[];
  readonly training: TrainingFacts;
  /** Share of hits by bin of the log-odds of the product of token probabilities. */
  readonly calibration: readonly number[];
  readonly weights: Weights;
}

interface Header extends Omit<NeuralModel, "weights"> {
  /** Of the words that the weights were trained with. */
  readonly vocabulary: string;
}

export interface LoadedModel extends NeuralModel {
  readonly version: string;
  readonly vocabulary: Vocabulary;
  readonly specs: readonly ParameterSpec[];
}

export function encodeModel(model: NeuralModel, precision: Precision = "float32"): Uint8Array {
  const { config, words, environments, training, calibration, weights } = model;
  const header: Header = { config, words, environments, training, calibration, vocabulary: vocabularyHash(words) };
  const specs = parameterSpecs(config, vocabularyOf(words).size);
  const shapes = specs.map(({ name, shape }) => ({ name, shape }));
  return writeContainer(magic, format, header, shapes, (name) => weights.get(name) ?? new Float32Array(), precision);
}

/** Throws `WeightsUnreadable`, naming the file, what was expected and what was found. */
export function decodeModel(file: string, bytes: Uint8Array): LoadedModel {
  const { header, shapes, values } = readContainer<Header>(file, bytes, magic, format);
  const found = vocabularyHash(header.words);
  if (found !== header.vocabulary)
    throw new WeightsUnreadable(
      file,
      `weights of its vocabulary (${found})`,
      `weights of another (${header.vocabulary})`,
    );
  const vocabulary = vocabularyOf(header.words);
  const specs = parameterSpecs(header.config, vocabulary.size);
  checkShapes(file, specs, shapes);
  return { ...header, vocabulary, specs, weights: values, version: sha256Hex(bytes) };
}

function vocabularyHash(words: readonly string[]): string {
  return hash16(words.join("\0"));
}
