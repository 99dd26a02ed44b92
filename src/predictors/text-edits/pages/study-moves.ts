/** Learns moves by next sight: a text shows again, or no longer, what the newest event that named it named first. */
import type { PageEvent } from "./edits.ts";
import { toAnswer, toHere, toNowhere, toPlace, toThing } from "./moves.ts";
import { type Node, nodesOf } from "./nodes.ts";
import type { Sight } from "./study-edits.ts";
import { mentions } from "./words.ts";

export interface MoveCounts {
  add(sight: Sight): void;
  /** Destinations by event. */
  decided(): ReadonlyMap<string, string>;
}

interface Counts {
  seen: number;
  /** It is where it was. */
  stayed: number;
  /** It is no longer where it was, and not elsewhere in this text. */
  left: number;
  readonly to: Map<string, number>;
}

const eventsMax = 20_000;
const movedMin = 3;
const goneMin = 20;
const goneShare = 0.8;
const explainedShare = 0.6;
const toShare = 0.15;
const stayedShare = 0.35;

export function createMoveCounts(): MoveCounts {
  const counts = new Map<string, Counts>();

  function judge(event: PageEvent, was: Node | undefined, is: Node | undefined, standing: string): void {
    if (was === undefined && is === undefined) return;
    const own = counts.get(event.key) ?? { seen: 0, stayed: 0, left: 0, to: new Map<string, number>() };
    if (!counts.has(event.key) && counts.size >= eventsMax) return;
    counts.set(event.key, own);
    own.seen += 1;
    if (is === undefined) own.left += 1;
    else if (was !== undefined && was.parent?.lower === is.parent?.lower) own.stayed += 1;
    else {
      const to = destinationOf(event, is, standing);
      if (to !== null) own.to.set(to, (own.to.get(to) ?? 0) + 1);
    }
  }

  return {
    add({ before, after, events, standingOf }) {
      if (events.length === 0 || !before.includes("\n") || !after.includes("\n")) return;
      const [old, now] = [nodesOf(before), nodesOf(after)];
      const done = new Set<string>();
      for (const event of [...events].reverse()) {
        const name = (event.names[0] ?? "").toLowerCase();
        const isNew = name !== "" && !done.has(name);
        for (const one of event.names) done.add(one.toLowerCase());
        if (!isNew) continue;
        const [was, is] = [old, now].map((nodes) => nodes.filter(({ lower }) => lower === name));
        // Of several things of a name nobody knows which it is.
        if ((was?.length ?? 0) > 1 || (is?.length ?? 0) > 1) continue;
        judge(event, was?.[0], is?.[0], standingOf(event));
      }
    },
    decided() {
      const moves = new Map<string, string>();
      for (const [key, { seen, stayed, left, to }] of counts) {
        if (stayed >= stayedShare * seen) continue;
        const [best, most] = [...to].reduce((a, b) => (b[1] > a[1] ? b : a), ["", 0] as [string, number]);
        if (most >= movedMin && most > toShare * seen && most + left > explainedShare * seen) moves.set(key, best);
        else if (left >= goneMin && left > goneShare * seen) moves.set(key, toNowhere);
      }
      return moves;
    },
  };
}

function destinationOf({ names }: PageEvent, { parent }: Node, standing: string): string | null {
  if (parent !== null) {
    const at = names.findIndex((name, place) => place > 0 && name !== "" && mentions(parent.lower, name.toLowerCase()));
    return at < 0 ? null : toThing + at;
  }
  if (standing === toHere || standing.startsWith(toPlace)) return standing;
  return standing.startsWith(toAnswer) ? standing : null;
}
