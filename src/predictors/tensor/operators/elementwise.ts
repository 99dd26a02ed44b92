/** Element by element: arithmetic, comparison, activations. */
import { floats, ids, type Operator, operator, positives } from "./operator.ts";

const shape = [3, 4, 5];

export const elementwise: readonly Operator[] = [
  operator("add, broadcast", (tf) => tf.add(floats(tf, shape), floats(tf, [5], 2))),
  operator("sub", (tf) => tf.sub(floats(tf, shape), floats(tf, shape, 2))),
  operator("mul, broadcast", (tf) => tf.mul(floats(tf, shape), floats(tf, [4, 1], 2))),
  operator("div", (tf) => tf.div(floats(tf, shape), positives(tf, shape, 2))),
  operator("floorDiv", (tf) =>
    tf.floorDiv(ids(tf, shape, 100).sub(tf.scalar(50, "int32")), ids(tf, shape, 9, 2).add(tf.scalar(1, "int32"))),
  ),
  operator("maximum", (tf) => tf.maximum(floats(tf, shape), floats(tf, shape, 2))),
  operator("minimum", (tf) => tf.minimum(floats(tf, shape), floats(tf, shape, 2))),
  operator("pow", (tf) => tf.pow(positives(tf, shape), 1.7)),
  operator("squaredDifference", (tf) => tf.squaredDifference(floats(tf, shape), floats(tf, shape, 2))),
  operator("neg", (tf) => tf.neg(floats(tf, shape))),
  operator("abs", (tf) => tf.abs(floats(tf, shape))),
  operator("square", (tf) => tf.square(floats(tf, shape))),
  operator("sqrt", (tf) => tf.sqrt(positives(tf, shape))),
  operator("rsqrt", (tf) => tf.rsqrt(positives(tf, shape))),
  operator("reciprocal", (tf) => tf.reciprocal(positives(tf, shape))),
  operator("exp", (tf) => tf.exp(floats(tf, shape))),
  operator("log", (tf) => tf.log(positives(tf, shape))),
  operator("log1p", (tf) => tf.log1p(positives(tf, shape))),
  // WGSL allows an absolute error of 2^-11 (accuracy of built-in functions).
  operator("sin, cos", (tf) => [tf.sin(floats(tf, shape)), tf.cos(floats(tf, shape))], [], { webgpu: 2 ** -11 }),
  operator("tanh", (tf) => tf.tanh(floats(tf, shape).mul(3))),
  operator("sigmoid", (tf) => tf.sigmoid(floats(tf, shape).mul(5))),
  operator("relu", (tf) => tf.relu(floats(tf, shape))),
  operator("leakyRelu", (tf) => tf.leakyRelu(floats(tf, shape), 0.1)),
  operator("elu", (tf) => tf.elu(floats(tf, shape))),
  operator("softplus", (tf) => tf.softplus(floats(tf, shape).mul(4))),
  operator("erf", (tf) => tf.erf(floats(tf, shape))),
  operator("clipByValue", (tf) => tf.clipByValue(floats(tf, shape), -0.3, 0.4)),
  operator("floor, ceil", (tf) => [tf.floor(floats(tf, shape).mul(7)), tf.ceil(floats(tf, shape).mul(7))]),
  operator("cast", (tf) => [
    tf.cast(floats(tf, shape).mul(9), "int32"),
    tf.cast(tf.greater(floats(tf, shape), 0), "float32"),
  ]),
  operator("comparisons", (tf) => {
    const [a, b] = [floats(tf, shape), floats(tf, shape, 2)];
    return [
      tf.equal(a, a),
      tf.notEqual(a, b),
      tf.greater(a, b),
      tf.greaterEqual(a, b),
      tf.less(a, b),
      tf.lessEqual(a, b),
    ];
  }),
  operator("logical and, or, not", (tf) => {
    const [a, b] = [tf.greater(floats(tf, shape), 0), tf.less(floats(tf, shape, 2), 0)];
    return [tf.logicalAnd(a, b), tf.logicalOr(a, b), tf.logicalNot(a)];
  }),
  operator("where", (tf) => tf.where(tf.greater(floats(tf, shape), 0), floats(tf, shape, 2), floats(tf, shape, 3))),
];
