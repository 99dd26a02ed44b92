/**
 * Learns by next sight what events do to what a thing holds: it goes into what another argument names, or becomes something else ("red and yellow
 * paint" become "orange paint"). What is held is told apart by its names: of some nothing may be seen afterwards.
 */
import { mostOf } from "../../most.ts";
import type { PageEvent } from "../events/event.ts";
import { contentsAre, contentsIn, heldKey } from "../events/moves.ts";
import type { Node } from "../text/nodes.ts";

export interface ContentsCounts {
  /** The newest event that named the thing first. */
  add(event: PageEvent, sight: Seen, isNewest: (name: string) => boolean): void;
  /** Null: nothing, or nobody knows. */
  of(key: string): string | null;
}

/** The things of a text as it was thought to be, and as it is. */
interface Seen {
  readonly old: readonly Node[];
  readonly now: readonly Node[];
  readonly standing: string;
}

interface Into {
  hits: number;
  tries: number;
}

interface Counts {
  /** By what was held. */
  readonly into: Map<string, Into>;
  /** What a thing holds after it held something. */
  readonly after: Map<string, number>;
}

const eventsMax = 20_000;
const heldMax = 64;
const seenMin = 3;
const share = 0.5;
const stayingShare = 0.25;
const surelyShare = 0.7;
const here = "here";

export function createContentsCounts(): ContentsCounts {
  const counts = new Map<string, Counts>();
  return {
    add(event, { old, now, standing }, isNewest) {
      const [first = "", second = ""] = event.names.map((name) => name.toLowerCase());
      if (event.held.length === 0) return;
      const own = counts.get(event.key) ?? { into: new Map<string, Into>(), after: new Map<string, number>() };
      if (!counts.has(event.key) && counts.size >= eventsMax) return;
      counts.set(event.key, own);
      const count = (isSo: boolean) => {
        const what = heldKey(event.held);
        const into = own.into.get(what) ?? { hits: 0, tries: 0 };
        if (own.into.has(what) || own.into.size < heldMax) own.into.set(what, into);
        into.tries += 1;
        into.hits += Number(isSo);
      };
      const target = second === "" || !isNewest(second) ? null : heldBy(event, second, now, standing);
      if (target !== null) count(event.held.every((name) => target.includes(name)));
      const thing = sameIn(old, now, first, event.at);
      if (thing === null || !thing.holds || !isNewest(first)) return;
      // What is poured out may be seen where it came from alone: what it went into was stirred since.
      if (second !== "" && second !== event.names.at(-1)?.toLowerCase() && target === null)
        count(thing.kids.length === 0);
      const after = isSame(event.held, thing) ? "" : thing.kids.map(({ text }) => text).join(", ");
      own.after.set(after, (own.after.get(after) ?? 0) + 1);
    },
    of(key) {
      const own = counts.get(key);
      if (own === undefined) return null;
      const into = intoOf(own.into);
      if (into !== null) return into;
      const [best, most, sum] = mostOf(own.after, "");
      return best !== "" && most >= seenMin && most > surelyShare * sum ? contentsAre + best : null;
    },
  };
}

/** What goes nowhere is told apart: of all else it is asked whether it goes where the other argument says. */
function intoOf(all: ReadonlyMap<string, Into>): string | null {
  const staying: string[] = [];
  let [hits, tries] = [0, 0];
  for (const [what, one] of all)
    if (one.tries >= seenMin && one.hits <= stayingShare * one.tries) staying.push(what);
    else [hits, tries] = [hits + one.hits, tries + one.tries];
  return hits < seenMin || hits <= share * tries ? null : [`${contentsIn}1`, ...staying.sort()].join("\u0003");
}

/** What is now in the thing, or in the place; null where that is not shown. */
function heldBy(
  { names }: PageEvent,
  second: string,
  now: readonly Node[],
  standing: string,
): readonly string[] | null {
  if (second === names.at(-1)?.toLowerCase())
    return standing === here ? now.flatMap(({ parent, lower }) => (parent === null ? [lower] : [])) : null;
  const [thing, other] = now.filter(({ lower }) => lower === second);
  return thing === undefined || other !== undefined || !thing.holds ? null : thing.kids.map(({ lower }) => lower);
}

/** Of several things of a name the one that stands where it stood, where there are as many as before. */
function sameIn(old: readonly Node[], now: readonly Node[], name: string, at: number): Node | null {
  const [before, after] = [old, now].map((nodes) => nodes.filter(({ lower }) => lower === name));
  if (after === undefined || (after.length !== 1 && after.length !== before?.length)) return null;
  return after[after.length === 1 ? 0 : at] ?? null;
}

function isSame(held: readonly string[], { kids }: Node): boolean {
  return kids.length === held.length && kids.every(({ lower }) => held.includes(lower));
}
