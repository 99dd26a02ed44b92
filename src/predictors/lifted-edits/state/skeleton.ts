/**
 * New values without precedent: their skeleton (containers as they are, leaves blank but for their kind) is the label, each leaf is learnt by rows of
 * its own. An outline is the same of a record whose parts differ in form from step to step: each part is a leaf, whatever it holds. A key that is what
 * an argument says is told by the argument.
 */
import { canonicalText } from "../../../json/canonical.ts";
import type { Json } from "../../../json/json.ts";
import { isArray, isObject } from "../../../json/pointer.ts";

export interface SkeletonLeaf {
  /** Segments joined by dots. */
  readonly path: string;
  readonly segments: readonly string[];
  readonly value: Json;
}

export interface Skeleton {
  readonly text: string;
  readonly leaves: readonly SkeletonLeaf[];
}

/** Arguments by the text that they are. */
export type Names = ReadonlyMap<string, string>;

const leavesMax = 16;
const charsMax = 1_000;
/** Marks a key, and a segment of a pointer, that is the value of an argument. */
export const argumentMark = "\u001a";
const nobody: Names = new Map();

/** Null for scalars, and for values too large to be made leaf by leaf. */
export function skeletonOf(value: Json, names: Names = nobody): Skeleton | null {
  if (typeof value !== "object" || value === null) return null;
  const leaves: SkeletonLeaf[] = [];
  const blank = blanked(value, [], leaves, names);
  return leaves.length > leavesMax ? null : skeleton(blank, leaves);
}

/** Null for all but records that hold containers. */
export function outlineOf(value: Json, names: Names = nobody): Skeleton | null {
  if (!isObject(value)) return null;
  const keys = Object.keys(value);
  if (keys.length > leavesMax || keys.every((key) => !isContainer(value[key] ?? null))) return null;
  const leaves = keys.map((key) => leafOf([keyIn(key, names)], value[key] ?? null));
  return skeleton(Object.fromEntries(leaves.map((leaf) => [leaf.path, blankOf(leaf.value)])), leaves);
}

/** With its keys as they are, and with those that arguments say told by them. */
export function skeletonsOf(value: Json, names: Names, of: typeof skeletonOf): readonly Skeleton[] {
  const [plain, told] = [of(value), of(value, names)];
  if (plain === null) return told === null ? [] : [told];
  return told === null || told.text === plain.text ? [plain] : [told, plain];
}

function skeleton(blank: Json, leaves: readonly SkeletonLeaf[]): Skeleton | null {
  const text = canonicalText(blank);
  // Numbers first: names are made of them. Containers last: they are made of names.
  const rank = ({ value }: SkeletonLeaf) => (typeof value === "number" ? 0 : isContainer(value) ? 2 : 1);
  return text.length > charsMax ? null : { text, leaves: [...leaves].sort((a, b) => rank(a) - rank(b)) };
}

function isContainer(value: Json): boolean {
  return typeof value === "object" && value !== null;
}

function keyIn(key: string, names: Names): string {
  const slot = names.get(key);
  return slot === undefined ? key : `${argumentMark}${slot}`;
}

function leafOf(segments: readonly string[], value: Json): SkeletonLeaf {
  return { path: segments.join("."), segments, value };
}

function blanked(value: Json, segments: readonly string[], leaves: SkeletonLeaf[], names: Names): Json {
  if (leaves.length > leavesMax) return null;
  if (isArray(value)) return value.map((element, at) => blanked(element, [...segments, String(at)], leaves, names));
  if (isObject(value)) {
    return Object.fromEntries(
      Object.keys(value).map((key) => {
        const told = keyIn(key, names);
        return [told, blanked(value[key] ?? null, [...segments, told], leaves, names)];
      }),
    );
  }
  leaves.push(leafOf(segments, value));
  return blankOf(value);
}

function blankOf(value: Json): Json {
  if (isArray(value)) return [];
  if (isObject(value)) return {};
  return typeof value === "string" ? "" : typeof value === "number" ? 0 : typeof value === "boolean" ? false : null;
}

export function leavesOfSkeleton(text: string): readonly SkeletonLeaf[] {
  return skeletonOf(parsed(text))?.leaves ?? [];
}

export function leavesOfOutline(text: string): readonly SkeletonLeaf[] {
  return outlineOf(parsed(text))?.leaves ?? [];
}

/** The skeleton with its leaves filled in, by path; `said`: the text of an argument. Null where an argument says no key. */
export function fillSkeleton(
  text: string,
  values: ReadonlyMap<string, Json>,
  said: (slot: string) => string | undefined,
): Json {
  return filled(parsed(text), "", values, said);
}

function filled(
  value: Json,
  path: string,
  values: ReadonlyMap<string, Json>,
  said: (slot: string) => string | undefined,
): Json {
  const made = values.get(path);
  if (made !== undefined) return made;
  const join = (segment: string) => (path === "" ? segment : `${path}.${segment}`);
  if (isArray(value)) return value.map((element, at) => filled(element, join(String(at)), values, said));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value).map((key) => {
      const told = key.startsWith(argumentMark) ? (said(key.slice(argumentMark.length)) ?? key) : key;
      return [told, filled(value[key] ?? null, join(key), values, said)];
    }),
  );
}

function parsed(text: string): Json {
  return JSON.parse(text);
}
