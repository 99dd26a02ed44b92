/** New values without precedent: their skeleton (containers as they are, leaves blank but for their kind) is the label, each leaf is learnt by rows of its own. */
import { canonicalText } from "../../json/canonical.ts";
import type { Json } from "../../json/json.ts";
import { isArray, isObject } from "../../json/pointer.ts";

export interface SkeletonLeaf {
  /** Segments joined by dots. */
  readonly path: string;
  readonly segments: readonly string[];
  readonly value: Json;
}

const leavesMax = 16;
const charsMax = 1_000;

/** Null for scalars, and for values too large to be made leaf by leaf. `blank` says which containers stay as they are. */
export function skeletonOf(value: Json): { readonly text: string; readonly leaves: readonly SkeletonLeaf[] } | null {
  if (typeof value !== "object" || value === null) return null;
  const leaves: SkeletonLeaf[] = [];
  const blank = blanked(value, [], leaves);
  if (leaves.length > leavesMax) return null;
  const text = canonicalText(blank);
  // Numbers first: names are made of them.
  leaves.sort((a, b) => Number(typeof b.value === "number") - Number(typeof a.value === "number"));
  return text.length > charsMax ? null : { text, leaves };
}

function blanked(value: Json, segments: readonly string[], leaves: SkeletonLeaf[]): Json {
  if (leaves.length > leavesMax) return null;
  if (isArray(value)) return value.map((element, at) => blanked(element, [...segments, String(at)], leaves));
  if (isObject(value)) {
    return Object.fromEntries(
      Object.keys(value).map((key) => [key, blanked(value[key] ?? null, [...segments, key], leaves)]),
    );
  }
  leaves.push({ path: segments.join("."), segments, value });
  return typeof value === "string" ? "" : typeof value === "number" ? 0 : typeof value === "boolean" ? false : null;
}

export function leavesOfSkeleton(text: string): readonly SkeletonLeaf[] {
  const value: Json = JSON.parse(text);
  return skeletonOf(value)?.leaves ?? [];
}

/** The skeleton with its leaves filled in, by path. */
export function fillSkeleton(text: string, values: ReadonlyMap<string, Json>): Json {
  const value: Json = JSON.parse(text);
  return filled(value, "", values);
}

function filled(value: Json, path: string, values: ReadonlyMap<string, Json>): Json {
  const join = (segment: string) => (path === "" ? segment : `${path}.${segment}`);
  if (isArray(value)) return value.map((element, at) => filled(element, join(String(at)), values));
  if (isObject(value)) {
    return Object.fromEntries(Object.keys(value).map((key) => [key, filled(value[key] ?? null, join(key), values)]));
  }
  return values.has(path) ? (values.get(path) ?? null) : value;
}
