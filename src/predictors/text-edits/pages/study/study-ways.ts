/** Learns which answers lead to the places that they name, which actions lead back, and which show a page from elsewhere. */
import { countIn, mostOf } from "../../most.ts";
import type { Walk } from "../../study/episode.ts";
import { readAsked } from "../asked.ts";
import { beginPages, type PageBelief } from "../belief.ts";
import { anyAnswer, moverKeys, namedIn, observePage } from "../observe.ts";
import type { PageStructure } from "../structure.ts";
import { mentions } from "../text/words.ts";
import type { RawEpisode } from "./study.ts";

const moverMin = 3;
const moverShare = 0.6;
/** Of all answers of a verb, which were worded in other ways. */
const [anyMin, anyShare] = [10, 0.9];
const pendingMax = 16;
const looksMin = 3;
const looksFactor = 3;
const movesMax = 20_000;

/** The names of an answer that may be places, with their `moverKey`. */
type Pending = readonly (readonly [key: string, name: string])[];

interface Move {
  hits: number;
  tries: number;
}

type Ways = Pick<PageStructure, "inverses" | "movers" | "peeks">;

/** What leads where, and back. Where answers lead to places, what is seen from elsewhere is looked for when they are known. */
export function* waysOf(episodes: readonly RawEpisode[], structure: PageStructure): Walk<Ways> {
  const first = yield* walked(episodes, structure);
  if (first.movers.size === 0) return first;
  const { inverses, peeks } = yield* walked(episodes, { ...structure, movers: first.movers });
  return { inverses, peeks, movers: first.movers };
}

function* walked(episodes: readonly RawEpisode[], structure: PageStructure): Walk<Ways> {
  const backs = new Map<string, Map<string, number>>();
  const moves = new Map<string, Move>();
  const looks = new Map<string, Looks>();
  const peeked = new Map<string, { stayed: number; returned: number }>();
  for (const { context, first, steps } of episodes) {
    const belief = beginPages(structure, context, first);
    let pending: Pending[] = [];
    let turned: { readonly from: string; readonly form: string; readonly to: string } | null = null;
    let came: { readonly from: string; readonly action: string; readonly to: string } | null = null;
    for (const { action: raw, text } of steps) {
      const asked = readAsked(structure, belief, raw);
      if (asked === null) continue;
      const { action, text: actionText } = asked;
      const from = belief.current;
      const form = observePage(structure, belief, actionText, action, text);
      if (form !== "page") {
        pending.push(
          namedIn(belief, action.args, text).flatMap((name) =>
            moverKeys(belief, action, text, name).map((key) => [key, name] as const),
          ),
        );
        if (pending.length > pendingMax) pending.shift();
        continue;
      }
      judgeMoves(moves, pending, belief);
      pending = [];
      const to = belief.current;
      const isLook = rests(looks, actionText, from === to);
      if (turned !== null && isLook && (to === turned.to || to === turned.from)) {
        const peek = peeked.get(turned.form) ?? { stayed: 0, returned: 0 };
        peeked.set(turned.form, peek);
        peek[to === turned.to ? "stayed" : "returned"] += 1;
      }
      turned = from === null || to === null || from === to ? null : { from, form: action.template, to };
      if (from === null || to === null || from === to) continue;
      if (came !== null && came.to === from && came.from === to) countIn(backs, came.action, actionText);
      came = { from, action: actionText, to };
    }
    yield steps.length * 2;
  }
  const inverses = new Map<string, string>();
  for (const [action, counts] of backs) {
    const [best, most, sum] = mostOf(counts, "");
    if (most > moverShare * sum) inverses.set(action, best);
  }
  const movers = new Set<string>();
  for (const [key, { hits, tries }] of moves) {
    const [least, share] = key.endsWith(anyAnswer) ? [anyMin, anyShare] : [moverMin, moverShare];
    if (hits >= least && hits > share * tries) movers.add(key);
  }
  const peeks = new Set<string>();
  for (const [form, { stayed, returned }] of peeked) if (returned > stayed) peeks.add(form);
  return { inverses, movers, peeks };
}

interface Looks {
  stayed: number;
  left: number;
}

/** Whether the action shows the place where one is, as far as was seen before. */
function rests(looks: Map<string, Looks>, actionText: string, isSame: boolean): boolean {
  const own = looks.get(actionText) ?? { stayed: 0, left: 0 };
  if (looks.has(actionText) || looks.size < movesMax) looks.set(actionText, own);
  const { stayed, left } = own;
  own[isSame ? "stayed" : "left"] += 1;
  return stayed >= looksMin && stayed > looksFactor * left;
}

/** The newest event that names the place that is seen next may have led there; later ones did not. */
function judgeMoves(moves: Map<string, Move>, pending: readonly Pending[], { current }: PageBelief): void {
  for (const names of [...pending].reverse()) {
    let isHit = false;
    for (const [key, name] of names) {
      const move = moves.get(key) ?? { hits: 0, tries: 0 };
      if (!moves.has(key) && moves.size >= movesMax) continue;
      moves.set(key, move);
      const hit = current !== null && mentions(current, name);
      move.tries += 1;
      move.hits += Number(hit);
      isHit ||= hit;
    }
    if (isHit) return;
  }
}
