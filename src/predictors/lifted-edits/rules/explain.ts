/** A prediction explained: each edit with its expression in words, the conditions that chose it, and the steps behind it. */
import { canonicalText } from "../../../json/canonical.ts";
import type { Json } from "../../../json/json.ts";
import { isArray, memberOf, pointerText } from "../../../json/pointer.ts";
import { emptyForest, trace } from "../../lifted/forest.ts";
import { conditionWords } from "../../lifted/leaves.ts";
import type { ExplainedEdit, Explanation, Situation } from "../../predictor.ts";
import { pinnedWords } from "../../rule-orders.ts";
import type { Expression } from "../expressions/expression.ts";
import { words as expressionWords } from "../expressions/expression-words.ts";
import type { LiftedOptions } from "../options.ts";
import type { Scene } from "../situation/scene.ts";
import { type Birth, pointerOf } from "../state/assemble.ts";
import { factPointer } from "../state/facts.ts";
import type { Part } from "./build.ts";
import type { Decision } from "./decide.ts";
import { doubtedIn } from "./doubted.ts";
import { predictWith, type Rules } from "./engine.ts";
import { spawnRow, splitKey } from "./row-model.ts";
import type { Desk } from "./rows.ts";
import { bornLeafWords, bornWords, listedWords } from "./rules.ts";

/** `words`: of the tokens that forests ask for. Null where `predictWith` abstains. */
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
  const withheld: ExplainedEdit[] = [];
  const doubted: ExplainedEdit[] = [];
  for (const [stage, { scene, kept, verdict }] of run.outcomes.entries()) {
    desk.begin(scene);
    const pathOf = (pointer: readonly string[]) => pathIn(rules, situation.state, pointer);
    const explained = (decision: Decision) => {
      const reason = { ...reasonOf(rules, stage, scene, decision, words, desk), confidence: decision.share };
      return madeBy(decision, pathOf).map((made) => ({ ...made, ...reason }));
    };
    edits.push(...kept.flatMap(explained));
    withheld.push(...verdict.decisions.filter((decision) => !kept.includes(decision)).flatMap(explained));
    for (const { decision, instead } of doubtedIn(rules, stage, scene, desk)) {
      const most = `; most of the other votes: ${expressionWords(instead)}`;
      doubted.push(...explained(decision).map((one) => ({ ...one, expression: `${one.expression}${most}` })));
    }
  }
  return { edits, withheld, doubted, confidence: rules.confidence(run.evidence), novel: run.novel };
}

/** As the state writes it. */
function pathIn({ facts, renames }: Rules, state: Json, pointer: readonly string[]): string {
  return pointerText(factPointer(pointer, state, facts).map((token) => renames.nameIn(state, token)));
}

type Made = Pick<ExplainedEdit, "path" | "expression" | "value">;

/** A decision as edits: one, or one for each thing that comes. */
function madeBy(decision: Decision, pathOf: (pointer: readonly string[]) => string): readonly Made[] {
  const { entity, path, expression, value, copies, births, parts } = decision;
  const told = expressionWords(expression);
  if (births.length > 0)
    return births.map((birth, at) => ({
      path: pathOf(pointerOfBirth(birth)),
      expression: `comes${partsWords(parts[at] ?? [], bornLeafWords, bornWords)}${listWords(birth)}`,
      value: canonicalText(birth.value),
    }));
  const isSaid = value === undefined || copies.length > 0 || told === `becomes ${canonicalText(value)}`;
  const known = isSaid ? {} : { value: canonicalText(value) };
  const own = pointerOf(entity);
  const { lifted } = splitKey(decision.key);
  if (path === null && lifted.startsWith(spawnRow))
    return [{ path: pathOf(own), expression: `nothing of ${lifted.slice(spawnRow.length)} comes` }];
  if (path === null) return [{ path: pathOf(own), expression: told }];
  if (path.text.startsWith("^"))
    return [{ path: pathOf(own), expression: `${listedWords(path.text)} ${told}`, ...known }];
  const made = partsWords(parts[0] ?? [], (leaf) => `its ${leaf}`, expressionWords);
  return [{ path: pathOf([...own, ...path.pointer]), expression: `${told}${made}`, ...known }];
}

/** `-` is the place behind the last element of an array (RFC 6901). */
function pointerOfBirth({ owner, place, key }: Birth): readonly string[] {
  let there: Json | undefined = owner.value;
  for (const token of place.pointer) there = there === undefined ? undefined : memberOf(there, token);
  return [...pointerOf(owner), ...place.pointer, isArray(there) ? "-" : String(key)];
}

function partsWords(
  parts: readonly Part[],
  leafWords: (path: string) => string,
  valueWords: (expression: Expression) => string,
): string {
  const all = parts.map(({ path, expression }) => {
    return `${leafWords(path)} ${valueWords(expression).replace(/^becomes /, "is ")}`;
  });
  return all.length === 0 ? "" : `: ${all.join(", ")}`;
}

function listWords({ listedBy }: Birth): string {
  return listedBy === null ? "" : `; listed last in ${listedBy.list.text} of ${listedBy.parent.name}`;
}

/** The conditions that led to the decision, and how many steps that met them said the same. */
function reasonOf(
  rules: Rules,
  stage: number,
  scene: Scene,
  { entity, path, key, old, expression, isPinned }: Decision,
  words: ReadonlyMap<number, string>,
  desk: Desk,
): Pick<ExplainedEdit, "rule" | "support"> {
  const model = rules.stages[stage]?.models.get(key);
  desk.atRow(scene, { entity, path, lifted: splitKey(key).lifted, old });
  const { asked, votes } = trace(model?.forest ?? emptyForest, desk.sets, model?.expressions.indexOf(expression) ?? -1);
  const rule = isPinned ? [pinnedWords] : conditionWords(asked, words);
  return { rule: stage === 0 ? rule : [ofItself, ...rule], support: votes };
}

const ofItself = "the world does it by itself, after the action";
