/**
 * Paths of attributes, interned: `status`, `connects.red`. A path has the place it was read at (lifted: `connects.*`) and the segment that is
 * data, if any. Numbers and hashes are made once per path, so that reading a state makes no strings.
 */
import type { ShapeNode } from "../../../json/shape/shape.ts";
import { hashText } from "../../lifted/hash.ts";

export interface Path {
  readonly id: number;
  readonly text: string;
  /** With `*` for data, relative to the entity. */
  readonly lifted: string;
  /** The data segment; null where there is none. */
  readonly segment: string | null;
  readonly hash: number;
  readonly liftedHash: number;
  /** From the entity to the value. */
  readonly pointer: readonly string[];
  /** Which of the segments are data. */
  readonly data: readonly boolean[];
  /** The list that it is the inverse of; null where it is none. */
  readonly list: Path | null;
}

export interface Paths {
  readonly root: Path;
  child(parent: Path, segment: string, isData: boolean): Path;
  /** The inverse of an exclusive list: an attribute of the element. */
  inverse(list: Path): Path;
  find(text: string): Path | null;
  /** A path as JSON, and back. */
  write(path: Path): PathText;
  read(written: PathText): Path;
}

export type PathText = readonly [pointer: readonly string[], data: readonly boolean[], inverse: boolean];

/** Keys that change every step must not fill the memory: beyond it all further paths are one. */
const pathsMax = 50_000;
/** How a key without characters is written: its place has a text of its own. */
const emptyKey = '""';

/** Paths of one reader: they are compared by identity. */
export function createPaths(): Paths {
  const byText = new Map<string, Path>();
  let count = 0;
  const children = new Map<number, Map<string, Path>>();
  const root = make("", "", null, [], []);
  const overflow = make("…", "…", null, ["…"], [false]);

  function make(
    text: string,
    lifted: string,
    segment: string | null,
    pointer: readonly string[],
    data: readonly boolean[],
    list: Path | null = null,
  ): Path {
    const path = {
      id: count++,
      text,
      lifted,
      segment,
      hash: hashText(text),
      liftedHash: hashText(lifted),
      pointer,
      data,
      list,
    };
    // Of two places whose texts are the same (a key may have dots in it) the first is found by it.
    if (!byText.has(text)) byText.set(text, path);
    return path;
  }

  function child(parent: Path, segment: string, isData: boolean): Path {
    let known = children.get(parent.id);
    if (known === undefined) {
      known = new Map();
      children.set(parent.id, known);
    }
    const found = known.get(segment);
    if (found !== undefined) return found;
    if (count >= pathsMax) return overflow;
    const join = (before: string, next: string) => (before === "" ? next : `${before}.${next}`);
    const said = segment === "" ? emptyKey : segment;
    const made = make(
      join(parent.text, said),
      join(parent.lifted, isData ? "*" : said),
      isData ? segment : parent.segment,
      [...parent.pointer, segment],
      [...parent.data, isData],
    );
    known.set(segment, made);
    return made;
  }

  function inverse(list: Path): Path {
    const text = `^${list.text}`;
    const known = byText.get(text);
    if (known !== undefined) return known;
    return make(text, `^${list.lifted}`, null, [], [], list);
  }

  return {
    root,
    child,
    inverse,
    find: (text) => byText.get(text) ?? null,
    write: ({ list, pointer, data }) => (list === null ? [pointer, data, false] : [list.pointer, list.data, true]),
    read([pointer, data, isInverse]) {
      const path = pointer.reduce((parent, segment, at) => child(parent, segment, data[at] === true), root);
      return isInverse ? inverse(path) : path;
    },
  };
}

/** A place that is read as entities: `orders.*`. */
export interface Collection {
  readonly path: string;
  readonly hash: number;
  readonly node: ShapeNode;
  /** The place of one of them. */
  readonly element: ShapeNode;
  /** The field that identifies; null where the key of the map does. */
  readonly key: string | null;
  /** Fields whose values name an entity; the first one is its name. */
  readonly aliases: readonly string[];
}
