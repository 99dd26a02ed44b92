/** Refused or done: what was never seen together is not said together. Of two parts of an answer that are apart, the surer one stays. */
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
  for (const one of kept) {
    const apart = kept.filter(({ key }) => company.isApart(one.key, one.expression, key));
    if (apart.length === 0) continue;
    if (precision(one) >= Math.max(...apart.map(precision)))
      return { verdict, kept: kept.filter((other) => !apart.includes(other)) };
    return decideAgain((key, expression) => apart.some((other) => company.isApart(key, expression, other.key)));
  }
  return answer;
}
