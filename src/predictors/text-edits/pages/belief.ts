/**
 * What is believed in an episode of pages: the page of each place and where the ways lead, what every action was answered last, and what
 * happened to each thing. A pure fold over the episode's steps.
 */
import type { Json } from "../../../json/json.ts";
import { isObject } from "../../../json/pointer.ts";
import { hashText, mix } from "../../lifted/hash.ts";
import type { Happenings } from "../belief.ts";
import type { Values } from "../reading.ts";
import { type Amounts, amountsTold } from "./amounts/ledger.ts";
import type { PageEvent } from "./events/event.ts";
import type { Links } from "./events/links.ts";
import { withoutList } from "./events/lists.ts";
import type { Course } from "./events/numbers.ts";
import type { Spots } from "./events/spots.ts";
import { readPhrases } from "./grammar.ts";
import { keepValues } from "./moved/values.ts";
import type { ClausedAction } from "./naming/clauses.ts";
import { createFinder, type Finder } from "./naming/referents.ts";
import type { PageStructure } from "./structure.ts";
import { titleEnd, titleOf } from "./text/cut.ts";
import { lift, type Told, toldOf } from "./text/lift.ts";
import { outOfTurn } from "./text/ordinals.ts";

export interface Answer {
  readonly action: ClausedAction;
  readonly actionText: string;
  /** The body, and what became of it since. */
  text: string;
  /** The body. */
  readonly said: string;
  /** What was said, without what it was said of. */
  readonly form: string;
  readonly step: number;
}

export interface PageBelief extends Happenings {
  readonly told: readonly Told[];
  /** Texts of the context that an argument may name: by name, then what names it. */
  readonly entries: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** By title. */
  readonly pages: Map<string, string>;
  /** The title of the page that is looked at. */
  current: string | null;
  /** Titles, by `exitKey`. */
  readonly exits: Map<string, string>;
  /** The newest answer, by what was asked, and by that and where (`askedKeys`). */
  readonly answers: Map<number, Answer>;
  /** By the arguments of an action: the newest answer to any action that named them. */
  readonly aboutArgs: Map<string, Answer>;
  /** Titles of pages, when they were seen last, and how they looked. */
  readonly seenAt: Map<string, { readonly step: number; readonly page: string }>;
  /** Of numbers in answers, by action. */
  readonly courses: Map<string, Course>;
  /** The time of the world: what took none, as what was refused, does not count (durations.ts). */
  ticks: number;
  /** What an argument was called by the last answer that named it. */
  readonly called: Map<string, string>;
  readonly finder: Finder;
  /** `PageStructure.usual`. */
  readonly usual: ReadonlyMap<string, string>;
  /** `PageStructure.joiner`. */
  readonly joiner: string;
  /** Texts are rows of fields: they show no things in lists. */
  readonly isOfFields: boolean;
  readonly links: Links;
  readonly spots: Spots;
  /** What is kept of each thing; null where nobody tells. */
  amounts: Amounts | null;
  /** The last text that showed the state: the text before, or one before refusals (moved/). */
  base: string;
  /** The last number behind such words, and the last text that said such a sentence (moved/). */
  readonly seen: Map<string, string>;
  readonly saidIn: Map<string, string>;
  /** What places are called, by title. */
  readonly names: Map<string, string>;
  /** Those names. */
  readonly places: Set<string>;
  /** Newest last. */
  readonly events: PageEvent[];
  /** The newest answers that are no page of a place, by action. */
  readonly read: Map<string, Answer>;
  /** Different texts shown, the newest last. */
  readonly shown: string[];
  /** The text before the step. */
  text: string;
  readonly first: string;
  /** The first text and the context, by hash: episodes of one world share them. */
  readonly world: number;
  /** The world, and all that was done and answered since, by hash. */
  way: number;
  /** The last action that named a thing and changed what is shown. */
  register: string;
  /** The text in which that was done, and what it was called there. */
  registerFrom: string | null;
  registerShown: Told | null;
  lastAction: string;
  tails: number;
  /** Actions after which a tail came. */
  readonly tailed: Set<string>;
  steps: number;
}

const shownMax = 6;
const formCharsMax = 120;
const entriesMax = 256;
/** Each is looked for in every text. */
const toldMax = 64;

