/**
 * What a question about many things is answered with: of all things of a collection, members of a list or elements of an argument, those that meet
 * every condition, each told in some form, gathered in a list, a map, a text or a number.
 */
import { equalJson } from "../../../json/diff.ts";
import type { Json } from "../../../json/json.ts";
import { isArray, isObject, memberOf } from "../../../json/pointer.ts";
import type { Canon } from "../state/canon.ts";
import { thingsByCollection } from "../state/things.ts";
import type { Source } from "./expression.ts";
import { partAt, resolveSource, type Site } from "./sources.ts";
import { writtenNumber } from "./written-numbers.ts";

/** What is gone through, in the order in which it stands. */
export type Range =
  | readonly ["things", collection: string]
  /** Elements of an array, or members of an object, that is a part of the role's JSON. */
  | readonly ["members", role: string, pointer: string]
  /** Elements of an argument. */
  | readonly ["elements", slot: string];

/**
 * `is`: equal, cases aside where both are texts. `has`: the field's text holds the operand's, cases aside, or its list has it for an element. `of`: is
 * an element or a key of the operand. `least`, `most`: no smaller, no greater than it.
 */
export const conditionOperators = ["is", "has", "of", "least", "most"] as const;
export type Operator = (typeof conditionOperators)[number];

export type Condition = readonly [operator: Operator, field: string, operand: Source];

/** How one of them is told. */
export type Form =
  | readonly ["field", field: string]
  | readonly ["just", value: Json]
  | readonly ["given", source: Source]
  | readonly ["phrase", parts: readonly (string | readonly [field: string, style: string])[]]
  | readonly ["record", fields: readonly (readonly [key: string, form: Form])[]];

/** `map`: by the field that is the key. `group`: lists of those with one key. `join`: with the text between. `kinds`: how many differ. */
export type Gathering =
  | readonly ["list"]
  | readonly ["map", field: string]
  | readonly ["group", field: string]
  | readonly ["join", between: string]
  /** The last of them, so many. */
  | readonly ["last", count: Source]
  /** As a list, where there are some. */
  | readonly ["some"]
  | readonly ["first"]
  | readonly ["count"]
  | readonly ["kinds"];

export type Query = readonly [range: Range, conditions: readonly Condition[], form: Form, gathering: Gathering];

/** One of many. */
export interface Member {
  /** Null for an element of a list. */
  readonly key: string | number | null;
  readonly value: Json;
}

/** The member itself. */
export const itself = "";
/** Its key in a map, its name among things. */
export const keyField = "@key";
/** Of a record with one field: the field, and what it holds. */
export const onlyKey = "@field";
export const onlyValue = "@value";
/** Every text of it. */
export const anyText = "@text";

/** More are not gone through. */
const membersMax = 4_096;

function membersOf(range: Range, site: Site): readonly Member[] | null {
  const found =
    range[0] === "things"
      ? thingsOf(range[1], site.scene.canon)
      : membersIn(resolveSource(range[0] === "members" ? ["part", range[1], range[2]] : ["argument", range[1]], site));
  return found === null || found.length > membersMax ? null : found;
}

export function membersIn(value: Json | undefined): readonly Member[] | null {
  if (isArray(value)) return value.map((element) => ({ key: null, value: element }));
  if (!isObject(value)) return null;
  return Object.keys(value).map((key) => ({ key, value: value[key] ?? null }));
}

function thingsOf(collection: string, canon: Canon): readonly Member[] {
  return thingsByCollection(canon).get(collection) ?? [];
}

/** `field`: also a pointer (`/dates/…/price`) whose segments may be what arguments name. */
export function fieldOf({ key, value }: Member, field: string, site: Pick<Site, "scene">): Json | undefined {
  if (field.startsWith("/")) return partAt(value, field, site);
  switch (field) {
    case itself:
      return value;
    case keyField:
      return key ?? undefined;
    case onlyKey:
    case onlyValue: {
      const [only, ...others] = isObject(value) ? Object.keys(value) : [];
      if (only === undefined || others.length > 0) return undefined;
      return field === onlyKey ? only : memberOf(value, only);
    }
    default:
      return isArray(value) ? undefined : memberOf(value, field);
  }
}

export function meets(
  operator: Operator,
  field: string,
  member: Member,
  wanted: Json,
  site: Pick<Site, "scene">,
): boolean {
  if (field === anyText) return textsOf(member.value).some((text) => meetsValue(operator, text, wanted));
  const value = fieldOf(member, field, site);
  return value !== undefined && meetsValue(operator, value, wanted);
}

function meetsValue(operator: Operator, value: Json, wanted: Json): boolean {
  switch (operator) {
    case "is":
      return isSame(value, wanted);
    case "has":
      if (isArray(value)) return value.some((element) => isSame(element, wanted));
      return typeof value === "string" && typeof wanted === "string" && lower(value).includes(lower(wanted));
    case "of":
      if (isArray(wanted)) return wanted.some((element) => isSame(element, value));
      return isObject(wanted) && isName(value) && Object.hasOwn(wanted, String(value));
    case "least":
      return order(value, wanted) >= 0;
    default:
      return order(value, wanted) <= 0;
  }
}

