/**
 * What arguments call things beside their names: an e-mail address, a phone number. An attribute is such a key for an argument where what the argument
 * says stands in it, and every thing of the collection has another value there.
 */
import type { Json } from "../../../json/json.ts";
import type { Canon } from "../state/canon.ts";
import type { Entity } from "../state/entity.ts";
import type { Path } from "../state/paths.ts";
import { thingsByCollection } from "../state/things.ts";
import type { ParsedAction, Slot } from "./action.ts";

export interface AlternateKey {
  readonly collection: string;
  readonly path: Path;
}

/** By argument. */
export type AlternateKeys = ReadonlyMap<string, readonly AlternateKey[]>;

export interface Count {
  kept: number;
  broken: number;
}

/** How often an argument that named nothing was given, or was equal to a key; and how often to what is none. */
export type Tally = Map<string, Count>;

/** Fewer are chance. */
const keptMin = 3;
const brokenShareMax = 0.05;
/** Of the times that the argument was given. */
const keptShareMin = 0.5;
const argumentsMax = 256;
const keysMax = 4;
/** Of all that is counted there: what else is counted has more room. */
const talliesMax = 2_000;
/** More things are not looked through. */
const thingsMax = 500;
const charactersMin = 2;

/** True where another attribute is a key, or one is none any more. */
export function learnAlternateKeys(
  keys: Map<string, readonly AlternateKey[]>,
  tally: Tally,
  { slots }: ParsedAction,
  canon: Canon,
): boolean {
  let isNew = false;
  for (const slot of slots) {
    if (!mayCall(slot, canon) || (!keys.has(slot.name) && keys.size >= argumentsMax)) continue;
    const given = counted(tally, [slot.name]);
    given.kept += 1;
    for (const [collection, things] of thingsByCollection(canon)) {
      if (things.length < 2 || things.length > thingsMax) continue;
      for (const path of equals(slot, things)) {
        const seen = counted(tally, [slot.name, collection, path.text]);
        if (isKey(path, things)) seen.kept += 1;
        else seen.broken += 1;
        const { kept, broken } = seen;
        const holds = kept >= keptMin && broken <= kept * brokenShareMax && kept >= given.kept * keptShareMin;
        if (noteKey(keys, slot.name, { collection, path }, holds)) isNew = true;
      }
    }
  }
  return isNew;
}

function counted(tally: Tally, of: readonly string[]): Count {
  const name = `key ${JSON.stringify(of)}`;
  const seen = tally.get(name) ?? { kept: 0, broken: 0 };
  if (tally.size < talliesMax) tally.set(name, seen);
  return seen;
}

/** Names of things need no other. Small numbers are equal by chance. */
function mayCall({ value, name }: Slot, canon: Canon): boolean {
  if (/^[\d$]/.test(name)) return false;
  if (typeof value === "string") return value.length >= charactersMin && !canon.isNamed(value);
  return typeof value === "number" && Math.abs(value) > 2 && !canon.isNamed(String(value));
}

/** Attributes in which what the argument says stands. */
function equals({ value, valueHash }: Slot, things: readonly Entity[]): ReadonlySet<Path> {
  const found = new Set<Path>();
  for (const { flat } of things) {
    for (let at = flat.hashes.indexOf(valueHash); at >= 0; at = flat.hashes.indexOf(valueHash, at + 1)) {
      const path = flat.paths[at];
      if (path !== undefined && path.segment === null && flat.values[at] === value) found.add(path);
    }
  }
  return found;
}

/** Every thing of the collection has another value there. */
function isKey(path: Path, things: readonly Entity[]): boolean {
  const values = new Set(things.map(({ flat }) => flat.at(path)));
  return values.size === things.length && !values.has(undefined);
}

function noteKey(
  keys: Map<string, readonly AlternateKey[]>,
  argument: string,
  key: AlternateKey,
  holds: boolean,
): boolean {
  const known = keys.get(argument) ?? [];
  const others = known.filter(({ collection, path }) => collection !== key.collection || path !== key.path);
  const isKnown = others.length < known.length;
  if (isKnown === holds || (holds && known.length >= keysMax)) return false;
  if (holds) keys.set(argument, [...known, key]);
  else if (others.length > 0) keys.set(argument, others);
  else keys.delete(argument);
  return true;
}

/** The action, its arguments with the things that they call by a key where they call none by name. */
export function withAlternateKeys(action: ParsedAction, keys: AlternateKeys, canon: Canon): ParsedAction {
  if (!action.slots.some(({ name }) => keys.has(name))) return action;
  const slots = action.slots.map((slot) => {
    const own = keys.get(slot.name);
    if (own === undefined || !mayCall(slot, canon)) return slot;
    return { ...slot, entities: own.flatMap((key) => calledBy(key, slot.value, canon)) };
  });
  return { ...action, slots };
}

function calledBy({ collection, path }: AlternateKey, value: Json, canon: Canon): readonly Entity[] {
  const things = thingsByCollection(canon).get(collection) ?? [];
  const called = (things.length > thingsMax ? [] : things).filter(({ flat }) => flat.at(path) === value);
  return called.length === 1 ? called : [];
}
