/**
 * Roles: who is who in a situation. Rules speak of roles, never of names, so what was learnt of one thing holds for others.
 *
 *   A0 …          named by a slot of the action, or called by a key of its (`A:order_id` for a structured one; `@orders.*` where several collections have the name)
 *   X^            who contains or owns X          X_   the only thing that X contains
 *   X.path        what an attribute of X refers to
 *   G             the root                        T:x  the only entity of type x
 *   N:x           the only entity of its type's that is called x, numbers aside
 *   P:x           the thing that the way in the root's text x leads to ("/a/b": b in a)
 *   U:x           the only one of a collection that has attribute x, which wanders among its things
 *   X~y X>y       the only one of collection y where X stands, and in front of it
 *   S             the entity that a row is about
 *   Z:list        for an element of one list argument, what stands at its place in another
 */
import type { Json } from "../../../json/json.ts";
import { isArray } from "../../../json/pointer.ts";
import { hashText } from "../../lifted/hash.ts";
import { type Family, families } from "../../lifted/tokens.ts";
import { type Canon, parentOf } from "../state/canon.ts";
import type { Entity } from "../state/entity.ts";
import type { Path } from "../state/paths.ts";
import type { ParsedAction } from "./action.ts";
import type { Step } from "./moves.ts";
import type { Occupants } from "./occupants.ts";

export interface Role {
  readonly name: string;
  readonly hash: number;
  readonly entity: Entity;
  readonly family: Family;
  /** Only attributes that change are told of it: it is far away. */
  readonly far: boolean;
}

/** A role by being the only one of a kind: it says nothing of the action. */
export function isUnique({ name }: Role): boolean {
  return name.charCodeAt(1) === 58 && (name.startsWith("T") || name.startsWith("N"));
}

/** The root, what an action names, and where the root leads: what is within is looked through. */
export function isSearched({ name, far }: Role): boolean {
  return !far && /^(?:G$|[AP])/.test(name);
}

/** Entities of a type, by the attribute that says the type. */
export type TypeOf = (entity: Entity) => string | null;

const addressedMax = 8;
const referencesMax = 6;
const uniqueTypesMax = 48;
const hashes = new Map<string, number>();
const hashesMax = 20_000;

/** Role names are few: their hashes are kept. */
export function roleHash(name: string): number {
  const known = hashes.get(name);
  if (known !== undefined) return known;
  const made = hashText(`role ${name}`);
  if (hashes.size < hashesMax) hashes.set(name, made);
  return made;
}

function role(name: string, entity: Entity, family: Family, far = false): Role {
  return { name, hash: roleHash(name), entity, family, far };
}

/** By collection: attributes that wander among its things. */
export type Marks = ReadonlyMap<string, readonly Path[]>;

export function contextRoles(
  canon: Canon,
  action: ParsedAction,
  typeOf: TypeOf,
  marks: Marks,
  occupants: Occupants | null,
): readonly Role[] {
  const led = ledRoles(canon);
  const roles: Role[] = [];
  const addressed = addressedRoles(action, led);
  roles.push(...addressed, ...led);
  for (const { name, entity } of addressed.slice(0, addressedMax)) {
    const parent = parentOf(entity);
    if (parent !== null) {
      roles.push(role(`${name}^`, parent, families.parent));
      const grand = parentOf(parent);
      if (grand !== null) roles.push(role(`${name}^^`, grand, families.far, true));
    }
    const [only] = entity.down;
    if (entity.down.length === 1 && only !== undefined) roles.push(role(`${name}_`, only, families.child));
    roles.push(...referenceRoles(canon, name, entity), ...placedRoles(name, entity, occupants));
  }
  roles.push(role("G", canon.root, families.global), ...placedRoles("G", canon.root, occupants));
  roles.push(...referenceRoles(canon, "G", canon.root));
  roles.push(...uniqueRoles(canon, typeOf));
  if (marks.size > 0) roles.push(...markedRoles(canon, marks));
  return roles;
}

