/** Learns edits by next sight: when a text is seen again, each of its sentences is judged by the newest event that named what it names. */
import { editKey, gone, headOf, namesAny, type PageEvent, segmentsOf } from "./edits.ts";
import { lift } from "./lift.ts";

export interface Sight {
  readonly before: string;
  readonly after: string;
  /** Of an event since the text was seen. */
  readonly events: readonly PageEvent[];
  readonly standingOf: (event: PageEvent) => string;
}

export interface EditCounts {
  add(sight: Sight): void;
  edits(): ReadonlyMap<string, string>;
}

const seenMin = 2;
const share = 0.5;
const countsMax = 100_000;
const editsMax = 8_000;

export function createEditCounts(): EditCounts {
  const counts = new Map<string, Map<string, number>>();

  function count(key: string, outcome: string): void {
    const own = counts.get(key) ?? new Map<string, number>();
    if (!counts.has(key) && counts.size >= countsMax) return;
    counts.set(key, own);
    own.set(outcome, (own.get(outcome) ?? 0) + 1);
  }

  return {
    add({ before, after, events, standingOf }) {
      if (events.length === 0) return;
      const old = segmentsOf(before).map(([, text]) => text);
      const seen = new Set(segmentsOf(after).map(([, text]) => text));
      const news = [...seen].filter((text) => !old.includes(text));
      for (const text of old) {
        const event = events.findLast(({ names }) => namesAny(text, names) && lift(text, names, []) !== text);
        if (event === undefined) continue;
        const lifted = lift(text, event.names, []);
        const standing = standingOf(event);
        const outcome = seen.has(text) ? lifted : becameOf(lifted, news, event);
        count(editKey(event, standing, lifted), outcome);
        count(editKey(event, standing, headOf(lifted)), outcome === gone ? gone : kept);
      }
    },
    edits() {
      const edits = new Map<string, string>();
      for (const [key, outcomes] of counts) {
        if (edits.size >= editsMax) break;
        const sum = [...outcomes.values()].reduce((a, b) => a + b, 0);
        const [best, most] = [...outcomes].reduce((a, b) => (b[1] > a[1] ? b : a));
        if (most < seenMin || most <= share * sum || best === kept) continue;
        // A sentence that stays as it is needs an edit only where its head says that it goes.
        edits.set(key, best);
      }
      return edits;
    },
  };
}

/** Of a head: it does not go. */
const kept = "\u0004kept";

/** The new sentence that names the same, the one most alike; none: it has gone. */
function becameOf(lifted: string, news: readonly string[], { names }: PageEvent): string {
  let [best, alike] = [gone, 0];
  const holesIn = [...lifted.matchAll(/\u0001\d+\u0002/g)].map(([hole]) => hole);
  for (const one of news) {
    if (!namesAny(one, names)) continue;
    const other = lift(one, names, []);
    if (!holesIn.every((hole) => other.includes(hole))) continue;
    const its = 1 + commonPrefix(lifted, other);
    if (its > alike) [best, alike] = [other, its];
  }
  return best;
}

function commonPrefix(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  return at;
}
