/** The rows of a situation: which entity, which path, what it was. The same walk for learning and predicting. */
import type { Json } from "../../../json/json.ts";
import {
  allPlaces,
  type Block,
  bitOf,
  createTokenSet,
  type Places,
  places,
  placesCount,
  type TokenSet,
} from "../../lifted/tokens.ts";
import { entriesToCome } from "../expressions/entry-keys.ts";
import { writeContext, writeEntity, writeRow } from "../situation/features.ts";
import { collectionOf, type Lore, type Scene } from "../situation/scene.ts";
import { Writer } from "../situation/writer.ts";
import type { Entity } from "../state/entity.ts";
import type { Path, Paths } from "../state/paths.ts";
import { goneRow, spawnRow } from "./row-model.ts";

export interface RowSite {
  readonly entity: Entity;
  /** Null for rows about the entity itself (`@gone`, `@spawn`). */
  readonly path: Path | null;
  readonly lifted: string;
  readonly old: Json | undefined;
}

/** Where tokens are kept while a situation is looked at: one set for the situation, one for the entity, one for the row. */
export interface Desk {
  readonly context: TokenSet;
  readonly entity: TokenSet;
  readonly row: TokenSet;
  /** By place. */
  readonly sets: readonly TokenSet[];
  begin(scene: Scene): void;
  /** `asked`: the places that rules ask of; all where it is learnt from. */
  atRow(scene: Scene, site: RowSite, asked?: Places): void;
  blocks(): readonly Block[];
}

export function createDesk(words: Map<number, string> | null): Desk {
  const [context, entity, row] = [createTokenSet(11), createTokenSet(10), createTokenSet(8)];
  const out = new Writer(context, words);
  let at: Entity | null = null;
  return {
    context,
    entity,
    row,
    sets: Array.from({ length: placesCount }, (_, place) =>
      place === places.situation ? context : place === places.row ? row : entity,
    ),
    begin(scene) {
      at = null;
      context.clear();
      out.set = context;
      writeContext(scene, out);
    },
    atRow(scene, site, asked = allPlaces) {
      if (at !== site.entity) {
        at = site.entity;
        entity.clear();
        out.set = entity;
        writeEntity(scene, at, asked, out);
      }
      row.clear();
      out.set = row;
      if (site.path !== null && (asked & bitOf(places.row)) !== 0)
        writeRow(scene, site.entity, site.path, site.old, out);
    },
    blocks: () => [context.block(), entity.block(), row.block()],
  };
}

/** The rows of an entity whose lifted path is known. */
export function rowsOf(
  scene: Scene,
  paths: Paths,
  entity: Entity,
  known: { has(lifted: string): boolean },
): readonly RowSite[] {
  const rows: RowSite[] = [];
  const { flat } = entity;
  for (let at = 0; at < flat.paths.length; at++) {
    const path = flat.paths[at];
    if (path !== undefined && known.has(path.lifted))
      rows.push({ entity, path, lifted: path.lifted, old: flat.values[at] ?? null });
  }
  const { appearing, isLeaving, born } = expectedOf(scene.lore, collectionOf(entity), scene.typeOf(entity));
  for (const text of appearing) {
    const path = paths.find(text);
    if (path === null || !known.has(path.lifted) || flat.at(path) !== undefined) continue;
    if (path.text.startsWith("^") && entity.up.some((one) => one.inverse === path)) continue;
    rows.push({ entity, path, lifted: path.lifted, old: undefined });
  }
  for (const path of entriesToCome(scene, paths, entity)) {
    if (known.has(path.lifted) && !rows.some((row) => row.path === path))
      rows.push({ entity, path, lifted: path.lifted, old: undefined });
  }
  for (const { inverse, parent } of entity.up) {
    if (known.has(inverse.lifted)) rows.push({ entity, path: inverse, lifted: inverse.lifted, old: parent.name });
  }
  if (isLeaving && known.has(goneRow)) rows.push({ entity, path: null, lifted: goneRow, old: undefined });
  for (const row of born) if (known.has(row)) rows.push({ entity, path: null, lifted: row, old: undefined });
  return rows;
}

/** What things of a type may become: attributes that appear, that they go, that things come to them. */
interface Expected {
  readonly appearing: readonly string[];
  readonly isLeaving: boolean;
  /** Lifted names of the rows. */
  readonly born: readonly string[];
}

interface ExpectedOfLore {
  readonly revision: number;
  /** By collection and type. */
  readonly known: Map<string, Map<string | null, Expected>>;
}

const expected = new WeakMap<Lore, ExpectedOfLore>();

function expectedOf(lore: Lore, collection: string, type: string | null): Expected {
  let own = expected.get(lore);
  if (own === undefined || own.revision !== lore.revision) {
    own = { revision: lore.revision, known: new Map() };
    expected.set(lore, own);
  }
  let types = own.known.get(collection);
  if (types === undefined) {
    types = new Map();
    own.known.set(collection, types);
  }
  let made = types.get(type);
  if (made === undefined) {
    made = {
      appearing: typed(lore.appearing, collection, type),
      isLeaving: typed(lore.leaving, collection, type).length > 0,
      born: typed(lore.anchors, collection, type).map((born) => `${spawnRow}${born}`),
    };
    if (types.size < typesMax) types.set(type, made);
  }
  return made;
}

const typesMax = 1_000;

/** What was seen of things of the type, and what was seen of so many types that it holds for all. */
function typed(
  map: ReadonlyMap<string, ReadonlySet<string>>,
  collection: string,
  type: string | null,
): readonly string[] {
  const all = map.get(collection) ?? [];
  const own = type === null ? [] : (map.get(appearingKey(collection, type)) ?? []);
  return [...new Set([...all, ...own])];
}

export function appearingKey(collection: string, type: string | null): string {
  return type === null ? collection : `${collection} ${type}`;
}
