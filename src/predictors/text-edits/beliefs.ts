/**
 * The belief at a moment of an episode, folded from the steps before it. The newest belief of each episode is kept: when the next moment only
 * adds to it, only what is new is folded. What comes out depends on the moment alone.
 */
import type { Json } from "../../json/json.ts";
import type { History } from "../predictor.ts";
import { type Belief, beginBelief, observe } from "./belief.ts";
import { type Facts, factsOf, noFacts } from "./context.ts";
import type { TextOptions } from "./options.ts";
import { type ReadAsked, readAsked } from "./pages/asked.ts";
import { beginPages, type PageBelief } from "./pages/belief.ts";
import { observePage } from "./pages/observe.ts";
import type { PageStructure } from "./pages/structure.ts";
import { type ReadAction, type ReadText, readAction, readText } from "./reading.ts";
import type { Structure } from "./structure.ts";

/** The part of a situation that a belief rests on. */
export interface Moment {
  readonly episode: string;
  readonly step: number;
  readonly stateText: string;
  readonly contextText: string | null;
  readonly context: Json | null;
  readonly history: History;
}

export interface Folded<B> {
  /** Not to be changed. It holds until the next moment of the episode is asked for. */
  at(moment: Moment): B;
}

export type Beliefs = Folded<Belief>;
export type Views = Folded<PageBelief>;

/** How a belief is begun, from the first state that is known, and what a step adds to it. */
export interface Fold<B> {
  begin(moment: Moment, firstText: string): B;
  add(belief: B, actionText: string, nextText: string): void;
}

interface Known<B> {
  readonly from: number;
  readonly contextText: string | null;
  /** The steps that were folded, and the state they led to. */
  history: History;
  stateText: string;
  readonly belief: B;
}

export function createBeliefs(structure: Structure, options: TextOptions): Beliefs {
  return folded(
    {
      begin(moment, firstText) {
        const first = moment.step === moment.history.length ? stringOf(firstText) : null;
        return beginBelief(factsWithin(moment, options), first);
      },
      add(belief, actionText, nextText) {
        const action = readActionText(actionText, options);
        const answer = readAnswer(structure, nextText, options);
        if (action !== null && answer !== null) observe(belief, structure, action, answer);
      },
    },
    options,
  );
}

export function createViews(pages: PageStructure, options: TextOptions): Views {
  return folded(
    {
      begin: ({ context, contextText }, firstText) =>
        beginPages(pages, isWithin(contextText, options) ? context : null, stringOf(firstText) ?? ""),
      add(belief, actionText, nextText) {
        const asked = readPhraseText(pages, belief, actionText, options);
        const text = nextText.length > options.textCharsMax ? null : stringOf(nextText);
        if (asked !== null && text !== null) observePage(pages, belief, asked.text, asked.action, text);
      },
    },
    options,
  );
}

function folded<B>(fold: Fold<B>, options: TextOptions): Folded<B> {
  const newest = new Map<string, Known<B>>();

  function begin(moment: Moment): Known<B> {
    const { step, history, contextText, stateText } = moment;
    const firstText = history[0]?.stateText ?? stateText;
    const belief = fold.begin(moment, firstText);
    return { from: step - history.length, contextText, history: [], stateText: firstText, belief };
  }

  return {
    at(moment) {
      const { episode, history, stateText } = moment;
      const before = newest.get(episode);
      const known = before !== undefined && goesOn(before, moment) ? before : begin(moment);
      for (let at = known.history.length; at < history.length; at++) {
        fold.add(known.belief, history[at]?.actionText ?? "null", history[at + 1]?.stateText ?? stateText);
      }
      known.history = history;
      known.stateText = stateText;
      newest.delete(episode);
      newest.set(episode, known);
      if (newest.size > options.beliefsMax) {
        const oldest = newest.keys().next().value;
        if (oldest !== undefined) newest.delete(oldest);
      }
      return known.belief;
    },
  };
}

export function factsWithin(
  { context, contextText }: Pick<Moment, "context" | "contextText">,
  options: TextOptions,
): Facts {
  return isWithin(contextText, options) ? factsOf(context, options.factsMax) : noFacts;
}

function isWithin(contextText: string | null, { contextCharsMax }: TextOptions): boolean {
  return contextText !== null && contextText.length <= contextCharsMax;
}

function goesOn(known: Known<unknown>, { step, history, contextText, stateText }: Moment): boolean {
  const count = known.history.length;
  if (known.from !== step - history.length || known.contextText !== contextText || count > history.length) return false;
  if (known.stateText !== (history[count]?.stateText ?? stateText)) return false;
  for (let at = 0; at < count; at++) {
    const [a, b] = [known.history[at], history[at]];
    if (a !== b && (a?.stateText !== b?.stateText || a?.actionText !== b?.actionText)) return false;
  }
  return true;
}

/** A string of JSON; null for anything else. */
export function stringOf(text: string): string | null {
  if (!text.startsWith('"')) return null;
  const value: unknown = JSON.parse(text);
  return typeof value === "string" ? value : null;
}

/** What is not a string is read as the text of its JSON. */
export function readActionText(actionText: string, { actionCharsMax, slotsMax }: TextOptions): ReadAction | null {
  if (actionText.length > actionCharsMax) return null;
  const read = readAction(stringOf(actionText) ?? actionText);
  return read === null || read.args.length > slotsMax ? null : read;
}

/** The same where things are named by phrases, with the text itself. */
export function readPhraseText(
  pages: PageStructure,
  belief: PageBelief,
  actionText: string,
  { actionCharsMax, slotsMax }: TextOptions,
): ReadAsked | null {
  if (actionText.length > actionCharsMax) return null;
  const asked = readAsked(pages, belief, (stringOf(actionText) ?? actionText).trim());
  return asked === null || asked.action.args.length > slotsMax ? null : asked;
}

/** An observation, an empty list read as one. */
export function readAnswer(structure: Structure, stateText: string, options: TextOptions): ReadText | null {
  if (stateText.length > options.textCharsMax) return null;
  const text = stringOf(stateText);
  const read = text === null ? null : readText(text, options.listCharsMax);
  if (read === null || read.lists.length > options.slotsMax) return null;
  return withEmpty(structure, read);
}

export function withEmpty(structure: Structure, read: ReadText): ReadText {
  const empty = structure.empties.get(read.template);
  if (empty === undefined) return read;
  const { template, at } = empty;
  return { template, lists: read.lists.toSpliced(at, 0, []), joins: read.joins.toSpliced(at, 0, "") };
}
