/**
 * A state as entities: the root with the attributes that belong to no entity, and the members of its collections, at any depth. An exclusive
 * list of references becomes an attribute of each element (`^contains` = who contains it), so that a move is one edit.
 */
import type { Json } from "../../json/json.ts";
import { isArray, isObject } from "../../json/pointer.ts";
import type { ShapeNode } from "../../json/shape/shape.ts";
import { hashText } from "../lifted/hash.ts";
import { type Flat, flatten } from "./flatten.ts";
import { type Collection, createPaths, type Path, type Paths } from "./paths.ts";

export interface Entity {
  readonly index: number;
  /** Null for the root. */
  readonly collection: Collection | null;
  /** Unique in the state: collection, owner and key. */
  readonly id: string;
  readonly key: string | number;
  /** What other values call it. */
  readonly name: string | number;
  /** The entity whose collection it is in. */
  readonly owner: Entity | null;
  /** From the owner's value to this one, without the key or index. */
  readonly place: Path;
  /** In its array; −1 in a map. */
  readonly position: number;
  readonly flat: Flat;
  readonly value: Json;
  /** Who lists it, by list. */
  readonly up: { readonly list: Path; readonly inverse: Path; readonly parent: Entity }[];
  /** What its lists name. */
  readonly down: Entity[];
}

export interface Canon {
  readonly root: Entity;
  readonly entities: readonly Entity[];
  readonly byId: ReadonlyMap<string, Entity>;
  readonly byName: ReadonlyMap<string, readonly Entity[]>;
  /** More entities or attributes than the limits allow. */
  readonly tooLarge: boolean;
}

export interface Reader {
  readonly paths: Paths;
  read(state: Json): Canon;
  collection(node: ShapeNode): Collection;
}

export function createReader(rootNode: ShapeNode, entitiesMax: number): Reader {
  const paths = createPaths();
  const collections = new Map<ShapeNode, Collection>();
  const flats = new WeakMap<object, Flat>();
  const held: { readonly state: Json; readonly canon: Canon }[] = [];

  function collection(node: ShapeNode): Collection {
    const known = collections.get(node);
    if (known !== undefined) return known;
    const keyed = node.arrayForm === "keyed";
    const aliases = node.aliases;
    const made: Collection = {
      path: `${node.path}.*`,
      hash: hashText(`${node.path}.*`),
      node,
      element: node.each ?? node,
      key: keyed ? node.key : null,
      aliases,
    };
    collections.set(node, made);
    return made;
  }

  function flatOf(value: Json, node: ShapeNode): Flat {
    if (typeof value !== "object" || value === null) return flatten(value, node, paths);
    const known = flats.get(value);
    if (known !== undefined) return known;
    const made = flatten(value, node, paths);
    flats.set(value, made);
    return made;
  }

  function readFresh(state: Json): Canon {
    const draft: Draft = { entities: [], byId: new Map(), byName: new Map(), tooLarge: false };
    const root = entityOf(
      draft,
      { collection: null, key: "", name: "", owner: null, place: paths.root, position: -1 },
      state,
      flatOf(state, rootNode),
    );
    for (let at = 0; at < draft.entities.length && !draft.tooLarge; at++) {
      const owner = draft.entities[at];
      for (const nested of owner?.flat.nested ?? []) {
        if (owner === undefined) continue;
        const one = collection(nested.node);
        const isList = isArray(nested.value);
        let position = -1;
        for (const [key, value] of members(nested.value, one)) {
          if (isList) position += 1;
          if (draft.entities.length >= entitiesMax) draft.tooLarge = true;
          if (draft.tooLarge) break;
          const name = nameOf(value, key, one);
          entityOf(
            draft,
            { collection: one, key, name, owner, place: nested.path, position },
            value,
            flatOf(value, one.element),
          );
        }
      }
    }
    if (!draft.tooLarge) link(draft, paths);
    return { root, ...draft };
  }

  return {
    paths,
    collection,
    read(state) {
      const known = held.find((one) => one.state === state);
      if (known !== undefined) return known.canon;
      const canon = readFresh(state);
      held.push({ state, canon });
      if (held.length > heldMax) held.shift();
      return canon;
    },
  };
}

/** States of one step: before, between and after, as they are and as they were predicted. */
const heldMax = 6;

interface Draft {
  readonly entities: Entity[];
  readonly byId: Map<string, Entity>;
  readonly byName: Map<string, Entity[]>;
  tooLarge: boolean;
}

type Placing = Pick<Entity, "collection" | "key" | "name" | "owner" | "place" | "position">;

function entityOf(draft: Draft, placing: Placing, value: Json, flat: Flat): Entity {
  const { collection, key, owner, place } = placing;
  const base = collection === null ? "" : `${owner?.id ?? ""}/${place.text}/${key}`;
  const entity: Entity = {
    ...placing,
    index: draft.entities.length,
    id: draft.byId.has(base) ? `${base}#${draft.entities.length}` : base,
    flat,
    value,
    up: [],
    down: [],
  };
  draft.entities.push(entity);
  draft.byId.set(entity.id, entity);
  if (collection === null) return entity;
  addName(draft, String(key), entity);
  if (isObject(value)) {
    for (const field of collection.aliases) {
      const alias = value[field];
      if (typeof alias === "string" && alias !== key) addName(draft, alias, entity);
    }
  }
  return entity;
}

function addName(draft: Draft, name: string, entity: Entity): void {
  const known = draft.byName.get(name);
  if (known === undefined) draft.byName.set(name, [entity]);
  else if (known.length < namesakesMax) known.push(entity);
}

/** Entities of one name that are told apart; more are as good as none. */
const namesakesMax = 16;

function* members(value: Json, collection: Collection): Generator<readonly [string | number, Json]> {
  if (isArray(value)) {
    for (let at = 0; at < value.length; at++) {
      const element = value[at] ?? null;
      const key = isObject(element) && collection.key !== null ? element[collection.key] : undefined;
      yield [typeof key === "string" || typeof key === "number" ? key : `#${at}`, element];
    }
  } else if (isObject(value)) {
    for (const key of Object.keys(value)) yield [key, value[key] ?? null];
  }
}

/** The first alias that is a text; the key where there is none. */
function nameOf(value: Json, key: string | number, collection: Collection): string | number {
  if (typeof key === "string" || !isObject(value)) return key;
  for (const field of collection.aliases) {
    const alias = value[field];
    if (typeof alias === "string") return alias;
  }
  return key;
}

function link({ entities, byName }: Draft, paths: Paths): void {
  for (const parent of entities) {
    for (const { path, items } of parent.flat.lists) {
      const inverse = paths.inverse(path);
      for (const item of items) {
        const child = typeof item === "string" ? byName.get(item)?.[0] : undefined;
        if (child === undefined || child.up.some((one) => one.inverse === inverse)) continue;
        child.up.push({ list: path, inverse, parent });
        parent.down.push(child);
      }
    }
  }
}

/** What lists the entity, or else what owns it, where that is no root. */
export function parentOf(entity: Entity): Entity | null {
  const lister = entity.up[0]?.parent;
  if (lister !== undefined) return lister;
  return entity.owner === null || entity.owner.collection === null ? null : entity.owner;
}
