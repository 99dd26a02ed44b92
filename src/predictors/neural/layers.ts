/**
 * The layers of a transformer (Vaswani et al. 2017, with the norm before each sublayer) on TensorFlow.js. Everything here is meant to run
 * inside `tf.tidy` or a gradient.
 */
import type { Tensor, Tf } from "../tensor/tensorflow.ts";

export type Parameters = ReadonlyMap<string, Tensor>;

/** Multiplies what a sublayer says by a mask of the training step; absent: nothing is dropped. */
export type Drop = (x: Tensor) => Tensor;

export interface Layers {
  readonly width: number;
  /** [..., rows] × [rows, columns] */
  linear(x: Tensor, weight: string, bias?: string): Tensor;
  /** Root mean square norm (Zhang, Sennrich 2019). */
  norm(x: Tensor, name: string): Tensor;
  /** Several projections in one product, each split into its heads: [B, L, width] → [B, heads, L, width / heads] each. */
  heads(x: Tensor, weight: string, count: number): readonly Tensor[];
  /** `bias`: added to the scores, [B, 1, 1 or queries, keys]. Queries, keys and values are split. */
  attend(query: Tensor, key: Tensor, value: Tensor, bias: Tensor): Tensor;
  feedForward(x: Tensor, name: string): Tensor;
  parameter(name: string): Tensor;
}

/** Added to the scores of what must not be seen. */
export const hidden = -1e9;

export function layersOf(tf: Tf, parameters: Parameters, width: number, heads: number): Layers {
  const perHead = width / heads;
  function parameter(name: string): Tensor {
    const found = parameters.get(name);
    if (found === undefined) throw new Error(`the model has no parameter ${name}`);
    return found;
  }
  function linear(x: Tensor, weight: string, bias?: string): Tensor {
    const matrix = parameter(weight);
    const rows = matrix.shape[0] ?? 0;
    const columns = matrix.shape[1] ?? 0;
    const flat = tf.matMul(tf.reshape(x, [-1, rows]), matrix);
    const moved = bias === undefined ? flat : tf.add(flat, parameter(bias));
    return tf.reshape(moved, [...x.shape.slice(0, -1), columns]);
  }
  return {
    width,
    parameter,
    linear,
    norm(x, name) {
      const scale = tf.rsqrt(tf.add(tf.mean(tf.square(x), -1, true), 1e-6));
      return tf.mul(tf.mul(x, scale), parameter(name));
    },
    heads(x, weight, count) {
      const [size = 0, length = 0] = x.shape;
      const together = linear(x, weight);
      // The gradient of a split into one fails.
      const parts = count === 1 ? [together] : tf.split(together, count, -1);
      return parts.map((one) => tf.transpose(tf.reshape(one, [size, length, heads, perHead]), [0, 2, 1, 3]));
    },
    attend(query, key, value, bias) {
      const [size = 0, , length = 0] = query.shape;
      const scores = tf.matMul(tf.mul(query, 1 / Math.sqrt(perHead)), key, false, true);
      const mixed = tf.matMul(tf.softmax(tf.add(scores, bias)), value);
      return tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), [size, length, width]);
    },
    feedForward: (x, name) =>
      linear(tf.relu(linear(x, `${name}/in`, `${name}/in-bias`)), `${name}/out`, `${name}/out-bias`),
  };
}