/** Who alone is marked: where a lift is, who has the turn. */
function markedRoles(canon: Canon, marks: Marks): readonly Role[] {
  const found = new Map<Path, Entity | null>();
  for (const entity of canon.entities) {
    for (const path of marks.get(entity.collection?.path ?? "") ?? noMarks)
      if (!isAbsent(entity.flat.at(path))) found.set(path, found.has(path) ? null : entity);
  }
  return [...found].flatMap(([path, entity]) =>
    entity === null ? [] : [role(`U:${path.text}`, entity, families.far, true)],
  );
}

const noMarks: readonly Path[] = [];

/** A flag that is down says as much as one that is not there. */
export function isAbsent(value: Json | undefined): boolean {
  return value === undefined || value === null || value === false;
}

/** Who stands where a thing does, and in front of it. */
function placedRoles(name: string, entity: Entity, occupants: Occupants | null): readonly Role[] {
  const roles: Role[] = [];
  if (occupants === null) return roles;
  for (const position of occupants.places(entity)) {
    const heading = occupants.heading(entity, position);
    for (const [mark, step] of [["~", still] as const, [">", heading] as const]) {
      if (step === null) continue;
      const there = occupants.at(position, step).filter((one) => one !== entity);
      for (const one of there) {
        const { collection } = one;
        if (there.every((other) => other === one || other.collection !== collection))
          roles.push(role(`${name}${mark}${collection?.path ?? ""}`, one, families.addressed));
      }
    }
  }
  return roles;
}

const still: Step = [0, 0];
const waysMax = 4;
const stepsMax = 16;

/** Texts of the root that lead through things that own each other. What is no thing on the way is passed. */
function ledRoles(canon: Canon): readonly Role[] {
  const { root } = canon;
  const roles: Role[] = [];
  const { paths, values } = root.flat;
  for (let at = 0; at < paths.length && roles.length < waysMax; at++) {
    const [path, value] = [paths[at], values[at]];
    if (path === undefined || typeof value !== "string" || value.length > wayCharsMax || !value.includes("/")) continue;
    let found = root;
    for (const step of value.split("/", stepsMax))
      if (step !== "") found = canon.named(step).find(({ owner }) => owner === found) ?? found;
    if (found !== root) roles.push(role(`P:${path.text}`, found, families.addressed));
  }
  return roles;
}

const wayCharsMax = 200;

function addressedRoles(action: ParsedAction, led: readonly Role[]): readonly Role[] {
  const roles: Role[] = [];
  for (const { name, entities } of action.slots) {
    if (roles.length >= addressedMax) break;
    const isMention = /^[\d$]/.test(name);
    const prefix = isMention ? `A${name}` : `A:${name}`;
    const [first] = entities;
    if (first === undefined) continue;
    if (isMention) roles.push(role(prefix, first, families.addressed));
    if (isMention && entities.length === 1) continue;
    const seen = new Set<string>();
    const near = [...roles, ...led];
    for (const entity of [...entities].sort((a, b) => ownedBy(b, near) - ownedBy(a, near))) {
      const path = entity.collection?.path ?? "";
      if (seen.has(path)) continue;
      seen.add(path);
      roles.push(role(`${prefix}@${path}`, entity, families.addressed));
    }
  }
  return roles;
}

/** Of several things with one name, the one in an entity that is addressed too is meant. */
function ownedBy(entity: Entity, roles: readonly Role[]): number {
  return roles.some((one) => one.entity === entity.owner) ? 1 : 0;
}

/** What the attributes of an entity refer to; of a list, where it is the only one. */
function referenceRoles(canon: Canon, name: string, { flat }: Entity): readonly Role[] {
  const roles: Role[] = [];
  for (let at = 0; at < flat.paths.length && roles.length < referencesMax; at++) {
    const value = flat.values[at];
    const node = flat.nodes[at];
    const only = isArray(value) && value.length === 1 ? value[0] : value;
    if (typeof only !== "string" || (only === value ? node : node?.each)?.reference !== true) continue;
    const target = canon.named(only)[0];
    if (target !== undefined && target.flat !== flat)
      roles.push(role(`${name}.${flat.paths[at]?.text ?? ""}`, target, families.far, true));
  }
  return roles;
}

