/** What a step adds to the belief of an episode of pages. */
import { hashText, mix } from "../../lifted/hash.ts";
import { note } from "../belief.ts";
import { hole, type ReadAction, type Values } from "../reading.ts";
import { eventKey } from "../structure.ts";
import { amountsAfter, type LedgerRules } from "./amounts/effects.ts";
import { amountsIn } from "./amounts/ledger.ts";
import { type Answer, argsKey, askedKeys, exitKey, formOf, type PageBelief, show, shownKey } from "./belief.ts";
import { doneBy } from "./events/done.ts";
import { durationOf } from "./events/durations.ts";
import { edited } from "./events/edits.ts";
import { answerStanding, type PageEvent, standingOf } from "./events/event.ts";
import { eventOf } from "./events/event-of.ts";
import { lettered } from "./events/lettered.ts";
import { type Mention, mentionsIn, tie } from "./events/links.ts";
import { believeSaid, move } from "./events/moves.ts";
import { readCourse } from "./events/numbers.ts";
import { keepSpots, spotsIn, turned } from "./events/spots.ts";
import { verbOf } from "./grammar.ts";
import { keepValues } from "./moved/values.ts";
import { type ClausedAction, type Named, ofHeads } from "./naming/clauses.ts";
import { calledBy } from "./naming/frames.ts";
import { candidatesOf, identitiesOf, referentsOf } from "./naming/here.ts";
import { pageNaming, seenThere } from "./places.ts";
import type { PageStructure } from "./structure.ts";
import { cut, titleOf, withoutRemark } from "./text/cut.ts";
import { neighboursOf } from "./text/neighbours.ts";
import { replaced } from "./text/words.ts";

const readMax = 32;
const pagesMax = 256;
const eventsMax = 48;
/** Numbers of longer texts are not followed. */
const courseCharsMax = 600;

/** A text is seen again: what it was when it was seen last, and the events since. */
export type OnPageSight = (
  before: string,
  after: string,
  events: readonly PageEvent[],
  standingOf: (event: PageEvent) => string,
) => void;

/** What an answer names, and what those are, before what it ties is known. */
export type OnTied = (all: readonly Mention[], things: readonly string[]) => void;

/** Two sights of a page, and the events between them. */
export type OnSpots = (old: string, now: string, events: readonly PageEvent[]) => void;

