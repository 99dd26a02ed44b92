/** What is found out about tensors in this process: the backend, the reasons, and by wish the operator suite and a speed. */
import type { Attempt } from "../../predictors/tensor/backend.ts";
import { operators, runSuite, tolerance, type Verdict } from "../../predictors/tensor/operators/suite.ts";
import type { Tensors } from "../../predictors/tensor/tensors.ts";

export interface TensorCheck {
  readonly backend: { readonly name: string; readonly device: string };
  readonly attempts: readonly Attempt[];
  readonly limits: readonly string[];
  readonly suite: { readonly good: boolean; readonly summary: string; readonly others: readonly Verdict[] } | null;
  /** Median of five products of two 1024 x 1024 matrices, one value read back; null where it was not asked for. */
  readonly matMulMs: number | null;
}

export async function checkTensors(tensors: Tensors, withSuite: boolean, seconds: () => number): Promise<TensorCheck> {
  const { backend, attempts, limits, name } = tensors;
  if (!withSuite) return { backend, attempts, limits, suite: null, matMulMs: null };
  const { verdicts, worst, good } = await runSuite(tensors);
  const count = (result: Verdict["result"]) => verdicts.filter((verdict) => verdict.result === result).length;
  const missing = count("missing") > 0 ? `, ${count("missing")} known to be missing here` : "";
  const wrong = count("different") + count("failed");
  const wider = operators.filter(({ tolerances }) => tolerances[name] !== undefined);
  const except = wider.map((one) => ` (${one.name}: ${one.tolerances[name]?.toExponential(1)}, which its rules allow)`);
  const summary = `operators: ${count("same")} of ${verdicts.length} as in plain JavaScript within ${tolerance} of the largest number${except.join("")}${missing}, ${wrong} wrong; worst difference ${worst.difference.toExponential(1)} (${worst.operator})`;
  const others = verdicts.filter(({ result }) => result !== "same");
  return { backend, attempts, limits, suite: { good, summary, others }, matMulMs: await matMulMs(tensors, seconds) };
}

async function matMulMs({ tf, read }: Tensors, seconds: () => number): Promise<number> {
  const a = tf.randomNormal([1_024, 1_024], 0, 1, "float32", 1);
  const times: number[] = [];
  for (let at = 0; at < 6; at++) {
    const start = seconds();
    const sum = tf.tidy(() => tf.sum(tf.matMul(a, a)));
    await read(sum);
    sum.dispose();
    // The first one compiles and warms up.
    if (at > 0) times.push(1_000 * (seconds() - start));
  }
  a.dispose();
  return times.sort((x, y) => x - y)[2] ?? 0;
}
