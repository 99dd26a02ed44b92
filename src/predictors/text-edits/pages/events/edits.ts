/**
 * What events do to texts that were shown before: the sentence or line that shows what an action named becomes another, goes, or comes. An
 * edit is kept by the event, by where the text stands to it (shown here, at a place the action names, elsewhere, or the answer to an action),
 * and by the sentence with all that is named taken out; lists lose and gain items as sentences that show one item do.
 */
import { hole, holes } from "../../reading.ts";
import { itemsIn, listed, sortName } from "../text/items.ts";
import { lift } from "../text/lift.ts";
import { goesOn } from "../text/nodes.ts";
import { joined, type Segment, segmentsOf } from "../text/sentences.ts";
import { replaced } from "../text/words.ts";
import { type EditsAt, editsAt } from "./edit-index.ts";
import { alone, moreWith, withoutAlone, worded } from "./edit-words.ts";
import { isAbout, namesAny, type PageEvent } from "./event.ts";
import { anywhere, listedMark, listIn, relisted, saysMore, singular, withoutList } from "./lists.ts";

/** Longer texts stay as they are. */
const textCharsMax = 20_000;
/** Edits that are no text: the sentence goes, it stays. */

export const gone = "\u0004gone";
export const kept = "\u0004kept";

export function editKey({ key }: PageEvent, standing: string, lifted: string): string {
  return `${key}\u0003${standing}\u0003${lifted}`;
}

/** What comes to a text with an event. */
export const comes = "\u0004comes";

/** The last of its line. */
export function endsLine(segments: readonly Segment[], at: number): boolean {
  return segments[at + 1]?.separator.includes("\n") ?? true;
}

const itemMark = "item ";

/** A sentence with what the event named taken out, as items where it shows them so; of a list of others their number does not count. */
export function liftedBy({ names, items }: PageEvent, text: string): string {
  const isOfOthers = !items.some((item) => item !== null && text.includes(item));
  let lifted = isOfOthers ? withoutList(text) : text;
  for (const [at, item] of items.entries())
    if (item !== null) lifted = replaced(lifted, item, hole(`${itemMark}${at}`));
  return lift(lifted, names, []);
}

/** Null where an item is not known. */
export function putBack({ names, items }: PageEvent, lifted: string): string | null {
  let isWhole = true;
  const parts = lifted.split(holes);
  for (let at = 1; at < parts.length; at += 2) {
    const style = parts[at] ?? "";
    const isItem = style.startsWith(itemMark);
    const value = isItem ? items[Number(style.slice(itemMark.length))] : names[Number(style)];
    if (value === undefined || value === null) isWhole = false;
    parts[at] = value ?? "";
  }
  return isWhole ? parts.join("") : null;
}

/** The holes of a lifted sentence. */
export function holesIn(lifted: string): readonly string[] {
  return lifted.split(holes).flatMap((style, at) => (at % 2 === 1 ? [hole(style)] : []));
}

/** What stands around the one item of a lifted sentence; null where it shows none, or more. */
function frameOf(lifted: string): readonly [before: string, after: string, at: number] | null {
  const parts = lifted.split(holes);
  const style = parts[1] ?? "";
  return parts.length === 3 && style.startsWith(itemMark)
    ? [parts[0] ?? "", parts[2] ?? "", Number(style.slice(itemMark.length))]
    : null;
}

/** Lines of one block: one after the other, with the same before them. Sentences are of none. */
export function isAlone(segments: readonly Segment[], at: number): boolean {
  const [one, before, after] = [segments[at], segments[at - 1], segments[at + 1]];
  if (/^\w/.test(one?.text ?? "")) return false;
  const isOfBlock = (other: Segment | undefined) => other !== undefined && other.text[0] === one?.text[0];
  return !isOfBlock(before) && !isOfBlock(after);
}

export interface Edits {
  readonly edits: ReadonlyMap<string, string>;
  /** Sentences that stand where there is no item. */
  readonly fillers: ReadonlySet<string>;
}

