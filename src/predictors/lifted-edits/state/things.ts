/** The things of a state by their collection, found once. */
import type { Canon } from "./canon.ts";
import type { Entity } from "./entity.ts";

const found = new WeakMap<Canon, ReadonlyMap<string, readonly Entity[]>>();

export function thingsByCollection(canon: Canon): ReadonlyMap<string, readonly Entity[]> {
  const known = found.get(canon);
  if (known !== undefined) return known;
  const made = new Map<string, Entity[]>();
  for (const entity of canon.entities) {
    if (entity.collection === null) continue;
    const list = made.get(entity.collection.path);
    if (list === undefined) made.set(entity.collection.path, [entity]);
    else list.push(entity);
  }
  found.set(canon, made);
  return made;
}
