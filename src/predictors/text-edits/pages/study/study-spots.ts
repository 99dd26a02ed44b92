/** Learns from two sights of a page which state an event has led to, and how pages speak of things in each. */
import { mostOf } from "../../most.ts";
import type { PageEvent } from "../events/event.ts";
import {
  type SpotRules,
  type SpotState,
  spotStates,
  spotsIn,
  stateOf,
  type Turn,
  turnKey,
  type Wording,
  withoutThing,
} from "../events/spots.ts";

export interface SpotCounts {
  add(old: string, now: string, events: readonly PageEvent[]): void;
  decided(): SpotRules;
}

interface Turns {
  readonly to: Map<SpotState, number>;
  fromSilence: number;
  readonly wordings: Map<string, Seen>;
}

interface Seen {
  readonly wording: Wording;
  seen: number;
}

const turnsMin = 3;
/** Wordings that were seen once are of their world. */
const seenMin = 2;
const share = 0.6;
const countsMax = 5_000;
const wordingsMax = 64;

export function createSpotCounts(): SpotCounts {
  const turns = new Map<string, Turns>();
  const wordings = new Map<string, Seen>();

  function addWording(wordings: Map<string, Seen>, wording: Wording): void {
    const key = wording.map(({ separator, text }) => separator + text).join("\u0003");
    const own = wordings.get(key) ?? { wording, seen: 0 };
    if (wordings.has(key) || wordings.size < countsMax) wordings.set(key, own);
    own.seen += 1;
  }

  return {
    add(old, now, events) {
      const names = events.flatMap((event) => event.names.slice(0, -1));
      for (const { thing, before, after } of spotsIn(old, now, names)) {
        addWording(wordings, withoutThing(before, thing));
        addWording(wordings, withoutThing(after, thing));
        const [event, ...others] = events.filter((one) => one.names.slice(0, -1).includes(thing));
        if (event === undefined || others.some(({ key }) => key !== event.key)) continue;
        const key = turnKey(event, event.names.indexOf(thing));
        const own = turns.get(key) ?? { to: new Map<SpotState, number>(), fromSilence: 0, wordings: new Map() };
        if (!turns.has(key) && turns.size >= countsMax) continue;
        turns.set(key, own);
        own.to.set(stateOf(after), (own.to.get(stateOf(after)) ?? 0) + 1);
        addWording(own.wordings, withoutThing(after, thing));
        own.fromSilence += Number(stateOf(before) === spotStates.silent);
      }
    },
    decided() {
      const decided = new Map<string, Turn>();
      for (const [key, { to, fromSilence, wordings: its }] of turns) {
        const [best, most, sum] = mostOf<SpotState>(to, spotStates.silent);
        const wording = usual(its).find((one) => stateOf(one) === best);
        if (most >= turnsMin && most > share * sum && wording !== undefined)
          decided.set(key, { to: best, fromSilence: 2 * fromSilence > sum, wording });
      }
      const all = usual(wordings, seenMin).filter(({ length }) => length > 0);
      return { turns: decided, wordings: all.slice(0, wordingsMax) };
    },
  };
}

/** The most usual first. */
function usual(wordings: ReadonlyMap<string, Seen>, least = 1): readonly Wording[] {
  return [...wordings.values()]
    .filter(({ seen }) => seen >= least)
    .sort((a, b) => b.seen - a.seen)
    .map(({ wording }) => wording);
}
