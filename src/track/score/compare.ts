/**
 * Two values leaf by leaf under comparison rules. Leaves are scalars and empty containers; an element of an unordered array is one leaf,
 * an element of a keyed array is found by its identity. Values that share structure are compared in the time of what differs.
 *
 * A path names object keys as `/key` and array positions as `[0]`, so an array is never taken for an object with numbers for keys.
 */
import { canonicalText } from "../../json/canonical.ts";
import { sha256Hex } from "../../json/hash.ts";
import type { Json, JsonObject, JsonText } from "../../json/json.ts";
import { isArray, isObject } from "../../json/pointer.ts";
import { normaliseString } from "./normalise.ts";
import type { Tolerance } from "./options.ts";
import type { RuleNode } from "./rule-node.ts";

/** A leaf that differs: its canonical text on both sides, null where the side has no such leaf. Of long strings it has their hash. */
export interface LeafChange {
  from: JsonText | null;
  to: JsonText | null;
}
export type LeafChanges = ReadonlyMap<string, LeafChange>;

const none: LeafChanges = new Map();

/** The leaves in which the two values differ under the rules. */
export function compareLeaves(from: Json, to: Json, rules: RuleNode): LeafChanges {
  if (from === to) return none;
  const changes = new Map<string, LeafChange>();
  walk(from, to, rules, "", changes);
  return changes;
}

/** How many leaves the value has under the rules; at least 1 unless all of it is ignored. */
export function countLeaves(value: Json, rules: RuleNode): number {
  if (rules.ignored) return 0;
  if (typeof value !== "object" || value === null) return 1;
  const known = rules.leafCounts.get(value);
  if (known !== undefined) return known;
  let leaves = 0;
  if (rules.plain) for (const child of Object.values(value)) leaves += countLeaves(child, rules);
  else
    for (const [, child, childRules] of members(value, rules))
      leaves += rules.unordered && isArray(value) ? 1 : countLeaves(child, childRules);
  const counted = Math.max(1, leaves);
  rules.leafCounts.set(value, counted);
  return counted;
}

/** The value as the rules see it: ignored members gone, strings normalised, unordered arrays sorted. */
export function textUnderRules(value: Json, rules: RuleNode): JsonText {
  return rules.plain ? canonicalText(value) : canonicalText(normalised(value, rules));
}

function walk(from: Json, to: Json, rules: RuleNode, path: string, changes: Map<string, LeafChange>): void {
  if (from === to || rules.ignored) return;
  if (isArray(from) && isArray(to)) {
    if (rules.unordered || rules.key !== null || rules.ignoresChildren) walkMembers(from, to, rules, path, changes);
    else walkPositions(from, to, rules, path, changes);
    return;
  }
  if (isObject(from) && isObject(to)) {
    if (rules.ignoresChildren) walkMembers(from, to, rules, path, changes);
    else walkKeys(from, to, rules, path, changes);
    return;
  }
  if (isLeaf(from) && isLeaf(to)) {
    if (!equalScalars(from, to, rules)) changes.set(path, { from: leafText(from, rules), to: leafText(to, rules) });
    return;
  }
  gather(from, rules, path, "from", changes);
  gather(to, rules, path, "to", changes);
}

/** The fast ways: arrays by position and objects without ignored members. */
function walkPositions(
  from: readonly Json[],
  to: readonly Json[],
  rules: RuleNode,
  path: string,
  changes: Map<string, LeafChange>,
): void {
  if (emptied(from.length, to.length, from, to, rules, path, changes)) return;
  const both = Math.min(from.length, to.length);
  for (let at = 0; at < both; at++) {
    const [a, b] = [from[at] ?? null, to[at] ?? null];
    if (a !== b) walk(a, b, elementAt(rules, at), `${path}[${at}]`, changes);
  }
  for (let at = both; at < from.length; at++)
    gather(from[at] ?? null, elementAt(rules, at), `${path}[${at}]`, "from", changes);
  for (let at = both; at < to.length; at++)
    gather(to[at] ?? null, elementAt(rules, at), `${path}[${at}]`, "to", changes);
}

