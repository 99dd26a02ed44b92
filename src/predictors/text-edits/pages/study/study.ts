/** Decides how a world of pages is read, from the kept episodes, in slices. */
import type { Json } from "../../../../json/json.ts";
import { isObject } from "../../../../json/pointer.ts";
import { eventKey } from "../../structure.ts";
import type { Walk } from "../../study/episode.ts";
import type { Ledger } from "../amounts/ledger.ts";
import { createAmountCounts } from "../amounts/study-amounts.ts";
import { createLedgerCounts, createLedgerTexts } from "../amounts/study-ledgers.ts";
import { asSaid, readWhole } from "../asked.ts";
import { beginPages } from "../belief.ts";
import { durationKeys } from "../events/durations.ts";
import type { Edits } from "../events/edits.ts";
import { createLetteredCounts } from "../events/lettered.ts";
import { type Grammar, grammarOf, readPhrases, verbOf } from "../grammar.ts";
import { meantBy } from "../menus/menu.ts";
import { createMovingCounts } from "../moved/study-moving.ts";
import { pairsIn } from "../naming/clauses.ts";
import { createFrameCounts } from "../naming/frames.ts";
import { referentsOf, tiesHere } from "../naming/here.ts";
import { observePage } from "../observe.ts";
import { createPresenceCounts } from "../places.ts";
import { eventsOf, noPages, type PageStructure } from "../structure.ts";
import { closingsOf } from "../text/closings.ts";
import { cut, endsOf, firstWord, titleEnd, titleOf, withoutNumbers, withoutRemark } from "../text/cut.ts";
import { marksIn } from "../text/neighbours.ts";
import { createOrdinalCounts } from "../text/ordinals.ts";
import { mentions } from "../text/words.ts";
import { createBeginningCounts } from "./study-beginnings.ts";
import { createClauseCounts } from "./study-clauses.ts";
import { createDurationCounts } from "./study-durations.ts";
import { createEditCounts } from "./study-edits.ts";
import { createKindCounts } from "./study-kinds.ts";
import { createLinkCounts } from "./study-links.ts";
import { createListCounts, withLists } from "./study-lists.ts";
import { createMenuCounts } from "./study-menus.ts";
import { createMoveCounts } from "./study-moves.ts";
import { createSpotCounts } from "./study-spots.ts";
import { createTitleCounts } from "./study-titles.ts";
import { createUsualCounts } from "./study-usual.ts";
import { waysOf } from "./study-ways.ts";

export interface RawEpisode {
  readonly context: Json | null;
  readonly first: string;
  readonly steps: readonly { readonly action: string; readonly text: string }[];
}

/** Different actions that are looked at. */
const actionsMax = 20_000;
const tailBodiesMin = 5;
const tailsMax = 256;
/** Verbs that answer with the very same words. */
const refusalVerbsMin = 5;
const refusalCharsMax = 100;
/** Fields of a text, and texts that have so many. */
const marksMin = 2;
const marksShare = 0.5;
const commonShare = 0.05;
const commonMin = 5;
const joinedMin = 5;
const joiner = "_";
const openingActionsMax = 64;
const openingMin = 3;
const openingShare = 0.6;

