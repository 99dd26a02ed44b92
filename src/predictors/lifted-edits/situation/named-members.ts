/**
 * Which maps within the root and the addressed things have an argument for a key, and which lists that an argument leads to have another for an
 * element: does who is asked for exist, and is it in there already?
 */
import type { Json } from "../../../json/json.ts";
import { isArray, isObject } from "../../../json/pointer.ts";
import { hashText, mix } from "../../lifted/hash.ts";
import { families } from "../../lifted/tokens.ts";
import { hashValue } from "../state/flatten.ts";
import { isSearched, type Role } from "./roles.ts";
import type { Scene } from "./scene.ts";
import type { Writer } from "./writer.ts";

const keyOf = hashText("key of");
const elementOf = hashText("element of");
const depthMax = 3;
const keysMax = 32;
const elementsMax = 64;
/** Containers looked at in a situation. */
const lookedAtMax = 128;

interface Name {
  readonly name: string;
  readonly hash: number;
  readonly text: string;
  readonly valueHash: number;
}

interface Walk {
  readonly names: readonly Name[];
  readonly out: Writer;
  readonly role: Role;
  left: number;
}

export function writeNamedMembers({ action, roles }: Scene, out: Writer): void {
  const names: Name[] = [];
  for (const { name, hash, value, valueHash } of action.slots)
    if ((typeof value === "string" && value !== "") || typeof value === "number")
      names.push({ name, hash, text: String(value), valueHash });
  if (names.length === 0) return;
  let left = lookedAtMax;
  for (const role of roles) {
    if (!isSearched(role)) continue;
    const walk = { names, out, role, left };
    if (isObject(role.entity.value)) enter(walk, role.entity.value, role.hash, 0, false);
    left = walk.left;
  }
}

/** The parts of an object. */
function enter(
  walk: Walk,
  value: { readonly [key: string]: Json },
  where: number,
  depth: number,
  isLed: boolean,
): void {
  if (depth >= depthMax) return;
  for (const { hash, text } of walk.names) {
    const part = Object.hasOwn(value, text) ? value[text] : undefined;
    if (part !== undefined && depth > 0) look(walk, part, mix(where, hash), depth, true);
  }
  let keys = 0;
  for (const key in value) {
    if (++keys > keysMax) return;
    const part = value[key];
    if (typeof part === "object" && part !== null) look(walk, part, mix(where, hashText(key)), depth, isLed);
  }
}

function look(walk: Walk, part: Json, where: number, depth: number, isLed: boolean): void {
  if (typeof part !== "object" || part === null || walk.left-- <= 0) return;
  const { names, out, role } = walk;
  if (isArray(part)) {
    if (!isLed || part.length > elementsMax) return;
    for (const { name, hash, valueHash } of names) {
      if (!part.some((element) => typeof element !== "object" && hashValue(element) === valueHash)) continue;
      if (out.put(families.relation, mix(hash, where), elementOf))
        out.say(`argument ${name} is in a list of ${role.name} that another argument leads to`);
    }
    return;
  }
  if (!isObject(part)) return;
  for (const { name, hash, text } of names) {
    if (Object.hasOwn(part, text) && out.put(families.relation, mix(hash, where), keyOf))
      out.say(`argument ${name} is a key of a part of ${role.name}`);
  }
  enter(walk, part, where, depth + 1, isLed);
}
