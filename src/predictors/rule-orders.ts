/** What operators have ordered of learnt rules: which are left out of every version, and which hold whatever was learnt since. */

const orderNames = ["delete", "pin"] as const;
export type OrderName = (typeof orderNames)[number];

export interface RuleOrder {
  /** The rule's id. */
  readonly rule: string;
  readonly order: OrderName;
  /** What the rule says, as JSON text of its predictor's form: it holds although nobody knows the rule any more. */
  readonly content: string;
  readonly author: string;
  /** When, epoch ms. */
  readonly at: number;
}

/** Why what is pinned is said: of the conditions that were learnt none was asked. */
export const pinnedWords = "an operator pinned this rule";

/** Of one predictor in one environment. */
export const ordersMax = 256;
/** Of what one rule says, in UTF-16 units: orders are written with every version. */
export const contentCharsMax = 8_192;

/** What a rule says, as it goes into an order; null where that is longer than an order may carry. */
export function contentText<T>(content: T): string | null {
  const text = JSON.stringify(content);
  return text.length <= contentCharsMax ? text : null;
}

/** The text was written by a version of this program and came through the log: `isOne` need not trust that it is one. Null: it is not. */
export function readContent<T>(text: string, isOne: (content: T | null) => boolean): T | null {
  try {
    const content: T | null = JSON.parse(text);
    return isOne(content) ? content : null;
  } catch {
    return null;
  }
}

export function areStrings(...values: readonly unknown[]): boolean {
  return values.every((value) => typeof value === "string");
}

export function areLists(values: unknown): boolean {
  return Array.isArray(values) && values.every(Array.isArray);
}
