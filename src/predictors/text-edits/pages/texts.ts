/**
 * Whole texts that go from one episode to the next, by what was asked and where. Of each key the newest two that differ, with the origin
 * that showed it, so that what an episode or a world has told itself is not taken for what others tell. Bounded in UTF-16 units: what was longest not
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
  /** The newest that another origin has shown; null where there is none. */
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
      for (const sight of entries.get(key) ?? []) if (sight.origin !== origin || sight.count > 1) return sight;
      return null;
    },
    sights: (key, origin) => (entries.get(key) ?? []).filter((sight) => sight.origin !== origin || sight.count > 1),
    note(key, text, origin) {
      if (text.length > charsMax) return;
      const before = entries.get(key) ?? [];
      const known = before.find((sight) => sight.text === text);
      const count = known === undefined ? 1 : known.count + Number(known.origin !== origin);
      const others = before
        .filter((sight) => sight.text !== text)
        .slice(0, (text.length > shortChars ? sightsMax : shortMax) - 1);
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

function charsOf(sights: readonly TextSight[]): number {
  return sights.reduce((sum, { text }) => sum + text.length, entryChars);
}