export function* studyPages(episodes: readonly RawEpisode[]): Walk<PageStructure> {
  const actions = new Set<string>();
  const titles = createTitleCounts();
  const ordinals = createOrdinalCounts();
  const ends = new Map<string, Set<string>>();
  const verbs = new Map<string, Set<string>>();
  const marks = new Map<string, number>();
  const ledgers = createLedgerTexts();
  const amounts = createAmountCounts();
  let texts = 0;
  for (const { steps } of episodes) {
    titles.add(steps);
    amounts.add(steps.map(({ action }) => action));
    for (const { action, text } of steps) {
      if (actions.size < actionsMax) actions.add(action);
      texts += 1;
      ordinals.add(text);
      ledgers.add(action, text);
      for (const [mark, count] of marksIn(text)) if (count >= marksMin) marks.set(mark, (marks.get(mark) ?? 0) + 1);
      const end = text.indexOf("\n");
      if (end < 0 && text.length <= refusalCharsMax && (verbs.has(text) || verbs.size < actionsMax))
        verbs.set(text, (verbs.get(text) ?? new Set()).add(firstWord(action)));
      for (const at of endsOf(text)) {
        const tail = withoutNumbers(text.slice(at));
        const bodies = ends.get(tail) ?? new Set();
        if (ends.has(tail) || ends.size < actionsMax) ends.set(tail, bodies);
        if (bodies.size < tailBodiesMin) bodies.add(text.slice(0, at));
      }
    }
    yield steps.length;
  }
  const grammar = grammarOf(actions, amounts.decided());
  const separator = [...marks].find(([, count]) => count > marksShare * texts)?.[0] ?? "";
  const structure: PageStructure = {
    ...noPages,
    grammar,
    ...titles.decided(separator === ""),
    tails: new Set(
      [...ends]
        .filter(([, { size }]) => size >= tailBodiesMin)
        .slice(0, tailsMax)
        .map(([tail]) => tail),
    ),
    separator,
    ordinals: separator === "" ? ordinals.decided() : null,
    refusals: new Set([...verbs].filter(([, { size }]) => size >= refusalVerbsMin).map(([text]) => text)),
    ...(yield* argumentsOf(episodes, grammar)),
    closings: closingsOf(episodes.flatMap(({ context }) => toldStrings(context).map(([, text]) => text))),
  };
  const ways =
    structure.titles.size + structure.sentences.size === 0
      ? structure
      : { ...structure, ...(yield* waysOf(episodes, structure)) };
  const opened = { ...ways, openings: yield* openingsOf(episodes) };
  const seen = yield* editsOf(episodes, opened, ledgers.decided());
  return { ...opened, ...seen, editing: eventsOf(seen.edits.keys()) };
}

/** Actions whose first answer begins as a string of several lines of the context does. */
function* openingsOf(episodes: readonly RawEpisode[]): Walk<ReadonlyMap<string, string>> {
  const hits = new Map<string, { readonly action: string; readonly name: string; hits: number; tries: number }>();
  for (const { context, steps } of episodes) {
    const told = toldStrings(context).filter(([, text]) => text.includes("\n"));
    const asked = new Set<string>();
    for (const { action, text } of told.length > 0 ? steps : []) {
      if (asked.has(action) || asked.size >= openingActionsMax) continue;
      asked.add(action);
      for (const [name, string] of told) {
        const key = `${action}\u0003${name}`;
        const own = hits.get(key) ?? { action, name, hits: 0, tries: 0 };
        if (!hits.has(key) && hits.size >= actionsMax) continue;
        hits.set(key, own);
        own.tries += 1;
        own.hits += Number(text.split("\n", 1)[0] === string.split("\n", 1)[0]);
      }
    }
    yield steps.length;
  }
  const openings = [...hits.values()].filter(({ hits: h, tries }) => h >= openingMin && h > openingShare * tries);
  return new Map(openings.map(({ action, name }) => [action, name]));
}

function toldStrings(context: Json | null): readonly (readonly [string, string])[] {
  return Object.entries(isObject(context) ? context : {}).flatMap(([name, text]) =>
    typeof text === "string" ? [[name, text.trim()] as const] : [],
  );
}

function* editsOf(
  episodes: readonly RawEpisode[],
  structure: PageStructure,
  ledger: Ledger | null,
): Walk<
  Edits &
    Pick<
      PageStructure,
      | "links"
      | "presence"
      | "moves"
      | "frames"
      | "spots"
      | "moving"
      | "ledger"
      | "lettered"
      | "beginnings"
      | "durations"
      | "menus"
      | "usual"
      | "kinds"
      | "clauses"
    >
