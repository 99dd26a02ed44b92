/** Sums and their kin along axes, orders, and what follows from them: softmax, norms. */
import { floats, ids, type Operator, operator } from "./operator.ts";

const shape = [3, 4, 5];

export const reductions: readonly Operator[] = [
  operator("sum", (tf) => [
    tf.sum(floats(tf, shape)),
    tf.sum(floats(tf, shape), 1),
    tf.sum(floats(tf, shape), [0, 2], true),
  ]),
  operator("mean", (tf) => tf.mean(floats(tf, shape), -1, true)),
  operator("max", (tf) => tf.max(floats(tf, shape), 2)),
  operator("min", (tf) => tf.min(floats(tf, shape), 0)),
  operator("prod", (tf) => tf.prod(floats(tf, shape), 1)),
  operator("all, any", (tf) => {
    const bits = tf.greater(floats(tf, shape), 0);
    return [tf.all(bits, 2), tf.any(bits, 2)];
  }),
  operator("argMax", (tf) => tf.argMax(floats(tf, shape), -1)),
  operator("argMin", (tf) => tf.argMin(floats(tf, shape), 1)),
  operator("topk", (tf) => {
    const { values, indices } = tf.topk(floats(tf, [6, 40]), 5);
    return [values, indices];
  }),
  operator("cumsum", (tf) => [tf.cumsum(floats(tf, shape), 1), tf.cumsum(floats(tf, shape), 2, true, true)]),
  operator("logSumExp", (tf) => tf.logSumExp(floats(tf, shape).mul(8), -1)),
  operator("softmax", (tf) => tf.softmax(floats(tf, shape).mul(8))),
  operator("logSoftmax", (tf) => tf.logSoftmax(floats(tf, shape).mul(8))),
  operator("moments", (tf) => {
    const { mean, variance } = tf.moments(floats(tf, shape), -1, true);
    return [mean, variance];
  }),
  operator("layer norm", (tf) => {
    const x = floats(tf, shape);
    const { mean, variance } = tf.moments(x, -1, true);
    return tf
      .sub(x, mean)
      .mul(tf.rsqrt(variance.add(1e-5)))
      .mul(floats(tf, [5], 2))
      .add(floats(tf, [5], 3));
  }),
  operator("norm", (tf) => tf.norm(floats(tf, shape), "euclidean", 1)),
  operator("unsortedSegmentSum", (tf) => tf.unsortedSegmentSum(floats(tf, [12, 3]), ids(tf, [12], 5).as1D(), 5)),
  operator("bincount", (tf) => tf.bincount(ids(tf, [40], 7).as1D(), tf.tensor1d([], "float32"), 7)),
];