/** An edit of a sentence that shows one item: what lists have lost and gained, where no rule of lists says so. */
export function isOfItem(key: string, outcome: string): boolean {
  const lifted = key.slice(key.lastIndexOf("\u0003") + 1);
  return frameOf(lifted === comes ? outcome.slice(outcome.indexOf("\u0003") + 1) : withoutAlone(lifted)) !== null;
}

/** Of worlds whose pages are prose: what their titles begin with. */
interface Prose {
  readonly sentences?: ReadonlySet<string>;
}

/** The text after the event; the same string where nothing changes. */
export function edited(all: Edits & Prose, text: string, event: PageEvent, standing: string): string {
  if (text.length > textCharsMax) return text;
  const { edits } = all;
  const rules = editsAt(edits, event.key, standing);
  if (rules === undefined && editsAt(edits, event.key, anywhere) === undefined) return text;
  const coming = rules?.get(comes);
  const isListed = rules !== undefined && event.names.some((_, at) => rules.has(listedMark + at));
  const isNamed = namesAny(text, event, standing);
  const isAll = isAbout(standing);
  if (coming === undefined && !isNamed && !isListed && !isAll) return text;
  const whole = segmentsOf(text);
  const isProse = (all.sentences?.size ?? 0) > 0;
  const isEdited = (at: number) =>
    isProse && rules !== undefined && isEditedWhole(rules, whole, at, { event, standing });
  let segments = relisted(edits, whole, event, standing, isEdited);
  if (rules !== undefined && (isNamed || isAll)) {
    const before = segments;
    segments = before.flatMap((segment, at) => {
      const after = editedSegment(rules, before, at, { event, standing });
      return after === gone ? [] : after === segment.text ? [segment] : [{ ...segment, text: after }];
    });
  }
  if (coming !== undefined) segments = withComing(all, segments, event, coming);
  return joined(segments);
}

/** An event and where the text stands to it. */
interface Seen {
  readonly event: PageEvent;
  readonly standing: string;
}

/** The event makes another sentence of it, or takes it away. */
function isEditedWhole(rules: EditsAt, all: readonly Segment[], at: number, { event, standing }: Seen): boolean {
  const own = all[at]?.text ?? "";
  if (!isAbout(standing) && !namesAny(own, event, standing)) return false;
  const edit = editOf((one) => rules.get(one), liftedBy(event, own), isAlone(all, at));
  return edit !== undefined && edit !== kept;
}

function editedSegment(rules: EditsAt, all: readonly Segment[], at: number, { event, standing }: Seen): string {
  const own = all[at]?.text ?? "";
  if (!isAbout(standing) && !namesAny(own, event, standing)) return own;
  const isEnd = endsLine(all, at);
  const itsOwn = isEnd ? rules.get(worded(own)) : undefined;
  if (itsOwn !== undefined) return itsOwn;
  const lifted = liftedBy(event, own);
  const edit = editOf((one) => rules.get(one), lifted, isAlone(all, at));
  if (edit !== undefined) {
    if (edit === gone || edit === kept) return edit === gone ? gone : own;
    const more = isEnd ? rules.get(moreWith(lifted)) : undefined;
    const after = putBack(event, edit);
    return after === null ? own : after + ((more === undefined ? null : putBack(event, more)) ?? "");
  }
  return withoutItem(rules, own, event);
}

/** Of a line that is alone in its block, or not; what is known of the other stands in. */
export function editOf(
  known: (lifted: string) => string | undefined,
  lifted: string,
  isOnly: boolean,
): string | undefined {
  const [only, among] = [known(alone(lifted)), known(lifted)];
  return isOnly ? (only ?? among) : (among ?? only);
}

/** A list that shows the item among others loses it where a sentence that shows it alone would go. */
function withoutItem(rules: EditsAt, own: string, event: PageEvent): string {
  for (const [at, item] of event.items.entries()) {
    const place = item === null ? -1 : own.indexOf(item);
    if (item === null || place < 0) continue;
    for (const [before, after] of framesOf(own, item)) {
      const single = `${before}${hole(`${itemMark}${at}`)}${after}`;
      const edit = rules.get(alone(single)) ?? rules.get(single);
      if (edit === undefined || edit === kept) continue;
      const items = itemsIn(own.slice(before.length, own.length - after.length)).filter((one) => one !== item);
      return `${before}${listed(items)}${after}`;
    }
  }
  return own;
}

