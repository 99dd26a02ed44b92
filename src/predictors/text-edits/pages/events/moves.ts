/**
 * Where events take things. After an answer, what the action names first has left the place where a text showed it and is somewhere else: on the
 * page of this place, in what another argument names, in the answer to an action that names nothing ("inventory"), or nowhere. A move is made
 * in the texts themselves: the thing's own words go out of one list and into another, sorted as such lists are.
 */
import type { Values } from "../../reading.ts";
import type { PageBelief } from "../belief.ts";
import type { ClausedAction } from "../naming/clauses.ts";
import type { Referent } from "../naming/finding.ts";
import { referentsOf, slotsHere } from "../naming/here.ts";
import { pageNaming } from "../places.ts";
import { sortName } from "../text/items.ts";
import type { Node } from "../text/nodes.ts";
import type { PageEvent } from "./event.ts";

/** Destinations; the last two go before the number of an argument, and before an action. */
export const toHere = "here";
export const toNowhere = "nowhere";
export const toNamed = "in ";
export const toAnswer = "answer ";
/** What it holds goes into what the argument names; what it holds becomes something else. */
export const contentsIn = "contents in ";
export const contentsAre = "contents are ";

/** What a thing holds, as moves tell it apart. */
export function heldKey(names: Values): string {
  return names.toSorted().join(" and ");
}

/** Which argument names where contents go, and contents (`heldKey`) that stay. */
export function contentsGo(to: string): { readonly at: number; readonly staying: Values } {
  const [into = "", ...staying] = to.split("\u0003");
  return { at: Number(into.slice(contentsIn.length)), staying };
}

const nothing = "nothing";

/** The text without the thing; where it was the only one of its list, the list says "nothing". */
export function without(text: string, node: Node): string {
  const { start, parent } = node;
  const end = start + node.text.length;
  if (parent === null) return withoutLine(text, start);
  const at = parent.kids.indexOf(node);
  const [before, next] = [parent.kids[at - 1], parent.kids[at + 1]];
  if (next !== undefined) return text.slice(0, start) + text.slice(next.start);
  if (before !== undefined) return text.slice(0, before.start + before.text.length) + text.slice(end);
  return text.slice(0, start) + nothing + text.slice(end);
}

/** Other sentences stand in its line, which is not indented: those are all of the thing that they begin with. */
function isInProse(text: string, { start, parent, text: own }: Node): boolean {
  if (parent !== null) return false;
  const from = text.lastIndexOf("\n", start - 1) + 1;
  const end = text.indexOf("\n", start);
  if (/\s/.test(text[from] ?? "")) return false;
  return text.slice(from, end < 0 ? undefined : end).trim().length > own.length;
}

function withoutLine(text: string, start: number): string {
  const lines = text.split("\n");
  const at = text.slice(0, start).split("\n").length - 1;
  const indent = indentOf(lines[at] ?? "");
  const isOnly = lines.filter((line) => line !== "" && indentOf(line) === indent).length < 2;
  return (isOnly ? lines.with(at, indent + nothing) : lines.toSpliced(at, 1)).join("\n");
}

/** The text where the thing holds what is said; the same where it does not say what it holds. */
export function holding(text: string, { kids, inside }: Node, what: string): string {
  if (inside < 0) return text;
  const last = kids.at(-1);
  if (last === undefined) return within(text, { kids, inside }, what);
  return text.slice(0, inside) + what + text.slice(last.start + last.text.length);
}

/** The text with the item in what the thing holds; the same where the text does not say what it holds. */
export function within(text: string, { kids, inside }: Pick<Node, "kids" | "inside">, item: string): string {
  if (inside < 0) return text;
  if (kids.length === 0) {
    const at = text.indexOf(nothing, inside);
    return at === inside ? text.slice(0, at) + item + text.slice(at + nothing.length) : text;
  }
  const next = kids.find((kid) => sortName(kid.text) > sortName(item));
  if (next !== undefined) return `${text.slice(0, next.start)}${item}, ${text.slice(next.start)}`;
  const last = kids.at(-1);
  const end = last === undefined ? inside : last.start + last.text.length;
  return `${text.slice(0, end)}, ${item}${text.slice(end)}`;
}

