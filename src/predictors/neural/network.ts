/**
 * The model: an encoder over the situation, a decoder over the answer that writes words of its vocabulary or copies from the source. Both
 * compete in one softmax (CopyNet, Gu et al. 2016; See et al. 2017 mix two): the probability of a token is that of its word plus those of all
 * places of the source that say the same. A token that was read before brings along what the encoder thinks of its places, so that the
 * decoder knows where it is copying.
 */
import type { Tensor, Tf } from "../tensor/tensorflow.ts";
import type { Batch, Targets } from "./batch.ts";
import type { NeuralConfig } from "./config.ts";
import { marksPerPlace } from "./encode.ts";
import { type Drop, hidden, type Layers, layersOf, type Parameters } from "./layers.ts";

/** What the encoder leaves for the decoder. */
export interface Memory {
  /** [B, S, width] */
  readonly encoded: Tensor;
  /** [B, 1, 1, S] */
  readonly bias: Tensor;
  /** [B, S], int32 */
  readonly copyIds: Tensor;
  /** Keys of the copy scores, [B, S, width]. */
  readonly copyKeys: Tensor;
  /** Keys and values of each decoder layer over the source. */
  readonly cross: readonly { readonly key: Tensor; readonly value: Tensor }[];
}

/** Keys and values of the decoder's own earlier tokens, one of each layer: [B, heads, outputMax, width / heads]. */
export type Cache = readonly { readonly key: Tensor; readonly value: Tensor }[];

export interface Network {
  encode(batch: Batch, drop?: Drop): Memory;
  /** Scores of all that can be written, [B, T, vocabulary + S], for whole targets at once. */
  decode(memory: Memory, rows: Tensor, ids: Tensor, drop?: Drop): Tensor;
  emptyCache(size: number): Cache;
  /** Scores [B, vocabulary + S] after one more token, and the cache with it. */
  step(
    memory: Memory,
    cache: Cache,
    rows: Tensor,
    before: Tensor,
    ids: Tensor,
    at: number,
  ): { readonly scores: Tensor; readonly cache: Cache };
  /** Cross entropy per token that can be written, and their number. */
  loss(batch: Batch, targets: Targets, drop?: Drop): Tensor;
}

const same: Drop = (x) => x;

