/**
 * RFC 6902 difference of two values: add, remove and replace only, so that `diffPatch(from, to)` applied to `from` is `to` (where it has more
 * operations than are applied, `patchBetween` says it in one).
 * Own work, because fast-json-patch's `compare` is wrong for scalar roots and for roots that change between array and object, and
 * clones every value through text. Arrays are compared after their common head and tail, so an insertion is one operation.
 */
import { canonicalText } from "./canonical.ts";
import type { Json, JsonArray, JsonObject, Patch, PatchOperation } from "./json.ts";
import { escapeToken, isArray, isObject } from "./pointer.ts";

/** `[]` when equal. The patch shares values with `to`. */
export function diffPatch(from: Json, to: Json): Patch {
  const patch: PatchOperation[] = [];
  diff(from, to, "", patch);
  return patch;
}

/** Deep equality of JSON values; -0 equals 0. */
export function equalJson(a: Json, b: Json): boolean {
  if (a === b) return true;
  if (isArray(a)) {
    if (!isArray(b) || a.length !== b.length) return false;
    for (let index = 0; index < a.length; index++) {
      if (!equalJson(a[index] ?? null, b[index] ?? null)) return false;
    }
    return true;
  }
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => Object.hasOwn(b, key) && equalJson(a[key] ?? null, b[key] ?? null));
}

/** `to` rebuilt from parts of `from` wherever they are equal: `from` itself when all is. Neither is changed. */
export function shareJson(from: Json, to: Json): Json {
  if (from === to) return from;
  if (isArray(to)) return isArray(from) ? shareArray(from, to) : to;
  return isObject(to) && isObject(from) ? shareObject(from, to) : to;
}

/** Nothing is made before the first member that differs: most containers of most states are as they were. */
function shareArray(from: JsonArray, to: JsonArray): JsonArray {
  let shared: Json[] | null = null;
  for (let index = 0; index < to.length; index++) {
    const value = to[index] ?? null;
    const before = from[index];
    const child = before === undefined ? value : shareJson(before, value);
    if (shared === null && child !== before) shared = from.slice(0, index);
    shared?.push(child);
  }
  return shared ?? (from.length === to.length ? from : from.slice(0, to.length));
}

function shareObject(from: JsonObject, to: JsonObject): JsonObject {
  const keys = Object.keys(to);
  const fromKeys = Object.keys(from);
  let shared: Record<string, Json> | null = null;
  for (let index = 0; index < keys.length; index++) {
    const key = keys[index] ?? "";
    const value = to[key] ?? null;
    const before = fromKeys[index] === key || Object.hasOwn(from, key) ? from[key] : undefined;
    const child = before === undefined ? value : shareJson(before, value);
    if (shared === null && child !== before) shared = membersOf(from, keys, index);
    if (shared !== null) shared[key] = child;
  }
  return shared ?? (fromKeys.length === keys.length ? from : membersOf(from, keys, keys.length));
}

function membersOf(value: JsonObject, keys: readonly string[], count: number): Record<string, Json> {
  const members: Record<string, Json> = {};
  for (let index = 0; index < count; index++) {
    const key = keys[index] ?? "";
    members[key] = value[key] ?? null;
  }
  return members;
}

function diff(from: Json, to: Json, path: string, patch: PatchOperation[]): void {
  if (from === to) return;
  if (isArray(from) && isArray(to)) diffArrays(from, to, path, patch);
  else if (isObject(from) && isObject(to)) diffObjects(from, to, path, patch);
  else patch.push({ op: "replace", path, value: to });
}

function diffObjects(from: JsonObject, to: JsonObject, path: string, patch: PatchOperation[]): void {
  for (const key of Object.keys(from)) {
    if (!Object.hasOwn(to, key)) patch.push({ op: "remove", path: `${path}/${escapeToken(key)}` });
  }
  for (const key of Object.keys(to)) {
    const value = to[key] ?? null;
    const there = Object.hasOwn(from, key);
    const before = there ? (from[key] ?? null) : null;
    if (there && before === value) continue;
    const child = `${path}/${escapeToken(key)}`;
    if (!there) {
      patch.push({ op: "add", path: child, value });
      continue;
    }
    // Pointers through `constructor/prototype` are banned when a patch is applied, so this key is never descended into.
    if (key === "constructor") {
      if (!equalJson(before, value)) patch.push({ op: "replace", path: child, value });
    } else diff(before, value, child, patch);
  }
}

function diffArrays(from: JsonArray, to: JsonArray, path: string, patch: PatchOperation[]): void {
  if (from.length === to.length) {
    for (let index = 0; index < to.length; index++)
      diff(from[index] ?? null, to[index] ?? null, `${path}/${index}`, patch);
    return;
  }
  const shorter = Math.min(from.length, to.length);
  let head = 0;
  while (head < shorter && equalJson(from[head] ?? null, to[head] ?? null)) head++;
  let tail = 0;
  while (tail < shorter - head && equalJson(from.at(-1 - tail) ?? null, to.at(-1 - tail) ?? null)) tail++;
  const fromEnd = from.length - tail;
  const toEnd = to.length - tail;
  const common = Math.min(fromEnd, toEnd);
  for (let index = head; index < common; index++)
    diff(from[index] ?? null, to[index] ?? null, `${path}/${index}`, patch);
  // Removing from the back and adding from the front keeps every index valid when its turn comes.
  for (let index = fromEnd - 1; index >= common; index--) patch.push({ op: "remove", path: `${path}/${index}` });
  for (let index = common; index < toEnd; index++) {
    patch.push({ op: "add", path: `${path}/${index}`, value: to[index] ?? null });
  }
}

/** The canonical text of a difference: what goes into a transition. */
export function diffText(from: Json, to: Json): string {
  return canonicalText([...diffPatch(from, to)].map((operation) => ({ ...operation })));
}