function walkKeys(
  from: JsonObject,
  to: JsonObject,
  rules: RuleNode,
  path: string,
  changes: Map<string, LeafChange>,
): void {
  const keys = Object.keys(from);
  const others = Object.keys(to);
  if (emptied(keys.length, others.length, from, to, rules, path, changes)) return;
  for (const key of keys) {
    const a = from[key] ?? null;
    const there = Object.hasOwn(to, key);
    if (there && a === to[key]) continue;
    const at = `${path}/${escapeKey(key)}`;
    if (there) walk(a, to[key] ?? null, childAt(rules, key), at, changes);
    else gather(a, childAt(rules, key), at, "from", changes);
  }
  for (const key of others) {
    if (!Object.hasOwn(from, key))
      gather(to[key] ?? null, childAt(rules, key), `${path}/${escapeKey(key)}`, "to", changes);
  }
}

/** An empty container is a leaf of its own. True where one side is empty, and everything is said. */
function emptied(
  a: number,
  b: number,
  from: Json,
  to: Json,
  rules: RuleNode,
  path: string,
  changes: Map<string, LeafChange>,
): boolean {
  if (a > 0 && b > 0) return false;
  if (a === 0 && b === 0) return true;
  gather(from, rules, path, "from", changes);
  gather(to, rules, path, "to", changes);
  return true;
}

/** The general way: members by their names under the rules. */
function walkMembers(from: Json, to: Json, rules: RuleNode, path: string, changes: Map<string, LeafChange>): void {
  const left = new Map(membersByName(from, rules));
  const right = new Map(membersByName(to, rules));
  if (emptied(left.size, right.size, from, to, rules, path, changes)) return;
  for (const [name, [a, childRules]] of left) {
    const other = right.get(name);
    if (other === undefined) gatherMember(from, a, childRules, rules, path + name, "from", changes);
    else if (!(rules.unordered && isArray(from))) walk(a, other[0], childRules, path + name, changes);
  }
  for (const [name, [b, childRules]] of right) {
    if (!left.has(name)) gatherMember(to, b, childRules, rules, path + name, "to", changes);
  }
}

function gatherMember(
  container: Json,
  value: Json,
  childRules: RuleNode,
  rules: RuleNode,
  path: string,
  side: "from" | "to",
  changes: Map<string, LeafChange>,
): void {
  if (rules.unordered && isArray(container)) put(changes, path, side, textUnderRules(value, childRules));
  else gather(value, childRules, path, side, changes);
}

/** All leaves of a value that the other side has not. */
function gather(
  value: Json,
  rules: RuleNode,
  path: string,
  side: "from" | "to",
  changes: Map<string, LeafChange>,
): void {
  if (rules.ignored) return;
  if (isLeaf(value)) {
    put(changes, path, side, leafText(value, rules));
    return;
  }
  let empty = true;
  for (const [name, [child, childRules]] of membersByName(value, rules)) {
    empty = false;
    gatherMember(value, child, childRules, rules, path + name, side, changes);
  }
  if (empty) put(changes, path, side, isArray(value) ? "[]" : "{}");
}

function put(changes: Map<string, LeafChange>, path: string, side: "from" | "to", text: JsonText): void {
  const known = changes.get(path);
  if (known === undefined) {
    changes.set(path, side === "from" ? { from: text, to: null } : { from: null, to: text });
    return;
  }
  known[side] = text;
  if (known.from === known.to) changes.delete(path);
}