export function networkOf(tf: Tf, parameters: Parameters, config: NeuralConfig, vocabularySize: number): Network {
  const layers = layersOf(tf, parameters, config.width, config.heads);
  const { parameter, linear, norm, heads } = layers;

  function encode(batch: Batch, drop: Drop = same): Memory {
    const { size, sourceLength } = batch;
    const rows = tf.tensor(batch.rows, [size * sourceLength], "int32");
    const marks = tf.tensor(batch.marks, [size * sourceLength * marksPerPlace], "int32");
    // Padding is nothing, so that an answer does not depend on what else is in the batch.
    const isToken = tf.tensor(batch.mask, [size, sourceLength, 1]);
    const words = tf.mul(tf.reshape(tf.gather(parameter("words"), rows), [size, sourceLength, config.width]), isToken);
    const places = tf.sum(
      tf.reshape(tf.gather(parameter("marks"), marks), [size, sourceLength, marksPerPlace, config.width]),
      2,
    );
    // What stands before and after a word, read without attention: copying "the word after this one" is what the model does most.
    const around = tf.add(linear(shifted(tf, words, 1), "before"), linear(shifted(tf, words, -1), "after"));
    let x = drop(tf.mul(tf.add(tf.add(words, places), around), Math.sqrt(config.width)));
    const bias = tf.reshape(tf.mul(tf.sub(1, isToken), hidden), [size, 1, 1, sourceLength]);
    for (let layer = 0; layer < config.encoderLayers; layer++) {
      const name = `encoder/${layer}`;
      x = tf.add(x, drop(attention(layers, norm(x, `${name}/attention-norm`), bias, `${name}/attention`)));
      x = tf.add(x, drop(layers.feedForward(norm(x, `${name}/inner-norm`), `${name}/inner`)));
    }
    const encoded = norm(x, "encoder/norm");
    return {
      encoded,
      bias,
      copyIds: tf.tensor(batch.copyIds, [size, sourceLength], "int32"),
      copyKeys: linear(encoded, "copy/key"),
      cross: Array.from({ length: config.decoderLayers }, (_, layer) => {
        const [key = missing(), value = missing()] = heads(encoded, `decoder/${layer}/cross/key-value`, 2);
        return { key, value };
      }),
    };
  }

  /** Tokens as the decoder reads them: the word, the one before, and what the encoder thinks of where they stand in the source. */
  function read(memory: Memory, words: Tensor, before: Tensor, ids: Tensor, positions: Tensor): Tensor {
    const found = matchOf(tf, ids, memory.copyIds);
    const share = tf.div(found, tf.maximum(tf.sum(found, -1, true), 1));
    const copied = linear(tf.matMul(share, memory.encoded), "copied");
    const written = tf.mul(tf.add(tf.add(words, linear(before, "before-last")), positions), Math.sqrt(config.width));
    return tf.add(written, copied);
  }

  function scoresOf(memory: Memory, x: Tensor): Tensor {
    const top = norm(x, "decoder/norm");
    const [size = 0, length = 0] = top.shape;
    const table = tf.transpose(tf.slice(parameter("words"), [0, 0], [vocabularySize, config.width]));
    const flat = tf.matMul(tf.reshape(top, [size * length, config.width]), table);
    const words = tf.reshape(tf.add(flat, parameter("vocabulary-bias")), [size, length, vocabularySize]);
    const pointed = tf.matMul(linear(top, "copy/query"), memory.copyKeys, false, true);
    const copies = tf.add(tf.mul(pointed, 1 / Math.sqrt(config.width)), tf.squeeze(memory.bias, [1]));
    return tf.concat([words, copies], -1);
  }

  function decode(memory: Memory, rows: Tensor, ids: Tensor, drop: Drop = same): Tensor {
    const [size = 0, length = 0] = rows.shape;
    const words = tf.reshape(tf.gather(parameter("words"), tf.reshape(rows, [-1])), [size, length, config.width]);
    const positions = tf.slice(parameter("positions"), [0, 0], [length, config.width]);
    let x = drop(read(memory, words, shifted(tf, words, 1), ids, positions));
    const causal = tf.mul(tf.sub(1, tf.linalg.bandPart(tf.ones([length, length]), -1, 0)), hidden);
    for (let layer = 0; layer < config.decoderLayers; layer++) {
      const name = `decoder/${layer}`;
      x = tf.add(x, drop(attention(layers, norm(x, `${name}/self-norm`), causal, `${name}/self`)));
      x = across(x, memory, layer, drop);
    }
    return scoresOf(memory, x);
  }

  /** The second and third sublayer of the decoder. */
  function across(x: Tensor, memory: Memory, layer: number, drop: Drop): Tensor {
    const name = `decoder/${layer}`;
    const [query = missing()] = heads(norm(x, `${name}/cross-norm`), `${name}/cross/query`, 1);
    const { key, value } = memory.cross[layer] ?? missing();
    const seen = tf.add(x, drop(linear(layers.attend(query, key, value, memory.bias), `${name}/cross/out`)));
    return tf.add(seen, drop(layers.feedForward(norm(seen, `${name}/inner-norm`), `${name}/inner`)));
  }

  return {
    encode,
    decode,
    emptyCache(size) {
      const shape = [size, config.heads, config.outputMax, config.width / config.heads];
      return Array.from({ length: config.decoderLayers }, () => ({ key: tf.zeros(shape), value: tf.zeros(shape) }));
    },
    step(memory, cache, rows, before, ids, at) {
      const [size = 0] = rows.shape;
      const look = (which: Tensor) => tf.reshape(tf.gather(parameter("words"), which), [size, 1, config.width]);
      const position = tf.slice(parameter("positions"), [at, 0], [1, config.width]);
      // Before the first token nothing was read, which is not the same as padding.
      const earlier = at === 0 ? tf.zeros([size, 1, config.width]) : look(before);
      let x = read(memory, look(rows), earlier, tf.reshape(ids, [size, 1]), position);
      // One shape for every step: what is not written yet is zero and hidden.
      const place = tf.reshape(tf.oneHot(tf.tensor1d([at], "int32"), config.outputMax), [1, 1, config.outputMax, 1]);
      const later = Array.from({ length: config.outputMax }, (_, column) => (column <= at ? 0 : hidden));
      const bias = tf.reshape(tf.tensor1d(later), [1, 1, 1, config.outputMax]);
      const grown = cache.map(({ key, value }, layer) => {
        const name = `decoder/${layer}/self`;
        const parts = heads(norm(x, `${name}-norm`), `${name}/query-key-value`, 3);
        const [query = missing(), newKey = missing(), newValue = missing()] = parts;
        const keys = tf.add(key, tf.mul(newKey, place));
        const values = tf.add(value, tf.mul(newValue, place));
        x = tf.add(x, linear(layers.attend(query, keys, values, bias), `${name}/out`));
        x = across(x, memory, layer, same);
        return { key: keys, value: values };
      });
      return { scores: tf.squeeze(scoresOf(memory, x), [1]), cache: grown };
    },
    loss(batch, targets, drop) {
      const { size } = batch;
      const shape: [number, number] = [size, targets.length];
      const memory = encode(batch, drop);
      const scores = decode(
        memory,
        tf.tensor2d(targets.inputRows, shape, "int32"),
        tf.tensor2d(targets.inputIds, shape, "int32"),
        drop,
      );
      const total = tf.logSumExp(scores, -1, true);
      const shares = tf.exp(tf.sub(scores, total));
      const isWord = tf.oneHot(tf.tensor2d(targets.wordIds, shape, "int32"), vocabularySize);
      const copies = matchOf(tf, tf.tensor2d(targets.ids, shape, "int32"), memory.copyIds);
      // Padding is word 0, which is never a target, so that a token without a word has no share from there.
      const known = tf.concat([tf.zeros([1]), tf.ones([vocabularySize - 1])], 0);
      const right = tf.concat([tf.mul(isWord, known), copies], -1);
      const likelihood = tf.log(tf.add(tf.sum(tf.mul(shares, right), -1), 1e-9));
      const weight = tf.tensor2d(targets.weight, shape);
      return tf.neg(tf.div(tf.sum(tf.mul(likelihood, weight)), tf.maximum(tf.sum(weight), 1)));
    },
  };
}

function attention(layers: Layers, x: Tensor, bias: Tensor, name: string): Tensor {
  const [query = missing(), key = missing(), value = missing()] = layers.heads(x, `${name}/query-key-value`, 3);
  return layers.linear(layers.attend(query, key, value, bias), `${name}/out`);
}

/** 1 where an id of the answer is the id of a place: [B, T], [B, S] → [B, T, S]. */
function matchOf(tf: Tf, ids: Tensor, copyIds: Tensor): Tensor {
  return tf.cast(tf.equal(tf.expandDims(ids, 2), tf.expandDims(copyIds, 1)), "float32");
}

/** Every row becomes the one `by` before it; the ends are zeros. */
function shifted(tf: Tf, x: Tensor, by: 1 | -1): Tensor {
  const [size = 0, length = 0, width = 0] = x.shape;
  const zero = tf.zeros([size, 1, width]);
  const kept = tf.slice(x, [0, by === 1 ? 0 : 1, 0], [size, length - 1, width]);
  return tf.concat(by === 1 ? [zero, kept] : [kept, zero], 1);
}

function missing(): never {
  throw new Error("a projection or a layer is missing");
}
