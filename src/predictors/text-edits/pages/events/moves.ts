/**
 * Where events take things. After an answer, what the action names first has left the place where a text showed it and is somewhere else: on the
 * page of this place, in what another argument names, in the answer to an action that names nothing ("inventory"), or nowhere. A move is made
 * in the texts themselves: the thing's own words go out of one list and into another, sorted as such lists are.
 */
import type { Values } from "../../reading.ts";
import type { PageBelief } from "../belief.ts";
import { slotsHere } from "../naming/here.ts";
import type { Referent } from "../naming/referents.ts";
import { pageNaming } from "../places.ts";
import { sortName } from "../text/items.ts";
import type { Node } from "../text/nodes.ts";
import type { PageEvent } from "./edits.ts";

/** Destinations; the last two go before the number of an argument, and before an action. */
export const toHere = "here";
export const toNowhere = "nowhere";
export const toNamed = "in ";
export const toAnswer = "answer ";

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

/** The text with the item in what the thing holds; the same where the text does not say what it holds. */
export function within(text: string, { kids, inside }: Node, item: string): string {
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
  let item = event.items[0] ?? null;
  if (thing !== null) {
    const slot = slots[thing.text];
    if (slot === undefined) return;
    // Of a sentence among others, what lists and edits are known to do is done (edits.ts).
    if (!isInProse(slot.text, thing.node)) {
      item = thing.node.text;
      slot.put(without(slot.text, thing.node));
    }
  }
  if (item === null || to === toNowhere) return;
  if (to === toHere) putOnPage(belief, belief.current, item);
  else if (to.startsWith(toAnswer)) putInAnswer(belief, to.slice(toAnswer.length), item);
  else putInNamed(belief, event, Number(to.slice(toNamed.length)), { args, item, text: referents[1]?.text ?? null });
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
