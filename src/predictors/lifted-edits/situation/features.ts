/**
 * What a rule may ask. Context features belong to the situation (the action, who it names, how they relate, what the root says), entity
 * features to the entity that a row is about, row features to the path. Each is a token; none makes a string unless words are wanted.
 */
import type { Json } from "../../../json/json.ts";
import { isArray, isObject } from "../../../json/pointer.ts";
import { hashText, mix } from "../../lifted/hash.ts";
import { bitOf, families, type Place, type Places, places } from "../../lifted/tokens.ts";
import { withArticle } from "../../words.ts";
import type { Entity } from "../state/entity.ts";
import { hashValue } from "../state/flatten.ts";
import { isRowOfGrid } from "../state/grids.ts";
import type { Path } from "../state/paths.ts";
import { writeComers } from "./comers.ts";
import { entryOf, writeMatches } from "./entries.ts";
import { writeNamedMembers } from "./named-members.ts";
import { writeOwnArguments } from "./own-arguments.ts";
import { writeEqualities, writeOrder, writeOwnEqualities } from "./relations.ts";
import { isUnique, type Role } from "./roles.ts";
import { collectionOf, type Scene } from "./scene.ts";
import { writeCell, writeOwnSurroundings, writeSurroundings } from "./surroundings.ts";
import { has, kind, short, shortListMax, writeThresholds, writeValue } from "./value-features.ts";
import { toldRolesMax, type Writer } from "./writer.ts";

const equals = hashText("=");
const none = hashText("none");
const same = hashText("same");
const last = hashText("last");

export function writeContext(scene: Scene, out: Writer): void {
  out.place = places.situation;
  const { action, roles } = scene;
  if (out.put(families.action, action.templateHash, 0)) out.say(`the action is "${action.template}"`);
  if (out.put(families.action, action.verbHash, 0)) out.say(`the action's verb is "${action.verb}"`);
  for (const slot of action.slots) writeSlot(scene, slot, out);
  for (const role of roles) writeRole(scene, role, out);
  for (let at = 0; at < roles.length; at++) {
    const one = roles[at];
    if (one === undefined || isUnique(one)) continue;
    for (let other = 0; other < at; other++) writeSame(one, roles[other], out);
  }
  for (const role of roles) if (!role.far && !isUnique(role)) writeNaming(scene, role, out);
  writeEqualities(scene, out);
  writeNamedMembers(scene, out);
  writeOrder(scene, roles, out);
  writeSurroundings(scene, out);
  writeComers(scene.lore.comers, scene.canon, roles, out);
  if (scene.context !== null) writeGiven(scene.context, "context", hashText("context"), 0, out);
}

function writeSlot(scene: Scene, slot: Scene["action"]["slots"][number], out: Writer): void {
  const { value, entities } = slot;
  if (entities.length === 0 && out.put(families.action, slot.hash, none))
    out.say(`argument ${slot.name} names nothing here`);
  for (const entity of entities) {
    const collection = entity.collection?.hash ?? 0;
    if (out.put(families.action, slot.hash, collection))
      out.say(`argument ${slot.name} names one of ${collectionOf(entity)}`);
  }
  if (isArray(value)) writeList(scene, slot, value, out);
  else if (typeof value !== "object" || value === null) {
    const isLiteral = slot.name.startsWith("$");
    if (out.put(isLiteral ? families.action : families.name, slot.hash, mix(equals, slot.valueHash)))
      out.say(`argument ${slot.name} is ${JSON.stringify(value)}`);
    if (typeof value === "number") writeThresholds(slot.hash, 0, value, `argument ${slot.name}`, out);
  }
}

/** Of a list argument: how many, and what all of its things have in common. */
function writeList(scene: Scene, slot: Scene["action"]["slots"][number], items: readonly Json[], out: Writer): void {
  writeThresholds(slot.hash, kind, items.length, `length of ${slot.name}`, out);
  const found = new Map<string, Entity[]>();
  for (const item of items.slice(0, listedMax)) {
    for (const entity of typeof item === "string" ? scene.canon.named(item) : []) {
      const list = found.get(collectionOf(entity)) ?? [];
      found.set(collectionOf(entity), list);
      list.push(entity);
    }
  }
  for (const [collection, entities] of found) {
    const where = mix(slot.hash, hashText(collection));
    const all = entities.length >= items.length;
    if (out.put(families.relation, where, all ? has : none))
      out.say(`${all ? "all" : "not all"} of ${slot.name} are of ${collection}`);
    const [first] = entities;
    if (first === undefined) continue;
    const owners = new Set(entities.map((entity) => entity.owner));
    if (out.put(families.relation, where, owners.size === 1 ? same : kind))
      out.say(`${slot.name} of ${collection} have ${owners.size === 1 ? "one owner" : "several owners"}`);
    first.flat.paths.forEach((path, at) => {
      const hash = first.flat.hashes[at] ?? 0;
      const alike = entities.every((entity) => hashValue(entity.flat.at(path) ?? null) === hash);
      if (alike && out.put(families.addressed, where, mix(path.hash, hash)))
        out.say(`all of ${slot.name} (${collection}) have ${path.text} = ${short(first.flat.values[at])}`);
    });
  }
}

