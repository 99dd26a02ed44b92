/**
 * Edits put into the state: attributes, lists, things that come and go. What has a new name has it in the lists that name it, too. The state is
 * never changed; what is untouched is shared.
 */
import type { Json } from "../../../json/json.ts";
import { arrayIndex, isArray, isObject } from "../../../json/pointer.ts";
import type { Entity } from "./entity.ts";
import type { Path } from "./paths.ts";

/** A new value of an attribute; undefined removes it. */
export interface Edit {
  readonly entity: Entity;
  readonly path: Path;
  readonly value: Json | undefined;
}

/** A thing that comes: at the end of its array or under its key, listed by `listedBy` where it is listed. */
export interface Birth {
  readonly owner: Entity;
  readonly place: Path;
  readonly key: string | number;
  readonly name: string | number;
  readonly value: Json;
  readonly listedBy: { readonly parent: Entity; readonly list: Path } | null;
}

export function pointerOf(entity: Entity): readonly string[] {
  const { owner } = entity;
  if (owner === null) return [];
  const last = entity.position >= 0 ? String(entity.position) : String(entity.key);
  return [...pointerOf(owner), ...entity.place.pointer, last];
}

export function assemble(
  state: Json,
  edits: readonly Edit[],
  births: readonly Birth[],
  gone: readonly Entity[],
  byName: (name: string | number) => Entity | undefined,
): Json {
  let next = state;
  for (const { entity, path, value } of edits) {
    if (!path.text.startsWith("^")) next = edited(next, [...pointerOf(entity), ...path.pointer], 0, () => value);
  }
  const names = new Map<Entity, string>();
  for (const edit of edits) next = withNewName(next, edit, names);
  for (const edit of edits) if (edit.path.text.startsWith("^")) next = relisted(next, edit, byName, names);
  for (const entity of gone) {
    for (const { list, parent } of entity.up) next = unlisted(next, parent, list, names.get(entity) ?? entity.name);
  }
  for (const birth of births) next = withBirth(next, birth);
  for (const entity of [...gone].sort((a, b) => b.position - a.position)) {
    next = edited(next, pointerOf(entity), 0, () => undefined);
  }
  return next;
}

/** Where the edit is of what others call the thing: lists say the new name in the place of the old one. */
function withNewName(state: Json, { entity, path, value }: Edit, names: Map<Entity, string>): Json {
  if (typeof value !== "string" || !isAlias(entity, path)) return state;
  const old = entity.flat.at(path);
  if (typeof old !== "string") return state;
  if (old === entity.name) names.set(entity, value);
  let next = state;
  for (const { list, parent } of entity.up) {
    next = edited(next, [...pointerOf(parent), ...list.pointer], 0, (items) => {
      const at = isArray(items) ? items.indexOf(old) : -1;
      return isArray(items) && at >= 0 ? items.with(at, value) : items;
    });
  }
  return next;
}

function isAlias({ collection }: Entity, { pointer }: Path): boolean {
  const [field] = pointer;
  return pointer.length === 1 && field !== undefined && collection?.aliases.includes(field) === true;
}

/** A move: out of the list that named it, to the end of the list of its new parent. */
function relisted(
  state: Json,
  { entity, path, value }: Edit,
  byName: (name: string | number) => Entity | undefined,
  names: ReadonlyMap<Entity, string>,
): Json {
  const name = names.get(entity) ?? entity.name;
  const before = entity.up.find((one) => one.inverse === path);
  let next = before === undefined ? state : unlisted(state, before.parent, before.list, name);
  if (typeof value !== "string" && typeof value !== "number") return next;
  const parent = byName(value);
  const list = before?.list.pointer ?? path.list?.pointer ?? [];
  if (parent === undefined) return next;
  next = edited(next, [...pointerOf(parent), ...list], 0, (old) => (isArray(old) ? [...old, name] : [name]));
  return next;
}

function unlisted(state: Json, parent: Entity, list: Path, name: string | number): Json {
  return edited(state, [...pointerOf(parent), ...list.pointer], 0, (old) => {
    if (!isArray(old)) return old;
    const at = old.indexOf(name);
    return at < 0 ? old : old.toSpliced(at, 1);
  });
}

function withBirth(state: Json, { owner, place, key, name, value, listedBy }: Birth): Json {
  let next = edited(state, [...pointerOf(owner), ...place.pointer], 0, (old) => {
    if (isArray(old)) return [...old, value];
    return isObject(old) ? { ...old, [String(key)]: value } : { [String(key)]: value };
  });
  if (listedBy !== null) {
    const { parent, list } = listedBy;
    next = edited(next, [...pointerOf(parent), ...list.pointer], 0, (old) => (isArray(old) ? [...old, name] : [name]));
  }
  return next;
}

/** The value with the member at the pointer made anew; containers on the way are copied. A way that is not there is left alone. */
function edited(
  value: Json | undefined,
  pointer: readonly string[],
  at: number,
  change: (old: Json | undefined) => Json | undefined,
): Json {
  const segment = pointer[at];
  if (segment === undefined) return change(value) ?? value ?? null;
  const last = at === pointer.length - 1;
  if (isArray(value)) {
    const index = arrayIndex(segment);
    if (index === null || index >= value.length) return value;
    const member = last ? change(value[index]) : edited(value[index], pointer, at + 1, change);
    return member === undefined ? value.toSpliced(index, 1) : value.with(index, member);
  }
  if (typeof value === "string")
    return last ? withCharacter(value, Number(segment), change(value[Number(segment)])) : value;
  if (value !== undefined && !isObject(value)) return value;
  const old = value !== undefined && Object.hasOwn(value, segment) ? value[segment] : undefined;
  const member = last ? change(old) : edited(old, pointer, at + 1, change);
  if (member !== undefined) return { ...value, [segment]: member };
  if (value === undefined || old === undefined) return value ?? {};
  const { [segment]: _, ...rest } = value;
  return rest;
}

/** A row of a grid that is a text. */
function withCharacter(row: string, at: number, character: Json | undefined): string {
  if (typeof character !== "string" || !(at < row.length)) return row;
  return `${row.slice(0, at)}${character}${row.slice(at + 1)}`;
}
