/**
 * A state as entities: the root with the attributes that belong to no entity, and the members of its collections, at any depth. An exclusive
 * list of references becomes an attribute of each element (`^contains` = who contains it), so that a move is one edit.
 */
import type { Json, JsonArray, JsonObject } from "../../../json/json.ts";
import { isArray, isObject } from "../../../json/pointer.ts";
import type { ShapeNode } from "../../../json/shape/shape.ts";
import { hashText } from "../../lifted/hash.ts";
import { Entity, type Member } from "./entity.ts";
import { type Flat, flatten } from "./flatten.ts";
import { type Collection, createPaths, type Path, type Paths } from "./paths.ts";
import { createWeakCache } from "./weak-cache.ts";

export interface Canon {
  readonly root: Entity;
  readonly entities: readonly Entity[];
  /** More entities or attributes than the limits allow. */
  readonly tooLarge: boolean;
  /** Whom a text names, at most {@link namesakesMax}. */
  named(name: string): readonly Entity[];
  isNamed(name: string): boolean;
  /** The entity of this state that the entity of another state, read by the same reader, has become. */
  like(other: Entity): Entity | undefined;
}

interface Container {
  readonly collection: Collection;
  readonly place: Path;
  readonly members: readonly Member[];
}

export interface Reader {
  readonly paths: Paths;
  read(state: Json): Canon;
  collection(node: ShapeNode): Collection;
}

export function createReader(rootNode: ShapeNode, entitiesMax: number): Reader {
  const paths = createPaths();
  const collections = new Map<ShapeNode, Collection>();
  const flats = createWeakCache<Flat>(rememberedMax);
  const containers = createWeakCache<Container>(rememberedMax);
  /** Of each collection, the container read last: most members of the next one are the same. */
  const newest = new Map<Collection, readonly Member[]>();
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
    flats.set(value, made, 1);
    return made;
  }

  function membersOf(value: JsonObject | JsonArray, one: Collection, place: Path): readonly Member[] {
    const known = containers.get(value);
    if (known !== undefined && known.collection === one && known.place === place) return known.members;
    const list: Member[] = [];
    const isList = isArray(value);
    const before = newest.get(one) ?? none;
    for (const [key, member] of members(value, one)) {
      if (list.length > entitiesMax) break;
      const same = before[list.length];
      if (same !== undefined && same.key === key && same.value === member && same.place === place) {
        list.push(same);
        continue;
      }
      const aliases = aliasesOf(member, one);
      list.push({
        collection: one,
        key,
        name: typeof key === "string" || aliases.length === 0 ? key : (aliases[0] ?? key),
        aliases,
        place,
        position: isList ? list.length : -1,
        flat: flatOf(member, one.element),
        value: member,
      });
    }
    containers.set(value, { collection: one, place, members: list }, 1 + list.length);
    newest.set(one, list);
    return list;
  }

  function readFresh(state: Json): Canon {
    const flat = flatOf(state, rootNode);
    const root = {
      collection: null,
      key: "",
      name: "",
      aliases: none,
      place: paths.root,
      position: -1,
      flat,
      value: state,
    };
    const canon = new DraftCanon(new Entity(0, null, root));
    const { entities } = canon;
    for (let at = 0; at < entities.length && !canon.tooLarge; at++) {
      const owner = entities[at];
      for (const { node, path, value } of owner?.flat.nested ?? none) {
        if (owner === undefined) continue;
        for (const member of membersOf(value, collection(node), path)) {
          if (entities.length >= entitiesMax) {
            canon.tooLarge = true;
            break;
          }
          canon.add(new Entity(entities.length, owner, member));
        }
      }
    }
    if (!canon.tooLarge) canon.link(paths);
    return canon;
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

/** Objects and arrays of states whose reading is remembered, about 2 KB each: a step changes few, so the next state's are mostly known. */
const rememberedMax = 16_384;
/** States of one step: before, between and after, as they are and as they were predicted. */
const heldMax = 6;

class DraftCanon implements Canon {
  readonly root: Entity;
  readonly entities: Entity[];
  tooLarge = false;
  readonly #byName = new Map<string, Entity | Entity[]>();
  #byId: Map<string, Entity> | null = null;

  constructor(root: Entity) {
    this.root = root;
    this.entities = [root];
  }

  add(entity: Entity): void {
    this.entities.push(entity);
    const { key, aliases } = entity;
    this.#name(String(key), entity);
    for (let at = 0; at < aliases.length; at++) {
      const alias = aliases[at];
      if (alias !== undefined && alias !== key) this.#name(alias, entity);
    }
  }

  #name(name: string, entity: Entity): void {
    const known = this.#byName.get(name);
    if (known === undefined) this.#byName.set(name, entity);
    else if (known instanceof Entity) {
      entity.isTwin ||= areTwins(known, entity);
      this.#byName.set(name, [known, entity]);
    } else {
      entity.isTwin ||= known.some((one) => areTwins(one, entity));
      if (known.length < namesakesMax) known.push(entity);
    }
  }

  named(name: string): readonly Entity[] {
    const known = this.#byName.get(name);
    if (known === undefined) return none;
    return known instanceof Entity ? [known] : known;
  }

  isNamed(name: string): boolean {
    return this.#byName.has(name);
  }

  like(other: Entity): Entity | undefined {
    if (other.owner === null) return this.root;
    const same = this.entities[other.index];
    if (same !== undefined && this.#isLike(same, other)) return same;
    const namesakes = this.named(String(other.key));
    for (const one of namesakes) if (this.#isLike(one, other)) return one;
    // Beyond the namesakes that are told apart.
    return namesakes.length < namesakesMax ? undefined : this.#ids().get(other.id);
  }

  #isLike(one: Entity, other: Entity): boolean {
    if (one.key !== other.key || one.place !== other.place || one.isTwin !== other.isTwin) return false;
    if (one.isTwin && one.index !== other.index) return false;
    if (one.owner === null || other.owner === null) return one.owner === other.owner;
    return this.#isLike(one.owner, other.owner);
  }

  #ids(): ReadonlyMap<string, Entity> {
    this.#byId ??= new Map(this.entities.map((entity) => [entity.id, entity]));
    return this.#byId;
  }

  /** An exclusive list of references becomes who lists each element. */
  link(paths: Paths): void {
    for (const parent of this.entities) {
      const { lists } = parent.flat;
      if (lists.length === 0) continue;
      const down: Entity[] = [];
      for (const { path, items } of lists) {
        const inverse = paths.inverse(path);
        for (const item of items) {
          const child = typeof item === "string" ? this.named(item)[0] : undefined;
          if (child === undefined || child.up.some((one) => one.inverse === inverse)) continue;
          child.up = [...child.up, { list: path, inverse, parent }];
          down.push(child);
        }
      }
      parent.down = down;
    }
  }
}

function areTwins(one: Entity, other: Entity): boolean {
  return one.key === other.key && one.owner === other.owner && one.place === other.place;
}

const none: readonly never[] = [];

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

function aliasesOf(value: Json, { aliases }: Collection): readonly string[] {
  if (aliases.length === 0 || !isObject(value)) return none;
  const found: string[] = [];
  for (const field of aliases) {
    const alias = value[field];
    if (typeof alias === "string") found.push(alias);
  }
  return found;
}

/** What lists the entity, or else what owns it, where that is no root. */
export function parentOf(entity: Entity): Entity | null {
  const lister = entity.up[0]?.parent;
  if (lister !== undefined) return lister;
  return entity.owner === null || entity.owner.collection === null ? null : entity.owner;
}