function uniqueRoles(canon: Canon, typeOf: TypeOf): readonly Role[] {
  const found = new Map<string, Entity | null>();
  for (const entity of canon.entities) {
    const type = typeOf(entity);
    if (type !== null) found.set(type, found.has(type) ? null : entity);
  }
  const roles: Role[] = [...uniqueNames(canon, typeOf, found)];
  for (const [type, entity] of found) {
    if (entity === null || roles.length >= uniqueTypesMax) continue;
    roles.push(role(`T:${type}`, entity, families.global, true));
    const parent = parentOf(entity);
    if (parent !== null) roles.push(role(`T:${type}^`, parent, families.global, true));
  }
  return roles;
}

/** Of several things of a type: those that a name without its numbers tells apart. */
function uniqueNames(canon: Canon, typeOf: TypeOf, types: ReadonlyMap<string, Entity | null>): readonly Role[] {
  const found = new Map<string, Entity | null>();
  for (const entity of canon.entities) {
    const type = typeOf(entity);
    if (type === null || types.get(type) !== null || typeof entity.name !== "string") continue;
    const name = plainName(entity.name);
    if (isWord(name)) found.set(name, found.has(name) ? null : entity);
  }
  const roles: Role[] = [];
  for (const [name, entity] of found) {
    if (entity !== null && roles.length < uniqueNamesMax) roles.push(role(`N:${name}`, entity, families.global, true));
  }
  return roles;
}

const uniqueNamesMax = 16;
const plainNames = new Map<string, string>();

/** Kept for the names that come again and again. */
export function plainName(name: string): string {
  const known = plainNames.get(name);
  if (known !== undefined) return known;
  const made = name.replace(/\d+/g, "#");
  if (plainNames.size < hashesMax) plainNames.set(name, made);
  return made;
}

const words = new Map<string, boolean>();

/** Has letters: else, its numbers aside, it says nothing. */
function isWord(plain: string): boolean {
  const known = words.get(plain);
  if (known !== undefined) return known;
  const made = /\p{L}/u.test(plain);
  if (words.size < hashesMax) words.set(plain, made);
  return made;
}

/** The roles that differ from row to row: the entity itself and what is around it. */
export function entityRoles(
  canon: Canon,
  action: ParsedAction,
  entity: Entity,
  occupants: Occupants | null,
): readonly Role[] {
  const roles: Role[] = [role("S", entity, families.self)];
  const parent = parentOf(entity);
  if (parent !== null) {
    roles.push(role("S^", parent, families.parent));
    const grand = parentOf(parent);
    if (grand !== null) roles.push(role("S^^", grand, families.far, true));
  }
  const [only] = entity.down;
  if (entity.down.length === 1 && only !== undefined) roles.push(role("S_", only, families.child));
  roles.push(...referenceRoles(canon, "S", entity));
  roles.push(...zippedRoles(action, entity));
  if (entity.collection !== null) roles.push(...placedRoles("S", entity, occupants));
  return roles;
}

/** Where the entity is an element of a list argument: what other lists have at that place. */
function zippedRoles(action: ParsedAction, entity: Entity): readonly Role[] {
  const roles: Role[] = [];
  for (const slot of action.slots) {
    if (!slot.entities.includes(entity)) continue;
    const match = /\.\d+$/.exec(slot.name);
    if (match === null) continue;
    for (const other of action.slots) {
      if (other === slot || !other.name.endsWith(match[0])) continue;
      const list = other.name.slice(0, -match[0].length);
      for (const target of other.entities) {
        roles.push(role(`Z:${list}@${target.collection?.path ?? ""}`, target, families.addressed));
      }
    }
  }
  return roles;
}
