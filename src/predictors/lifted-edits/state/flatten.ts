/**
 * One entity's own JSON as attributes: paths, values, hashes. Made once per object: states share what did not change, so most entities of a
 * state were read with an earlier one.
 */
import type { Json, JsonArray, JsonObject } from "../../../json/json.ts";
import { isArray, isObject } from "../../../json/pointer.ts";
import { childNode, type ShapeNode } from "../../../json/shape/shape.ts";
import { hashText, mix } from "../../lifted/hash.ts";
import type { Path, Paths } from "./paths.ts";

/** An entity's attributes. Arrays run in step. */
export interface Flat {
  readonly paths: readonly Path[];
  readonly values: readonly Json[];
  /** Where each was read; null beyond the shape's limits. */
  readonly nodes: readonly (ShapeNode | null)[];
  /** Of the values. */
  readonly hashes: Int32Array;
  /** Exclusive lists: kept by their elements. */
  readonly lists: readonly { readonly path: Path; readonly items: JsonArray }[];
  /** Collections within. */
  readonly nested: readonly { readonly node: ShapeNode; readonly path: Path; readonly value: JsonObject | JsonArray }[];
  at(path: Path): Json | undefined;
}

interface Draft {
  readonly paths: Path[];
  readonly values: Json[];
  readonly nodes: (ShapeNode | null)[];
  readonly lists: { readonly path: Path; readonly items: JsonArray }[];
  readonly nested: { readonly node: ShapeNode; readonly path: Path; readonly value: JsonObject | JsonArray }[];
}

export function flatten(value: Json, node: ShapeNode, paths: Paths): Flat {
  const draft: Draft = { paths: [], values: [], nodes: [], lists: [], nested: [] };
  visit(value, node, paths.root, paths, draft);
  const hashes = Int32Array.from(draft.values, hashValue);
  const index = new Map(draft.paths.map((path, at) => [path.id, at]));
  return {
    ...draft,
    hashes,
    at(path) {
      const at = index.get(path.id);
      return at === undefined ? undefined : draft.values[at];
    },
  };
}

function visit(value: Json, node: ShapeNode | null, path: Path, paths: Paths, draft: Draft): void {
  if (draft.paths.length >= attributesMax) return;
  if (node?.arrayForm === "cells" && (typeof value === "string" || isArray(value))) {
    for (let at = 0; at < value.length; at++)
      leaf(value[at] ?? null, paths.child(path, String(at), true), node.each, draft);
    return;
  }
  if (node === null || node.atomic || typeof value !== "object" || value === null) {
    leaf(value, path, node, draft);
    return;
  }
  if (isArray(value)) {
    if (node.arrayForm === "keyed") draft.nested.push({ node, path, value });
    else if (node.arrayForm === "tuple" && value.length > 0) {
      for (let at = 0; at < value.length; at++) {
        const segment = String(at);
        visit(value[at] ?? null, childNode(node, value, segment), paths.child(path, segment, false), paths, draft);
      }
    } else if (node.exclusiveList) draft.lists.push({ path, items: value });
    else leaf(value, path, node, draft);
    return;
  }
  if (!isObject(value)) return;
  if (node.objectForm === "collection") {
    draft.nested.push({ node, path, value });
    return;
  }
  const keys = Object.keys(value);
  // An empty map has no entries; an empty record may be all that there is.
  if (keys.length === 0 && node.objectForm !== "map") leaf(value, path, node, draft);
  for (const key of keys) {
    visit(
      value[key] ?? null,
      childNode(node, value, key),
      paths.child(path, key, node.objectForm === "map"),
      paths,
      draft,
    );
  }
}

function leaf(value: Json, path: Path, node: ShapeNode | null, draft: Draft): void {
  draft.nodes.push(node);
  draft.paths.push(path);
  draft.values.push(value);
}

/** Attributes of one entity; what is beyond them is kept as it is. */
const attributesMax = 512;

/** Equal values have equal hashes; containers count by their first members, for they are compared in full before anything rests on it. */
export function hashValue(value: Json): number {
  switch (typeof value) {
    case "string":
      return hashText(value);
    case "number":
      return mix(0x4e554d, Number.isInteger(value) && Math.abs(value) < 2 ** 31 ? value : hashText(String(value)));
    case "boolean":
      return value ? 0x54525545 : 0x46414c53;
    default:
      return value === null ? 0x4e554c4c : hashContainer(value);
  }
}

/** The order of an object's keys does not count. */
function hashContainer(value: JsonObject | JsonArray): number {
  if (isArray(value)) {
    let h = mix(0x4c495354, value.length);
    for (let at = 0; at < value.length && at < hashedMembersMax; at++) h = mix(h, hashMember(value[at] ?? null));
    return h;
  }
  const keys = Object.keys(value);
  let sum = 0;
  for (const key of keys) sum = (sum + mix(hashText(key), hashMember(value[key] ?? null))) | 0;
  return mix(mix(0x4f424a, keys.length), sum);
}

function hashMember(member: Json): number {
  return typeof member === "object" && member !== null ? Object.keys(member).length : hashValue(member);
}

const hashedMembersMax = 16;
