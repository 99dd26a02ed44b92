/** One step of training: the loss of a batch, its gradient, and Adam. */
import { createRandom } from "../../stats/random.ts";
import type { Tensor, Tf } from "../tensor/tensorflow.ts";
import { type AdamState, adamStep } from "./adam.ts";
import { type Batch, batchOf, type Targets, targetsOf } from "./batch.ts";
import type { NeuralConfig } from "./config.ts";
import type { Drop } from "./layers.ts";
import type { Example } from "./lesson.ts";
import { networkOf } from "./network.ts";
import type { ParameterSpec } from "./parameters.ts";

export interface Trained {
  readonly tf: Tf;
  readonly config: NeuralConfig;
  readonly specs: readonly ParameterSpec[];
  readonly vocabularySize: number;
  readonly weights: ReadonlyMap<string, Float32Array>;
  readonly read: (tensor: Tensor) => Promise<ArrayLike<number>>;
}

export interface Gradients {
  readonly loss: number;
  readonly gradients: ReadonlyMap<string, Float32Array>;
}

/** Situations and what is to be written of them, as the arrays of one computation. */
export function arraysOf(
  examples: readonly Pick<Example, "encoded" | "target">[],
  { config, vocabularySize }: Pick<Trained, "config" | "vocabularySize">,
): readonly [batch: Batch, targets: Targets] {
  return [
    batchOf(examples.map((one) => one.encoded)),
    targetsOf(
      examples.map((one) => one.target),
      vocabularySize,
      config.outputMax,
    ),
  ];
}

/** `seed`: of what is dropped; null: nothing is. */
export async function gradientsOf(
  { tf, config, specs, vocabularySize, weights, read }: Trained,
  batch: Batch,
  targets: Targets,
  dropped: { readonly share: number; readonly seed: number } | null,
): Promise<Gradients> {
  const tensors = tf.tidy(() => specs.map(({ name, shape }) => tf.tensor(weights.get(name) ?? [], [...shape])));
  const { value, grads } = tf.valueAndGrads((...parameters: Tensor[]) => {
    const byName = new Map(specs.map(({ name }, at) => [name, parameters[at] ?? tf.scalar(0)]));
    const drop = dropped === null ? undefined : dropOf(tf, batch.size, config.width, dropped.share, dropped.seed);
    return tf.tidy(() => networkOf(tf, byName, config, vocabularySize).loss(batch, targets, drop).asScalar());
  })(tensors);
  const gradients = new Map<string, Float32Array>();
  const loss = (await read(value))[0] ?? Number.NaN;
  for (const [at, { name }] of specs.entries()) {
    const gradient = grads[at];
    if (gradient !== undefined) gradients.set(name, Float32Array.from(await read(gradient)));
  }
  tf.dispose([value, ...grads, ...tensors]);
  return { loss, gradients };
}

/** The mean loss of a batch, nothing dropped. */
export async function lossOf(
  { tf, config, specs, vocabularySize, weights, read }: Trained,
  batch: Batch,
  targets: Targets,
): Promise<number> {
  const value = tf.tidy(() => {
    const byName = new Map(
      specs.map(({ name, shape }) => [name, tf.tensor(weights.get(name) ?? [], [...shape])] as const),
    );
    return networkOf(tf, byName, config, vocabularySize).loss(batch, targets).asScalar();
  });
  const loss = (await read(value))[0] ?? Number.NaN;
  tf.dispose(value);
  return loss;
}

export async function trainStep(
  trained: Trained,
  adam: AdamState,
  batch: Batch,
  targets: Targets,
  rate: number,
  dropped: { readonly share: number; readonly seed: number } | null,
): Promise<number> {
  const { loss, gradients } = await gradientsOf(trained, batch, targets, dropped);
  adamStep(adam, trained.weights, gradients, rate);
  return loss;
}

/** The same features are dropped at all places of a situation (Gal, Ghahramani 2016): few random numbers, and as good. */
function dropOf(tf: Tf, size: number, width: number, share: number, seed: number): Drop {
  const random = createRandom(seed);
  return (x) => {
    const mask = new Float32Array(size * width);
    for (let at = 0; at < mask.length; at++) mask[at] = random.next() < share ? 0 : 1 / (1 - share);
    return tf.mul(x, tf.tensor(mask, [size, 1, width]));
  };
}
