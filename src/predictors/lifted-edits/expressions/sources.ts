/** Sources resolved in a situation: what a role's attribute, an argument or a sum is worth there. */
import type { Json } from "../../../json/json.ts";
import { isArray, isObject, memberOf, pointerTokens } from "../../../json/pointer.ts";
import { nameOfOwn } from "../situation/own-arguments.ts";
import type { Role } from "../situation/roles.ts";
import { collectionOf, type Scene } from "../situation/scene.ts";
import type { Entity } from "../state/entity.ts";
import type { Path, Paths } from "../state/paths.ts";
import { argumentMark, type Names } from "../state/skeleton.ts";
import { thingsByCollection } from "../state/things.ts";
import type { Source } from "./expression.ts";
import { answered } from "./query.ts";
import { wholeNumber, writtenMoment, writtenNumber } from "./written-numbers.ts";

/** Where an expression is applied: the situation and the entity that the row is about. */
export interface Site {
  readonly scene: Scene;
  readonly paths: Paths;
  readonly entity: Entity;
  /** The path of the row: `*` in a source is its segment. */
  readonly path: Path | null;
  /** Leaves made so far of the new value that this one belongs to. */
  readonly leaves?: ReadonlyMap<string, Json>;
}

export function roleIn(site: Site, name: string): Entity | undefined {
  if (name.startsWith("S") || name.startsWith("Z:")) {
    for (const role of site.scene.entityRoles(site.entity)) if (role.name === name) return role.entity;
    return undefined;
  }
  return site.scene.byName.get(name)?.entity;
}

function attributeOf(entity: Entity, path: string, paths: Paths): Json | undefined {
  if (path === "@name") return entity.name;
  if (path === "@key") return entity.key;
  if (path.startsWith("^")) return entity.up.find((one) => one.inverse.text === path)?.parent.name;
  const found = paths.find(path);
  return found === null ? undefined : entity.flat.at(found);
}

export function resolveSource(source: Source, site: Site): Json | undefined {
  switch (source[0]) {
    case "attribute": {
      const entity = roleIn(site, source[1]);
      if (entity === undefined) return undefined;
      const path = source[2].includes("*") ? source[2].replace("*", site.path?.segment ?? "*") : source[2];
      return attributeOf(entity, path, site.paths);
    }
    case "argument":
      return site.scene.action.slots.find((slot) => slot.name === argumentName(source[1], site))?.value;
    case "total":
      return totalOf(source[1], source[2], source[3], site);
    case "sum":
      return sumOf(source[1], source[2], source[3], site);
    case "size": {
      const entity = roleIn(site, source[1]);
      const value = entity === undefined ? undefined : attributeOf(entity, source[2], site.paths);
      return isArray(value) ? value.length : undefined;
    }
    case "item": {
      const entity = roleIn(site, source[1]);
      const list = entity === undefined ? undefined : attributeOf(entity, source[2], site.paths);
      const record = isArray(list) ? list.at(source[3]) : undefined;
      return isObject(record) && Object.hasOwn(record, source[4]) ? record[source[4]] : undefined;
    }
    case "number":
    case "constant":
      return source[1];
    case "leaf":
      return site.leaves?.get(source[1]);
    case "part": {
      const entity = roleIn(site, source[1]);
      return entity === undefined ? undefined : partAt(entity.value, source[2], site);
    }
    case "after": {
      const greatest = greatestKey(source[1], site);
      return greatest === null ? undefined : greatest + source[2];
    }
    case "more": {
      const value = resolveSource(source[1], site);
      return typeof value === "number" ? value + source[2] : undefined;
    }
    case "query":
      return answered(source[1], site);
    case "written": {
      const value = resolveSource(source[1], site);
      if (typeof value === "string") return writtenMoment(value, source[2]) ?? undefined;
      return typeof value === "number" ? writtenNumber(value, source[2]) : undefined;
    }
    default:
      return undefined;
  }
}

/** What stands at a pointer within a value; a marked segment is what the argument names. Arrays are not entered. */
export function partAt(value: Json | undefined, pointer: string, { scene }: Pick<Site, "scene">): Json | undefined {
  let part = value;
  for (const token of pointerTokens(pointer) ?? []) {
    if (part === undefined || isArray(part)) return undefined;
    const segment = token.startsWith(argumentMark) ? slotText(token.slice(1), scene) : token;
    part = segment === undefined ? undefined : memberOf(part, segment);
  }
  return part;
}

/** What an argument says as a text; undefined where it says no name. */
export function slotText(slot: string, { action }: Scene): string | undefined {
  const value = action.slots.find(({ name }) => name === slot)?.value;
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}

