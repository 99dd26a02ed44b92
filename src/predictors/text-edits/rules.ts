/** What was learnt of a world of texts as rules in words: effects of actions on relations, and which text follows a form of action. */

import { type LearntRule, ruleId, rulesWithOrders } from "../learnt-rules.ts";
import { conditionWords, supportByLabel } from "../lifted/leaves.ts";
import { leadingKinds, readKind } from "../lifted/ordered-labels.ts";
import { contentText, type RuleOrder } from "../rule-orders.ts";
import { callChoice, shownAnswer } from "./calls/engine.ts";
import { noneLabel } from "./chosen.ts";
import type { Choice, Rules } from "./engine.ts";
import { shownLabel } from "./pages/choice/engine.ts";
import { partWords } from "./pages/choice/parts.ts";
import { sourceMark } from "./pages/choice/sources.ts";
import { isTailChoice, tailVerb } from "./pages/choice/tails.ts";
import { isPieceChoice, pieceVerb } from "./pages/moved/choice.ts";
import { pageRule, pageRules } from "./pages/rules.ts";
import { piecesOf, shownTemplate } from "./reading.ts";
import { contentOf, type RuleContent } from "./rule-content.ts";
import { sourceWords } from "./source-words.ts";
import { type Effect, partsOfEvent, slotKey } from "./structure.ts";
import type { Tallies } from "./tallies.ts";
import { precisionOf, sourcesOf } from "./values.ts";

/** `rules`: as they were learnt. */
export function rulesIn(
  rules: Rules,
  words: ReadonlyMap<number, string>,
  tallies: Tallies,
  orders: readonly RuleOrder[] = [],
): readonly LearntRule[] {
  return rulesWithOrders(allRules(rules, words, tallies), orders, (order) => orderedRule(rules, words, order));
}

function orderedRule(rules: Rules, words: ReadonlyMap<number, string>, order: RuleOrder): LearntRule | null {
  const content = contentOf(order.content);
  if (content === null) return null;
  if (content.is === "effect") return effectRule(content.event, content.effect);
  if (content.is !== "answer") return pageRule(content);
  const { form, label, kinds } = content;
  const when = conditionWords(readKind(kinds[0] ?? []), words);
  return { ...choiceRule(rules, form, label), when, support: 0, tried: null, content: order.content, order };
}

function* allRules(rules: Rules, words: ReadonlyMap<number, string>, tallies: Tallies): Generator<LearntRule> {
  const { effects, pages } = rules.structure;
  for (const [key, list] of effects) for (const effect of list) yield effectRule(key, effect);
  for (const [form, choice] of rules.choices) yield* choiceRules(rules, form, choice, words, tallies);
  if (pages !== null) yield* pageRules(pages);
}

function effectRule(key: string, { relation, item, owner, enters }: Effect): LearntRule {
  const [action, template] = partsOfEvent(key);
  const whose = owner === null ? relation : `${relation} of <${owner}>`;
  const says = `<${item}> ${enters ? "enters" : "leaves"} ${whose}`;
  return {
    id: ruleId("effect", key, relation, String(item), String(owner), String(enters)),
    kind: "effect",
    action: shownTemplate(action),
    says,
    when: [`the answer is "${shownTemplate(template)}"`],
    support: null,
    tried: null,
    content: contentText<RuleContent>({ is: "effect", event: key, effect: { relation, item, owner, enters } }),
    order: null,
  };
}

/** What a choice chooses, without where and how often. */
function choiceRule(rules: Rules, form: string, label: string): Pick<LearntRule, "id" | "kind" | "action" | "says"> {
  const says = partWords(form);
  const kind = says === null ? "answer" : "name";
  return {
    id: ruleId(kind, form, label),
    kind,
    action: actionWords(form),
    says: says === null ? answerWords(rules, form, label) : says(label),
  };
}

function actionWords(form: string): string {
  if (form === callChoice) return "a call";
  if (isTailChoice(form)) return tailVerb(form);
  if (isPieceChoice(form)) return pieceVerb(form);
  return partWords(form) === null ? shownTemplate(form) : "";
}

function* choiceRules(
  rules: Rules,
  form: string,
  { forest, templates }: Choice,
  words: ReadonlyMap<number, string>,
  tallies: Tallies,
): Generator<LearntRule> {
  const supports = supportByLabel(forest);
  for (const [at, label] of templates.entries()) {
    const found = supports.get(at);
    if (label === null || label === noneLabel || found === undefined) continue;
    const kinds = leadingKinds(found.kinds);
    yield {
      ...choiceRule(rules, form, label),
      when: conditionWords(found.kinds[0]?.conditions ?? [], words),
      support: found.support,
      tried: isTried(form) ? tallies.of(form, label) : null,
      content: contentText<RuleContent>({ is: "answer", form, label, kinds }),
      order: null,
    };
  }
}

/** Of parts of answers and of calls it is not counted. */
function isTried(form: string): boolean {
  return form !== callChoice && partWords(form) === null;
}

function answerWords(rules: Rules, form: string, label: string): string {
  if (form === callChoice) return `the answer is ${shownAnswer(label)}`;
  if (label.startsWith(sourceMark)) return `the answer is ${shownLabel(label)}`;
  const text = `the answer is "${shownTemplate(label)}"`;
  if (rules.structure.pages !== null) return text;
  const lists = piecesOf(label).styles.map((_, at) => `list ${at + 1} is ${listWords(rules, form, label, at)}`);
  return [text, ...lists].join("; ");
}

/** The source that was right most often. */
function listWords({ structure, remembered }: Rules, form: string, template: string, at: number): string {
  const slot = slotKey(form, template, at);
  const named = new Set(piecesOf(form).styles).size;
  const rated = sourcesOf(
    structure,
    slot,
    Array.from({ length: named }, () => ""),
  ).map((source) => ({
    source,
    precision: precisionOf(remembered, slot, source),
  }));
  const [best] = rated.sort((a, b) => b.precision - a.precision);
  return best === undefined
    ? "not known"
    : `${sourceWords(best.source)} (right in ${(100 * best.precision).toFixed(1)} %)`;
}
