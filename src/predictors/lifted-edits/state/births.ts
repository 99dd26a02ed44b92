/**
 * Things that come. Whoever they come to is their anchor: the one that lists them, or the owner of their collection. The label of an anchor's
 * row says what comes (a skeleton each); the leaves are learnt by rows of their own.
 */
import type { Json } from "../../../json/json.ts";
import { isObject } from "../../../json/pointer.ts";
import type { Birth } from "./assemble.ts";
import type { Canon } from "./canon.ts";
import type { Entity } from "./entity.ts";
import type { Path } from "./paths.ts";
import { outlineOf, type Skeleton, skeletonOf } from "./skeleton.ts";

export interface Arrival {
  readonly anchor: Entity;
  readonly collection: string;
  readonly born: readonly Newcomer[];
}

export interface Newcomer {
  readonly skeleton: Skeleton;
  /** Made of few large parts, since it has too many small ones. */
  readonly isOutline: boolean;
  readonly place: string;
  readonly value: Json;
}

/** More at once are no event that a rule could foresee. */
const bornMax = 6;

/** Arrivals by anchor and collection; those whose anchor is itself new are told with that anchor's own value. */
export function arrivalsOf(born: readonly Entity[], before: Canon): readonly Arrival[] {
  const found = new Map<string, { anchor: Entity; collection: string; born: Newcomer[] }>();
  for (const entity of born) {
    const { collection, owner } = entity;
    if (collection === null || owner === null) continue;
    const listing = entity.up[0];
    const anchor = before.like(listing?.parent ?? owner);
    if (anchor === undefined) continue;
    const value: Json = collection.key === null ? { key: entity.key, value: entity.value } : { value: entity.value };
    const small = skeletonOf(value);
    const skeleton = small ?? outlineOf(value);
    if (skeleton === null) continue;
    const key = `${anchor.id} ${collection.path}`;
    const known = found.get(key) ?? { anchor, collection: collection.path, born: [] };
    found.set(key, known);
    known.born.push({ skeleton, isOutline: small === null, place: listing?.list.text ?? "", value });
  }
  return [...found.values()].filter((arrival) => arrival.born.length <= bornMax);
}

/** `place`: the list of the anchor that names the new thing; empty where the anchor owns it. */
export function birthOf(made: Json, place: string, collection: string, anchor: Entity): Birth | null {
  const value = isObject(made) ? (made["value"] ?? null) : null;
  const owner = place === "" ? anchor : anchor.collection?.path === collection ? anchor.owner : rootOf(anchor);
  const nested = owner?.flat.nested.find((one) => `${one.node.path}.*` === collection);
  if (owner === null || nested === undefined) return null;
  const list = place === "" ? null : listOf(anchor, place);
  if (place !== "" && list === null) return null;
  const aliases = isObject(value) ? value : {};
  const given = isObject(made) ? made["key"] : undefined;
  const key = typeof given === "string" || typeof given === "number" ? given : "";
  const name = given === undefined ? nameIn(aliases, nested.node) : key;
  return { owner, place: nested.path, key, name, value, listedBy: list === null ? null : { parent: anchor, list } };
}

function rootOf(entity: Entity): Entity {
  let one = entity;
  while (one.owner !== null) one = one.owner;
  return one;
}

function listOf(anchor: Entity, text: string): Path | null {
  return anchor.flat.lists.find((one) => one.path.text === text)?.path ?? null;
}

function nameIn(
  value: { readonly [key: string]: Json },
  node: Entity["flat"]["nested"][number]["node"],
): string | number {
  for (const field of node.aliases) {
    const alias = value[field];
    if (typeof alias === "string") return alias;
  }
  const key = node.key === null ? undefined : value[node.key];
  return typeof key === "string" || typeof key === "number" ? key : "";
}