/** The page with a line for the item in its first block of lines. */
export function withLine(page: string, item: string): string {
  const lines = page.split("\n");
  const first = lines.findIndex((line, at) => at > 0 && indentOf(line) !== "");
  if (first < 0) return page;
  const indent = indentOf(lines[first] ?? "");
  if (lines[first] === indent + nothing) return lines.with(first, indent + item).join("\n");
  let end = first;
  while (end < lines.length && indentOf(lines[end] ?? "") === indent) end += 1;
  const next = lines.findIndex((line, at) => at >= first && at < end && sortName(line) > sortName(item));
  return lines.toSpliced(next < 0 ? end : next, 0, indent + item).join("\n");
}

function indentOf(line: string): string {
  return /^\s*(?=\S)/.exec(line)?.[0] ?? "";
}

/** What an action that was done says that a thing holds nothing is so, where but one is called so. */
export function believeSaid(belief: PageBelief, action: ClausedAction): void {
  const { clauses, args } = action;
  for (const [at, held] of clauses?.held.entries() ?? []) {
    const one = held.length === 1 && args[held[0] ?? 0] === nothing ? (referentsOf(belief, action)[at] ?? null) : null;
    if (one === null || one.count > 1 || one.node.kids.length === 0) continue;
    const slot = slotsHere(belief)[one.text];
    slot?.put(holding(slot.text, one.node, nothing));
  }
}

/** Makes the move that the event makes of what its first argument means. */
export function move(
  belief: PageBelief,
  to: string,
  event: PageEvent,
  args: Values,
  referents: readonly (Referent | null)[],
): void {
  const slots = slotsHere(belief);
  const [thing = null] = referents;
  if (to.startsWith(contentsAre)) {
    const slot = thing === null ? undefined : slots[thing.text];
    if (thing !== null) slot?.put(holding(slot.text, thing.node, to.slice(contentsAre.length)));
    return;
  }
  if (to.startsWith(contentsIn)) {
    const { at, staying } = contentsGo(to);
    if (!staying.includes(heldKey(event.held))) pour(belief, at, event, args, referents);
    return;
  }
  if (moveWithin(belief, to, event, referents)) return;
  let item = event.items[0] ?? null;
  if (thing !== null) {
    const slot = slots[thing.text];
    if (slot === undefined) return;
    // Of a sentence among others, what lists and edits are known to do is done (edits.ts).
    if (!isInProse(slot.text, thing.node)) {
      item = to.startsWith(toAnswer) ? thing.node.text : listedItem(belief, event, thing);
      slot.put(without(slot.text, thing.node));
    }
  }
  if (item === null || to === toNowhere) return;
  if (to === toHere) putOnPage(belief, belief.current, item);
  else if (to.startsWith(toAnswer)) putInAnswer(belief, to.slice(toAnswer.length), item);
  else putInNamed(belief, event, Number(to.slice(toNamed.length)), { args, item, text: referents[1]?.text ?? null });
}

/** Both the thing and what it goes into are shown, neither in the other: which they are, and not what they are called, tells where. */
function moveWithin(
  belief: PageBelief,
  to: string,
  event: PageEvent,
  referents: readonly (Referent | null)[],
): boolean {
  if (!to.startsWith(toNamed)) return false;
  const [thing, target] = [referents[0] ?? null, referents[Number(to.slice(toNamed.length))] ?? null];
  const slots = slotsHere(belief);
  if (thing === null || target === null || target.node.inside < 0 || !areApart(thing, target)) return false;
  const [own, other] = [slots[thing.text], slots[target.text]];
  if (own === undefined || other === undefined || isInProse(own.text, thing.node)) return false;
  const item = listedItem(belief, event, thing);
  if (thing.text !== target.text) {
    other.put(within(other.text, target.node, item));
    own.put(without(own.text, thing.node));
  } else if (thing.node.start > target.node.start) own.put(within(without(own.text, thing.node), target.node, item));
  else own.put(without(within(own.text, target.node, item), thing.node));
  return true;
}

