/** What operators have ordered of learnt rules: which are left out of every version, and which hold whatever was learnt since. */

export const orderNames = ["delete", "pin"] as const;
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

/** Of one predictor in one environment. */
export const ordersMax = 256;
/** Of what one rule says, in UTF-16 units: orders are written with every version. */
export const contentCharsMax = 8_192;
