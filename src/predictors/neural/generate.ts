/**
 * Greedy answers for a batch of situations: at each step the token with the highest probability, summed over all places that say the same,
 * until the end is written or the length limit is reached.
 */
import type { Tensor, Tf } from "../tensor/tensorflow.ts";
import { batchOf, paddedSize } from "./batch.ts";
import { type Encoded, rowOfId, tokensOfId } from "./encode.ts";
import type { Cache, Memory, Network } from "./network.ts";
import { join } from "./tokens.ts";
import { special, type Vocabulary } from "./vocabulary.ts";

export interface Answer {
  /** Null: the end did not come within the limit. */
  readonly text: string | null;
  /** Natural logarithm of the product of the token probabilities. */
  readonly logProbability: number;
  /** Tokens written, the end included. */
  readonly length: number;
}

export interface Generator {
  readonly tf: Tf;
  readonly network: Network;
  readonly vocabulary: Vocabulary;
  readonly outputMax: number;
  readonly read: (tensor: Tensor) => Promise<ArrayLike<number>>;
}

interface Writing {
  readonly encoded: Encoded;
  readonly ids: number[];
  readonly tokens: string[];
  logProbability: number;
  done: boolean;
}

/** Null: given up, because the signal was aborted. */
export async function generate(
  { tf, network, vocabulary, outputMax, read }: Generator,
  sources: readonly Encoded[],
  signal?: AbortSignal,
): Promise<readonly Answer[] | null> {
  const size = paddedSize(sources.length);
  const batch = batchOf(sources, size);
  const memory = tidied(tf, () => network.encode(batch), memoryTensors);
  let cache = tidied(tf, () => network.emptyCache(size), cacheTensors);
  const all = sources.map((encoded): Writing => ({ encoded, ids: [], tokens: [], logProbability: 0, done: false }));
  try {
    for (let at = 0; at < outputMax && all.some((one) => !one.done); at++) {
      await breath();
      if (signal?.aborted === true) return null;
      const input = (from: number) => padded(size, all, (one) => rowAt(one, from, vocabulary));
      const rows = input(at - 1);
      const before = input(at - 2);
      const ids = padded(size, all, (one) => one.ids[at - 1] ?? -2);
      const now = tidied(
        tf,
        () => network.step(memory, cache, int32(tf, rows), int32(tf, before), int32(tf, ids), at),
        (one) => [one.scores, ...cacheTensors(one.cache)],
      );
      tf.dispose(cacheTensors(cache));
      cache = now.cache;
      const scores = await read(now.scores);
      tf.dispose(now.scores);
      const width = vocabulary.size + batch.sourceLength;
      for (const [row, one] of all.entries()) if (!one.done) write(one, scores, row * width, vocabulary);
    }
  } finally {
    tf.dispose([...memoryTensors(memory), ...cacheTensors(cache)]);
  }
  return all.map((one) => ({
    text: one.done ? join(one.tokens) : null,
    logProbability: one.logProbability,
    length: one.ids.length,
  }));
}

/** Native tensors answer without leaving the microtask queue: timers and signals get their turn here. */
function breath(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** What `make` returns, of all tensors that it makes only those that are in it. */
function tidied<Value>(tf: Tf, make: () => Value, tensors: (value: Value) => Tensor[]): Value {
  const made: Value[] = [];
  tf.tidy(() => {
    const value = make();
    made.push(value);
    return tensors(value);
  });
  const [value] = made;
  if (value === undefined) throw new Error("nothing was made");
  return value;
}

function memoryTensors({ encoded, bias, copyIds, copyKeys, cross }: Memory): Tensor[] {
  return [encoded, bias, copyIds, copyKeys, ...cross.flatMap(({ key, value }) => [key, value])];
}

function cacheTensors(cache: Cache): Tensor[] {
  return cache.flatMap(({ key, value }) => [key, value]);
}

function int32(tf: Tf, values: Int32Array): Tensor {
  return tf.tensor1d(values, "int32");
}

function padded(size: number, all: readonly Writing[], value: (one: Writing) => number): Int32Array {
  const values = new Int32Array(size);
  for (const [at, one] of all.entries()) values[at] = value(one);
  return values;
}

/** What is read in the place: the begin mark stands before the first token. */
function rowAt(one: Writing, at: number, vocabulary: Vocabulary): number {
  if (at < 0) return special.begin;
  const id = one.ids[at];
  return id === undefined ? special.pad : rowOfId(id, one.encoded, vocabulary);
}

/** Softmax over words and places; equal ids are summed. */
function write(one: Writing, scores: ArrayLike<number>, from: number, vocabulary: Vocabulary): void {
  const { encoded } = one;
  const width = vocabulary.size + encoded.length;
  let highest = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < width; at++) highest = Math.max(highest, scores[from + at] ?? 0);
  const shares = new Float64Array(vocabulary.size + encoded.local.length);
  let total = 0;
  for (let at = 0; at < width; at++) {
    const share = Math.exp((scores[from + at] ?? 0) - highest);
    total += share;
    const id = at < vocabulary.size ? at : (encoded.copyIds[at - vocabulary.size] ?? -1);
    if (id >= 0) shares[id] = (shares[id] ?? 0) + share;
  }
  let best: number = special.end;
  for (let id = 0; id < shares.length; id++) {
    // Marks are nothing to write, but for the end.
    if (id <= special.pointer && id !== special.end) continue;
    if ((shares[id] ?? 0) > (shares[best] ?? 0)) best = id;
  }
  one.logProbability += Math.log(Math.max(1e-12, (shares[best] ?? 0) / total));
  one.ids.push(best);
  if (best === special.end) one.done = true;
  else one.tokens.push(...(tokensOfId(best, encoded, vocabulary) ?? []));
}
