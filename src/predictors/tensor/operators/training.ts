/** Ten steps of Adam on a small network, and one step of a decoder with copy attention, as the neural predictor takes them. */
import type { Scalar, Tensor, Tf, Variable } from "../tensorflow.ts";
import { ids, type Operator, operator, weight } from "./operator.ts";

const [vocabulary, width, heads, length, batch] = [24, 16, 2, 10, 2];

export const training: readonly Operator[] = [
  operator("ten steps of Adam", (tf) => {
    const weights = [
      weight(tf, [vocabulary, width], 1),
      weight(tf, [width, width], 2),
      weight(tf, [width, vocabulary], 3),
    ];
    const [table, hidden, out] = weights as [Variable, Variable, Variable];
    const [inputs, targets] = [ids(tf, [12], vocabulary, 4), ids(tf, [12], vocabulary, 5)];
    return learn(tf, weights, 10, () => {
      const logits = tf.matMul(tf.tanh(tf.matMul(tf.gather(table, inputs), hidden)), out);
      return tf.losses.softmaxCrossEntropy(tf.oneHot(targets, vocabulary), logits) as Scalar;
    });
  }),
  operator("one step of a decoder with copy attention", (tf) => {
    const model = decoder(tf);
    const weights = Object.values(model);
    const [tokens, targets] = [ids(tf, [batch, length], vocabulary, 6), ids(tf, [batch, length], vocabulary, 7)];
    // The gradients themselves, since Adam's first step is their sign alone, which for tiny ones is chance.
    const { value, grads } = tf.variableGrads(() => copyLoss(tf, model, tokens, targets), weights);
    const gradients = weights.map(({ name }) => grads[name] as Tensor);
    const [losses] = learn(tf, weights, 2, () => copyLoss(tf, model, tokens, targets));
    return [value, ...gradients, losses as Tensor];
  }),
];

/** Losses of every step, then the weights; the variables themselves are disposed of. */
function learn(tf: Tf, weights: readonly Variable[], steps: number, loss: () => Scalar): readonly Tensor[] {
  const optimizer = tf.train.adam(0.01);
  const losses = Array.from({ length: steps }, () => optimizer.minimize(loss, true, [...weights]) as Tensor);
  const learnt = weights.map((one) => one.clone());
  optimizer.dispose();
  for (const one of weights) one.dispose();
  return [tf.stack(losses), ...learnt];
}

function decoder(tf: Tf) {
  return {
    table: weight(tf, [vocabulary, width], 11),
    places: weight(tf, [length, width], 12),
    query: weight(tf, [width, width], 13),
    key: weight(tf, [width, width], 14),
    value: weight(tf, [width, width], 15),
    joined: weight(tf, [width, width], 16),
    wide: weight(tf, [width, 4 * width], 17),
    narrow: weight(tf, [4 * width, width], 18),
    scale: weight(tf, [width], 19, 1),
    pointer: weight(tf, [width, width], 20),
    gate: weight(tf, [width, 1], 21),
  };
}

/** Mean negative log likelihood of [batch, length] targets under a mixture of generating a token and copying one of the inputs. */
function copyLoss(tf: Tf, model: ReturnType<typeof decoder>, tokens: Tensor, targets: Tensor): Scalar {
  const causal = tf.linalg.bandPart(tf.ones([length, length]), -1, 0);
  const masked = (scores: Tensor) => scores.add(tf.sub(1, causal).mul(-1e9));
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
  const attention = tf.softmax(masked(tf.matMul(query, key, false, true).div(Math.sqrt(width / heads))));
  x = x.add(apply(tf.matMul(attention, value).transpose([0, 2, 1, 3]), model.joined));
  const inner = apply(norm(tf, x, model.scale), model.wide);
  x = x.add(apply(tf.mul(inner.mul(0.5), tf.erf(inner.mul(Math.SQRT1_2)).add(1)), model.narrow));
  const made = tf.softmax(apply(x, model.table.transpose()));
  const pointed = tf.softmax(masked(tf.matMul(apply(x, model.pointer), x, false, true).div(Math.sqrt(width))));
  const copied = tf.matMul(pointed, tf.cast(tf.oneHot(tokens.cast("int32"), vocabulary), "float32"));
  const gate = tf.sigmoid(apply(x, model.gate));
  const chances = tf.add(gate.mul(made), tf.sub(1, gate).mul(copied));
  const wanted = tf.sum(chances.mul(tf.oneHot(targets.cast("int32"), vocabulary)), -1);
  return tf.neg(tf.mean(tf.log(wanted.add(1e-9)))) as Scalar;
}

function norm(tf: Tf, x: Tensor, scale: Tensor): Tensor {
  const { mean, variance } = tf.moments(x, -1, true);
  return tf
    .sub(x, mean)
    .mul(tf.rsqrt(variance.add(1e-5)))
    .mul(scale);
}
