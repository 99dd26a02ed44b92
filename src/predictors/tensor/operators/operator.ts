/** One entry of the operator suite, and the inputs that all entries share: the same numbers on every backend and every machine. */
import type { BackendName } from "../backend.ts";
import type { Tensor, Tf, Variable } from "../tensorflow.ts";

export interface Operator {
  readonly name: string;
  /** Backends where it is known to be missing: it must then fail with an error, since a wrong number would deceive. */
  readonly missing: readonly BackendName[];
  /** Where a backend's own rules allow it a larger difference than `tolerance`. */
  readonly tolerances: Partial<Readonly<Record<BackendName, number>>>;
  /** Makes its inputs and computes, on the current backend. */
  run(tf: Tf): Tensor | readonly Tensor[];
}

export const operator = (
  name: string,
  run: Operator["run"],
  missing: readonly BackendName[] = [],
  tolerances: Operator["tolerances"] = {},
): Operator => ({ name, missing, tolerances, run });

/** `count` numbers in [-1, 1], rounded to float32, by a linear congruential generator (Numerical Recipes). */
function numbers(count: number, seed: number): Float32Array {
  let state = seed >>> 0;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

export function floats(tf: Tf, shape: readonly number[], seed = 1): Tensor {
  return tf.tensor(numbers(sizeOf(shape), seed), [...shape], "float32");
}

/** In (0.1, 1.1): for roots, logarithms and divisors. */
export function positives(tf: Tf, shape: readonly number[], seed = 1): Tensor {
  const values = numbers(sizeOf(shape), seed).map((value) => 0.6 + value / 2);
  return tf.tensor(values, [...shape], "float32");
}

/** Integers in [0, below). */
export function ids(tf: Tf, shape: readonly number[], below: number, seed = 1): Tensor {
  const values = Int32Array.from(numbers(sizeOf(shape), seed), (value) =>
    Math.min(below - 1, Math.floor(((value + 1) / 2) * below)),
  );
  return tf.tensor(values, [...shape], "int32");
}

/** A weight of a model; the caller disposes it, because `tidy` keeps variables. */
export function weight(tf: Tf, shape: readonly number[], seed: number, scale = 0.3): Variable {
  const values = numbers(sizeOf(shape), seed).map((value) => value * scale);
  const initial = tf.tensor(values, [...shape], "float32");
  const made = tf.variable(initial);
  initial.dispose();
  return made;
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
