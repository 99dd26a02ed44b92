/**
 * The operator suite: every operation and gradient that predictors use, computed by a backend and by plain JavaScript on the same numbers.
 * Shapes, types, integers and truth values must be equal; other numbers may differ by `tolerance` of the largest one of the reference.
 */

import { makeCurrent } from "../current.ts";
import type { Tf } from "../tensorflow.ts";
import type { Tensors } from "../tensors.ts";
import { elementwise } from "./elementwise.ts";
import { gradients } from "./gradients.ts";
import { matrices } from "./matrices.ts";
import type { Operator } from "./operator.ts";
import { reductions } from "./reductions.ts";
import { shapes } from "./shapes.ts";
import { training } from "./training.ts";

export const operators: readonly Operator[] = [
  ...elementwise,
  ...reductions,
  ...matrices,
  ...shapes,
  ...gradients,
  ...training,
];

/** Float32 in another order of summation differs by about 1e-6; ten steps of Adam by a few times that. */
export const tolerance = 1e-4;

export interface Verdict {
  readonly operator: string;
  /** `missing`: known to be missing here, and it failed as it must. */
  readonly result: "same" | "missing" | "different" | "failed";
  /** Largest difference relative to the largest number of the reference; 0 where nothing was compared. */
  readonly difference: number;
  /** Why it is not the same; empty where it is. */
  readonly why: string;
}

export interface SuiteReport {
  readonly backend: string;
  readonly verdicts: readonly Verdict[];
  readonly worst: Verdict;
  /** True where none is different or failed. */
  readonly good: boolean;
}

interface Value {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly values: ArrayLike<number>;
}

/** Leaves the backend current that it found. */
export async function runSuite(tensors: Tensors, chosen = operators): Promise<SuiteReport> {
  const { tf, name } = tensors;
  const own = tf.getBackend() as "tensorflow" | "webgpu" | "wasm" | "cpu";
  const found = await computeAll(tensors, chosen);
  await makeCurrent(tf, "cpu");
  const expected = await computeAll({ ...tensors, tf, assertSound() {} }, chosen);
  await makeCurrent(tf, own);
  const verdicts = chosen.map((one, at) => judge(one, name, found[at] ?? nothing, expected[at] ?? nothing));
  const worst = verdicts.reduce((a, b) => (b.difference > a.difference ? b : a));
  const good = verdicts.every(({ result }) => result === "same" || result === "missing");
  return { backend: `${tensors.backend.name} (${tensors.backend.device})`, verdicts, worst, good };
}

const nothing = new Error("not computed");

async function computeAll(
  { tf, assertSound }: Tensors,
  chosen: readonly Operator[],
): Promise<(readonly Value[] | Error)[]> {
  const all: (readonly Value[] | Error)[] = [];
  for (const one of chosen) {
    try {
      all.push(await compute(tf, one));
      assertSound();
    } catch (error) {
      all.push(error instanceof Error ? error : new Error(String(error)));
    }
  }
  return all;
}

async function compute(tf: Tf, one: Operator): Promise<readonly Value[]> {
  const before = tf.memory().numTensors;
  const made = tf.tidy(() => [one.run(tf)].flat());
  const values = await Promise.all(
    made.map(async (tensor) => ({ shape: tensor.shape, dtype: tensor.dtype, values: await tensor.data() })),
  );
  tf.dispose(made);
  const left = tf.memory().numTensors - before;
  if (left !== 0) throw new Error(`it leaves ${left} tensors behind`);
  return values;
}

function judge(
  one: Operator,
  backend: Tensors["name"],
  found: readonly Value[] | Error,
  expected: readonly Value[] | Error,
): Verdict {
  const verdict = (result: Verdict["result"], difference: number, why: string): Verdict => ({
    operator: one.name,
    result,
    difference,
    why,
  });
  if (expected instanceof Error) return verdict("failed", 0, `the reference: ${expected.message}`);
  if (found instanceof Error) {
    const isMissing = one.missing.includes(backend) && found.message.includes("not registered for backend");
    return verdict(isMissing ? "missing" : "failed", 0, found.message);
  }
  const differences = expected.map((value, at) => differenceOf(found[at], value));
  const difference = Math.max(...differences);
  if (found.length === expected.length && difference <= (one.tolerances[backend] ?? tolerance))
    return verdict("same", difference, "");
  return verdict("different", difference, `differs by ${difference.toExponential(1)} of the largest number`);
}

/** Infinite where shape, type, an integer or a NaN differs. */
function differenceOf(found: Value | undefined, expected: Value): number {
  if (found === undefined || found.dtype !== expected.dtype) return Number.POSITIVE_INFINITY;
  if (found.shape.join() !== expected.shape.join()) return Number.POSITIVE_INFINITY;
  let [largest, scale] = [0, 0];
  for (let at = 0; at < expected.values.length; at++) {
    const [a, b] = [found.values[at] ?? Number.NaN, expected.values[at] ?? Number.NaN];
    if (Number.isNaN(a) !== Number.isNaN(b)) return Number.POSITIVE_INFINITY;
    if (!Number.isNaN(a) && a !== b) largest = Math.max(largest, Math.abs(a - b));
    if (Number.isFinite(b)) scale = Math.max(scale, Math.abs(b));
  }
  if (largest === 0) return 0;
  return expected.dtype === "float32" && scale > 0 ? largest / scale : Number.POSITIVE_INFINITY;
}
