/** A generator over weights, for predicting and for judging alike, and the score by which its answers are calibrated. */
import { logOdds } from "../lifted/calibration.ts";
import type { Tensors } from "../tensor/tensors.ts";
import type { NeuralConfig } from "./config.ts";
import type { Generator } from "./generate.ts";
import { networkOf } from "./network.ts";
import type { ParameterSpec, Weights } from "./parameters.ts";
import type { Vocabulary } from "./vocabulary.ts";

export interface OpenGenerator extends Generator {
  close(): void;
}

/** Situations of one batch: more at once gains little and pads much. */
export const batchMax = 32;
/** Probabilities are kept this far from 0 and 1. */
const edge = 1e-4;

export function openGenerator(
  weights: Weights,
  config: NeuralConfig,
  vocabulary: Vocabulary,
  specs: readonly ParameterSpec[],
  { tf, read }: Pick<Tensors, "tf" | "read">,
): OpenGenerator {
  const parameters = new Map(
    specs.map(({ name, shape }) => [name, tf.tensor(weights.get(name) ?? [], [...shape])] as const),
  );
  const network = networkOf(tf, parameters, config, vocabulary.size);
  return {
    tf,
    network,
    vocabulary,
    outputMax: config.outputMax,
    read,
    close: () => tf.dispose([...parameters.values()]),
  };
}

/** Log-odds of an answer, from the logarithm of its probability: what the calibration was judged by is what it is read by. */
export function scoreOf(logProbability: number): number {
  return logOdds(Math.exp(logProbability), edge);
}
