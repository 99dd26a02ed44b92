/** Products of matrices, plain, transposed and in batches, and convolutions. */
import type { Tensor3D } from "../tensorflow.ts";
import { floats, type Operator, operator } from "./operator.ts";

export const matrices: readonly Operator[] = [
  operator("matMul", (tf) => tf.matMul(floats(tf, [17, 33]), floats(tf, [33, 9], 2))),
  operator("matMul, transposeA", (tf) => tf.matMul(floats(tf, [33, 17]), floats(tf, [33, 9], 2), true)),
  operator("matMul, transposeB", (tf) => tf.matMul(floats(tf, [17, 33]), floats(tf, [9, 33], 2), false, true)),
  operator("matMul, both transposed", (tf) => tf.matMul(floats(tf, [33, 17]), floats(tf, [9, 33], 2), true, true)),
  operator("matMul, in batches", (tf) => tf.matMul(floats(tf, [2, 3, 7, 8]), floats(tf, [2, 3, 8, 5], 2))),
  operator("matMul, in batches, transposeB", (tf) =>
    tf.matMul(floats(tf, [2, 3, 7, 8]), floats(tf, [2, 3, 5, 8], 2), false, true),
  ),
  operator("matMul, batches broadcast", (tf) => tf.matMul(floats(tf, [3, 7, 8]), floats(tf, [1, 8, 5], 2))),
  operator("matMul, fused", (tf) =>
    tf.fused.matMul({
      a: floats(tf, [9, 12]),
      b: floats(tf, [5, 12], 2),
      transposeB: true,
      bias: floats(tf, [5], 3),
      activation: "relu",
    }),
  ),
  operator("dot", (tf) => tf.dot(floats(tf, [40]), floats(tf, [40], 2))),
  operator("outerProduct", (tf) => tf.outerProduct(floats(tf, [6]).as1D(), floats(tf, [7], 2).as1D())),
  operator("einsum", (tf) => tf.einsum("bqd,bkd->bqk", floats(tf, [2, 4, 6]), floats(tf, [2, 5, 6], 2)), ["wasm"]),
  operator("conv1d", (tf) =>
    tf.conv1d(floats(tf, [2, 9, 4]) as Tensor3D, floats(tf, [3, 4, 5], 2) as Tensor3D, 1, "same"),
  ),
];