> {
  const counts = createEditCounts();
  const links = createLinkCounts();
  const presence = createPresenceCounts();
  const moves = createMoveCounts((text) => titleEnd(structure, text));
  const frames = createFrameCounts();
  const lists = createListCounts();
  const spots = createSpotCounts();
  const moving = createMovingCounts();
  const letters = createLetteredCounts();
  const amounts = createLedgerCounts(ledger);
  const beginnings = createBeginningCounts();
  const durations = createDurationCounts();
  const menus = createMenuCounts();
  const usual = createUsualCounts();
  const kinds = createKindCounts();
  const clauses = createClauseCounts();
  const known = { ...structure, moves: moves.moves, frames: frames.frames, kinds: kinds.kinds, clauses: clauses.words };
  for (const [number, { context, first, steps }] of episodes.entries()) {
    const belief = beginPages(known, context, first);
    amounts.begin();
    beginnings.begin();
    durations.begin();
    usual.begin();
    for (const { action: raw, text } of steps) {
      const read = readWhole(structure, belief, raw);
      if (read === null) continue;
      const { action: whole, text: actionText } = read;
      if (!structure.refusals.has(text))
        for (const pair of pairsIn(clauses.words, whole)) {
          const ties = tiesHere(belief, pair);
          if (ties !== null) clauses.add(pair, ties);
        }
      const action = asSaid(clauses.words, belief, read, raw);
      const { body } = cut(structure, text);
      moving.add(verbOf(action.template), belief.text, body);
      const isWhole = belief.events.length === belief.steps;
      if (isWhole && action.args.length === 0 && titleOf(structure, body) === null)
        beginnings.add(actionText, body, belief.events);
      menus.add(action.template, body, () => meantBy(belief, action));
      const unnamed = action.args.filter((_, at) => (referentsOf(belief, action)[at]?.rank ?? 0) === 0);
      const form = observePage(
        known,
        belief,
        actionText,
        action,
        text,
        (before, after, events, standingOf) => {
          counts.add({ before, after, events, standingOf });
          moves.add({ before, after, events, standingOf });
          lists.add({ before, after, events, standingOf });
          letters.add(
            before,
            after,
            events.filter((event) => standingOf(event) === "here"),
          );
        },
        (all, things) => links.add(number, all, things, belief.steps),
        spots.add,
      );
      frames.add(action.template, form);
      for (const arg of unnamed) {
        const name = belief.called.get(arg) ?? arg;
        if (name !== arg && mentions(body, name)) kinds.add(arg, name);
      }
      const done = withoutRemark(form);
      amounts.add(actionText, action, eventKey(action.template, done), body);
      durations.add(actionText, durationKeys(action, done), body);
      const title = titleOf(structure, text);
      if (title === null) continue;
      presence.add(text, title === belief.current);
      usual.add(belief.finder.nodesIn(body));
    }
    yield steps.length * 2;
  }
  const { edits: single, fillers } = counts.decided();
  const edits = withLists(single, lists.decided());
  return {
    edits,
    fillers,
    beginnings: beginnings.decided({ edits, moves: moves.moves }),
    links: links.decided(),
    presence: presence.decided(),
    spots: spots.decided(),
    moving: moving.decided(),
    lettered: letters.decided(),
    durations: durations.decided(),
    menus: menus.decided(),
    usual: usual.decided(),
    kinds: new Map(kinds.kinds),
    clauses: new Map(clauses.words),
    ledger: ledger === null ? null : { ...ledger, effects: amounts.decided() },
    moves: new Map(moves.moves),
    frames: new Map(frames.frames),
  };
}

/** What arguments are in many episodes, and whether answers write names of several words as one. */
function* argumentsOf(
  episodes: readonly RawEpisode[],
  grammar: Grammar,
): Walk<Pick<PageStructure, "common" | "joiner">> {
  const seen = new Map<string, number>();
  let joined = 0;
  for (const { steps } of episodes) {
    const own = new Set<string>();
    for (const { action, text } of steps) {
      const args = readPhrases(grammar, action)?.args ?? [];
      for (const arg of args) own.add(arg);
      if (joined < joinedMin && text.includes(joiner))
        joined += Number(args.some((arg) => arg.includes(" ") && text.includes(arg.replaceAll(" ", joiner))));
    }
    for (const arg of own) seen.set(arg, (seen.get(arg) ?? 0) + 1);
    yield steps.length;
  }
  const least = Math.max(commonMin, commonShare * episodes.length);
  const common = new Set([...seen].filter(([, count]) => count >= least).map(([arg]) => arg));
  return { common, joiner: joined >= joinedMin ? joiner : "" };
}