const listedMax = 64;

function writeRole(scene: Scene, role: Role, out: Writer): void {
  const { entity, far } = role;
  const mutable = far || role.name === "G" ? scene.lore.mutable.get(collectionOf(entity)) : undefined;
  if (far && mutable === undefined && entity.collection !== null) return writeType(scene, role, out);
  writeAttributes(role, role.family, entity, far || role.name === "G" ? (mutable ?? noPaths) : null, out);
  writeType(scene, role, out);
  if (!far) writeChildren(scene, role, out);
}

const noPaths: ReadonlySet<string> = new Set();

function writeType(scene: Scene, role: Role, out: Writer): void {
  const type = scene.typeOf(role.entity);
  if (type !== null && role.far && out.put(role.family, role.hash, mix(kind, hashText(type))))
    out.say(`${role.name} is ${withArticle(type)}`);
  if (role.far) return;
  for (const { inverse, parent } of role.entity.up) {
    const parentType = scene.typeOf(parent);
    if (parentType !== null && out.put(families.parent, mix(role.hash, inverse.hash), hashText(parentType)))
      out.say(`${role.name} has ${inverse.text} ${withArticle(parentType)}`);
  }
}

function writeChildren(scene: Scene, { name, hash, entity }: Role, out: Writer): void {
  const { down } = entity;
  if (entity.flat.lists.length > 0 && down.length === 0 && out.put(families.child, hash, none))
    out.say(`${name} contains nothing`);
  if (down.length > 1 && out.put(families.child, hash, has)) out.say(`${name} contains several things`);
  for (const child of down.slice(0, childrenMax)) {
    const type = scene.typeOf(child);
    if (type !== null && out.put(families.child, mix(hash, has), hashText(type)))
      out.say(`${name} contains ${withArticle(type)}`);
  }
}

const childrenMax = 16;

/** `only`: lifted paths to tell of; null for all. */
function writeAttributes(
  role: Role,
  family: Role["family"],
  entity: Entity,
  only: ReadonlySet<string> | null,
  out: Writer,
): void {
  const { flat } = entity;
  const told = only === null ? out.toldOf(flat) : null;
  const known = told?.get(role.hash);
  if (known !== undefined) return out.putAll(known);
  const from = out.set.size;
  for (let at = 0; at < flat.paths.length; at++) {
    const path = flat.paths[at];
    if (path === undefined || (only !== null && !only.has(path.lifted))) continue;
    const value = flat.values[at] ?? null;
    writeValue(role.hash, role.name, family, path, value, flat.hashes[at] ?? 0, out);
  }
  if (told !== null && told.size < toldRolesMax) told.set(role.hash, out.set.since(from));
}

/** Texts that name a thing of the state, whether or not they always do: does what they name exist? */
function writeNaming({ canon }: Scene, { name, hash, family, entity }: Role, out: Writer): void {
  const { paths, values } = entity.flat;
  for (let at = 0; at < paths.length && at < namingMax; at++) {
    const [path, value] = [paths[at], values[at]];
    const named = typeof value === "string" ? canon.named(value)[0] : undefined;
    if (path === undefined || named === undefined || named === entity) continue;
    if (out.put(family, mix(hash, has), mix(path.hash, named.collection?.hash ?? 0)))
      out.say(`${name}'s ${path.text} names one of ${collectionOf(named)}`);
  }
}

const namingMax = 64;

function writeSame(one: Role, other: Role | undefined, out: Writer): void {
  if (other === undefined || one.entity !== other.entity || one.name === other.name) return;
  if (out.put(families.relation, mix(one.hash, other.hash), same)) out.say(`${one.name} is ${other.name}`);
}

function writeGiven(value: Json, name: string, hash: number, depth: number, out: Writer): void {
  if (typeof value !== "object" || value === null) {
    if (typeof value === "string" && value.length > givenCharsMax) return;
    if (out.put(families.context, hash, hashValue(value))) out.say(`${name} is ${short(value)}`);
    return;
  }
  if (depth >= 2 || !isObject(value)) return;
  for (const [key, member] of Object.entries(value).slice(0, 32)) {
    writeGiven(member, `${name}.${key}`, mix(hash, hashText(key)), depth + 1, out);
  }
}

