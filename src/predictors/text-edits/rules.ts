/** What was learnt of a world of texts as rules in words: effects of actions on relations, and which text follows a form of action. */

import { inOrder, type LearntRule, ruleId } from "../learnt-rules.ts";
import { conditionWords, supportByLabel } from "../lifted/leaves.ts";
import type { RuleOrder } from "../rule-orders.ts";
import { callChoice, shownAnswer } from "./calls/engine.ts";
import { noneLabel } from "./chosen.ts";
import type { Choice, Rules } from "./engine.ts";
import { endChoice, shownEnd } from "./pages/ends.ts";
import { shownLabel } from "./pages/engine.ts";
import { nameChoice, shownKind } from "./pages/naming.ts";
import { pageRule, pageRules } from "./pages/rules.ts";
import { sourceMark } from "./pages/sources.ts";
import { isTailChoice, shownTail, tailVerb } from "./pages/tails.ts";
import { piecesOf, shownTemplate } from "./reading.ts";
import { contentText, leadingKinds, readContent, readKind } from "./rule-content.ts";
import { sourceWords } from "./source-words.ts";
import { type Effect, partsOfEvent, slotKey } from "./structure.ts";
import type { Tallies } from "./tallies.ts";
import { precisionOf, sourcesOf } from "./values.ts";

/** `rules`: as they were learnt. What is ordered is listed although it is not learnt any more. */
export function rulesIn(
  rules: Rules,
  words: ReadonlyMap<number, string>,
  tallies: Tallies,
  orders: readonly RuleOrder[] = [],
): readonly LearntRule[] {
  const byRule = new Map(orders.map((order) => [order.rule, order]));
  const listed: LearntRule[] = [];
  for (const rule of allRules(rules, words, tallies)) {
    listed.push({ ...rule, order: byRule.get(rule.id) ?? null });
    byRule.delete(rule.id);
  }
  for (const order of byRule.values()) {
    const rule = orderedRule(rules, words, order);
    if (rule !== null) listed.push(rule);
  }
  return inOrder(listed);
}

function orderedRule(rules: Rules, words: ReadonlyMap<number, string>, order: RuleOrder): LearntRule | null {
  const content = readContent(order.content);
  if (content === null) return null;
  if (content.is === "effect") return { ...effectRule(content.event, content.effect), order };
  if (content.is !== "answer") return { ...pageRule(content), order };
  const { form, label, kinds } = content;
  return {
    id: ruleId("answer", form, label),
    kind: "answer",
    action: shownTemplate(form),
    says: answerWords(rules, form, label),
    when: conditionWords(readKind(kinds[0] ?? []), words),
    support: 0,
    tried: null,
    content: order.content,
    order,
  };
}

function* allRules(rules: Rules, words: ReadonlyMap<number, string>, tallies: Tallies): Generator<LearntRule> {
  const { effects, pages } = rules.structure;
  for (const [key, list] of effects) for (const effect of list) yield effectRule(key, effect);
  for (const [form, choice] of rules.choices) yield* answerRules(rules, form, choice, words, tallies);
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
    content: contentText({ is: "effect", event: key, effect: { relation, item, owner, enters } }),
    order: null,
  };
}

/** Of forests that choose parts of answers; null: of whole ones. */
function wordsOfChoice(form: string): ((label: string) => string) | null {
  if (form === nameChoice) return shownKind;
  if (form === endChoice) return shownEnd;
  return isTailChoice(form) ? shownTail : null;
}

function* answerRules(
  rules: Rules,
  form: string,
  { forest, templates }: Choice,
  words: ReadonlyMap<number, string>,
  tallies: Tallies,
): Generator<LearntRule> {
  const supports = supportByLabel(forest);
  const isCall = form === callChoice;
  const says = wordsOfChoice(form);
  const isAnswer = says === null;
  for (const [at, label] of templates.entries()) {
    const found = supports.get(at);
    if (label === null || label === noneLabel || found === undefined) continue;
    const kind = isAnswer ? "answer" : "name";
    yield {
      id: ruleId(kind, form, label),
      kind,
      action: isCall ? "a call" : isAnswer ? shownTemplate(form) : isTailChoice(form) ? tailVerb(form) : "",
      says: says === null ? answerWords(rules, form, label) : says(label),
      when: conditionWords(found.kinds[0]?.conditions ?? [], words),
      support: found.support,
      tried: isAnswer && !isCall ? tallies.of(form, label) : null,
      // One form of action stands for all calls: what they are answered can be read, not edited.
      content:
        isAnswer && !isCall ? contentText({ is: "answer", form, label, kinds: leadingKinds(found.kinds) }) : null,
      order: null,
    };
  }
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
