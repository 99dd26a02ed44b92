/**
 * A context as relations (lists, under an owner or none) and attributes (values that stand alone): `boxes.X.things` is the relation
 * `boxes.things` of X. Deeper structure is not read.
 */
import type { Json } from "../../json/json.ts";
import { isArray, isObject } from "../../json/pointer.ts";
import type { Values } from "./reading.ts";

/** The owner of a relation that has none. */
export const nobody = "";

export interface Facts {
  /** By name, then owner. */
  readonly relations: ReadonlyMap<string, ReadonlyMap<string, Values>>;
  readonly attributes: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

export const noFacts: Facts = { relations: new Map(), attributes: new Map() };

export function factsOf(context: Json | null, factsMax: number): Facts {
  if (!isObject(context)) return noFacts;
  const relations = new Map<string, Map<string, Values>>();
  const attributes = new Map<string, Map<string, string>>();
  let left = factsMax;

  function add(name: string, owner: string, value: Json): void {
    if (left-- <= 0) return;
    if (isArray(value)) under(relations, name).set(owner, value.filter(isString));
    else if (owner !== nobody && !isObject(value)) under(attributes, name).set(owner, String(value));
  }

  for (const [name, value] of Object.entries(context)) {
    if (!isObject(value)) add(name, nobody, value);
    else
      for (const [owner, own] of Object.entries(value)) {
        if (!isObject(own)) add(name, owner, own);
        else for (const [field, one] of Object.entries(own)) add(`${name}.${field}`, owner, one);
      }
  }
  return { relations, attributes };
}

function under<T>(map: Map<string, Map<string, T>>, name: string): Map<string, T> {
  const known = map.get(name) ?? new Map<string, T>();
  map.set(name, known);
  return known;
}

function isString(value: Json): value is string {
  return typeof value === "string";
}