/** Long context is text for people: no rule can rest on the whole of it. */
const givenCharsMax = 64;

/** `asked`: what is not asked of is not written. */
export function writeEntity(scene: Scene, entity: Entity, asked: Places, out: Writer): void {
  // What it holds is told cell by cell.
  if (isRowOfGrid(entity)) return;
  const own = scene.entityRoles(entity);
  const isAsked = (place: Place) => {
    out.place = place;
    return (asked & bitOf(place)) !== 0;
  };
  for (const role of own) {
    if (role.name === "S") {
      if (isAsked(places.self)) writeSelf(scene, role, out);
      if (isAsked(places.around)) writeOwnSurroundings(scene, role, out);
    } else if (isAsked(places.around)) writeRole(scene, role, out);
    if (!isAsked(places.same)) continue;
    for (const other of scene.roles) writeSame(role, other, out);
    for (const other of own) if (other !== role && other.hash < role.hash) writeSame(role, other, out);
  }
  if (isAsked(places.same)) writeStanding(entity, own, out);
  if (isAsked(places.equal)) writeOwnEqualities(scene, own, out);
  if (isAsked(places.order)) writeOrder(scene, own, out);
}

function writeSelf(scene: Scene, role: Role, out: Writer): void {
  writeAttributes(role, families.self, role.entity, null, out);
  writeType(scene, role, out);
  writeChildren(scene, role, out);
  writeOwnArguments(scene.action, role.entity, out);
}

function writeStanding(entity: Entity, own: readonly Role[], out: Writer): void {
  for (const { inverse, parent } of entity.up) {
    if (parent.down.at(-1) === entity && out.put(families.relation, inverse.hash, last))
      out.say(`S is the last by ${inverse.text}`);
  }
  if (own.every((role) => role.name !== "S^") && out.put(families.parent, roleNone, none)) out.say("S is in nothing");
}

const roleNone = hashText("S^");

export function writeRow(scene: Scene, entity: Entity, path: Path, old: Json | undefined, out: Writer): void {
  out.place = places.row;
  writeCell(scene, entity, path, out);
  const { flat } = entity;
  const entry = entryOf(flat, path);
  if (entry !== null) writeMatches(scene.action, entry, out);
  if (path.segment !== null) {
    const hash = hashText(path.segment);
    if (out.put(families.row, hash, kind)) out.say(`the entry is ${short(path.segment)}`);
    for (const slot of scene.action.slots) {
      if (slot.value === path.segment && out.put(families.relation, slot.hash, kind))
        out.say(`the entry is argument ${slot.name}`);
    }
    writeEntryOfRoot(scene, path.segment, out);
  }
  writeFieldNames(scene, path, out);
  if (old === undefined) {
    if (out.put(families.row, none, none)) out.say("it is absent");
    return;
  }
  const hash = hashValue(old);
  if (isArray(old) && old.length <= shortListMax) {
    if (out.put(families.row, hash, equals)) out.say(`it is ${short(old)}`);
    writeMatches(scene.action, old, out);
  }
  if (typeof old !== "object" && out.put(typeof old === "number" ? families.number : families.row, hash, equals))
    out.say(`it is ${short(old)}`);
  if (typeof old === "number") writeThresholds(none, kind, old, "it", out);
  for (const slot of scene.action.slots) {
    if (slot.valueHash === hash && out.put(families.relation, slot.hash, same)) out.say(`it is argument ${slot.name}`);
  }
  if (typeof old !== "string") return;
  for (const role of scene.roles) {
    if (role.entity.name === old && !isUnique(role) && out.put(families.relation, role.hash, equals))
      out.say(`it names ${role.name}`);
  }
}

/** The root may say which entry is meant: whose turn it is, who is logged in. */
function writeEntryOfRoot({ canon }: Scene, segment: string, out: Writer): void {
  const { paths, values } = canon.root.flat;
  for (let at = 0; at < paths.length && at < namingMax; at++) {
    const path = paths[at];
    if (path !== undefined && values[at] === segment && out.put(families.relation, path.hash, ofField))
      out.say(`the entry is G's ${path.text}`);
  }
}

/** An argument may say which fields it is about. */
function writeFieldNames({ action }: Scene, { pointer }: Path, out: Writer): void {
  const field = pointer.at(-1);
  if (field === undefined) return;
  for (const { name, hash, value } of action.slots) {
    if (value === field && out.put(families.relation, hash, ofField)) out.say(`its field is argument ${name}`);
    if (isArray(value) && value.includes(field) && out.put(families.relation, hash, amongFields))
      out.say(`its field is one of argument ${name}`);
  }
}

const ofField = hashText("of field");
const amongFields = hashText("among fields");
