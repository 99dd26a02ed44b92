/** Teaching a forest one row. */
import { vote } from "../lifted/forest.ts";
import type { Trainer } from "../lifted/trainer.ts";
import type { TokenWriter } from "./token-writer.ts";

let shares = new Float64Array(128);

/**
 * What was written, with all labels that explain what followed; none: there is nothing to teach. Returns whether the forest would have been wrong;
 * null: there is none yet.
 */
export function teachRow(
  trainer: Trainer,
  { set }: TokenWriter,
  key: string,
  labels: readonly number[],
): boolean | null {
  if (labels.length === 0) return null;
  const forest = trainer.paths.get(key)?.forest ?? null;
  if (forest !== null && shares.length < forest.labels.length) shares = new Float64Array(2 * forest.labels.length);
  const wrong = forest === null || !labels.includes(forest.labels[vote(forest, [set], shares)] ?? 0);
  trainer.add(key, [set.block()], labels, wrong);
  return forest === null ? null : wrong;
}