/** NaN where the two are not both numbers or both texts. */
function order(a: Json, b: Json): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a !== "string" || typeof b !== "string") return Number.NaN;
  return a < b ? -1 : Number(a > b);
}

function isName(value: Json): value is string | number {
  return typeof value === "string" || typeof value === "number";
}

/** Numbers as texts are as good as numbers. */
function isSame(a: Json, b: Json): boolean {
  if (isName(a) && isName(b)) return a === b || lower(String(a)) === lower(String(b));
  return equalJson(a, b);
}

const lowered = new Map<string, string>();
const loweredMax = 4_096;

function lower(text: string): string {
  const known = lowered.get(text);
  if (known !== undefined) return known;
  if (lowered.size >= loweredMax) lowered.clear();
  const made = text.toLowerCase();
  lowered.set(text, made);
  return made;
}

const textsMax = 32;

function textsOf(value: Json): readonly string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value)
    .flatMap((one) => (isArray(one) ? one.slice(0, textsMax) : [one]))
    .filter((one) => typeof one === "string")
    .slice(0, textsMax);
}

/** Undefined where the member cannot be told so. */
export function told(form: Form, member: Member, site: Site): Json | undefined {
  switch (form[0]) {
    case "field":
      return fieldOf(member, form[1], site);
    case "just":
      return form[1];
    case "given":
      return resolveSource(form[1], site);
    case "phrase": {
      let text = "";
      for (const part of form[1]) {
        const value = typeof part === "string" ? part : fieldOf(member, part[0], site);
        const phrase = typeof part === "string" ? part : value === undefined ? null : phrased(value, part[1]);
        if (phrase === null) return undefined;
        text += phrase;
      }
      return text;
    }
    default: {
      const fields: [string, Json][] = [];
      for (const [key, own] of form[1]) {
        const value = told(own, member, site);
        if (value === undefined) return undefined;
        fields.push([key, value]);
      }
      return Object.fromEntries(fields);
    }
  }
}

/** What stands between the names of a list in a text. */
export const betweens = [", ", "\n", ",", "', '", " "];

/** A value in a text: a number in a style, a list with what is between its elements; null where it cannot be said so. */
export function phrased(value: Json, style: string): string | null {
  if (typeof value === "number") return writtenNumber(value, style);
  if (isArray(value)) return betweens.includes(style) && value.every(isName) ? value.join(style) : null;
  return typeof value === "object" && value !== null ? null : String(value);
}

/** Undefined where there is nothing to go through, or one of them cannot be told so. */
export function answered([range, conditions, form, gathering]: Query, site: Site): Json | undefined {
  const members = membersOf(range, site);
  if (members === null) return undefined;
  const wanted: Json[] = [];
  for (const [, , operand] of conditions) {
    const value = resolveSource(operand, site);
    if (value === undefined) return undefined;
    wanted.push(value);
  }
  const met =
    conditions.length === 0 ? members : members.filter((member) => meetsAll(conditions, wanted, member, site));
  return gathered(met, form, gathering, site);
}

function meetsAll(conditions: readonly Condition[], wanted: readonly Json[], member: Member, site: Site): boolean {
  for (const [at, [operator, field]] of conditions.entries())
    if (!meets(operator, field, member, wanted[at] ?? null, site)) return false;
  return true;
}

export function gathered(members: readonly Member[], form: Form, gathering: Gathering, site: Site): Json | undefined {
  if (gathering[0] === "count") return members.length;
  if (gathering[0] === "first") return members[0] === undefined ? undefined : told(form, members[0], site);
  const values: Json[] = [];
  for (const member of members) {
    const value = told(form, member, site);
    if (value === undefined) return undefined;
    values.push(value);
  }
  if (gathering[0] === "list") return values;
  if (gathering[0] === "some") return values.length === 0 ? undefined : values;
  if (gathering[0] === "kinds") return new Set(values.map((value) => JSON.stringify(value))).size;
  if (gathering[0] === "last") {
    const count = resolveSource(gathering[1], site);
    return typeof count === "number" && count > 0 ? values.slice(-count) : undefined;
  }
  if (gathering[0] === "join") return values.every(isName) ? values.join(gathering[1]) : undefined;
  const keys = members.map((member) => fieldOf(member, gathering[1], site));
  if (!keys.every((key) => key !== undefined && isName(key))) return undefined;
  if (gathering[0] === "map") return Object.fromEntries(keys.map((key, at) => [String(key), values[at] ?? null]));
  const groups = new Map<string, Json[]>();
  for (const [at, key] of keys.entries()) {
    const group = groups.get(String(key)) ?? [];
    groups.set(String(key), group);
    group.push(values[at] ?? null);
  }
  return Object.fromEntries(groups);
}
