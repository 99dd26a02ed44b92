/**
 * What actions do to relations, by next sight: when a relation is seen, each thing is judged by the last event before that mentioned it (and the
 * relation's owner): was it in the relation at the sight before, is it now? An effect holds where most of such sights speak for it.
 */
import { beginBelief, observe } from "../belief.ts";
import { nobody } from "../context.ts";
import type { Values } from "../reading.ts";
import { type Effect, eventKey, type Structure } from "../structure.ts";
import type { StudiedEpisode, Walk } from "./episode.ts";

const changesMin = 2;
const shareMin = 0.6;
/** Events of one thing that wait for a sight. */
const waitingMax = 32;

interface Waiting {
  readonly key: string;
  readonly args: Values;
  readonly step: number;
}

interface Count {
  readonly key: string;
  readonly relation: string;
  readonly item: number;
  readonly owner: number | null;
  entered: number;
  stayedOut: number;
  left: number;
  stayedIn: number;
}

export function* effectsOf(
  episodes: readonly StudiedEpisode[],
  structure: Structure,
): Walk<ReadonlyMap<string, readonly Effect[]>> {
  const counts = new Map<string, Count>();
  for (const { facts, first, steps } of episodes) {
    const belief = beginBelief(facts, first);
    const waiting = new Map<string, Waiting[]>();
    const seenAt = new Map<string, number>();
    for (const { action, text } of steps) {
      observe(belief, structure, action, text, (relation, owner, before, seen) => {
        const name = `${relation}\u0003${owner}`;
        // What somebody had before is not known at the first sight; what nobody's held before is nothing.
        if (before !== undefined || owner === nobody)
          judge(counts, waiting, { relation, owner, before: before ?? [], seen }, seenAt.get(name) ?? 0);
        seenAt.set(name, belief.steps);
      });
      const key = eventKey(action.template, text.template);
      for (const thing of action.args) {
        const list = waiting.get(thing) ?? [];
        waiting.set(thing, list);
        list.push({ key, args: action.args, step: belief.steps });
        if (list.length > waitingMax) list.shift();
      }
    }
    yield steps.length * 2;
  }
  return decided(counts);
}

interface Sight {
  readonly relation: string;
  readonly owner: string;
  readonly before: Values;
  readonly seen: Values;
}

function judge(
  counts: Map<string, Count>,
  waiting: ReadonlyMap<string, readonly Waiting[]>,
  { relation, owner, before, seen }: Sight,
  since: number,
): void {
  for (const [thing, events] of waiting) {
    const event = events.findLast(({ args, step }) => step > since && (owner === nobody || args.includes(owner)));
    if (event === undefined) continue;
    const item = event.args.indexOf(thing);
    const ownerAt = owner === nobody ? null : event.args.indexOf(owner);
    const name = `${event.key}\u0003${relation}\u0003${item}\u0003${ownerAt}`;
    const count = counts.get(name) ?? {
      key: event.key,
      relation,
      item,
      owner: ownerAt,
      entered: 0,
      stayedOut: 0,
      left: 0,
      stayedIn: 0,
    };
    counts.set(name, count);
    const isIn = seen.includes(thing);
    if (before.includes(thing)) count[isIn ? "stayedIn" : "left"] += 1;
    else count[isIn ? "entered" : "stayedOut"] += 1;
  }
}

function decided(counts: ReadonlyMap<string, Count>): ReadonlyMap<string, readonly Effect[]> {
  const effects = new Map<string, Effect[]>();
  for (const { key, relation, item, owner, entered, stayedOut, left, stayedIn } of counts.values()) {
    const all = entered + stayedOut + left + stayedIn;
    const enters = holds(entered, stayedOut) && (entered + stayedIn) / all > shareMin;
    const leaves = holds(left, stayedIn) && (left + stayedOut) / all > shareMin;
    if (!enters && !leaves) continue;
    const list = effects.get(key) ?? [];
    effects.set(key, list);
    list.push({ relation, item, owner, enters });
  }
  return effects;
}

function holds(changed: number, stayed: number): boolean {
  return changed >= changesMin && changed / (changed + stayed) > shareMin;
}
