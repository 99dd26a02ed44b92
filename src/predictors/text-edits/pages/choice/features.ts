/** What rules may ask of a moment in a world of pages: the action, where its things are named, what was answered before, what is known. */
import { hashText, mix } from "../../../lifted/hash.ts";
import { families } from "../../../lifted/tokens.ts";
import { counted } from "../../../words.ts";
import { put, putAll, putHappenings } from "../../features.ts";
import { shownTemplate } from "../../reading.ts";
import type { TokenWriter } from "../../token-writer.ts";
import type { PageBelief } from "../belief.ts";
import { candidatesOf, listsHere, meant } from "../naming/here.ts";
import type { PageStructure } from "../structure.ts";
import { firstWord } from "../text/cut.ts";
import { partnersOf } from "../text/partners.ts";
import { mentions, placeOf, wordsAfter, wordsBefore } from "../text/words.ts";
import { putAge, putBefore, putCourse } from "./past-features.ts";
import { type Asked, type Proposals, shownSource, sourceNames } from "./sources.ts";
import { writeThings } from "./things.ts";

const { action: ofForm, relation: ofRelation, self: ofSelf, addressed: ofAddressed, parent: ofParent } = families;
const { name: ofName, global: ofAll, context: ofContext } = families;

/** Where the nearest text around a thing's name was written. */
const aroundWords = 2;

export function writePageFeatures(
  writer: TokenWriter,
  pages: PageStructure,
  belief: PageBelief,
  asked: Asked,
  proposals: Proposals,
): void {
  writer.begin();
  const { action, actionText } = asked;
  const { args, template } = action;
  put(writer, ofForm, 101, hashText(template), () => `the action is ${shownTemplate(template)}`);
  const page = belief.current === null ? belief.text : (belief.pages.get(belief.current) ?? belief.text);
  const candidates = candidatesOf(belief, action);
  const things = meant(pages, belief, action);
  for (let at = 0; at < args.length; at++) {
    const thing = things[at] ?? "";
    putName(writer, args[at] ?? "", at);
    const isNamed = Number((candidates[at]?.[2] ?? null) !== null);
    if (isNamed === 0) putElsewhere(writer, belief, thing, at);
    put(writer, ofRelation, mix(107, at), isNamed, () => `<${at}> is ${isNamed ? "" : "not "}here or held`);
    if (thing !== args[at]) put(writer, ofParent, mix(108, at), hashText(thing), () => `<${at}> means "${thing}"`);
    for (let other = 0; other < at; other++)
      if (things[other] === thing)
        put(writer, ofRelation, mix(109, at), other, () => `<${at}> and <${other}> mean the same`);
    putPlace(writer, page, things, at);
    putTold(writer, belief, args[at] ?? "", at);
    putPartners(writer, pages, belief, args[at] ?? "", at);
    putOthers(writer, belief, thing, at);
    putHappenings(writer, belief.happened.get(thing) ?? [], at);
    if (belief.text !== page && placeOf(belief.text, thing) >= 0)
      put(writer, ofRelation, mix(102, at), 1, () => `the text before names <${at}>`);
  }
  for (const [at, list] of listsHere(belief, args).entries()) {
    const count = Math.min(2, list?.items.length ?? 0);
    put(
      writer,
      ofRelation,
      mix(115, at),
      count,
      () => `the page lists ${["nothing", "one", "several"][count]} of <${at}>`,
    );
  }
  putAge(writer, belief, page);
  putCourse(writer, belief, asked);
  writeThings(writer, pages, belief, action, things);
  putKnown(writer, belief, proposals);
  putBefore(writer, belief, asked);
  putAll(writer, belief.happenedAtAll);
  if (belief.lastAction === actionText) put(writer, ofRelation, 103, 1, () => "it is what was done just before");
  const title = belief.current ?? "";
  put(writer, ofName, 104, hashText(title), () => `the place is ${title}`);
  put(writer, ofContext, 105, hashText(firstWord(belief.text)), () => `the text begins with ${firstWord(belief.text)}`);
  if (belief.steps === 0) put(writer, ofAll, 106, 0, () => "it is the first step");
}

function putName(writer: TokenWriter, thing: string, at: number): void {
  put(writer, ofName, mix(110, at), hashText(thing), () => `<${at}> is "${thing}"`);
  const words = thing.split(" ");
  const last = words.at(-1) ?? "";
  put(writer, ofName, mix(111, at), hashText(last), () => `the last word of <${at}> is ${last}`);
  if (words.length > 1)
    put(writer, ofName, mix(112, at), hashText(words[0] ?? ""), () => `the first word of <${at}> is ${words[0]}`);
  put(
    writer,
    ofParent,
    mix(113, at),
    Math.min(4, words.length),
    () => `<${at}> has ${counted(words.length, "word", 4)}`,
  );
  const shape = thing
    .replace(/\p{L}+/gu, "a")
    .replace(/\d+/g, "0")
    .slice(0, 24);
  put(writer, ofParent, mix(114, at), hashText(shape), () => `<${at}> is written like ${shape}`);
}

/** Which pages of other places name what is not here. */
function putElsewhere(writer: TokenWriter, { pages, current }: PageBelief, thing: string, at: number): void {
  let count = 0;
  for (const [title, page] of pages) if (count < 2 && title !== current && mentions(page, thing)) count += 1;
  const words = ["no other page names", "one other page names", "other pages name"][count];
  put(writer, ofRelation, mix(116, at), count, () => `${words} <${at}>`);
}

