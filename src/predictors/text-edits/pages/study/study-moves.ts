/** Learns moves by next sight: a text shows again, or no longer, what the newest event that named it named first. */
import { mostOf } from "../../most.ts";
import { hole } from "../../reading.ts";
import type { PageEvent } from "../events/event.ts";
import { toAnswer, toHere, toNamed, toNowhere } from "../events/moves.ts";
import { type Node, nodesOf } from "../text/nodes.ts";
import { mentions } from "../text/words.ts";
import { createContentsCounts } from "./study-contents.ts";
import type { Sight } from "./study-edits.ts";

export interface MoveCounts {
  /** `before`: as it is thought to be, the moves that are known already made. */
  add(sight: Sight): void;
  /** Destinations by event, as far as is known. */
  readonly moves: ReadonlyMap<string, string>;
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
const explainedShare = 0.5;
const toShare = 0.15;
const stayedShare = 0.35;

/** `titleEnd`: as of `nodesOf`. */
export function createMoveCounts(titleEnd: (text: string) => number | null = () => null): MoveCounts {
  const counts = new Map<string, Counts>();
  const moves = new Map<string, string>();
  const contents = createContentsCounts();

  function judge(event: PageEvent, was: Node | undefined, is: Node | undefined, standing: string): void {
    if (was === undefined && is === undefined) return;
    const { key } = event;
    const own = counts.get(key) ?? { seen: 0, stayed: 0, left: 0, to: new Map<string, number>() };
    if (!counts.has(key) && counts.size >= eventsMax) return;
    counts.set(key, own);
    own.seen += 1;
    const to = is === undefined ? null : destinationOf(event, is, standing);
    const known = moves.get(key);
    const isAsBefore = was !== undefined && is !== undefined && was.parent?.lower === is.parent?.lower;
    if (to !== null && (to === known || !isAsBefore)) own.to.set(to, (own.to.get(to) ?? 0) + 1);
    else if (isAsBefore) own.stayed += 1;
    else if (is === undefined && known === undefined) own.left += 1;
    decide(key);
  }

  /** Where it goes, else what becomes of what it holds. */
  function decide(key: string): void {
    const own = counts.get(key);
    const decided = (own === undefined ? null : decidedOf(own)) ?? contents.of(key);
    if (decided === null) moves.delete(key);
    else moves.set(key, decided);
  }

  return {
    add({ before, after, events, standingOf }) {
      if (events.length === 0 || !before.includes("\n") || !after.includes("\n")) return;
      const [old, now] = [nodesOf(before, titleEnd(before)), nodesOf(after, titleEnd(after))];
      const done = new Set<string>();
      for (const event of [...events].reverse()) {
        const name = (event.names[0] ?? "").toLowerCase();
        const isNew = name !== "" && !done.has(name);
        if (isNew && event.held.length > 0) {
          contents.add(event, { old, now, standing: standingOf(event) }, (one) => !done.has(one));
          decide(event.key);
        }
        for (const one of event.names) done.add(one.toLowerCase());
        if (!isNew) continue;
        const [was, is] = [old, now].map((nodes) => nodes.filter(({ lower }) => lower === name));
        // Of several things of a name nobody knows which it is.
        if ((was?.length ?? 0) > 1 || (is?.length ?? 0) > 1) continue;
        judge(event, was?.[0], is?.[0], standingOf(event));
      }
    },
    moves,
  };
}

function decidedOf({ seen, stayed, left, to }: Counts): string | null {
  if (stayed >= stayedShare * seen) return null;
  const [best, most] = mostOf(to, "");
  if (most >= movedMin && most > toShare * seen && most + left > explainedShare * seen) return best;
  return left >= goneMin && left > goneShare * seen ? toNowhere : null;
}

/** The last of the names is that of the place. */
function destinationOf({ names }: PageEvent, { parent }: Node, standing: string): string | null {
  const named = (isIt: (name: string) => boolean) => {
    const at = names.findIndex((name, place) => place > 0 && place < names.length - 1 && name !== "" && isIt(name));
    return at < 0 ? null : toNamed + at;
  };
  if (parent !== null) return named((name) => mentions(parent.lower, name.toLowerCase()));
  if (standing === toHere) return named((name) => name === names.at(-1)) ?? toHere;
  if (standing.startsWith(toAnswer)) {
    const at = names.findIndex((_, place) => standing === toAnswer + hole(String(place)));
    return at > 0 ? toNamed + at : standing;
  }
  return standing.startsWith(atMark) ? toNamed + standing.slice(atMark.length) : null;
}

/** Of places that an argument names (`standingOf`). */
const atMark = "at ";