/** A list that holds the item among others, as a sentence that shows it alone, lifted, and without it; null where it is none. */
export function singleIn(event: PageEvent, own: string): { readonly single: string; readonly rest: string } | null {
  for (const [at, item] of event.items.entries()) {
    if (item === null || !own.includes(item)) continue;
    for (const [before, after] of framesOf(own, item)) {
      const items = itemsIn(own.slice(before.length, own.length - after.length));
      if (items.length < 2 || !items.includes(item)) continue;
      const rest = `${before}${listed(items.filter((one) => one !== item))}${after}`;
      return { single: `${before}${hole(`${itemMark}${at}`)}${after}`, rest };
    }
  }
  return null;
}

/** What may stand around a list that holds the item: it begins with an article. */
function framesOf(own: string, item: string): readonly (readonly [string, string])[] {
  const first = /(?:^|[\s:])(?:an?|some) /.exec(own);
  if (first === null) return [];
  const from = first.index + (/^[\s:]/.test(first[0]) ? 1 : 0);
  const list = own.slice(from);
  if (itemsIn(list).some((one) => goesOn.test(one))) return [];
  const ends = [...own.matchAll(/ (?:on|in) the [\w-]+\.|\.$/g)]
    .map(({ index }) => index)
    .filter((end) => end >= own.indexOf(item));
  return ends.map((end) => [own.slice(0, from), own.slice(end)]);
}

function withComing(
  { fillers }: Edits,
  segments: readonly Segment[],
  event: PageEvent,
  coming: string,
): readonly Segment[] {
  const [separator = "", lifted = ""] = coming.split("\u0003");
  const text = putBack(event, lifted);
  const [thing = ""] = event.names;
  if (text === null || segments.some((one) => one.text.includes(thing) || isListed(one.text, text))) return segments;
  const filler = segments.findIndex((one) => fillers.has(one.text) && one.text[0] === text[0]);
  if (filler >= 0) return segments.map((one, at) => (at === filler ? { ...one, text } : one));
  const frame = frameOf(lifted);
  const item = frame === null ? null : (event.items[frame[2]] ?? null);
  if (frame !== null && item !== null && frame[0].trim() !== "" && !saysMore(frame[1])) {
    const [before, after] = frame;
    const at = segments.findIndex((one) => one.text.startsWith(before) && one.text.endsWith(after));
    const list = segments[at]?.text;
    if (list !== undefined) {
      const items = itemsIn(list.slice(before.length, list.length - after.length));
      return segments.map((one, place) =>
        place === at ? { ...one, text: `${before}${listed([...items, item])}${after}` } : one,
      );
    }
  }
  return segments.toSpliced(placeFor(segments, text), 0, { separator, text });
}

/** All that the sentence lists is in the list of another that begins and ends like it. */
function isListed(known: string, coming: string): boolean {
  const [all, news] = [listIn(known), listIn(coming)];
  if (all === null || news === null) return false;
  const isAlike = singular(all.before) === singular(news.before) && all.after === news.after;
  return isAlike && news.items.every((item) => all.items.includes(item));
}

/** Where a line comes in: sorted into its block where that is sorted, else behind it; sentences come last. */
function placeFor(segments: readonly Segment[], text: string): number {
  if (/^\w/.test(text)) return segments.length;
  const isOfBlock = (at: number) => segments[at]?.text[0] === text[0];
  const first = segments.findIndex((_, at) => isOfBlock(at));
  if (first < 0) return segments.length;
  let end = first;
  // Other sentences of a line are of the block that it is of.
  while (end < segments.length && (isOfBlock(end) || !beginsLine(segments, end))) end += 1;
  for (let at = first; at < end; at++)
    if (isOfBlock(at) && sortName(segments[at]?.text ?? "") > sortName(text)) return at;
  return end;
}

function beginsLine(segments: readonly Segment[], at: number): boolean {
  return at === 0 || segments[at]?.separator.includes("\n") === true;
}