/** How the page names a thing. */
function putPlace(writer: TokenWriter, page: string, args: readonly string[], at: number): void {
  const thing = args[at] ?? "";
  const place = placeOf(page, thing);
  const again = place < 0 ? -1 : placeOf(page, thing, place + thing.length);
  const times = place < 0 ? 0 : again < 0 ? 1 : 2;
  put(writer, ofRelation, mix(120, at), times, () => `the page names <${at}> ${["never", "once", "often"][times]}`);
  for (const [name, from] of [
    ["first", place],
    ["second", again],
  ] as const) {
    if (from < 0) continue;
    const kind = mix(mix(121, at), hashText(name));
    const before = wordsBefore(page, from, aroundWords);
    const nearest = before.slice(before.lastIndexOf(" ") + 1);
    const after = wordsAfter(page, from + thing.length, aroundWords);
    put(
      writer,
      ofAddressed,
      mix(kind, 1),
      hashText(nearest),
      () => `where the page names <${at}> ${name}, "${nearest}" stands before`,
    );
    put(
      writer,
      ofParent,
      mix(kind, 2),
      hashText(before),
      () => `where the page names <${at}> ${name}, "${before}" stands before`,
    );
    put(
      writer,
      ofParent,
      mix(kind, 3),
      hashText(after),
      () => `where the page names <${at}> ${name}, "${after}" stands after`,
    );
    const segment = segmentAround(page, from);
    const head = firstWord(segment);
    put(
      writer,
      ofParent,
      mix(kind, 4),
      hashText(head),
      () => `the sentence that names <${at}> ${name} begins with "${head}"`,
    );
    for (let other = 0; other < args.length; other++) {
      if (other === at || placeOf(segment, args[other] ?? "") < 0) continue;
      put(writer, ofRelation, mix(kind, 5), other, () => `the sentence that names <${at}> ${name} names <${other}>`);
    }
  }
}

const borders = /[\n]|[.!?] /g;
const segmentCharsMax = 400;

function segmentAround(page: string, at: number): string {
  const before = page.slice(Math.max(0, at - segmentCharsMax), at);
  let from = 0;
  for (const border of before.matchAll(borders)) from = border.index + border[0].length;
  const after = page.slice(at, at + segmentCharsMax);
  const end = after.search(borders);
  return (before.slice(from) + (end < 0 ? after : after.slice(0, end))).trim();
}

/** Whether the context speaks of it, and how near its end. */
function putTold(writer: TokenWriter, { told, tails }: PageBelief, thing: string, at: number): void {
  const lower = thing.toLowerCase();
  for (const { name, sentences } of told) {
    if (sentences.length === 0) continue;
    const last = sentences.findLastIndex((sentence) => placeOf(sentence, lower) >= 0);
    const what = mix(mix(130, at), hashText(name));
    put(writer, ofRelation, what, Number(last >= 0), () => `${name} ${last >= 0 ? "names" : "does not name"} <${at}>`);
    if (last < 0) continue;
    const left = Math.min(3, sentences.length - 1 - last);
    put(
      writer,
      ofContext,
      mix(what, 1),
      left,
      () => `${name} names <${at}> ${counted(left, "sentence", 3)} before its end`,
    );
    const isBehind = Number(last < tails);
    put(
      writer,
      ofContext,
      mix(what, 2),
      isBehind,
      () => `${name} names <${at}> ${isBehind ? "before" : "behind"} what was reached`,
    );
  }
}

/** What the context names together with it, and whether that is here or held. */
function putPartners(
  writer: TokenWriter,
  { grammar }: PageStructure,
  belief: PageBelief,
  thing: string,
  at: number,
): void {
  for (const { word } of partnersOf(belief.told, grammar.functionWords, thing))
    put(writer, ofRelation, mix(132, at), hashText(word), () => `the context names something "${word}" <${at}>`);
}

/** Longer answers about something else that name it: a recipe, a note. */
function putOthers(writer: TokenWriter, { read }: PageBelief, thing: string, at: number): void {
  for (const { action, text } of read.values()) {
    if (action.args.includes(thing)) continue;
    const place = placeOf(text, thing);
    if (place < 0) continue;
    const form = shownTemplate(action.template);
    put(writer, ofRelation, mix(140, at), hashText(form), () => `an answer to ${form} names <${at}>`);
    const line = segmentAround(text, place).replace(thing, "…").slice(0, 30);
    put(writer, ofParent, mix(141, at), hashText(line), () => `an answer to ${form} says "${line}" of <${at}>`);
  }
}

function putKnown(writer: TokenWriter, { text }: PageBelief, proposals: Proposals): void {
  for (let source = 0; source < proposals.length; source++) {
    const proposal = proposals[source] ?? null;
    const name = sourceNames[source] ?? "";
    put(
      writer,
      ofRelation,
      mix(150, source),
      Number(proposal !== null),
      () => `${name} is ${proposal === null ? "not " : ""}known`,
    );
    if (proposal !== null && proposal === text)
      put(writer, ofSelf, mix(151, source), 1, () => `${name} is the text before`);
  }
  const [last = null, shown = null] = [proposals[0], proposals[shownSource]];
  if (last === null || shown === null) return;
  const how = last === shown ? 0 : last.startsWith(shown) ? 1 : 2;
  const words = ["is as", "says more than", "is another than"][how];
  put(writer, ofRelation, 152, how, () => `${sourceNames[0]} ${words} ${sourceNames[shownSource]}`);
}
