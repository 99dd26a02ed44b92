/** What was learnt of a structured world as rules in words: what becomes of each path, under the form of action that the conditions name. */

import { type LearntRule, ruleId, rulesWithOrders } from "../../learnt-rules.ts";
import { type Condition, conditionWords, supportByLabel } from "../../lifted/leaves.ts";
import { leadingKinds, readKind } from "../../lifted/ordered-labels.ts";
import { families, familyOf } from "../../lifted/tokens.ts";
import { contentText, type RuleOrder } from "../../rule-orders.ts";
import { type Expression, parseExpression, textOf } from "../expressions/expression.ts";
import { words as expressionWords } from "../expressions/expression-words.ts";
import type { Rules } from "./engine.ts";
import { goneRow, leafOfKey, type RowModel, spawnRow, splitKey } from "./row-model.ts";
import { contentOf, type RuleContent } from "./rule-content.ts";

/** `rules`: as they were learnt. */
export function rulesIn(
  rules: Pick<Rules, "stages">,
  words: ReadonlyMap<number, string>,
  orders: readonly RuleOrder[] = [],
): readonly LearntRule[] {
  return rulesWithOrders(allRules(rules, words), orders, (order) => orderedRule(words, order));
}

function orderedRule(words: ReadonlyMap<number, string>, order: RuleOrder): LearntRule | null {
  const content = contentOf(order.content);
  if (content === null) return null;
  const { stage, key, expression, kinds } = content;
  const rule = editRule(stage, key, parseExpression(expression), readKind(kinds[0] ?? []), words);
  return { ...rule, support: 0, content: order.content };
}

function* allRules({ stages }: Pick<Rules, "stages">, words: ReadonlyMap<number, string>): Generator<LearntRule> {
  for (const [stage, { models }] of stages.entries())
    for (const model of models.all()) yield* pathRules(stage, model, words);
}

function* pathRules(
  stage: number,
  { key, forest, expressions }: RowModel,
  words: ReadonlyMap<number, string>,
): Generator<LearntRule> {
  for (const [at, { support, kinds: found }] of supportByLabel(forest)) {
    const expression = expressions[at];
    const [most] = found;
    if (expression === undefined || most === undefined || expression[0] === "keep" || expression[0] === "unknown")
      continue;
    const kinds = leadingKinds(found);
    const content = contentText<RuleContent>({ is: "edit", stage, key, expression: textOf(expression), kinds });
    yield { ...editRule(stage, key, expression, most.conditions, words), support, content };
  }
}

/** `conditions`: of the kind of situation in which most speaks for it. */
function editRule(
  stage: number,
  key: string,
  expression: Expression,
  conditions: readonly Condition[],
  words: ReadonlyMap<number, string>,
): Omit<LearntRule, "support" | "content"> {
  const action = actionOf(conditions, words);
  return {
    id: ruleId("edit", String(stage), key, textOf(expression)),
    kind: "edit",
    action: stage === 0 ? action : "(what the world does by itself)",
    says: saying(key, expression),
    when: conditionWords(conditions, words).filter((one) => one !== actionWords(action)),
    tried: null,
    order: null,
  };
}

/** The form of action that the kind of situation asks for; empty where it asks for none. */
function actionOf(conditions: readonly Condition[], words: ReadonlyMap<number, string>): string {
  const asked = conditions.find(({ token, present }) => present && familyOf(token) === families.action);
  const [, form] = /^the action is "(.*)"$/s.exec(asked === undefined ? "" : (words.get(asked.token) ?? "")) ?? [];
  return form ?? "";
}

function actionWords(action: string): string {
  return `the action is "${action}"`;
}

/** "boxes: open becomes true". */
function saying(key: string, expression: Expression): string {
  const { row, leaf } = leafOfKey(key);
  const { collection, lifted } = splitKey(row);
  const told = expressionWords(expression);
  const whose = collection === "" ? "the state" : collection;
  if (lifted === goneRow) return `a thing of ${whose} ${told}`;
  if (lifted.startsWith(spawnRow)) {
    const come = lifted.slice(spawnRow.length);
    if (leaf === null) return `of ${come} comes ${told}`;
    return `a new one of ${come.replace(/ \d+$/, "")}: ${bornLeafWords(leaf)} ${bornWords(expression)}`;
  }
  const field = lifted.startsWith("^") ? listedWords(lifted) : lifted;
  return `${whose}: ${leaf === null ? field : `of ${field}, when it is new, ${leaf}`} ${told}`;
}

/** The inverse of a list. */
export function listedWords(path: string): string {
  return `what lists it in ${path.slice(1)}`;
}

/** What comes is told with its key, where that is no field of it. */
export function bornLeafWords(leaf: string): string {
  return leaf === "key" ? "its key" : `its ${leaf.replace(/^value\./, "")}`;
}

/** The same of its parts. */
export function bornWords(expression: Expression): string {
  return expressionWords(expression).replaceAll("its value.", "its ");
}