/** Arguments by the text that they are. */
export function namesIn(scene: Scene): Names {
  const known = namesOf.get(scene);
  if (known !== undefined) return known;
  const names = new Map<string, string>();
  for (const { name, value } of scene.action.slots)
    if ((typeof value === "string" || typeof value === "number") && !names.has(String(value)))
      names.set(String(value), name);
  namesOf.set(scene, names);
  return names;
}

const namesOf = new WeakMap<Scene, Names>();

/** Such a pointer in words. */
export function pointerWords(pointer: string): string {
  return pointer.replaceAll(argumentMark, "argument ");
}

/** The greatest number that names a thing of a collection, whether it is written as a number or as a text; null for none. */
export function greatestKey(collection: string, { scene }: Site): number | null {
  let greatest: number | null = null;
  for (const { key } of thingsByCollection(scene.canon).get(collection) ?? []) {
    const number = typeof key === "number" ? key : wholeNumber(key);
    if (number !== null && (greatest === null || number > greatest)) greatest = number;
  }
  return greatest;
}

function argumentName(name: string, site: Site): string {
  return name === "*" ? (site.path?.segment ?? name) : nameOfOwn(name, site.entity);
}

function totalOf(slotName: string, collection: string, path: string, { scene, paths }: Site): number | undefined {
  const slot = scene.action.slots.find((one) => one.name === slotName);
  const found = paths.find(path);
  if (slot === undefined || found === null || !isArray(slot.value)) return undefined;
  let total = 0;
  for (const item of slot.value) {
    const entity = thingOf(item, collection, scene);
    const value = entity?.flat.at(found);
    if (typeof value !== "number") return undefined;
    total += value;
  }
  return total;
}

/** The thing of a collection that an element names: one whose owner is addressed too, where there are several. */
function thingOf(item: Json, collection: string, scene: Scene): Entity | undefined {
  if (typeof item !== "string" && typeof item !== "number") return undefined;
  const named = scene.canon.named(String(item)).filter((entity) => collectionOf(entity) === collection);
  return named.find((entity) => isAddressed(entity.owner, scene.roles)) ?? named[0];
}

function isAddressed(entity: Entity | null, roles: readonly Role[]): boolean {
  return (
    entity !== null &&
    entity.collection !== null &&
    roles.some((role) => role.name.startsWith("A") && role.entity === entity)
  );
}

function sumOf(role: string, path: string, field: string, site: Site): number | undefined {
  const entity = roleIn(site, role);
  const list = entity === undefined ? undefined : attributeOf(entity, path, site.paths);
  if (!isArray(list)) return undefined;
  let total = 0;
  for (const element of list) {
    const value = field === "" ? element : isObject(element) ? element[field] : undefined;
    if (typeof value !== "number") return undefined;
    total += value;
  }
  return total;
}

/** Numbers that an amount may come from, nearest first, bounded. */
export function numericSources(site: Site): readonly { readonly source: Source; readonly value: number }[] {
  const found: { readonly source: Source; readonly value: number }[] = [];
  const add = (source: Source) => {
    const value = resolveSource(source, site);
    if (typeof value === "number" && Number.isFinite(value) && found.length < numericMax) found.push({ source, value });
  };
  for (const slot of site.scene.action.slots) {
    if (typeof slot.value === "number") add(["argument", slot.name]);
    else if (isArray(slot.value)) for (const source of totalsOf(slot.name, slot.value, site)) add(source);
  }
  for (const role of [...site.scene.entityRoles(site.entity), ...site.scene.roles]) {
    const only = role.far || role.name === "G" ? site.scene.lore.mutable.get(collectionOf(role.entity)) : undefined;
    if (role.far && only === undefined) continue;
    const { paths, values } = role.entity.flat;
    for (let at = 0; at < paths.length; at++) {
      const path = paths[at];
      if (path === undefined || (only !== undefined && !only.has(path.lifted))) continue;
      const value = values[at];
      if (typeof value === "number") add(["attribute", role.name, path.text]);
      else if (isArray(value) && !role.far)
        for (const field of numericFields(value)) add(["sum", role.name, path.text, field]);
    }
  }
  return found;
}

const numericMax = 80;

function totalsOf(slot: string, items: readonly Json[], { scene }: Site): readonly Source[] {
  const [first] = items;
  if (typeof first !== "string") return [];
  return scene.canon
    .named(first)
    .flatMap((entity) =>
      entity.flat.paths.flatMap((path, at): Source[] =>
        typeof entity.flat.values[at] === "number" ? [["total", slot, collectionOf(entity), path.text]] : [],
      ),
    );
}

function numericFields(list: readonly Json[]): readonly string[] {
  const [first] = list;
  if (typeof first === "number") return [""];
  if (!isObject(first)) return [];
  return Object.keys(first).filter((field) => typeof first[field] === "number");
}
