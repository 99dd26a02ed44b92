/**
 * Rules as operators ordered them. Deleted: its expression is never chosen at its path, the next best is. Pinned: it is chosen before all others
 * wherever one of the kinds of situation in which it led when it was pinned is met and it can be applied, and no gate is asked.
 */
import { type LabelOrder, withOrders } from "../../lifted/ordered-labels.ts";
import type { RuleOrder } from "../../rule-orders.ts";
import { parseExpression, textOf } from "../expressions/expression.ts";
import type { Rules } from "./engine.ts";
import type { StageModel } from "./model.ts";
import { type RowModel, RowModels } from "./row-model.ts";
import { contentOf, type RuleContent } from "./rule-content.ts";

export function obeyed(rules: Rules, orders: readonly RuleOrder[]): Rules {
  const all = orders.flatMap(({ order, content }) => {
    const read = contentOf(content);
    return read === null ? [] : [{ ...read, order }];
  });
  if (all.length === 0) return rules;
  return { ...rules, stages: rules.stages.map((stage, at) => stageWith(stage, orderedIn(at, all))) };
}

type Ordered = RuleContent & Pick<RuleOrder, "order">;

/** By key of the path. */
function orderedIn(stage: number, orders: readonly Ordered[]): ReadonlyMap<string, readonly LabelOrder[]> {
  const byKey = new Map<string, LabelOrder[]>();
  for (const { order, key, expression: label, kinds, stage: at } of orders) {
    if (at !== stage) continue;
    const its = byKey.get(key) ?? [];
    byKey.set(key, its);
    its.push({ order, label, kinds });
  }
  return byKey;
}

function stageWith(stage: StageModel, orders: ReadonlyMap<string, readonly LabelOrder[]>): StageModel {
  const obedient = new RowModels();
  for (const model of stage.models.all()) {
    const its = orders.get(model.key);
    obedient.set(its === undefined ? model : modelWith(model, its));
  }
  return { ...stage, models: obedient };
}

function modelWith(model: RowModel, orders: readonly LabelOrder[]): RowModel {
  const { labels, ordered } = withOrders(model.expressions.map(textOf), orders);
  const expressions = [...model.expressions, ...labels.slice(ordered.known).map(parseExpression)];
  return { ...model, expressions, ordered };
}
