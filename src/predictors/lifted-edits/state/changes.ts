/** What differs between two states, entity by entity. */
import { equalJson } from "../../../json/diff.ts";
import type { Json } from "../../../json/json.ts";
import type { Canon } from "./canon.ts";
import type { Entity } from "./entity.ts";
import type { Path } from "./paths.ts";

export interface Change {
  readonly entity: Entity;
  readonly path: Path;
  readonly old: Json | undefined;
  /** Undefined: removed. */
  readonly value: Json | undefined;
}

export interface Changes {
  readonly changes: readonly Change[];
  readonly gone: readonly Entity[];
  /** Entities of the second state. */
  readonly born: readonly Entity[];
}

/** Found once for two states that are asked for again. */
export function changesBetween(before: Canon, after: Canon): Changes {
  const known = found.get(before);
  if (known?.after === after) return known.changes;
  const changes = compare(before, after);
  found.set(before, { after, changes });
  return changes;
}

const found = new WeakMap<Canon, { readonly after: Canon; readonly changes: Changes }>();

function compare(before: Canon, after: Canon): Changes {
  const changes: Change[] = [];
  const gone: Entity[] = [];
  const places = placesOf(before, after);
  const renamed = new Set<Entity>();
  for (const entity of before.entities) {
    const then = after.like(entity) ?? (places.size === 0 ? undefined : places.get(placeOf(entity)));
    if (then === undefined) {
      gone.push(entity);
      continue;
    }
    if (then.id !== entity.id) renamed.add(then);
    compareAttributes(entity, then, changes);
    compareListing(entity, then, changes);
  }
  relistings(before, after, changes);
  const born = after.entities.filter((entity) => before.like(entity) === undefined && !renamed.has(entity));
  return { changes, gone, born };
}

/** Elements of arrays that are new by name, by place: where an old one stood, it is the old one under a new name. */
function placesOf(before: Canon, after: Canon): ReadonlyMap<string, Entity> {
  const places = new Map<string, Entity>();
  if (before.entities.length !== after.entities.length) return places;
  for (const entity of after.entities) {
    if (entity.position >= 0 && entity.up.length === 0 && before.like(entity) === undefined)
      places.set(placeOf(entity), entity);
  }
  return places;
}

function placeOf({ owner, place, position, up }: Entity): string {
  return position < 0 || up.length > 0 ? "" : `${owner?.id ?? ""}/${place.text}/${position}`;
}

function compareAttributes(entity: Entity, then: Entity, changes: Change[]): void {
  const [a, b] = [entity.flat, then.flat];
  if (a === b) return;
  for (let at = 0; at < a.paths.length; at++) {
    const path = a.paths[at];
    if (path === undefined) continue;
    const old = a.values[at] ?? null;
    const value = b.at(path);
    if (value === old || (value !== undefined && a.hashes[at] !== undefined && equalJson(old, value))) continue;
    changes.push({ entity, path, old, value });
  }
  for (let at = 0; at < b.paths.length; at++) {
    const path = b.paths[at];
    if (path !== undefined && a.at(path) === undefined)
      changes.push({ entity, path, old: undefined, value: b.values[at] ?? null });
  }
}

/** Things that were taken out of a list and put into it again: they are at its end now, though who lists them is the same. */
function relistings(before: Canon, after: Canon, changes: Change[]): void {
  for (const parent of before.entities) {
    if (parent.down.length < 2) continue;
    const then = after.like(parent);
    if (then === undefined || then.down.length < 2) continue;
    const stayed = new Set(then.down.map((child) => child.id));
    const old = parent.down.filter((child) => stayed.has(child.id));
    const known = new Map(old.map((child) => [child.id, child]));
    const now = then.down.filter((child) => known.has(child.id));
    let kept = 0;
    for (const child of old) if (now[kept]?.id === child.id) kept += 1;
    for (const child of now.slice(kept)) {
      const entity = known.get(child.id);
      const up = entity?.up.find((one) => one.parent === parent);
      if (entity === undefined || up === undefined || (kept === 0 && now.length > relistedMax)) continue;
      changes.push({ entity, path: up.inverse, old: parent.name, value: parent.name });
    }
  }
}

/** A longer list in quite another order was sorted, not edited. */
const relistedMax = 8;

function compareListing(entity: Entity, then: Entity, changes: Change[]): void {
  for (const { inverse, parent } of entity.up) {
    const now = then.up.find((one) => one.inverse === inverse)?.parent;
    if (now?.id !== parent.id) changes.push({ entity, path: inverse, old: parent.name, value: now?.name });
  }
  for (const { inverse, parent } of then.up) {
    if (!entity.up.some((one) => one.inverse === inverse))
      changes.push({ entity, path: inverse, old: undefined, value: parent.name });
  }
}
