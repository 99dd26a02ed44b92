/** What a predictor has learnt of an environment, rule by rule, in words: one shape for all that learn rules. */
import { sha256Hex } from "../json/hash.ts";
import type { RuleKind } from "./rule-kinds.ts";
import type { RuleOrder } from "./rule-orders.ts";

export interface LearntRule {
  /** Names what the rule says: the same rule has the same id in every version. */
  readonly id: string;
  readonly kind: RuleKind;
  /** The form of action that it is about; empty where it is about all. */
  readonly action: string;
  readonly says: string;
  /** Conditions of the kind of situation in which most learnt steps spoke for it. */
  readonly when: readonly string[];
  /** Learnt steps that speak for it; null where they are not counted. */
  readonly support: number | null;
  /** Prequential: how often it was chosen before the step was learnt, and was right; null where that is not counted. */
  readonly tried: { readonly hits: number; readonly tries: number } | null;
  /** What it says, whole, as JSON text of the predictor's form: by this it is deleted or pinned. Null where an order cannot carry so much. */
  readonly content: string | null;
  /** What an operator ordered. */
  readonly order: RuleOrder | null;
}

const idChars = 12;
/** In UTF-16 units. */
const saysCharsMax = 600;
const actionCharsMax = 200;
const whenMax = 12;
const whenCharsMax = 240;
const kindOrder: readonly RuleKind[] = ["effect", "edit", "answer", "name", "change"];

/** `parts`: what it says, whole. 48 bits of SHA-256, in hex. */
export function ruleId(kind: RuleKind, ...parts: readonly string[]): string {
  return sha256Hex(JSON.stringify([kind, ...parts])).slice(0, idChars);
}

/** With what was ordered of them; what is ordered is listed although it is not learnt any more. `ruleOf`: what an order says; null: nothing. */
export function rulesWithOrders(
  rules: Iterable<LearntRule>,
  orders: readonly RuleOrder[],
  ruleOf: (order: RuleOrder) => LearntRule | null,
): readonly LearntRule[] {
  const byRule = new Map(orders.map((order) => [order.rule, order]));
  const listed: LearntRule[] = [];
  for (const rule of rules) {
    listed.push({ ...rule, order: byRule.get(rule.id) ?? null });
    byRule.delete(rule.id);
  }
  for (const order of byRule.values()) {
    const rule = ruleOf(order);
    if (rule !== null) listed.push({ ...rule, order });
  }
  return inOrder(listed);
}

/** Effects first, then by support; texts within their limits. */
function inOrder(rules: Iterable<LearntRule>): readonly LearntRule[] {
  return [...rules]
    .map((rule) => ({
      ...rule,
      action: short(rule.action, actionCharsMax),
      says: short(rule.says, saysCharsMax),
      when: shortList(rule.when),
    }))
    .sort(
      (a, b) =>
        kindOrder.indexOf(a.kind) - kindOrder.indexOf(b.kind) ||
        (b.support ?? 0) - (a.support ?? 0) ||
        (a.id < b.id ? -1 : 1),
    );
}

function shortList(when: readonly string[]): readonly string[] {
  const shown = when.slice(0, whenMax).map((one) => short(one, whenCharsMax));
  return when.length > whenMax ? [...shown, `and ${when.length - whenMax} conditions more`] : shown;
}

function short(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, max)}…`;
}
