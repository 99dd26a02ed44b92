/**
 * What a call may be answered from: its arguments, what the context says of it in short texts, which arguments the context's lists of names
 * do not know, and which of their names the call lacks. Each text has a name, so that templates can say where a hole is filled from.
 */
import type { Json } from "../../../json/json.ts";
import { isArray, isObject } from "../../../json/pointer.ts";
import type { Values } from "../reading.ts";
import { type Call, holdsMarks } from "./call.ts";

export interface Request {
  readonly name: string;
  /** Where the one argument is an object, its members: a call that is wrapped. */
  readonly args: Readonly<Record<string, Json>>;
  readonly wrapped: boolean;
  /** Lists of names in the context, by where they stand. */
  readonly documented: ReadonlyMap<string, Values>;
  /** Short texts of the context, by where they stand. */
  readonly facts: ReadonlyMap<string, string>;
  /** Arguments that no list names. */
  readonly extra: Values;
  /** Of each list, the names that no argument has. */
  readonly missing: ReadonlyMap<string, Values>;
  /** Texts by what they are called, the most telling first. */
  readonly sources: ReadonlyMap<string, string>;
}

const factCharsMax = 120;
const valueCharsMax = 300;
/** Shorter texts are found anywhere by chance. */
const valueCharsMin = 3;
const depthMax = 3;
const namesMax = 64;
const factsMax = 64;

export function requestOf(call: Call, context: Json | null): Request {
  const [only, ...others] = Object.values(call.args);
  const wrapped = others.length === 0 && isObject(only);
  const args = wrapped && isObject(only) ? only : call.args;
  const documented = new Map<string, Values>();
  const facts = new Map<string, string>();
  if (isObject(context)) readContext(context, "", 0, documented, facts);
  const known = new Set([...documented.values()].flat());
  const names = Object.keys(args);
  const extra = names.filter((name) => !known.has(name)).sort(byText);
  const missing = new Map([...documented].map(([path, list]) => [path, list.filter((name) => !names.includes(name))]));
  const partial = { name: call.name, args, wrapped, documented, facts, extra, missing };
  return { ...partial, sources: sourcesOf(partial) };
}

function readContext(
  context: { readonly [key: string]: Json },
  path: string,
  depth: number,
  documented: Map<string, Values>,
  facts: Map<string, string>,
): void {
  for (const [key, value] of Object.entries(context)) {
    const at = path === "" ? key : `${path}.${key}`;
    if (typeof value === "string") {
      if (value.length > 0 && value.length <= factCharsMax && facts.size < factsMax) facts.set(at, value);
    } else if (isArray(value)) {
      const names = value.slice(0, namesMax).flatMap((one) => nameOf(one) ?? []);
      if (names.length === Math.min(value.length, namesMax)) documented.set(at, names);
    } else if (isObject(value) && depth < depthMax) readContext(value, at, depth + 1, documented, facts);
  }
}

function nameOf(one: Json): string | null {
  const name = isObject(one) ? one["name"] : one;
  return typeof name === "string" && name.length <= factCharsMax ? name : null;
}

function sourcesOf({ name, args, facts, extra, missing }: Omit<Request, "sources">): ReadonlyMap<string, string> {
  const sources = new Map<string, string>();
  const add = (source: string, value: string, charsMin = valueCharsMin) => {
    if (value.length >= charsMin && value.length <= valueCharsMax && !holdsMarks(source + value))
      sources.set(source, value);
  };
  if (extra[0] !== undefined) add("argument that is not documented", extra[0], 1);
  for (const [path, names] of missing) {
    if (names.length === 0) continue;
    add(`missing of ${path}`, listed(names), 1);
    add(`number missing of ${path}`, String(names.length), 1);
  }
  for (const [path, text] of facts) {
    add(path, text);
    add(`${path} as identifier`, identifierOf(text));
  }
  for (const [at, part] of [name, ...name.split("/")].entries()) {
    add(`call ${at}`, part);
    add(`call ${at} as identifier`, identifierOf(part));
  }
  for (const [key, value] of Object.entries(args))
    if (typeof value === "string" || typeof value === "number") add(`argument ${key}`, String(value));
  return sources;
}

/** A name as programs write it: lower case, all else as `_`. */
export function identifierOf(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "_")
    .replace(/^_+|_+$/g, "");
}

/** 'a', 'b', and 'c' */
function listed(names: Values): string {
  const quoted = names.map((name) => `'${name}'`);
  const last = quoted.at(-1) ?? "";
  if (quoted.length < 3) return quoted.join(" and ");
  return `${quoted.slice(0, -1).join(", ")}, and ${last}`;
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
