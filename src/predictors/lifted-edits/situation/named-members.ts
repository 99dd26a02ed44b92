/**
 * Which maps within the root and the addressed things have an argument for a key, and which lists that an argument leads to have another for an
 * element: does who is asked for exist, and is it in there already? And what the maps say of that key: what stands on the square, how many there are.
 */
import type { Json, JsonArray, JsonObject } from "../../../json/json.ts";
import { isArray, isObject } from "../../../json/pointer.ts";
import { hashText, mix } from "../../lifted/hash.ts";
import { families } from "../../lifted/tokens.ts";
import { hashValue } from "../state/flatten.ts";
import { isSearched } from "./roles.ts";
import type { Scene } from "./scene.ts";
import { familyOf, short, writeThresholds } from "./value-features.ts";
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
  left: number;
}

/** A part of the role's JSON. */
interface Place {
  readonly hash: number;
  readonly depth: number;
  /** An argument is on the way to it. */
  readonly isLed: boolean;
  /** The last segment: a key, or the argument whose text it is. */
  readonly key: string;
  readonly isArgument: boolean;
  /** What it is within; null for the role's own. */
  readonly outer: Place | null;
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
    const walk = { names, out, left };
    const root = { hash: role.hash, depth: 0, isLed: false, key: role.name, isArgument: false, outer: null };
    if (isObject(role.entity.value)) enter(walk, role.entity.value, root);
    left = walk.left;
  }
}

/** The parts of an object. */
function enter(walk: Walk, value: { readonly [key: string]: Json }, place: Place): void {
  if (place.depth >= depthMax) return;
  for (const { name, hash, text } of walk.names) {
    const part = Object.hasOwn(value, text) ? value[text] : undefined;
    if (part === undefined || place.depth === 0) continue;
    const entry = within(place, hash, name, true);
    if (isContainer(part)) look(walk, part, entry);
    else tell(walk, part, entry);
  }
  let keys = 0;
  for (const key in value) {
    if (++keys > keysMax) return;
    const part = value[key];
    if (isContainer(part)) look(walk, part, within(place, hashText(key), key, false));
  }
}

function isContainer(value: Json | undefined): value is JsonObject | JsonArray {
  return typeof value === "object" && value !== null;
}

function within(outer: Place, segment: number, key: string, isArgument: boolean): Place {
  const { hash, depth, isLed } = outer;
  return { hash: mix(hash, segment), depth: depth + 1, isLed: isLed || isArgument, key, isArgument, outer };
}

/** `G's user/payment_methods/argument id`. */
function wordsOf({ key, isArgument, outer, depth }: Place): string {
  if (outer === null) return key;
  return `${wordsOf(outer)}${depth === 1 ? "'s " : "/"}${isArgument ? `argument ${key}` : key}`;
}

/** What is said of a key. */
function tell({ out }: Walk, value: Json, place: Place): void {
  if (out.put(familyOf(value, families.addressed), place.hash, hashValue(value)))
    out.say(`${wordsOf(place)} is ${short(value)}`);
  if (typeof value === "number") writeThresholds(place.hash, keyOf, value, wordsOf(place), out);
}

function look(walk: Walk, part: JsonObject | JsonArray, place: Place): void {
  if (walk.left-- <= 0) return;
  const { names, out } = walk;
  if (isArray(part)) {
    if (!place.isLed || part.length > elementsMax) return;
    for (const { name, hash, valueHash } of names) {
      if (!part.some((element) => typeof element !== "object" && hashValue(element) === valueHash)) continue;
      if (out.put(families.relation, mix(hash, place.hash), elementOf))
        out.say(`argument ${name} is in ${wordsOf(place)}`);
    }
    return;
  }
  for (const { name, hash, text } of names) {
    if (Object.hasOwn(part, text) && out.put(families.relation, mix(hash, place.hash), keyOf))
      out.say(`argument ${name} is a key of ${wordsOf(place)}`);
  }
  enter(walk, part, place);
}
