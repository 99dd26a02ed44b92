/**
 * A small decoder with copy attention: what a predictor of texts is made of, for checks and measurements. One causal layer, each part normalised first; the
 * answer is a mixture of tokens that are generated and tokens of the input that are copied.
 */
import type { Scalar, Tensor, Tf, Variable } from "../tensorflow.ts";
import { weight } from "./operator.ts";

export interface DecoderSize {
  readonly vocabulary: number;
  readonly width: number;
  readonly heads: number;
  readonly length: number;
  readonly batch: number;
}

export type Decoder = Readonly<Record<(typeof parts)[number], Variable>>;
const parts = [
  "table",
  "places",
  "query",
  "key",
  "value",
  "joined",
  "wide",
  "narrow",
  "scale",
  "pointer",
  "gate",
] as const;

/** The same weights on every backend; the caller disposes them. */
export function decoder(tf: Tf, { vocabulary, width, length }: DecoderSize): Decoder {
  const shapes: Readonly<Record<(typeof parts)[number], readonly number[]>> = {
    table: [vocabulary, width],
    places: [length, width],
    query: [width, width],
    key: [width, width],
    value: [width, width],
    joined: [width, width],
    wide: [width, 4 * width],
    narrow: [4 * width, width],
    scale: [width],
    pointer: [width, width],
    gate: [width, 1],
  };
  const made = parts.map((part, at) => [part, weight(tf, shapes[part], 11 + at, part === "scale" ? 1 : 0.3)]);
  return Object.fromEntries(made) as Decoder;
}

/** Chances of [batch, length, vocabulary] after [batch, length] tokens. */
export function chancesAfter(tf: Tf, model: Decoder, tokens: Tensor, size: DecoderSize): Tensor {
  const { vocabulary, width, heads, length, batch } = size;
  const hidden = tf.sub(1, tf.linalg.bandPart(tf.ones([length, length]), -1, 0)).mul(-1e9);
  const apply = (x: Tensor, by: Tensor) =>
    tf.matMul(x.reshape([-1, by.shape[0] ?? 0]), by).reshape([batch, length, -1]);
  const split = (x: Tensor) => x.reshape([batch, length, heads, width / heads]).transpose([0, 2, 1, 3]);
  let x: Tensor = tf.add(tf.gather(model.table, tokens), model.places);
  const normal = norm(tf, x, model.scale);
  const [query, key, value] = [model.query, model.key, model.value].map((by) => split(apply(normal, by))) as [
    Tensor,
    Tensor,
    Tensor,
  ];
  const scores = tf.matMul(query, key, false, true).div(Math.sqrt(width / heads));
  const attended = tf.matMul(tf.softmax(scores.add(hidden)), value).transpose([0, 2, 1, 3]);
  x = x.add(apply(attended, model.joined));
  const inner = apply(norm(tf, x, model.scale), model.wide);
  x = x.add(apply(tf.mul(inner.mul(0.5), tf.erf(inner.mul(Math.SQRT1_2)).add(1)), model.narrow));
  const generated = tf.softmax(apply(x, model.table.transpose()));
  const pointers = tf.matMul(apply(x, model.pointer), x, false, true).div(Math.sqrt(width));
  const copied = tf.matMul(
    tf.softmax(pointers.add(hidden)),
    tf.oneHot(tokens.cast("int32"), vocabulary).cast("float32"),
  );
  const gate = tf.sigmoid(apply(x, model.gate));
  return tf.add(gate.mul(generated), tf.sub(1, gate).mul(copied));
}

/** Mean negative log likelihood of [batch, length] targets. */
export function lossOf(tf: Tf, model: Decoder, tokens: Tensor, targets: Tensor, size: DecoderSize): Scalar {
  const wanted = chancesAfter(tf, model, tokens, size).mul(tf.oneHot(targets.cast("int32"), size.vocabulary));
  return tf.neg(tf.mean(tf.log(tf.sum(wanted, -1).add(1e-9)))) as Scalar;
}

function norm(tf: Tf, x: Tensor, scale: Tensor): Tensor {
  const { mean, variance } = tf.moments(x, -1, true);
  return tf
    .sub(x, mean)
    .mul(tf.rsqrt(variance.add(1e-5)))
    .mul(scale);
}
