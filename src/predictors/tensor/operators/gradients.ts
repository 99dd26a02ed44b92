/** The gradients that training takes, each of the sum of the squares of an operation, so that no gradient is constant. */
import type { Tensor, Tensor3D, Tensor4D, Tf } from "../tensorflow.ts";
import { floats, ids, type Operator, operator, positives } from "./operator.ts";

/** Of every input. */
function gradient(
  name: string,
  inputs: (tf: Tf) => Tensor[],
  compute: (tf: Tf, ...inputs: Tensor[]) => Tensor,
  missing: Operator["missing"] = [],
): Operator {
  return operator(
    `gradient: ${name}`,
    (tf) => tf.grads((...given: Tensor[]) => tf.sum(tf.square(compute(tf, ...given))))(inputs(tf)),
    missing,
  );
}

const one = (tf: Tf) => [floats(tf, [3, 4, 5])];
const two = (tf: Tf) => [floats(tf, [3, 4, 5]), floats(tf, [3, 4, 5], 2)];

export const gradients: readonly Operator[] = [
  gradient(
    "add, broadcast",
    (tf) => [floats(tf, [3, 4, 5]), floats(tf, [5], 2)],
    (tf, a, b) => tf.add(a as Tensor, b as Tensor),
  ),
  gradient("sub", two, (tf, a, b) => tf.sub(a as Tensor, b as Tensor)),
  gradient(
    "mul, broadcast",
    (tf) => [floats(tf, [3, 4, 5]), floats(tf, [4, 1], 2)],
    (tf, a, b) => tf.mul(a as Tensor, b as Tensor),
  ),
  gradient(
    "div",
    (tf) => [floats(tf, [3, 4]), positives(tf, [3, 4], 2)],
    (tf, a, b) => tf.div(a as Tensor, b as Tensor),
  ),
  gradient("exp", one, (tf, x) => tf.exp(x as Tensor)),
  gradient(
    "log",
    (tf) => [positives(tf, [3, 4])],
    (tf, x) => tf.log(x as Tensor),
  ),
  gradient(
    "rsqrt",
    (tf) => [positives(tf, [3, 4])],
    (tf, x) => tf.rsqrt(x as Tensor),
  ),
  gradient("tanh", one, (tf, x) => tf.tanh(x as Tensor)),
  gradient("sigmoid", one, (tf, x) => tf.sigmoid(x as Tensor)),
  gradient("relu", one, (tf, x) => tf.relu(x as Tensor)),
  gradient("erf", one, (tf, x) => tf.erf(x as Tensor)),
  gradient("gelu", one, (tf, x) => tf.mul((x as Tensor).mul(0.5), tf.erf((x as Tensor).mul(Math.SQRT1_2)).add(1))),
  gradient(
    "matMul",
    (tf) => [floats(tf, [6, 7]), floats(tf, [7, 5], 2)],
    (tf, a, b) => tf.matMul(a as Tensor, b as Tensor),
  ),
  gradient(
    "matMul, in batches, transposeB",
    (tf) => [floats(tf, [2, 6, 7]), floats(tf, [2, 5, 7], 2)],
    (tf, a, b) => tf.matMul(a as Tensor, b as Tensor, false, true),
  ),
  gradient(
    "gather (embedding)",
    (tf) => [floats(tf, [11, 6])],
    (tf, table) => tf.gather(table as Tensor, ids(tf, [2, 9], 11, 3)),
  ),
  gradient("concat", two, (tf, a, b) => tf.concat([a as Tensor, b as Tensor], 1)),
  gradient("stack", two, (tf, a, b) => tf.stack([a as Tensor, b as Tensor])),
  gradient("slice", one, (tf, x) => tf.slice(x as Tensor, [1, 0, 2], [2, 3, 2])),
  gradient(
    "split",
    (tf) => [floats(tf, [4, 9])],
    (tf, x) => tf.mul(...(tf.split(x as Tensor, 3, 1).slice(0, 2) as [Tensor, Tensor])),
  ),
  gradient(
    "pad",
    (tf) => [floats(tf, [3, 4])],
    (tf, x) =>
      tf.pad(x as Tensor, [
        [1, 2],
        [0, 3],
      ]),
  ),
  gradient(
    "tile",
    (tf) => [floats(tf, [2, 3])],
    (tf, x) => tf.tile(x as Tensor, [2, 2]),
  ),
  gradient("transpose", one, (tf, x) => tf.mul(tf.transpose(x as Tensor, [2, 0, 1]), floats(tf, [5, 3, 4], 4))),
  gradient("reshape", one, (tf, x) => tf.mul(tf.reshape(x as Tensor, [12, 5]), floats(tf, [12, 5], 4))),
  gradient("where", two, (tf, a, b) => tf.where(tf.greater(floats(tf, [3, 4, 5], 5), 0), a as Tensor, b as Tensor)),
  gradient("sum, mean", one, (tf, x) => tf.add(tf.sum(x as Tensor, 1), tf.mean(x as Tensor, 1))),
  gradient("max", one, (tf, x) => tf.max(x as Tensor, 2)),
  // The last axis, counted from the front: TensorFlow.js has no right gradient of cumsum for others, nor for negative numbers of axes.
  gradient("cumsum", one, (tf, x) => tf.cumsum(x as Tensor, 2)),
  gradient("softmax", one, (tf, x) => tf.softmax(x as Tensor)),
  gradient("logSoftmax", one, (tf, x) => tf.logSoftmax(x as Tensor)),
  gradient("logSumExp", one, (tf, x) => tf.logSumExp(x as Tensor, -1)),
  gradient(
    "layer norm",
    (tf) => [floats(tf, [3, 4, 5]), floats(tf, [5], 2), floats(tf, [5], 3)],
    (tf, x, scale, shift) => {
      const { mean, variance } = tf.moments(x as Tensor, -1, true);
      return tf
        .sub(x as Tensor, mean)
        .mul(tf.rsqrt(variance.add(1e-5)))
        .mul(scale as Tensor)
        .add(shift as Tensor);
    },
  ),
  gradient(
    "cross entropy",
    (tf) => [floats(tf, [4, 7])],
    (tf, logits) => tf.losses.softmaxCrossEntropy(tf.oneHot(ids(tf, [4], 7), 7), logits as Tensor),
  ),
  gradient(
    "conv1d",
    (tf) => [floats(tf, [2, 9, 4]), floats(tf, [3, 4, 5], 2)],
    (tf, x, filter) => tf.conv1d(x as Tensor3D, filter as Tensor3D, 1, "same"),
    ["wasm"],
  ),
  gradient(
    "maxPool",
    (tf) => [floats(tf, [1, 6, 6, 3])],
    (tf, x) => tf.maxPool(x as Tensor4D, 2, 2, "valid"),
    ["wasm"],
  ),
];
