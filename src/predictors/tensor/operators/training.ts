/** Ten steps of Adam on a small network, and one step of a decoder with copy attention, as the neural predictor takes them. */
import type { Scalar, Tensor, Tf, Variable } from "../tensorflow.ts";
import { type DecoderSize, decoder, lossOf } from "./decoder.ts";
import { ids, type Operator, operator, weight } from "./operator.ts";

const size: DecoderSize = { vocabulary: 24, width: 16, heads: 2, length: 10, batch: 2 };

export const training: readonly Operator[] = [
  operator("ten steps of Adam", (tf) => {
    const { vocabulary, width } = size;
    const table = weight(tf, [vocabulary, width], 1);
    const hidden = weight(tf, [width, width], 2);
    const out = weight(tf, [width, vocabulary], 3);
    const [inputs, targets] = [ids(tf, [12], vocabulary, 4), ids(tf, [12], vocabulary, 5)];
    return learn(tf, [table, hidden, out], 10, () => {
      const logits = tf.matMul(tf.tanh(tf.matMul(tf.gather(table, inputs), hidden)), out);
      return tf.losses.softmaxCrossEntropy(tf.oneHot(targets, vocabulary), logits) as Scalar;
    });
  }),
  operator("one step of a decoder with copy attention", (tf) => {
    const { vocabulary, length, batch } = size;
    const model = decoder(tf, size);
    const weights = Object.values(model);
    const [tokens, targets] = [ids(tf, [batch, length], vocabulary, 6), ids(tf, [batch, length], vocabulary, 7)];
    // The gradients themselves, since Adam's first step is their sign alone, which for tiny ones is chance.
    const { value, grads } = tf.variableGrads(() => lossOf(tf, model, tokens, targets, size), weights);
    const gradients = weights.map(({ name }) => grads[name] as Tensor);
    const [losses] = learn(tf, weights, 2, () => lossOf(tf, model, tokens, targets, size));
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
