/** Relations between values in a situation: equal to, more than, among. What is equal to many things relates to none of them. */
import type { Json } from "../../json/json.ts";
import { isArray, isObject } from "../../json/pointer.ts";
import { hashText, mix } from "../lifted/hash.ts";
import { families } from "../lifted/tokens.ts";
import { hashValue } from "./flatten.ts";
import { isUnique, type Role } from "./roles.ts";
import type { Scene } from "./scene.ts";
import type { Writer } from "./writer.ts";

/** Where a value stands. */
interface Source {
  readonly hash: number;
  /** Its entity, so that an entity is not related to itself by every role it plays. */
  readonly owner: number;
  readonly name: () => string;
}

export interface Sources {
  readonly byValue: ReadonlyMap<number, readonly Source[]>;
  /** Only pairs with one of these count; null for all. */
  readonly mine: number;
}

const sharersMax = 3;
const pairsMax = 96;
const listedMax = 32;
const numbersMax = 8;
const member = hashText("in");
const less = hashText("<");
const equal = hashText("==");

/** All values that may be related, by hash. With `own`, the entity's own roles are related to those of the situation. */
export function sourcesOf(scene: Scene, roles: readonly Role[], own: readonly Role[] = []): Sources {
  const byValue = new Map<number, Source[]>();
  const add = (valueHash: number, source: Source) => {
    const known = byValue.get(valueHash);
    if (known === undefined) byValue.set(valueHash, [source]);
    else known.push(source);
  };
  const isOwn = own.length > 0;
  for (const slot of scene.action.slots) {
    if (isRelatable(slot.value))
      add(slot.valueHash, { hash: slot.hash, owner: -1, name: () => `argument ${slot.name}` });
  }
  for (const role of isOwn ? own : roles) {
    if (isUnique(role) || (isOwn && role.name !== "S" && role.name !== "S^")) continue;
    const { flat } = role.entity;
    for (let at = 0; at < flat.paths.length; at++) {
      const value = flat.values[at] ?? null;
      const path = flat.paths[at];
      if (path === undefined) continue;
      const name = () => `${role.name}'s ${path.text}`;
      const hash = mix(role.hash, path.hash);
      if (isRelatable(value)) add(flat.hashes[at] ?? 0, { hash, owner: role.entity.index, name });
      else if (isArray(value)) {
        for (const element of value.slice(0, listedMax)) addMember(element, hash, role.entity.index, name, add);
      }
    }
  }
  if (isOwn) {
    const root = scene.canon.root;
    for (let at = 0; at < root.flat.paths.length; at++) {
      const path = root.flat.paths[at];
      if (path === undefined || !isRelatable(root.flat.values[at] ?? null)) continue;
      add(root.flat.hashes[at] ?? 0, { hash: mix(rootHash, path.hash), owner: 0, name: () => `G's ${path.text}` });
    }
  }
  return { byValue, mine: isOwn ? 1 : 0 };
}

const rootHash = hashText("role G");

function addMember(
  element: Json,
  hash: number,
  owner: number,
  name: () => string,
  add: (valueHash: number, source: Source) => void,
): void {
  if (isRelatable(element)) add(hashValue(element), { hash: mix(hash, member), owner, name: () => `one of ${name()}` });
  if (!isObject(element)) return;
  for (const [field, value] of Object.entries(element).slice(0, numbersMax)) {
    if (!isRelatable(value)) continue;
    add(hashValue(value), {
      hash: mix(mix(hash, member), hashText(field)),
      owner,
      name: () => `a ${field} of ${name()}`,
    });
  }
}

/** Small numbers and flags are equal by chance. */
function isRelatable(value: Json): boolean {
  if (typeof value === "string") return value.length > 0;
  return typeof value === "number" && Math.abs(value) > 2;
}

export function writeEqualities({ byValue }: Sources, out: Writer): void {
  let pairs = 0;
  for (const sources of byValue.values()) {
    if (sources.length < 2 || sources.length > sharersMax * 4) continue;
    for (let at = 1; at < sources.length; at++) {
      for (let other = 0; other < at; other++) {
        const [a, b] = [sources[at], sources[other]];
        if (a === undefined || b === undefined || (a.owner === b.owner && a.owner > 0)) continue;
        if (++pairs > pairsMax) return;
        const [x, y] = a.hash < b.hash ? [a, b] : [b, a];
        if (out.put(families.relation, mix(x.hash, y.hash), equal)) out.say(`${x.name()} equals ${y.name()}`);
      }
    }
  }
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
    for (let at = 0; at < flat.paths.length && taken < numbersMax; at++) {
      const value = flat.values[at];
      const path = flat.paths[at];
      if (typeof value !== "number" || path === undefined) continue;
      taken += 1;
      numbers.push({ value, hash: mix(role.hash, path.hash), name: `${role.name}'s ${path.text}` });
    }
  }
  for (let at = 1; at < numbers.length && at < 4 * numbersMax; at++) {
    for (let other = 0; other < at; other++) {
      const [a, b] = [numbers[at], numbers[other]];
      if (a === undefined || b === undefined) continue;
      const sign = a.value < b.value ? 1 : a.value > b.value ? 2 : 3;
      if (out.put(families.row, mix(a.hash, b.hash), mix(less, sign)))
        out.say(`${a.name} ${["<", ">", "="][sign - 1]} ${b.name}`);
    }
  }
}
