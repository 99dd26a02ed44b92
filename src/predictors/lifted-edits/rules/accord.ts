/** Refused or done: what was never seen together is not said together. Of two parts of an answer that are apart, the surer one stays. */
import type { Expression } from "../expressions/expression.ts";
import type { Company } from "./company.ts";
import type { Barred, Decision, Verdict } from "./decide.ts";

export interface Answer {
  readonly verdict: Verdict;
  /** The decisions that passed the gate. */
  readonly kept: readonly Decision[];
}

/** `decideAgain`: without what is barred. */
export function accorded(
  answer: Answer,
  company: Company,
  precision: (decision: Decision) => number,
  decideAgain: (barred: Barred) => Answer,
): Answer {
  const { verdict, kept } = answer;
  const keys = [...new Set(kept.map(({ key }) => key))];
  /** By what is said, and of which path: thousands of cells may say the same. */
  const known = new Map<string, Map<Expression, readonly string[]>>();
  for (const one of kept) {
    const ofKey = known.get(one.key) ?? new Map<Expression, readonly string[]>();
    known.set(one.key, ofKey);
    const others = ofKey.get(one.expression) ?? keys.filter((key) => company.isApart(one.key, one.expression, key));
    ofKey.set(one.expression, others);
    if (others.length === 0) continue;
    const apart = kept.filter(({ key }) => others.includes(key));
    if (precision(one) >= Math.max(...apart.map(precision)))
      return { verdict, kept: kept.filter((other) => !apart.includes(other)) };
    return decideAgain((key, expression) => apart.some((other) => company.isApart(key, expression, other.key)));
  }
  return answer;
}
