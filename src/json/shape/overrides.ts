/**
 * What is known of an environment's states beforehand: it wins over what is counted. Paths are JSON pointers in which the segment `*` stands
 * for one segment and `**` for any number of them, also none.
 */
import { pointerTokens } from "../pointer.ts";

export interface ShapeOverrides {
  /** Arrays of objects: the property that identifies an element. */
  readonly keyed?: Readonly<Record<string, string>>;
  /** Strings here name entities. */
  readonly references?: readonly string[];
  /** The keys of objects here are data, not fields. */
  readonly data?: readonly string[];
}

/** What is said of one place. */
export interface Forced {
  readonly key: string | null;
  readonly reference: boolean;
  readonly data: boolean;
}

export const unforced: Forced = { key: null, reference: false, data: false };

/** What the overrides say of a place; `segments` has `*` where a segment is data. */
export type ForcedAt = (segments: readonly string[]) => Forced;

/** Throws where a path is no pointer, naming it. */
export function compileOverrides({ keyed = {}, references = [], data = [] }: ShapeOverrides): ForcedAt {
  const keys = Object.entries(keyed).map(([path, key]) => ({ pattern: patternOf(path), key }));
  const [named, mapped] = [references.map(patternOf), data.map(patternOf)];
  if (keys.length + named.length + mapped.length === 0) return () => unforced;
  return (segments) => {
    const key = keys.find(({ pattern }) => matches(pattern, segments))?.key ?? null;
    const reference = named.some((pattern) => matches(pattern, segments));
    const isData = mapped.some((pattern) => matches(pattern, segments));
    return key === null && !reference && !isData ? unforced : { key, reference, data: isData };
  };
}

function patternOf(path: string): readonly string[] {
  const tokens = pointerTokens(path);
  if (tokens === null)
    throw new Error(`"${path}" is no path pattern: it must be empty or start with "/" ("~" is written ~0).`);
  return tokens;
}

/** A segment that is data is met by `*` and `**` alone, as positions in keyed arrays are. */
function matches(pattern: readonly string[], segments: readonly string[], at = 0, from = 0): boolean {
  for (; at < pattern.length; at++, from++) {
    const wanted = pattern[at];
    if (wanted === "**") {
      for (let rest = from; rest <= segments.length; rest++) if (matches(pattern, segments, at + 1, rest)) return true;
      return false;
    }
    const segment = segments[from];
    if (segment === undefined || (wanted !== "*" && wanted !== segment)) return false;
  }
  return from === segments.length;
}
