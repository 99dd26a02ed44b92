/**
 * The form of a JSON value as a set of typed places: `/orders/…/status:string`. What is data in a path (positions of arrays, keys that are
 * names of things) is written `*`. A value's form is found once per object: states share what did not change, so the form of the next state costs what
 * changed. Values of one form share one `Places`. Bounded in depth and number.
 */
import { hash16 } from "./hash.ts";
import type { Json } from "./json.ts";
import { isArray } from "./pointer.ts";
import { isDataKey } from "./shape/forms.ts";

export interface Places {
  /** Sorted, distinct. */
  readonly list: readonly string[];
  /** Hash of the list: 16 hex characters. */
  readonly version: string;
}

const depthMax = 12;
/** A form with more places than this is beyond what a person can look at; the rest is left out. */
const placesMax = 256;
const segmentCharsMax = 64;
/** Forms that are shared; beyond it they are found again. */
const sharedMax = 2_048;

const byObject = new WeakMap<object, Places>();
const byText = new Map<string, Places>();

export function placesOf(value: Json): Places {
  return find(value, 0);
}

/** What the one has and the other has not. Both lists are sorted. */
export function placesBeyond(places: Places, before: Places): readonly string[] {
  if (places === before || places.version === before.version) return none;
  const known = new Set(before.list);
  return places.list.filter((place) => !known.has(place));
}
const none: readonly string[] = [];

function find(value: Json, depth: number): Places {
  if (typeof value !== "object" || value === null) return scalars[value === null ? "null" : scalarName(value)];
  const known = byObject.get(value);
  if (known !== undefined) return known;
  const found = depth >= depthMax ? deeper : isArray(value) ? ofArray(value, depth) : ofObject(value, depth);
  byObject.set(value, found);
  return found;
}

function ofArray(value: readonly Json[], depth: number): Places {
  if (value.length === 0) return emptyArray;
  const forms = new Set<Places>();
  for (const element of value) forms.add(find(element, depth + 1));
  return joined([["*", forms]]);
}

function ofObject(value: { readonly [key: string]: Json }, depth: number): Places {
  const members = new Map<string, Set<Places>>();
  for (const key of Object.keys(value)) {
    const segment = isDataKey(key) || key.length > segmentCharsMax ? "*" : key;
    const forms = members.get(segment) ?? new Set<Places>();
    if (forms.size === 0) members.set(segment, forms);
    forms.add(find(value[key] ?? null, depth + 1));
  }
  return members.size === 0 ? emptyObject : joined([...members]);
}

function joined(members: readonly (readonly [string, ReadonlySet<Places>])[]): Places {
  const all = new Set<string>();
  for (const [segment, forms] of members) {
    for (const { list } of forms) for (const place of list) all.add(`/${segment}${place}`);
  }
  return shared([...all].sort().slice(0, placesMax));
}

function shared(list: readonly string[]): Places {
  const text = list.join("\n");
  const known = byText.get(text);
  if (known !== undefined) return known;
  const places = { list, version: hash16(text) };
  if (byText.size >= sharedMax) byText.clear();
  byText.set(text, places);
  return places;
}

function scalarName(value: string | number | boolean): "string" | "number" | "boolean" {
  return typeof value === "string" ? "string" : typeof value === "number" ? "number" : "boolean";
}

const scalars = {
  null: shared([":null"]),
  string: shared([":string"]),
  number: shared([":number"]),
  boolean: shared([":boolean"]),
};
const emptyArray = shared([":array"]);
const emptyObject = shared([":object"]);
const deeper = shared([":deeper"]);