/** As pages list it: answers may tell more of it. */
function listedItem({ usual }: PageBelief, { names }: PageEvent, { node, text }: Referent): string {
  const known = usual.get(names[0] ?? "");
  return text > 0 && known !== undefined && node.text.startsWith(known) ? known : node.text;
}

function areApart(one: Referent, other: Referent): boolean {
  const isWithin = (node: Node, above: Node) => {
    for (let own: Node | null = node; own !== null; own = own.parent) if (own === above) return true;
    return false;
  };
  return one.text !== other.text || !(isWithin(one.node, other.node) || isWithin(other.node, one.node));
}

/** All that the first thing holds goes into what another argument names. */
function pour(
  belief: PageBelief,
  at: number,
  event: PageEvent,
  args: Values,
  referents: readonly (Referent | null)[],
): void {
  const [thing, target] = [referents[0] ?? null, referents[at] ?? null];
  const slots = slotsHere(belief);
  const own = thing === null ? undefined : slots[thing.text];
  if (thing === null || own === undefined || thing.node.kids.length === 0) return;
  const items = thing.node.kids.map(({ text }) => text);
  const empty = (text: string) => holding(text, thing.node, nothing);
  const fill = (text: string, node: Node) =>
    items.reduce((all, item) => {
      const now = nodeAt(belief, all, node);
      return now === null ? all : within(all, now, item);
    }, text);
  const isShown = target !== null && target.node.inside >= 0;
  if (isShown && !areApart(thing, target)) return;
  const other = target === null ? undefined : slots[target.text];
  if (!isShown || other === undefined) {
    own.put(empty(own.text));
    for (const item of items) putInNamed(belief, event, at, { args, item, text: target?.text ?? null });
  } else if (thing.text !== target.text) {
    other.put(fill(other.text, target.node));
    own.put(empty(own.text));
  } else if (thing.node.start > target.node.start) own.put(fill(empty(own.text), target.node));
  else own.put(empty(fill(own.text, target.node)));
}

/** The thing that begins there, as the text shows it now. */
function nodeAt({ finder }: PageBelief, text: string, { start, name }: Node): Node | null {
  return finder.nodesIn(text).find((node) => node.start === start && node.name === name) ?? null;
}

interface Put {
  readonly args: Values;
  readonly item: string;
  /** Where the text shows what it is put in, as far as is known. */
  readonly text: number | null;
}

/** A place, what an action answers that is named so, or a thing. */
function putInNamed(belief: PageBelief, { names }: PageEvent, at: number, { args, item, text }: Put): void {
  const arg = args[at] ?? "";
  if (belief.places.has(arg)) putOnPage(belief, pageNaming(belief, arg), item);
  if (belief.places.has(arg) || putInAnswer(belief, arg, item)) return;
  for (const [number, slot] of slotsHere(belief).entries()) {
    const found = belief.finder.find([slot.text], [names[at] ?? ""])[0] ?? null;
    if (found === null || (text ?? number) !== number) continue;
    slot.put(within(slot.text, found.node, item));
    return;
  }
}

function putOnPage({ pages }: PageBelief, title: string | null, item: string): void {
  const page = title === null ? undefined : pages.get(title);
  if (title !== null && page !== undefined) pages.set(title, withLine(page, item));
}

function putInAnswer({ read }: PageBelief, actionText: string, item: string): boolean {
  const answer = read.get(actionText);
  if (answer === undefined || answer.action.args.length > 0) return false;
  answer.text = withLine(answer.text, item);
  return true;
}
