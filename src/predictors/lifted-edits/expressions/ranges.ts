/** What there is to go through in a situation: lists and maps that the root and the addressed things hold, and list arguments. */
import type { Json } from "../../../json/json.ts";
import { isArray, isObject, pointerText } from "../../../json/pointer.ts";
import { isSearched } from "../situation/roles.ts";
import type { Scene } from "../situation/scene.ts";
import { type Entity, holdsThingsAt } from "../state/entity.ts";
import { hashValue } from "../state/flatten.ts";
import { argumentMark } from "../state/skeleton.ts";
import { thingsByCollection } from "../state/things.ts";
import { fieldOf, itself, keyField, type Member, membersIn, onlyKey, onlyValue, type Range } from "./query.ts";
import { namesIn } from "./sources.ts";

/** A range with its members, and the hashes of their fields, found when they are asked for. */
export interface Gone {
  readonly range: Range;
  readonly members: readonly Member[];
  readonly fields: readonly string[];
  hashes(field: string): Int32Array;
}

const rangesMax = 32;
const membersMax = 512;
const fieldsMax = 24;
const depthMax = 3;
const keysMax = 32;
const known = new WeakMap<Scene, readonly Gone[]>();

export function rangesIn(scene: Scene): readonly Gone[] {
  const made = known.get(scene) ?? found(scene);
  known.set(scene, made);
  return made;
}

function found(scene: Scene): readonly Gone[] {
  const ranges: Gone[] = [];
  const add = (range: Range, members: readonly Member[] | null) => {
    if (members === null || members.length === 0 || members.length > membersMax || ranges.length >= rangesMax) return;
    ranges.push(goneOf(range, members, scene));
  };
  for (const { name, value } of scene.action.slots) if (isArray(value)) add(["elements", name], membersIn(value));
  const names = namesIn(scene);
  const seen = new Set<Entity>();
  for (const role of scene.roles) {
    const { name, entity } = role;
    if (seen.has(entity) || !isSearched(role)) continue;
    seen.add(entity);
    parts(entity, names, [], [], entity.value, (pointer, part) =>
      add(["members", name, pointer], isUniform(part) ? membersIn(part) : null),
    );
  }
  for (const [collection, things] of thingsByCollection(scene.canon)) {
    const [first] = things;
    if (things.some(({ owner }) => owner !== first?.owner)) add(["things", collection], things);
  }
  return ranges;
}

/** Members of a map are of one kind, fields of a record are not. */
function isUniform(part: Json): boolean {
  if (!isObject(part)) return true;
  const kinds = new Set(Object.values(part).map((one) => (isArray(one) ? "list" : typeof one)));
  return kinds.size === 1;
}

/** Containers within, by their pointers. Things are entered where an argument names them. */
function parts(
  entity: Entity,
  names: ReadonlyMap<string, string>,
  segments: readonly string[],
  told: readonly string[],
  value: Json,
  visit: (pointer: string, part: Json) => void,
): void {
  if (typeof value !== "object" || value === null) return;
  if (told.length > 0) visit(pointerText(told), value);
  if (isArray(value) || segments.length >= depthMax) return;
  const keys = Object.keys(value);
  const isOfThings = holdsThingsAt(entity, segments);
  for (const key of keys) {
    const slot = names.get(key);
    const next = value[key] ?? null;
    if (slot !== undefined) parts(entity, names, [...segments, key], [...told, `${argumentMark}${slot}`], next, visit);
    if (!isOfThings && keys.length <= keysMax) parts(entity, names, [...segments, key], [...told, key], next, visit);
  }
}

export function goneOf(range: Range, members: readonly Member[], scene: Scene): Gone {
  const hashes = new Map<string, Int32Array>();
  return {
    range,
    members,
    fields: [...fieldsOf(members), ...namedFields(members, namesIn(scene))],
    hashes(field) {
      const made =
        hashes.get(field) ??
        Int32Array.from(members, (member) => {
          const value = fieldOf(member, field, { scene });
          return value === undefined ? 0 : hashValue(value);
        });
      hashes.set(field, made);
      return made;
    },
  };
}

const lookedAtMax = 8;

function fieldsOf(members: readonly Member[]): readonly string[] {
  const fields = new Set<string>([itself]);
  for (const { key, value } of members.slice(0, lookedAtMax)) {
    if (key !== null) fields.add(keyField);
    const keys = isObject(value) ? Object.keys(value) : [];
    if (keys.length === 1) for (const field of [onlyKey, onlyValue]) fields.add(field);
    else for (const field of keys) fields.add(field);
  }
  return [...fields].slice(0, fieldsMax);
}

/** Fields of what arguments name within members: of a day among their days. */
function namedFields(members: readonly Member[], names: ReadonlyMap<string, string>): readonly string[] {
  const fields = new Set<string>();
  const add = (told: readonly string[], part: Json) => {
    fields.add(pointerText(told));
    for (const key of isObject(part) ? Object.keys(part) : []) fields.add(pointerText([...told, key]));
  };
  for (const { value } of names.size === 0 ? [] : members.slice(0, namedAtMax)) {
    if (!isObject(value)) continue;
    for (const key of Object.keys(value)) {
      const map = value[key];
      if (!isObject(map)) continue;
      for (const [name, slot] of names) {
        const part = Object.hasOwn(map, name) ? map[name] : undefined;
        if (part !== undefined) add([key, `${argumentMark}${slot}`], part);
      }
    }
    if (fields.size >= namedFieldsMax) break;
  }
  return [...fields].slice(0, namedFieldsMax);
}

const namedAtMax = 64;
const namedFieldsMax = 16;
