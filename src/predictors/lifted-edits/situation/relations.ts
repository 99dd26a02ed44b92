/** Relations between values in a situation: equal to, more than, among. What is equal to many things relates to none of them. */
import type { Json } from "../../../json/json.ts";
import { isArray, isObject } from "../../../json/pointer.ts";
import { hashText, mix } from "../../lifted/hash.ts";
import { families } from "../../lifted/tokens.ts";
import type { Entity } from "../state/entity.ts";
import { type Flat, hashValue } from "../state/flatten.ts";
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

/** Sources by the hash of what they are worth. */
type Sources = ReadonlyMap<number, readonly Source[]>;

/** What of an entity may be related, found once: hashes of place and value, and words. */
interface Relatable {
  readonly places: Int32Array;
  readonly values: Int32Array;
  readonly texts: readonly string[];
}

/** The numbers of an entity, found once: the first few. */
interface Numbers {
  readonly places: Int32Array;
  readonly values: Float64Array;
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
const numerals = new WeakMap<Flat, Numbers>();

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
    if (isRelatable(value)) {
      add(path.hash, flat.hashes[at] ?? 0, path.text);
      if (path.segment !== null) add(mix(path.liftedHash, member), flat.hashes[at] ?? 0, `${path.lifted} (one of)`);
    } else if (isArray(value)) {
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
  const [only, ...others] = Object.keys(element);
  if (only !== undefined && others.length === 0)
    add(mix(mix(place, member), member), hashText(only), `${text} (the field of one)`);
  for (const [field, value] of Object.entries(element).slice(0, fieldsMax)) {
    if (isRelatable(value)) add(mix(mix(place, member), hashText(field)), hashValue(value), `${text} (a ${field})`);
  }
}

/** Small numbers and flags are equal by chance. */
function isRelatable(value: Json): boolean {
  if (typeof value === "string") return value.length > 0;
  return typeof value === "number" && Math.abs(value) > 2;
}

/** Pairs of equal values among all that the situation's roles and the arguments are worth. What is equal to many things relates to none. */
export function writeEqualities(scene: Scene, out: Writer): void {
  const sources = new Map<number, Source[]>();
  let left = addSlots(scene, sources, sourcesMax);
  for (const role of scene.roles) if (!isUnique(role)) left = addRole(role, role.entity, sources, left);
  let pairs = 0;
  for (const equals of sources.values()) {
    if (equals.length < 2 || equals.length > sharersMax) continue;
    for (let at = 1; at < equals.length; at++) {
      for (let other = 0; other < at; other++) {
        if (!areApart(equals[at], equals[other])) continue;
        if (++pairs > pairsMax) return;
        writePair(equals[at], equals[other], out);
      }
    }
  }
}

/** The same for what an entity and its parent are worth: among themselves, and against arguments and root. */
export function writeOwnEqualities(scene: Scene, own: readonly Role[], out: Writer): void {
  const fixed = fixedSources(scene);
  const sources = new Map<number, Source[]>();
  let left = sourcesMax;
  for (const role of own) if (role.name === "S" || role.name === "S^") left = addRole(role, role.entity, sources, left);
  let pairs = 0;
  for (const [value, equals] of sources) {
    const others = fixed.get(value) ?? none;
    const all = equals.length + others.length;
    if (all < 2 || all > sharersMax) continue;
    for (let at = 0; at < equals.length; at++) {
      for (let other = 0; other < at + others.length; other++) {
        const one = other < at ? equals[other] : others[other - at];
        if (!areApart(equals[at], one)) continue;
        if (++pairs > pairsMax) return;
        writePair(equals[at], one, out);
      }
    }
  }
}

const none: readonly Source[] = [];
const fixedOf = new WeakMap<Scene, Sources>();

/** What arguments and root are worth: the same for every entity of a situation. */
function fixedSources(scene: Scene): Sources {
  const known = fixedOf.get(scene);
  if (known !== undefined) return known;
  const sources = new Map<number, Source[]>();
  const left = addSlots(scene, sources, sourcesMax);
  addRole(rootRole, scene.canon.root, sources, left);
  fixedOf.set(scene, sources);
  return sources;
}

const rootRole = { name: "G", hash: roleHash("G") };

function addSlots(scene: Scene, sources: Map<number, Source[]>, left: number): number {
  for (const { value, hash, valueHash, name } of scene.action.slots) {
    if (!isRelatable(value)) continue;
    addSource(sources, { hash, valueHash, owner: -1, role: "", text: name });
    left -= 1;
  }
  return left;
}

function addRole(
  role: { readonly name: string; readonly hash: number },
  { flat, index }: Entity,
  sources: Map<number, Source[]>,
  left: number,
): number {
  const { places, values, texts } = relatableOf(flat);
  const count = Math.min(places.length, left);
  for (let at = 0; at < count; at++) {
    const hash = mix(role.hash, places[at] ?? 0);
    addSource(sources, { hash, valueHash: values[at] ?? 0, owner: index, role: role.name, text: texts[at] ?? "" });
  }
  return left - count;
}

function addSource(sources: Map<number, Source[]>, source: Source): void {
  const known = sources.get(source.valueHash);
  if (known === undefined) sources.set(source.valueHash, [source]);
  else known.push(source);
}

/** A field of the root is no news to be equal to itself. */
function areApart(a: Source | undefined, b: Source | undefined): boolean {
  return a?.owner !== b?.owner || ((a?.owner ?? 0) <= 0 && a?.text !== b?.text);
}

function writePair(a: Source | undefined, b: Source | undefined, out: Writer): void {
  if (a === undefined || b === undefined) return;
  const [x, y] = a.hash < b.hash ? [a, b] : [b, a];
  if (out.put(families.relation, mix(x.hash, y.hash), equal)) out.say(`${wordsOf(x)} equals ${wordsOf(y)}`);
}

function wordsOf({ role, text }: Source): string {
  return role === "" ? `argument ${text}` : `${role}'s ${text}`;
}

function numbersOf(flat: Flat): Numbers {
  const known = numerals.get(flat);
  if (known !== undefined) return known;
  const places: number[] = [];
  const values: number[] = [];
  const texts: string[] = [];
  for (let at = 0; at < flat.paths.length && values.length < fieldsMax; at++) {
    const value = flat.values[at];
    const path = flat.paths[at];
    if (typeof value !== "number" || path === undefined) continue;
    places.push(path.hash);
    values.push(value);
    texts.push(path.text);
  }
  const made = { places: Int32Array.from(places), values: Float64Array.from(values), texts };
  numerals.set(flat, made);
  return made;
}

/** Which of two numbers is greater: among the attributes of roles, and against the arguments. */
export function writeOrder(scene: Scene, roles: readonly Role[], out: Writer): void {
  const hashes: number[] = [];
  const values: number[] = [];
  const names: (() => string)[] = [];
  for (const { value, hash, name } of scene.action.slots) {
    if (typeof value !== "number") continue;
    hashes.push(hash);
    values.push(value);
    names.push(() => `argument ${name}`);
  }
  for (const role of roles) {
    if (role.far) continue;
    const numbers = numbersOf(role.entity.flat);
    for (let at = 0; at < numbers.values.length; at++) {
      hashes.push(mix(role.hash, numbers.places[at] ?? 0));
      values.push(numbers.values[at] ?? 0);
      names.push(() => `${role.name}'s ${numbers.texts[at]}`);
    }
  }
  for (let at = 1; at < values.length && at < 4 * fieldsMax; at++) {
    for (let other = 0; other < at; other++) {
      const [a, b] = [values[at] ?? 0, values[other] ?? 0];
      const sign = a < b ? 1 : a > b ? 2 : 3;
      if (out.put(families.row, mix(hashes[at] ?? 0, hashes[other] ?? 0), mix(less, sign)))
        out.say(`${names[at]?.()} ${["<", ">", "="][sign - 1]} ${names[other]?.()}`);
    }
  }
}
