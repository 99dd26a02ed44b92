/** Values as tokens: what an attribute is, has, and exceeds. */
import type { Json } from "../../../json/json.ts";
import { isArray } from "../../../json/pointer.ts";
import { hashText, mix } from "../../lifted/hash.ts";
import { type Family, families } from "../../lifted/tokens.ts";
import { hashValue } from "../state/flatten.ts";
import type { Path } from "../state/paths.ts";
import type { Writer } from "./writer.ts";

const above = hashText(">");
export const has = hashText("has");
export const kind = hashText("kind");
/** Short lists are records without names for their fields; of an entry of a map so many parts are looked at, too. */
export const shortListMax = 4;
const thresholds: readonly number[] = [0, 1, 2, 3, 5, 10, 20, 50, 100];

export function writeValue(
  hash: number,
  name: string,
  family: Family,
  path: Path,
  value: Json,
  valueHash: number,
  out: Writer,
): void {
  if (typeof value === "object" && value !== null) {
    const size = isArray(value) ? value.length : Object.keys(value).length;
    if (out.put(family, hash, mix(path.hash, mix(kind, isArray(value) ? 1 : 2))))
      out.say(`${name} has ${path.text} as ${isArray(value) ? "a list" : "an object"}`);
    writeThresholds(mix(hash, path.hash), has, size, `size of ${name}'s ${path.text}`, out);
    if (isArray(value) && value.length <= shortListMax) writeMembers(hash, name, family, path, value, out);
    return;
  }
  if (out.put(familyOf(value, family), hash, mix(path.hash, valueHash)))
    out.say(`${name} has ${path.text} = ${short(value)}`);
  if (typeof value !== "boolean" && value !== null && out.put(family, hash, mix(path.hash, has)))
    out.say(`${name} has ${path.text}`);
  if (typeof value === "number") writeThresholds(hash, path.hash, value, `${name}'s ${path.text}`, out);
}

function writeMembers(
  hash: number,
  name: string,
  family: Family,
  path: Path,
  list: readonly Json[],
  out: Writer,
): void {
  for (let at = 0; at < list.length; at++) {
    const value = list[at] ?? null;
    if (typeof value === "object" && value !== null) continue;
    const own = value === null || typeof value === "boolean" ? family : families.name;
    if (out.put(own, hash, mix(mix(path.hash, at), hashValue(value))))
      out.say(`${name} has ${path.text}.${at} = ${short(value)}`);
  }
}

/** Of a value itself: numbers, and texts that are rather names than kinds, hold of few situations. */
export function familyOf(value: Json, family: Family): Family {
  if (typeof value === "number") return families.number;
  return typeof value === "string" && value.length > nameCharsMin ? families.name : family;
}

/** Longer texts are names rather than kinds. */
const nameCharsMin = 24;

export function writeThresholds(a: number, b: number, value: number, what: string, out: Writer): void {
  for (let at = 0; at < thresholds.length; at++) {
    const limit = thresholds[at] ?? 0;
    if (value <= limit) return;
    if (out.put(families.row, a, mix(mix(b, above), limit))) out.say(`${what} is above ${limit}`);
  }
}

export function short(value: Json | undefined): string {
  const text = JSON.stringify(value ?? null);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