export function beginPages(structure: PageStructure, context: Json | null, shown: string): PageBelief {
  const first = outOfTurn(structure.ordinals, shown);
  const told: Told[] = [];
  const entries = new Map<string, Map<string, string>>();
  const pages = new Map<string, string>();
  let left = entriesMax;
  for (const [name, value] of isObject(context) ? Object.entries(context) : []) {
    if (left-- <= 0) break;
    if (typeof value === "string") told.push(...toldOf(name, value, structure.closings));
    else if (isObject(value)) {
      const own = new Map<string, string>();
      for (const [key, text] of Object.entries(value)) if (typeof text === "string" && left-- > 0) own.set(key, text);
      if (own.size > 0) entries.set(name, own);
    }
  }
  told.splice(toldMax);
  told.sort((a, b) => b.text.length - a.text.length || (a.name < b.name ? -1 : 1));
  const names = new Map<string, string>();
  for (const own of entries.values())
    for (const [name, text] of own) {
      const title = keepPage(structure, pages, text.trim());
      if (title !== null) names.set(title, name);
    }
  const world = worldOf(first, told, entries);
  const belief: PageBelief = {
    told,
    entries,
    pages,
    current: null,
    exits: new Map(),
    answers: new Map(),
    aboutArgs: new Map(),
    happened: new Map(),
    happenedAtAll: [],
    seenAt: new Map(),
    names,
    courses: new Map(),
    ticks: 0,
    called: new Map(),
    usual: structure.usual,
    joiner: structure.joiner,
    finder: createFinder((text) => titleEnd(structure, text), structure.kinds),
    isOfFields: structure.separator !== "",
    links: new Map(),
    spots: new Map(),
    amounts: structure.ledger === null ? null : new Map(),
    base: first.trim(),
    seen: new Map(),
    saidIn: new Map(),
    places: new Set([...entries.values()].flatMap((own) => [...own.keys()])),
    events: [],
    read: new Map(),
    shown: [],
    text: first.trim(),
    first: first.trim(),
    world,
    way: world,
    register: "",
    registerFrom: null,
    registerShown: null,
    lastAction: "",
    tails: 0,
    tailed: new Set(),
    steps: 0,
  };
  const opened = new Map(structure.beginnings);
  for (const [actionText, name] of structure.openings) {
    const text = told.find((one) => one.name === name)?.text;
    if (text !== undefined) opened.set(actionText, text);
  }
  for (const [actionText, text] of opened) {
    const action = readPhrases(structure.grammar, actionText);
    if (action !== null)
      open(belief, {
        action,
        actionText,
        text,
        said: text,
        form: formOf(structure, belief, action.args, text),
        step: 0,
      });
  }
  show(belief, belief.text);
  if (structure.moving.size > 0) keepValues(structure, belief, belief.text);
  belief.current = keepFirstPage(structure, pages, belief.text);
  const page = belief.current === null ? undefined : pages.get(belief.current);
  if (belief.current !== null && page !== undefined) belief.seenAt.set(belief.current, { step: 0, page });
  return belief;
}

function worldOf(first: string, told: readonly Told[], entries: PageBelief["entries"]): number {
  let hash = hashText(first);
  for (const { text } of told) hash = mix(hash, hashText(text));
  for (const own of entries.values()) for (const text of own.values()) hash = mix(hash, hashText(text));
  return hash;
}

/** What the context tells, or all episodes begin with, as if it had been answered. */
function open(belief: PageBelief, answer: Answer): void {
  belief.read.set(answer.actionText, answer);
  for (const key of askedKeys(belief, answer.actionText)) belief.answers.set(key, answer);
}

function keepPage(structure: PageStructure, pages: Map<string, string>, body: string): string | null {
  const title = titleOf(structure, body);
  if (title !== null) pages.set(title, body);
  return title;
}

/** The first text may say more before its page begins. */
function keepFirstPage(structure: PageStructure, pages: Map<string, string>, text: string): string | null {
  for (let at = 0; at >= 0; at = text.indexOf("\n", at)) {
    if (text[at] === "\n") at += 1;
    const title = keepPage(structure, pages, text.slice(at).trim());
    if (title !== null) return title;
    if (at >= text.length) return null;
  }
  return null;
}

export function exitKey(title: string, action: string): string {
  return `${title}\u0003${action}`;
}

/** What an answer is remembered under: the action; with the place; with the last thing that was turned to. */
export function askedKeys(belief: PageBelief, actionText: string): readonly number[] {
  const action = hashText(actionText);
  const place = belief.current === null ? 0 : hashText(belief.current);
  return [mix(action, 1), mix(mix(action, 2), place), mix(mix(action, 3), hashText(belief.register))];
}

export function shownKey(belief: PageBelief, actionText: string): number {
  return mix(mix(hashText(actionText), 4), hashText(belief.text));
}

export function argsKey(args: Values): string {
  return args.join("\u0003");
}

/** What the place is called, where the action does not name it. */
export function placeTold({ current, names }: PageBelief, args: Values): readonly Told[] {
  const name = current === null ? undefined : names.get(current);
  return name === undefined || args.includes(name) ? [] : [{ name: "here", text: name, sentences: [] }];
}

/** Pages of places are told apart by their titles alone. */
export const pageForm = "page";

/** What was said, as events are told apart: pages are one, and of long texts the beginning counts. */
export function formOf(structure: PageStructure, belief: PageBelief, args: Values, body: string): string {
  if (titleOf(structure, body) !== null) return pageForm;
  const said = withoutList(body.slice(0, 4 * formCharsMax));
  const beside = [...amountsTold(structure.grammar, args), ...placeTold(belief, args)];
  return lift(said, args, belief.told, beside).slice(0, formCharsMax);
}

export function show({ shown }: PageBelief, body: string): void {
  if (shown.at(-1) === body) return;
  shown.push(body);
  if (shown.length > shownMax) shown.shift();
}
