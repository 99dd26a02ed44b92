/** Where the keys of new entries of maps come from: arguments, and what the root says. So an entry can be foretold whose key was never seen. */

import { collectionOf, type Scene } from "../situation/scene.ts";
import type { Change } from "../state/changes.ts";
import type { Entity } from "../state/entity.ts";
import type { Path, Paths } from "../state/paths.ts";
import type { Source } from "./expression.ts";
import { resolveSource } from "./sources.ts";

/** A map, and the sources of its new keys. */
export interface EntryKeys {
  readonly map: Path;
  readonly sources: readonly Source[];
}

const sourcesMax = 6;
const mapsMax = 64;

/** True where something of it is new. `entries`: by collection and lifted path of the entry. */
export function learnEntryKeys(
  entries: Map<string, Map<string, EntryKeys>>,
  scene: Scene,
  changes: readonly Change[],
  paths: Paths,
): boolean {
  let isNew = false;
  for (const { entity, path, old } of changes) {
    if (old !== undefined || path.data.at(-1) !== true || path.segment === null) continue;
    const collection = collectionOf(entity);
    const known = entries.get(collection) ?? new Map<string, EntryKeys>();
    entries.set(collection, known);
    const before = known.get(path.lifted);
    const names = new Set(before?.sources.map((source) => JSON.stringify(source)));
    const fresh = sourcesOf(scene, path.segment).filter((source) => !names.has(JSON.stringify(source)));
    if (fresh.length === 0 || names.size >= sourcesMax || (before === undefined && known.size >= mapsMax)) continue;
    const map = before?.map ?? paths.read([path.pointer.slice(0, -1), path.data.slice(0, -1), false]);
    known.set(path.lifted, { map, sources: [...(before?.sources ?? []), ...fresh].slice(0, sourcesMax) });
    isNew = true;
  }
  return isNew;
}

function sourcesOf({ action, canon }: Scene, key: string): readonly Source[] {
  const found: Source[] = [];
  for (const { name, value } of action.slots) if (String(value) === key) found.push(["argument", name]);
  const { paths, values } = canon.root.flat;
  for (let at = 0; at < paths.length; at++) {
    const [path, value] = [paths[at], values[at]];
    if (path !== undefined && typeof value !== "object" && String(value) === key)
      found.push(["attribute", "G", path.text]);
  }
  return found;
}

/** Paths of entries that an entity's maps do not have and may get. */
export function entriesToCome(scene: Scene, paths: Paths, entity: Entity): readonly Path[] {
  const own = scene.lore.entries.get(collectionOf(entity));
  if (own === undefined) return none;
  const found = new Set<Path>();
  for (const { map, sources } of own.values()) {
    for (const source of sources) {
      const key = resolveSource(source, { scene, paths, entity, path: null });
      if (typeof key !== "string" && typeof key !== "number") continue;
      const path = paths.child(map, String(key), true);
      if (entity.flat.at(path) === undefined) found.add(path);
    }
  }
  return [...found];
}

const none: readonly Path[] = [];
