/**
 * Rules as operators ordered them. Deleted: an answer, a name or an end of texts is never chosen, an effect or change never made. Pinned: it is
 * chosen before all others wherever one of the kinds of situation in which it led when it was pinned is met and it can be said; an effect or
 * change is made whether or not it is still learnt.
 */

import { emptyForest } from "../lifted/forest.ts";
import { type LabelOrder, withOrders } from "../lifted/ordered-labels.ts";
import type { RuleOrder } from "../rule-orders.ts";
import type { Choice, Rules } from "./engine.ts";
import { partWords } from "./pages/choice/parts.ts";
import { eventsOf, type PageStructure } from "./pages/structure.ts";
import { contentOf, type RuleContent } from "./rule-content.ts";
import type { Effect, Structure } from "./structure.ts";

interface Obeyed {
  readonly order: RuleOrder["order"];
  readonly content: RuleContent;
}

export function obeyed(rules: Rules, orders: readonly RuleOrder[]): Rules {
  const all = orders.flatMap(({ order, content }): readonly Obeyed[] => {
    const read = contentOf(content);
    return read === null ? [] : [{ order, content: read }];
  });
  if (all.length === 0) return rules;
  const choices = new Map(rules.choices);
  for (const [form, its] of ordersByForm(all)) {
    // Of a part of answers that no forest chooses (yet) something is said all the same: what is deleted is not.
    const choice = rules.choices.get(form) ?? (partWords(form) === null ? undefined : unlearnt);
    if (choice === undefined) continue;
    const { labels: templates, ordered } = withOrders(choice.templates, its);
    choices.set(form, { ...choice, templates, ordered });
  }
  return {
    ...rules,
    structure: structureWith(rules.structure, all),
    choices,
    choiceOf: (form) => choices.get(form),
    areOrdered: true,
  };
}

const unlearnt: Choice = { forest: emptyForest, templates: [] };

function ordersByForm(orders: readonly Obeyed[]): ReadonlyMap<string, readonly LabelOrder[]> {
  const byForm = new Map<string, LabelOrder[]>();
  for (const { order, content } of orders) {
    if (content.is !== "answer") continue;
    const its = byForm.get(content.form) ?? [];
    byForm.set(content.form, its);
    its.push({ order, ...content });
  }
  return byForm;
}

function structureWith(structure: Structure, orders: readonly Obeyed[]): Structure {
  const effects = new Map(structure.effects);
  for (const { order, content } of orders) {
    if (content.is !== "effect") continue;
    const others = (effects.get(content.event) ?? []).filter((one) => !isSame(one, content.effect));
    effects.set(content.event, order === "pin" ? [...others, content.effect] : others);
  }
  const { pages } = structure;
  return { ...structure, effects, pages: pages === null ? null : pagesWith(pages, orders) };
}

function isSame(a: Effect, b: Effect): boolean {
  return a.relation === b.relation && a.item === b.item && a.owner === b.owner && a.enters === b.enters;
}

function pagesWith(pages: PageStructure, orders: readonly Obeyed[]): PageStructure {
  const [moves, inverses, edits] = [new Map(pages.moves), new Map(pages.inverses), new Map(pages.edits)];
  const [letters, effects] = [new Map(pages.lettered), new Map(pages.ledger?.effects)];
  const movers = new Set(pages.movers);
  for (const { order, content } of orders) {
    if (content.is === "mover") movers[order === "pin" ? "add" : "delete"](content.mover);
    else if (content.is === "move") put(moves, content.event, content.to, order);
    else if (content.is === "back") put(inverses, content.action, content.back, order);
    else if (content.is === "change") put(edits, content.key, content.outcome, order);
    else if (content.is === "letters") put(letters, content.key, content.outcome, order);
    else if (content.is === "amount") put(effects, content.key, content.effect, order);
  }
  const ledger = pages.ledger === null ? null : { ...pages.ledger, effects };
  return { ...pages, movers, moves, inverses, edits, editing: eventsOf(edits.keys()), lettered: letters, ledger };
}

/** What is deleted is that the key has this value: another one that was learnt since is another rule. */
function put<T>(map: Map<string, T>, key: string, value: T, order: RuleOrder["order"]): void {
  if (order === "pin") map.set(key, value);
  else if (map.get(key) === value) map.delete(key);
}
