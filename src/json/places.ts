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
/** Forms that are shared, and keys that were looked at; beyond it they are found again. */
const sharedMax = 2_048;

/** A form has a number, by which the forms that hold it are found. */
interface Form extends Places {
  readonly id: number;
}

const byObject = new WeakMap<object, Form>();
const byText = new Map<string, Form>();
const byMembers = new Map<string, Form>();
const segments = new Map<string, string>();
let forms = 0;

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

function find(value: Json, depth: number): Form {
  if (typeof value !== "object" || value === null) return scalars[value === null ? "null" : scalarName(value)];
  const known = byObject.get(value);
  if (known !== undefined) return known;
  const found = depth >= depthMax ? deeper : isArray(value) ? ofArray(value, depth) : ofObject(value, depth);
  byObject.set(value, found);
  return found;
}

type Member = readonly [segment: string, form: Form];

function ofArray(value: readonly Json[], depth: number): Form {
  const members: Member[] = [];
  for (const element of value) addMember(members, "*", find(element, depth + 1));
  return members.length === 0 ? emptyArray : joined(members);
}

function ofObject(value: { readonly [key: string]: Json }, depth: number): Form {
  const members: Member[] = [];
  for (const key of Object.keys(value)) addMember(members, segmentOf(key), find(value[key] ?? null, depth + 1));
  return members.length === 0 ? emptyObject : joined(members);
}

/** Things of one kind stand side by side: one of them is enough. */
function addMember(members: Member[], segment: string, form: Form): void {
  const last = members.at(-1);
  if (last === undefined || last[0] !== segment || last[1] !== form) members.push([segment, form]);
}

function segmentOf(key: string): string {
  const known = segments.get(key);
  if (known !== undefined) return known;
  const segment = isDataKey(key) || key.length > segmentCharsMax ? "*" : key;
  if (segments.size >= sharedMax) segments.clear();
  if (key.length <= segmentCharsMax) segments.set(key, segment);
  return segment;
}

function joined(members: readonly Member[]): Form {
  let key = "";
  for (const [segment, { id }] of members) key += `${segment.length} ${segment}${id} `;
  const known = byMembers.get(key);
  if (known !== undefined) return known;
  const all = new Set<string>();
  for (const [segment, { list }] of members) for (const place of list) all.add(`/${segment}${place}`);
  const form = shared([...all].sort().slice(0, placesMax));
  if (byMembers.size >= sharedMax) byMembers.clear();
  if (members.length <= placesMax) byMembers.set(key, form);
  return form;
}

function shared(list: readonly string[]): Form {
  const text = list.join("\n");
  const known = byText.get(text);
  if (known !== undefined) return known;
  const form = { list, version: hash16(text), id: forms++ };
  if (byText.size >= sharedMax) byText.clear();
  byText.set(text, form);
  return form;
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
