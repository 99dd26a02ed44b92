/** Situations of about one length as the arrays of one computation, padded to a few fixed shapes. */
import { type Encoded, marksPerPlace, type Target } from "./encode.ts";
import { special } from "./vocabulary.ts";

export interface Batch {
  readonly size: number;
  readonly sourceLength: number;
  /** [size, sourceLength] */
  readonly rows: Int32Array;
  /** [size, sourceLength, marksPerPlace] */
  readonly marks: Int32Array;
  /** [size, sourceLength]; -1 where nothing can be copied. */
  readonly copyIds: Int32Array;
  /** [size, sourceLength]: 1 where there is a token. */
  readonly mask: Float32Array;
}

export interface Targets {
  readonly length: number;
  /** [size, length]: what is read before each token: the begin mark, then the tokens before. */
  readonly inputRows: Int32Array;
  /** [size, length]: the copy id of what is read, -2 where there is none. */
  readonly inputIds: Int32Array;
  /** [size, length]: the vocabulary's id of what is to be written, 0 where it has none. */
  readonly wordIds: Int32Array;
  /** [size, length]: the copy id, -2 where there is nothing to learn. */
  readonly ids: Int32Array;
  /** [size, length]: 1 where the token can be written at all. */
  readonly weight: Float32Array;
}

/** Sources are padded to multiples of this, batches to powers of two: a few shapes in all, which some backends compile. */
const lengthStep = 32;

function paddedLength(length: number): number {
  return Math.ceil(length / lengthStep) * lengthStep;
}

export function paddedSize(size: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(1, size)));
}

/** `size`: rows of the batch; those beyond the sources repeat the first, so that no row is empty. */
export function batchOf(sources: readonly Encoded[], size = sources.length, sourceMax = 0): Batch {
  const longest = Math.max(sourceMax, ...sources.map((one) => one.length));
  const sourceLength = paddedLength(longest);
  const rows = new Int32Array(size * sourceLength);
  const marks = new Int32Array(size * sourceLength * marksPerPlace);
  const copyIds = new Int32Array(size * sourceLength).fill(-1);
  const mask = new Float32Array(size * sourceLength);
  for (let at = 0; at < size; at++) {
    const source = sources[at] ?? sources[0];
    if (source === undefined) continue;
    const from = at * sourceLength;
    rows.set(source.rows, from);
    marks.set(source.marks, from * marksPerPlace);
    copyIds.set(source.copyIds, from);
    mask.fill(1, from, from + source.length);
  }
  return { size, sourceLength, rows, marks, copyIds, mask };
}

/** Targets are padded to multiples of this. */
const targetStep = 8;

/** Longer targets are cut at `outputMax`. */
export function targetsOf(targets: readonly Target[], vocabularySize: number, outputMax: number): Targets {
  const longest = Math.max(...targets.map((one) => Math.min(outputMax, one.ids.length)));
  const length = Math.min(outputMax, Math.ceil(longest / targetStep) * targetStep);
  const count = targets.length * length;
  const inputRows = new Int32Array(count).fill(special.pad);
  const inputIds = new Int32Array(count).fill(-2);
  const wordIds = new Int32Array(count);
  const ids = new Int32Array(count).fill(-2);
  const weight = new Float32Array(count);
  for (const [at, target] of targets.entries()) {
    const from = at * length;
    inputRows[from] = special.begin;
    for (let place = 0; place < Math.min(length, target.ids.length); place++) {
      const id = target.ids[place] ?? -1;
      if (place + 1 < length) {
        inputRows[from + place + 1] = target.rows[place] ?? special.pad;
        inputIds[from + place + 1] = id === -1 ? -2 : id;
      }
      ids[from + place] = id === -1 ? -2 : id;
      wordIds[from + place] = id >= 0 && id < vocabularySize ? id : 0;
      weight[from + place] = id === -1 ? 0 : 1;
    }
  }
  return { length, inputRows, inputIds, wordIds, ids, weight };
}
