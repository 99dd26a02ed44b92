/** Are two proportions equal? The pooled z test; z squared is chi-square with one degree of freedom. */
import { chiSquareTail } from "./chi-square.ts";

/** Two-sided p-value; 1 where either side is empty. */
export function proportionsDiffer(a: number, ofA: number, b: number, ofB: number): number {
  if (ofA <= 0 || ofB <= 0) return 1;
  const pooled = (a + b) / (ofA + ofB);
  const variance = pooled * (1 - pooled) * (1 / ofA + 1 / ofB);
  return variance <= 0 ? 1 : chiSquareTail((a / ofA - b / ofB) ** 2 / variance, 1);
}
