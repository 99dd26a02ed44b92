/** What differs between two states, entity by entity. */
import { equalJson } from "../../json/diff.ts";
import type { Json } from "../../json/json.ts";
import type { Canon, Entity } from "./canon.ts";
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

export function changesBetween(before: Canon, after: Canon): Changes {
  const changes: Change[] = [];
  const gone: Entity[] = [];
  for (const entity of before.entities) {
    const then = after.byId.get(entity.id);
    if (then === undefined) {
      gone.push(entity);
      continue;
    }
    compareAttributes(entity, then, changes);
    compareListing(entity, then, changes);
  }
  const born = after.entities.filter((entity) => !before.byId.has(entity.id));
  return { changes, gone, born };
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
