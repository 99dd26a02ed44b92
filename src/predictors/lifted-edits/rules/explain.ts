/** A prediction explained: each edit with its expression in words, the conditions that chose it, and the steps behind it. */
import type { Json } from "../../../json/json.ts";
import { pointerText } from "../../../json/pointer.ts";
import { emptyForest, trace } from "../../lifted/forest.ts";
import { conditionWords } from "../../lifted/leaves.ts";
import type { ExplainedEdit, Explanation, Situation } from "../../predictor.ts";
import { pinnedWords } from "../../rule-orders.ts";
import { words as expressionWords } from "../expressions/expression-words.ts";
import type { LiftedOptions } from "../options.ts";
import type { Scene } from "../situation/scene.ts";
import { pointerOf } from "../state/assemble.ts";
import { factPointer } from "../state/facts.ts";
import type { Decision } from "./decide.ts";
import { predictWith, type Rules } from "./engine.ts";
import { splitKey } from "./row-model.ts";
import type { Desk } from "./rows.ts";

export function explainWith(
  rules: Rules,
  words: ReadonlyMap<number, string>,
  situation: Situation,
  options: LiftedOptions,
  desk: Desk,
): Explanation | null {
  const { run } = predictWith(rules, situation, options, desk);
  if (run === undefined) return null;
  const edits: ExplainedEdit[] = [];
  for (const [stage, { scene, kept }] of run.outcomes.entries()) {
    desk.begin(scene);
    for (const decision of kept) edits.push(explained(rules, stage, scene, decision, words, desk, situation.state));
  }
  return { edits, confidence: rules.confidence(run.evidence), novel: run.novel };
}

function explained(
  rules: Rules,
  stage: number,
  scene: Scene,
  decision: Decision,
  words: ReadonlyMap<number, string>,
  desk: Desk,
  state: Json,
): ExplainedEdit {
  const { entity, path, key, old, expression, share, isPinned } = decision;
  const model = rules.stages[stage]?.models.get(key);
  desk.atRow(scene, { entity, path, lifted: splitKey(key).lifted, old });
  const label = model?.expressions.indexOf(expression) ?? -1;
  const { asked, votes } = trace(model?.forest ?? emptyForest, desk.sets, label);
  const own = path === null ? [] : path.text.startsWith("^") ? [path.text] : path.pointer;
  return {
    path: pointerText(
      factPointer([...pointerOf(entity), ...own], state, rules.facts).map((token) =>
        rules.renames.nameIn(state, token),
      ),
    ),
    expression: expressionWords(expression),
    rule: isPinned ? [pinnedWords] : conditionWords(asked, words),
    support: votes,
    confidence: share,
  };
}