/** Members that are not ignored, with the part of the path that names each; doubles of one identity are numbered. */
function* membersByName(value: Json, rules: RuleNode): Generator<readonly [string, readonly [Json, RuleNode]]> {
  const seen = new Map<string, number>();
  const identified = isArray(value) && (rules.unordered || rules.key !== null);
  for (const [key, child, childRules] of members(value, rules)) {
    const name = identified ? identityOf(child, childRules, rules) : isArray(value) ? `[${key}]` : `/${escapeKey(key)}`;
    const times = identified ? (seen.get(name) ?? 0) : 0;
    if (identified) seen.set(name, times + 1);
    yield [times === 0 ? name : `${name}#${times}`, [child, childRules]];
  }
}

function* members(value: Json, rules: RuleNode): Generator<readonly [string, Json, RuleNode]> {
  if (isArray(value)) {
    const positional = !rules.unordered && rules.key === null;
    for (let at = 0; at < value.length; at++) {
      const childRules = positional ? elementAt(rules, at) : rules.other();
      if (!childRules.ignored) yield [String(at), value[at] ?? null, childRules];
    }
  } else if (isObject(value)) {
    for (const key of Object.keys(value)) {
      const childRules = childAt(rules, key);
      if (!childRules.ignored) yield [key, value[key] ?? null, childRules];
    }
  }
}

/** An element without the identifying property is known by its whole value. */
function identityOf(element: Json, childRules: RuleNode, rules: RuleNode): string {
  if (!rules.unordered && rules.key !== null && isObject(element) && Object.hasOwn(element, rules.key)) {
    return `[${rules.key}=${canonicalText(element[rules.key] ?? null)}]`;
  }
  return `[=${textUnderRules(element, childRules)}]`;
}

function normalised(value: Json, rules: RuleNode): Json {
  if (typeof value === "string") return normaliseString(value, rules.normalisations);
  if (isLeaf(value)) return value;
  if (isArray(value)) {
    const kept = [...members(value, rules)].map(([, child, childRules]) => normalised(child, childRules));
    return rules.unordered || rules.key !== null ? kept.sort(byText) : kept;
  }
  return Object.fromEntries(
    [...members(value, rules)].map(([key, child, childRules]) => [key, normalised(child, childRules)]),
  );
}

function byText(a: Json, b: Json): number {
  const [left, right] = [canonicalText(a), canonicalText(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

function childAt(rules: RuleNode, segment: string): RuleNode {
  return rules.distinguishes ? rules.child(segment) : rules.other();
}

function elementAt(rules: RuleNode, at: number): RuleNode {
  return rules.distinguishes ? rules.child(String(at)) : rules.other();
}

function isLeaf(value: Json): value is string | number | boolean | null {
  return typeof value !== "object" || value === null;
}

function equalScalars(from: Json, to: Json, rules: RuleNode): boolean {
  if (typeof from === "number" && typeof to === "number" && rules.tolerance !== null)
    return within(from, to, rules.tolerance);
  if (typeof from === "string" && typeof to === "string" && rules.normalisations.length > 0) {
    return normaliseString(from, rules.normalisations) === normaliseString(to, rules.normalisations);
  }
  return false;
}

function within(from: number, to: number, { absolute = 0, relative = 0 }: Tolerance): boolean {
  return Math.abs(from - to) <= Math.max(absolute, relative * Math.max(Math.abs(from), Math.abs(to)));
}

/** The canonical text of what was read as JSON: finite, and no -0. */
function numberText(value: number): JsonText {
  return Number.isFinite(value) ? String(value) : canonicalText(value);
}

/** Longer strings are kept by their hash: whoever looks at a leaf looks for a word, and an episode keeps the leaves of many steps. */
const leafCharsMax = 4_096;

function leafText(value: Json, rules: RuleNode): JsonText {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number") return numberText(value);
  if (typeof value !== "string") return canonicalText(value);
  const text = normaliseString(value, rules.normalisations);
  return canonicalText(text.length > leafCharsMax ? `SHA-256 ${sha256Hex(text)}` : text);
}

function escapeKey(key: string): string {
  return /[~/[]/.test(key) ? key.replaceAll("~", "~0").replaceAll("/", "~1").replaceAll("[", "~2") : key;
}
