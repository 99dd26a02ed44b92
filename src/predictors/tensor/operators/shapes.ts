/** Moving values about: parts, joins, indices, orders. */
import { floats, ids, type Operator, operator } from "./operator.ts";

const shape = [3, 4, 5];

export const shapes: readonly Operator[] = [
  operator("reshape", (tf) => tf.reshape(floats(tf, shape), [5, 12])),
  operator("transpose", (tf) => tf.transpose(floats(tf, [2, 3, 4, 5]), [0, 2, 1, 3])),
  operator("concat", (tf) => tf.concat([floats(tf, shape), floats(tf, [3, 2, 5], 2)], 1)),
  operator("stack", (tf) => tf.stack([floats(tf, shape), floats(tf, shape, 2)], 1)),
  operator("unstack", (tf) => tf.unstack(floats(tf, shape), 1)),
  operator("split", (tf) => tf.split(floats(tf, [4, 9]), [2, 3, 4], 1)),
  operator("slice", (tf) => tf.slice(floats(tf, shape), [1, 0, 2], [2, 3, 2])),
  operator("stridedSlice", (tf) => tf.stridedSlice(floats(tf, [8, 6]), [0, 5], [8, 0], [3, -2])),
  operator("pad", (tf) =>
    tf.pad(
      floats(tf, [3, 4]),
      [
        [1, 2],
        [0, 3],
      ],
      0.5,
    ),
  ),
  operator("tile", (tf) => tf.tile(floats(tf, [2, 3]), [2, 2])),
  operator("broadcastTo", (tf) => tf.broadcastTo(floats(tf, [3, 1]), [2, 3, 4])),
  operator("expandDims, squeeze", (tf) => tf.squeeze(tf.expandDims(floats(tf, shape), 1).add(1))),
  operator("reverse", (tf) => tf.reverse(floats(tf, shape), [0, 2])),
  operator("gather", (tf) => tf.gather(floats(tf, [11, 6]), ids(tf, [2, 5], 11, 3))),
  operator("gather, in batches", (tf) => tf.gather(floats(tf, [2, 7, 3]), ids(tf, [2, 4], 7, 3), 1, 1)),
  operator("gatherND", (tf) => tf.gatherND(floats(tf, [4, 5]), ids(tf, [6, 2], 4, 3))),
  operator("oneHot", (tf) => tf.oneHot(ids(tf, [2, 5], 6), 6)),
  operator("scatterND", (tf) => tf.scatterND(ids(tf, [5, 1], 4), floats(tf, [5, 3]), [4, 3])),
  operator("tensorScatterUpdate", (tf) =>
    tf.tensorScatterUpdate(floats(tf, [8, 3]), tf.tensor2d([[1], [4], [6]], [3, 1], "int32"), floats(tf, [3, 3], 2)),
  ),
  operator("range, linspace", (tf) => [tf.range(0, 10, 3, "int32"), tf.linspace(-1, 1, 7)]),
  operator("fill, zerosLike, onesLike", (tf) => [
    tf.fill([2, 3], 0.25),
    tf.zerosLike(floats(tf, shape)),
    tf.onesLike(floats(tf, shape)),
  ]),
  operator("triangular mask", (tf) => tf.linalg.bandPart(tf.ones([6, 6]), -1, 0)),
  operator("resizing of bits", (tf) => tf.cast(tf.tile(tf.greater(floats(tf, [2, 3]), 0), [1, 2]), "int32")),
];
