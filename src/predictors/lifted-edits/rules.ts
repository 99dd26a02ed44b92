/** What was learnt of a structured world as rules in words: what becomes of each path, under the form of action that the conditions name. */

import { inOrder, type LearntRule, ruleId } from "../learnt-rules.ts";
import { conditionWords, type SituationKind, supportByLabel } from "../lifted/leaves.ts";
import { families, familyOf } from "../lifted/tokens.ts";
import type { Rules } from "./engine.ts";
import { words as expressionWords, textOf } from "./expression.ts";
import { goneRow, leafOfKey, type RowModel, spawnRow, splitKey } from "./row-model.ts";

export function rulesIn(rules: Pick<Rules, "stages">, words: ReadonlyMap<number, string>): readonly LearntRule[] {
  return inOrder(allRules(rules, words));
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
  for (const [at, { support, kinds }] of supportByLabel(forest)) {
    const expression = expressions[at];
    const [most] = kinds;
    if (expression === undefined || most === undefined || expression[0] === "keep" || expression[0] === "unknown")
      continue;
    const action = actionOf(most, words);
    yield {
      id: ruleId("edit", String(stage), key, textOf(expression)),
      kind: "edit",
      action: stage === 0 ? action : "(what the world does by itself)",
      says: `${placeWords(key)} ${expressionWords(expression)}`,
      when: conditionWords(most.conditions, words).filter((one) => one !== actionWords(action)),
      support,
      tried: null,
      content: null,
      order: null,
    };
  }
}

/** The form of action that the kind of situation asks for; empty where it asks for none. */
function actionOf({ conditions }: SituationKind, words: ReadonlyMap<number, string>): string {
  const asked = conditions.find(({ token, present }) => present && familyOf(token) === families.action);
  const [, form] = /^the action is "(.*)"$/s.exec(asked === undefined ? "" : (words.get(asked.token) ?? "")) ?? [];
  return form ?? "";
}

function actionWords(action: string): string {
  return `the action is "${action}"`;
}

/** "boxes: open". */
function placeWords(key: string): string {
  const { row, leaf } = leafOfKey(key);
  const { collection, lifted } = splitKey(row);
  const whose = collection === "" ? "the state" : collection;
  if (lifted === goneRow) return `a thing of ${whose}`;
  if (lifted.startsWith(spawnRow)) return `of ${lifted.slice(spawnRow.length) || whose} come`;
  return leaf === null ? `${whose}: ${lifted}` : `${whose}: of ${lifted}, when it is new, ${leaf}`;
}
