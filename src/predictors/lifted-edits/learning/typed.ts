/** What was seen of the things of a collection and a type. Bounded. */
import { appearingKey } from "../rules/rows.ts";

/** What holds of the lore grows its revision. */
interface Counted {
  revision: number;
}

export const mapsMax = 20_000;
/** Paths of one collection or type that change or appear: keys that are new in each step must not become rows in each step. */
const pathsOfOneMax = 96;

/** What was seen of three types is taken to hold for all of the collection. */
export function addTyped(
  lore: Counted,
  map: Map<string, Set<string>>,
  collection: string,
  type: string | null,
  value: string,
): void {
  const key = appearingKey(collection, type);
  if (map.get(key)?.has(value) === true) return;
  lore.revision += 1;
  add(map, key, value);
  let types = 0;
  for (const [other, set] of map) if (other.startsWith(`${collection} `) && set.has(value)) types += 1;
  if (types >= typesForAll) add(map, collection, value);
}

const typesForAll = 3;

export function add(map: Map<string, Set<string>>, key: string, value: string): void {
  const known = map.get(key) ?? new Set<string>();
  if (known.size >= pathsOfOneMax || map.size >= mapsMax) return;
  known.add(value);
  map.set(key, known);
}

/** What was seen of one type is of another now. */
export function retype(
  lore: Counted,
  map: Map<string, Set<string>>,
  collection: string,
  was: string,
  is: string,
): void {
  const before = appearingKey(collection, was);
  for (const value of map.get(before) ?? []) addTyped(lore, map, collection, is, value);
  if (map.delete(before)) lore.revision += 1;
}