/** What is believed after the action was answered with the text. Returns what was said (`formOf`). */
export function observePage(
  structure: PageStructure,
  belief: PageBelief,
  actionText: string,
  action: ClausedAction,
  text: string,
  onSight?: OnPageSight,
  onTied?: OnTied,
  onSpots?: OnSpots,
): string {
  const { body, tail } = cut(structure, text);
  const { args } = action;
  const title = titleOf(structure, body);
  const isPeek = title !== null && title !== belief.current && structure.peeks.has(action.template);
  const page = isPeek ? seenThere(structure, body) : body;
  const isShown = (at: number) => (referentsOf(belief, action)[at]?.rank ?? 0) > 0;
  const told =
    title === null ? calledBy(structure.frames, action, body, candidatesOf(belief, action), isShown).called : args;
  const called = ofHeads(told, action.clauses);
  const form = formOf(structure, belief, called, body);
  if (args.length > 0 && title === null) tieAll(structure, belief, action, called, body, onTied);
  const from = belief.current;
  const done = withoutRemark(form);
  const { key, order } = doneBy(action, done);
  const inOrder = <T>(all: readonly T[]) => order.flatMap((at) => all.slice(at, at + 1));
  if (!structure.refusals.has(body)) believeSaid(belief, action);
  const event = eventOf(structure, belief, { action, actionText, called, order, key, form, body });
  belief.events.push(event);
  if (belief.events.length > eventsMax) belief.events.shift();
  if (structure.ledger !== null)
    keepAmounts(structure.ledger, belief, eventKey(action.template, done), action, actionText, body);
  const to = structure.moves.get(key);
  if (to !== undefined) move(belief, to, event, inOrder(args), inOrder(referentsOf(belief, action)));
  const standingOn = from === null ? undefined : belief.pages.get(from);
  // Where each sentence shows one thing, and says how it is, none stands behind another for it.
  const hasSpots = structure.ordinals === null;
  if (from !== null && standingOn !== undefined && hasSpots)
    belief.pages.set(from, turned(structure.spots, belief.spots, from, standingOn, event));
  const isTurned = from !== null && turnLetters(structure, belief, from, event);
  if (structure.editing.has(key)) editAll(structure, belief, event, isTurned);
  if (onSight !== undefined) tellSight(belief, actionText, title, page, onSight);
  const answer: Answer = { action, actionText, text: body, said: body, form, step: belief.steps };
  for (const key of [...askedKeys(belief, actionText), shownKey(belief, actionText)]) belief.answers.set(key, answer);
  if (args.length > 0) belief.aboutArgs.set(argsKey(args), answer);
  if (title === null) keepRead(belief, actionText, answer);
  belief.steps += 1;
  for (const [at, arg] of args.entries())
    if (called[at] !== arg && called[at] !== "") belief.called.set(arg, called[at] ?? arg);
  note(belief, key, event.names.slice(0, -1));
  belief.ticks += durationOf(structure, action, done);
  const course = readCourse(body.length > courseCharsMax ? "" : body, belief.ticks, belief.courses.get(actionText));
  if (course !== null) belief.courses.set(actionText, course);
  // Where the same is answered without a number its way has ended; a refusal says nothing of it.
  else if (!structure.refusals.has(form)) belief.courses.delete(actionText);
  if (title !== null) {
    if (hasSpots) noteSpots(belief, title, page, onSpots);
    keepPage(belief, title, page);
    belief.seenAt.set(title, { step: belief.steps, page });
    if (!isPeek) belief.current = title;
  } else {
    const place = namedIn(belief, args, body).find((name) =>
      moverKeys(belief, action, body, name).some((one) => structure.movers.has(one)),
    );
    const led = place === undefined ? null : pageNaming(belief, place);
    if (place !== undefined && led !== null) {
      belief.current = led;
      keepName(belief, led, place);
    }
  }
  if (from !== null && belief.current !== null && from !== belief.current) {
    belief.exits.set(exitKey(from, actionText), belief.current);
    const back = structure.inverses.get(actionText);
    const known = back === undefined ? undefined : exitKey(belief.current, back);
    if (known !== undefined && !belief.exits.has(known)) belief.exits.set(known, from);
  }
  const isChange = body !== belief.text;
  if (isChange && args.length > 0 && args.every((arg) => !structure.common.has(arg))) {
    belief.register = actionText;
    belief.registerFrom = belief.text;
    const [shown] = neighboursOf(structure.separator, belief.text, args);
    belief.registerShown = shown === undefined ? null : { ...shown, name: "turned to" };
  }
  if (tail !== "") {
    belief.tails += 1;
    belief.tailed.add(actionText);
  }
  if (structure.moving.size > 0) keepValues(structure, belief, body);
  belief.text = body;
  belief.way = mix(mix(belief.way, hashText(actionText)), hashText(body));
  belief.lastAction = actionText;
  show(belief, body);
  return form;
}

function keepAmounts(
  ledger: LedgerRules,
  belief: PageBelief,
  event: string,
  action: ReadAction,
  actionText: string,
  body: string,
): void {
  const told = actionText === ledger.actionText ? amountsIn(ledger, body) : null;
  belief.amounts = told ?? amountsAfter(belief.amounts ?? new Map(), ledger.effects, event, action);
}

function tieAll(
  structure: PageStructure,
  belief: PageBelief,
  named: Named,
  called: Values,
  body: string,
  onTied?: OnTied,
): void {
  const all = mentionsIn(body, called);
  if (all.length === 0) return;
  const things = identitiesOf(structure, belief, named, called);
  onTied?.(all, things);
  tie(belief.links, structure.links, all, things, belief.steps);
}

