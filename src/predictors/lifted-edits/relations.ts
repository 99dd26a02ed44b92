/** Relations between values in a situation: equal to, more than, among. What is equal to many things relates to none of them. */
import type { Json } from "../../json/json.ts";
import { isArray, isObject } from "../../json/pointer.ts";
import { hashText, mix } from "../lifted/hash.ts";
import { families } from "../lifted/tokens.ts";
import { type Flat, hashValue } from "./flatten.ts";
import { isUnique, type Role, roleHash } from "./roles.ts";
import type { Scene } from "./scene.ts";
import type { Writer } from "./writer.ts";

/** Where a value stands: an attribute of a role, a member of it, or (without a role) an argument. */
interface Source {
  readonly hash: number;
  readonly valueHash: number;
  /** Its entity, so that an entity is not related to itself by every role it plays; −1 for an argument. */
  readonly owner: number;
  readonly role: string;
  readonly text: string;
}

/** What of an entity may be related, found once: hashes of place and value, and words. */
interface Relatable {
  readonly places: Int32Array;
  readonly values: Int32Array;
  readonly texts: readonly string[];
}

const sharersMax = 12;
const sourcesMax = 400;
const pairsMax = 96;
const listedMax = 32;
const fieldsMax = 8;
const member = hashText("in");
const less = hashText("<");
const equal = hashText("==");
const relatables = new WeakMap<Flat, Relatable>();

function relatableOf(flat: Flat): Relatable {
  const known = relatables.get(flat);
  if (known !== undefined) return known;
  const places: number[] = [];
  const values: number[] = [];
  const texts: string[] = [];
  const add = (place: number, value: number, text: string) => {
    places.push(place);
    values.push(value);
    texts.push(text);
  };
  for (let at = 0; at < flat.paths.length; at++) {
    const path = flat.paths[at];
    const value = flat.values[at] ?? null;
    if (path === undefined) continue;
    if (isRelatable(value)) add(path.hash, flat.hashes[at] ?? 0, path.text);
    else if (isArray(value)) {
      for (const element of value.slice(0, listedMax)) addMember(element, path.hash, path.text, add);
    }
  }
  const made = { places: Int32Array.from(places), values: Int32Array.from(values), texts };
  relatables.set(flat, made);
  return made;
}

function addMember(
  element: Json,
  place: number,
  text: string,
  add: (place: number, value: number, text: string) => void,
): void {
  if (isRelatable(element)) add(mix(place, member), hashValue(element), `${text} (one of)`);
  if (!isObject(element)) return;
  for (const [field, value] of Object.entries(element).slice(0, fieldsMax)) {
    if (isRelatable(value)) add(mix(mix(place, member), hashText(field)), hashValue(value), `${text} (a ${field})`);
  }
}

/** Small numbers and flags are equal by chance. */
function isRelatable(value: Json): boolean {
  if (typeof value === "string") return value.length > 0;
  return typeof value === "number" && Math.abs(value) > 2;
}

/** All values that may be related. With `own`, the entity's own are related to those of action and root. */
export function sourcesOf(scene: Scene, roles: readonly Role[], own: readonly Role[] = []): readonly Source[] {
  const sources: Source[] = [];
  const isOwn = own.length > 0;
  for (const slot of scene.action.slots) {
    if (isRelatable(slot.value))
      sources.push({ hash: slot.hash, valueHash: slot.valueHash, owner: -1, role: "", text: slot.name });
  }
  for (const role of isOwn ? own : roles) {
    if (isUnique(role) || (isOwn && role.name !== "S" && role.name !== "S^")) continue;
    addRole(role.hash, role.name, role.entity.index, role.entity.flat, sources);
  }
  if (isOwn) addRole(rootHash, "G", 0, scene.canon.root.flat, sources);
  return sources;
}

const rootHash = roleHash("G");

function addRole(hash: number, role: string, owner: number, flat: Flat, sources: Source[]): void {
  const { places, values, texts } = relatableOf(flat);
  for (let at = 0; at < places.length && sources.length < sourcesMax; at++) {
    sources.push({ hash: mix(hash, places[at] ?? 0), valueHash: values[at] ?? 0, owner, role, text: texts[at] ?? "" });
  }
}

/** Pairs of equal values. What is equal to many things relates to none of them. */
export function writeEqualities(sources: readonly Source[], out: Writer): void {
  const byValue = new Map<number, number[]>();
  for (let at = 0; at < sources.length; at++) {
    const value = sources[at]?.valueHash ?? 0;
    const known = byValue.get(value);
    if (known === undefined) byValue.set(value, [at]);
    else known.push(at);
  }
  let pairs = 0;
  for (const places of byValue.values()) {
    if (places.length < 2 || places.length > sharersMax) continue;
    for (let at = 1; at < places.length; at++) {
      for (let other = 0; other < at; other++) {
        const [a, b] = [sources[places[at] ?? 0], sources[places[other] ?? 0]];
        if (a === undefined || b === undefined || (a.owner === b.owner && a.owner > 0)) continue;
        if (++pairs > pairsMax) return;
        const [x, y] = a.hash < b.hash ? [a, b] : [b, a];
        if (out.put(families.relation, mix(x.hash, y.hash), equal)) out.say(`${wordsOf(x)} equals ${wordsOf(y)}`);
      }
    }
  }
}

function wordsOf({ role, text }: Source): string {
  return role === "" ? `argument ${text}` : `${role}'s ${text}`;
}

/** Which of two numbers is greater: among the attributes of roles, and against the arguments. */
export function writeOrder(scene: Scene, roles: readonly Role[], out: Writer): void {
  const numbers: { readonly value: number; readonly hash: number; readonly name: string }[] = [];
  for (const slot of scene.action.slots) {
    if (typeof slot.value === "number")
      numbers.push({ value: slot.value, hash: slot.hash, name: `argument ${slot.name}` });
  }
  for (const role of roles) {
    if (role.far) continue;
    const { flat } = role.entity;
    let taken = 0;
    for (let at = 0; at < flat.paths.length && taken < fieldsMax; at++) {
      const value = flat.values[at];
      const path = flat.paths[at];
      if (typeof value !== "number" || path === undefined) continue;
      taken += 1;
      numbers.push({ value, hash: mix(role.hash, path.hash), name: `${role.name}'s ${path.text}` });
    }
  }
  for (let at = 1; at < numbers.length && at < 4 * fieldsMax; at++) {
    for (let other = 0; other < at; other++) {
      const [a, b] = [numbers[at], numbers[other]];
      if (a === undefined || b === undefined) continue;
      const sign = a.value < b.value ? 1 : a.value > b.value ? 2 : 3;
      if (out.put(families.row, mix(a.hash, b.hash), mix(less, sign)))
        out.say(`${a.name} ${["<", ">", "="][sign - 1]} ${b.name}`);
    }
  }
}
