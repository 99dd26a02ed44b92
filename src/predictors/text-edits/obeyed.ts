/**
 * Rules as operators ordered them. Deleted: an answer is never chosen, an effect or change never made. Pinned: an answer is chosen for its
 * form of action before all others wherever one of the kinds of situation in which it led when it was pinned is met and its slots can be
 * filled; an effect or change is made whether or not it is still learnt.
 */
import type { RuleOrder } from "../rule-orders.ts";
import type { Choice, Rules } from "./engine.ts";
import type { OrderedLabels, PinnedLabel } from "./ordered-labels.ts";
import { eventsOf, type PageStructure } from "./pages/structure.ts";
import { type RuleContent, readContent, readKind } from "./rule-content.ts";
import type { Effect, Structure } from "./structure.ts";

interface Obeyed {
  readonly order: RuleOrder["order"];
  readonly content: RuleContent;
}

export function obeyed(rules: Rules, orders: readonly RuleOrder[]): Rules {
  const all = orders.flatMap(({ order, content }): readonly Obeyed[] => {
    const read = readContent(content);
    return read === null ? [] : [{ order, content: read }];
  });
  if (all.length === 0) return rules;
  const choices = new Map(rules.choices);
  for (const [form, choice] of rules.choices) choices.set(form, withOrders(form, choice, all));
  return {
    ...rules,
    structure: structureWith(rules.structure, all),
    choices,
    choiceOf: (form) => choices.get(form),
  };
}

function withOrders(form: string, choice: Choice, orders: readonly Obeyed[]): Choice {
  const templates = [...choice.templates];
  const deleted: number[] = [];
  const pinned: PinnedLabel[] = [];
  for (const { order, content } of orders) {
    if (content.is !== "answer" || content.form !== form) continue;
    const known = templates.indexOf(content.label);
    if (order === "delete") {
      if (known >= 0) deleted.push(known);
      continue;
    }
    const label = known >= 0 ? known : templates.push(content.label) - 1;
    pinned.push({ label, kinds: content.kinds.map(readKind) });
  }
  const ordered: OrderedLabels = { deleted, pinned };
  return deleted.length + pinned.length === 0 ? choice : { ...choice, templates, ordered };
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
  const movers = new Set(pages.movers);
  for (const { order, content } of orders) {
    if (content.is === "mover") movers[order === "pin" ? "add" : "delete"](content.mover);
    else if (content.is === "move") put(moves, content.event, content.to, order);
    else if (content.is === "back") put(inverses, content.action, content.back, order);
    else if (content.is === "change") put(edits, content.key, content.outcome, order);
  }
  return { ...pages, movers, moves, inverses, edits, editing: eventsOf(edits.keys()) };
}

/** What is deleted is that the key has this value: another one that was learnt since is another rule. */
function put<T>(map: Map<string, T>, key: string, value: T, order: RuleOrder["order"]): void {
  if (order === "pin") map.set(key, value);
  else if (map.get(key) === value) map.delete(key);
}