/** Whether the page of the place says something else now. */
function turnLetters(
  { lettered: rules }: PageStructure,
  { pages }: PageBelief,
  from: string,
  event: PageEvent,
): boolean {
  const text = pages.get(from);
  const after = text === undefined ? undefined : lettered(rules, text, event);
  if (after === undefined || after === text) return false;
  pages.set(from, after);
  return true;
}

/** `isTurned`: what the event does to the page where it happened is done. */
function editAll(structure: PageStructure, { pages, read }: PageBelief, event: PageEvent, isTurned: boolean): void {
  for (const [title, text] of pages) {
    if (isTurned && title === event.from) continue;
    const after = edited(structure, text, event, standingOf(event, title));
    if (after !== text) pages.set(title, after);
  }
  for (const answer of read.values())
    answer.text = edited(structure, answer.text, event, answerStanding(event, answer.actionText));
}

function tellSight(
  { pages, seenAt, events, read, steps }: PageBelief,
  actionText: string,
  title: string | null,
  body: string,
  onSight: OnPageSight,
): void {
  const since = (step: number) => events.filter((event) => event.step >= step && event.step < steps);
  const before = title === null ? read.get(actionText) : undefined;
  const page = title === null ? undefined : pages.get(title);
  if (before !== undefined)
    onSight(before.text, body, since(before.step), (event) => answerStanding(event, actionText));
  if (page !== undefined && title !== null)
    onSight(page, body, since(seenAt.get(title)?.step ?? 0), (event) => standingOf(event, title));
}

function noteSpots({ spots, seenAt, events }: PageBelief, title: string, page: string, onSpots?: OnSpots): void {
  const seen = seenAt.get(title);
  if (seen === undefined || seen.page === page) return;
  const since = events.filter(({ step, from }) => step >= seen.step && from === title);
  onSpots?.(seen.page, page, since);
  const names = since.flatMap((event) => event.names.slice(0, -1));
  keepSpots(spots, title, spotsIn(seen.page, page, names));
}

function keepRead({ read }: PageBelief, actionText: string, answer: Answer): void {
  read.delete(actionText);
  read.set(actionText, answer);
  if (read.size <= readMax) return;
  // What actions answer that name nothing tells of what is held, and is kept the longest.
  for (const [oldest, { action }] of read)
    if (action.args.length > 0 || read.size > 2 * readMax) {
      read.delete(oldest);
      return;
    }
}

function keepPage({ pages }: PageBelief, title: string, body: string): void {
  pages.delete(title);
  pages.set(title, body);
  const oldest = pages.keys().next().value;
  if (pages.size > pagesMax && oldest !== undefined) pages.delete(oldest);
}

function keepName({ names, places }: PageBelief, title: string, name: string): void {
  names.set(title, name);
  places.add(name);
}

/** What an answer may lead to: what the action names, and places that the answer names. */
export function namedIn({ places }: Pick<PageBelief, "places">, args: Values, body: string): Values {
  if (body.length > placeCharsMax) return args;
  return [...args, ...[...places].filter((place) => body.includes(place) && !args.includes(place))];
}

/** Of this answer, and, where it names a place, of any answer of the verb that does. */
export function moverKeys(
  { places }: Pick<PageBelief, "places">,
  { template }: ReadAction,
  body: string,
  name: string,
): Values {
  const verb = verbOf(template);
  const own = eventKey(verb, replaced(body.slice(0, placeCharsMax), name, hole("to")));
  return places.has(name) && body.includes(name) ? [own, eventKey(verb, anyAnswer)] : [own];
}

/** Stands for the answer in the keys of all of a verb's. */
export const anyAnswer = `… ${hole("to")} …`;

const placeCharsMax = 160;
