/**
 * What operators ordered of learnt rules, of one partition's environments: the fold of the commands in log order, and nothing else. An order
 * waits for its rule: whether that is known is asked before the command is written, not here, where commands of old may come before
 * anything was learnt.
 */
import { codecs } from "../codec/codecs.ts";
import type { LogRecord } from "../log/port.ts";
import { contentCharsMax, ordersMax, type RuleOrder } from "../predictors/rule-orders.ts";
import { referenceKey } from "../run/manifests.ts";

export type Heard =
  | { readonly form: "none" }
  | { readonly form: "ordered"; readonly environment: string; readonly predictor: string }
  | { readonly form: "dead"; readonly environment: string; readonly message: string };

export interface RuleOrders {
  /** Throws `CodecError` for what is no command. */
  hear(record: LogRecord): Heard;
  of(environment: string, predictor: string): readonly RuleOrder[];
  snapshot(): WrittenOrders;
  restore(written: WrittenOrders): void;
}

export type WrittenOrders = readonly (readonly [key: string, orders: readonly RuleOrder[]])[];

const rulePattern = /^[0-9a-f]{12}$/;
/** Environments with a predictor of which rules are ordered. */
const placesMax = 1_000;

export function createRuleOrders(isMine: (environment: string) => boolean): RuleOrders {
  const orders = new Map<string, Map<string, RuleOrder>>();

  function ordered(record: LogRecord, key: string): string | null {
    const { target, order, rule: content, author } = codecs.command.decode(record.value ?? new Uint8Array());
    const own = orders.get(key) ?? new Map<string, RuleOrder>();
    if (order === "restore") {
      own.delete(target);
      if (own.size === 0) orders.delete(key);
      return null;
    }
    if (order !== "delete" && order !== "pin") return "an order is delete, pin or restore";
    if (content === null || content.length > contentCharsMax)
      return `an order says what the rule says, in at most ${contentCharsMax} characters`;
    if (!orders.has(key) && orders.size >= placesMax)
      return `rules of ${placesMax} predictors are ordered: restore some`;
    if (!own.has(target) && own.size >= ordersMax) return `${ordersMax} rules are ordered: restore some first`;
    own.delete(target);
    own.set(target, { rule: target, order, content, author, at: record.timestamp });
    orders.set(key, own);
    return null;
  }

  return {
    hear(record) {
      const { command, environment, predictor, target } = codecs.command.decode(record.value ?? new Uint8Array());
      if (command !== "forget") return { form: "none" };
      const dead = (message: string): Heard => ({ form: "dead", environment, message });
      if (!isMine(environment)) return dead(`the command for ${environment} is in the partition of another key`);
      if (predictor === null) return dead("an order names the predictor that has learnt the rule");
      if (!rulePattern.test(target)) return dead("an order names a rule by its id");
      const problem = ordered(record, referenceKey({ environment, predictor }));
      return problem === null ? { form: "ordered", environment, predictor } : dead(problem);
    },
    of: (environment, predictor) => [...(orders.get(referenceKey({ environment, predictor }))?.values() ?? [])],
    snapshot: () => [...orders].map(([key, own]) => [key, [...own.values()]] as const),
    restore(written) {
      orders.clear();
      for (const [key, own] of written) orders.set(key, new Map(own.map((order) => [order.rule, order])));
    },
  };
}
