/**
 * Whole texts that go from one episode to the next, by what was asked and where. Of each key the newest and the one that most origins showed, with
 * the last of them, so that what an episode or a world has told itself is not taken for what others tell. Bounded in UTF-16 units: what was longest not
 * met goes first.
 */

export interface TextSight {
  readonly text: string;
  /** The last origin (an episode, a world) that showed it, by hash. */
  readonly origin: number;
  /** Origins that showed it, one after the other. */
  readonly count: number;
}

export interface TextMemory {
  /** What most other origins have shown, the newest of several; null where there is none. */
  of(key: number, origin: number): TextSight | null;
  /** All that other origins have shown. */
  sights(key: number, origin: number): readonly TextSight[];
  note(key: number, text: string, origin: number): void;
  readonly chars: number;
  /** In the order in which they would be forgotten. */
  all(): Iterable<readonly [key: number, sights: readonly TextSight[]]>;
}

/** Of an entry itself, in UTF-16 units. */
const entryChars = 40;
const sightsMax = 2;
/** More origins count as so many: what holds now comes to be the most usual. */
const originsMax = 16;
/** Of short texts: names. */
const shortMax = 8;
const shortChars = 40;

export function createTextMemory(
  charsMax: number,
  known: Iterable<readonly [number, readonly TextSight[]]> = [],
): TextMemory {
  const entries = new Map<number, readonly TextSight[]>(known);
  let chars = 0;
  for (const sights of entries.values()) chars += charsOf(sights);
  return {
    of(key, origin) {
      let best: TextSight | null = null;
      for (const sight of entries.get(key) ?? []) {
        const its = sight.count - Number(sight.origin === origin);
        if (its > 0 && (best === null || its > best.count - Number(best.origin === origin))) best = sight;
      }
      return best;
    },
    sights: (key, origin) => (entries.get(key) ?? []).filter((sight) => sight.origin !== origin || sight.count > 1),
    note(key, text, origin) {
      if (text.length > charsMax) return;
      const before = entries.get(key) ?? [];
      const known = before.find((sight) => sight.text === text);
      const count = known === undefined ? 1 : Math.min(originsMax, known.count + Number(known.origin !== origin));
      const others = before.filter((sight) => sight.text !== text);
      const max = text.length > shortChars ? sightsMax : shortMax;
      while (others.length >= max) others.splice(fewest(others), 1);
      const after = [{ text: known?.text ?? text, origin, count }, ...others];
      entries.delete(key);
      entries.set(key, after);
      chars += charsOf(after) - (before.length === 0 ? 0 : charsOf(before));
      while (chars > charsMax) {
        const oldest = entries.entries().next().value;
        if (oldest === undefined) return;
        chars -= charsOf(oldest[1]);
        entries.delete(oldest[0]);
      }
    },
    get chars() {
      return chars;
    },
    all: () => entries,
  };
}

/** The last of them that fewest showed. */
function fewest(sights: readonly TextSight[]): number {
  return sights.reduce((best, { count }, at) => (count <= (sights[best]?.count ?? 0) ? at : best), 0);
}

function charsOf(sights: readonly TextSight[]): number {
  return sights.reduce((sum, { text }) => sum + text.length, entryChars);
}
