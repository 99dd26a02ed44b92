/** One walk over a state that counts what is where. Subtrees that were counted before (shared with an earlier state) are skipped. */
import { equalJson } from "../diff.ts";
import type { Json, JsonArray, JsonObject } from "../json.ts";
import { isArray, isObject } from "../pointer.ts";
import { countCandidates, decideArray, decideObject, keysMax } from "./forms.ts";
import { isGrid } from "./grids.ts";
import { createNode, isGridNode, pathOf, type ShapeNode } from "./node.ts";
import type { ForcedAt } from "./overrides.ts";

export interface Observation {
  readonly limits: ShapeLimits;
  readonly forcedAt: ForcedAt;
  /** Subtrees counted before. */
  counted: WeakSet<object>;
  nodes: number;
  /** How often a form changed: what was read by the old one must be read anew. */
  revision: number;
  /** The places whose forms changed, until they are taken. */
  changed: string[];
}

export function revise(observation: Observation, { path }: ShapeNode): void {
  observation.revision += 1;
  observation.changed.push(path);
}

export interface ShapeLimits {
  /** Places in all; beyond them values are taken as a whole. */
  readonly nodesMax: number;
  readonly depthMax: number;
}

/** Counts a state, or a part of one at its node, and decides anew how the places in it are read. */
export function observe(value: Json, node: ShapeNode, observation: Observation): void {
  if (isArray(value)) observeArray(value, node, observation);
  else if (isObject(value)) observeObject(value, node, observation);
  else if (value === null) node.nulls += 1;
  else node.scalars += 1;
}

function observeObject(value: JsonObject, node: ShapeNode, observation: Observation): void {
  if (observation.counted.has(value)) return;
  observation.counted.add(value);
  node.objects += 1;
  const keys = Object.keys(value);
  if (keys.length > 0) node.filled += 1;
  for (const key of keys) {
    const member = value[key] ?? null;
    node.members += 1;
    if (isObject(member)) node.memberObjects += 1;
    if (typeof member === "object" && member !== null) node.memberContainers += 1;
    if (node.objectForm === "record") {
      countKey(node, key);
      countEchoes(node, key, member);
    }
  }
  if (node.atomic) return;
  if (decideObject(node, value)) becomeMap(node, observation);
  if (node.objectForm !== "record") {
    if (node.objectForm === "collection" && node.memberObjects < node.members) {
      // Not all members are records after all: one value.
      node.atomic = true;
      revise(observation, node);
      return;
    }
    const each = anyOf(node, observation);
    if (each !== null) each.isEntry = node.objectForm === "map";
    for (const key of keys) visit(value[key] ?? null, each, observation);
    return;
  }
  for (const key of keys) visit(value[key] ?? null, fieldOf(node, key, observation), observation);
}

function observeArray(value: JsonArray, node: ShapeNode, observation: Observation): void {
  if (observation.counted.has(value)) return;
  observation.counted.add(value);
  node.arrays += 1;
  node.elements += value.length;
  if (node.lengthFirst === -1) node.lengthFirst = value.length;
  node.lengthMax = Math.max(node.lengthMax, value.length);
  for (const element of value) if (isObject(element)) node.elementObjects += 1;
  if (node.elementObjects > 0 && node.elementObjects === node.elements) countCandidates(node, value);
  if (node.atomic) return;
  if (decideArray(node, value) && node.arrays > 1) revise(observation, node);
  if (node.arrayForm === "tuple") {
    for (let at = 0; at < value.length; at++)
      visit(value[at] ?? null, fieldOf(node, String(at), observation), observation);
    return;
  }
  const each = anyOf(node, observation);
  if (each !== null && each.arrays + each.scalars === 0 && node.arrayForm === "keyed" && isGrid(value))
    each.arrayForm = "cells";
  for (const element of value) visit(element, each, observation);
}

function visit(value: Json, node: ShapeNode | null, observation: Observation): void {
  if (node !== null) observe(value, node, observation);
}

/** Two consecutive states: what changes between container and none, or to quite other fields, is one value. */
export function observeChange(before: Json, after: Json, node: ShapeNode, observation: Observation): void {
  if (before === after || node.atomic) return;
  if (isObject(before) && isObject(after)) {
    const isRecord = node.objectForm === "record" && node.depth > 0;
    if (isRecord && !isAlike(before, after) && !areFacts(node, before, after)) return makeAtomic(node, observation);
    for (const key of Object.keys(after)) {
      const child = memberNode(node, key);
      if (child === null) continue;
      const old = Object.hasOwn(before, key) ? before[key] : undefined;
      if (old !== undefined) observeChange(old, after[key] ?? null, child, observation);
      else if (isArray(after[key])) comesOrGoes(child, observation);
    }
    for (const key of Object.keys(before)) {
      const child = isArray(before[key]) && !Object.hasOwn(after, key) ? memberNode(node, key) : null;
      if (child !== null) comesOrGoes(child, observation);
    }
    return;
  }
  if (isArray(before) && isArray(after)) {
    if (isGridNode(node)) {
      // What grows is a list of lists.
      if (before.length !== after.length) makeList(node, observation);
      return;
    }
    if (node.arrayForm === "keyed" || node.candidates.size > 0) observeElements(before, after, node, observation);
    return;
  }
  const containers =
    Number(typeof before === "object" && before !== null) + Number(typeof after === "object" && after !== null);
  if (containers > 0 && !equalJson(before, after)) makeAtomic(node, observation);
}

function observeElements(before: JsonArray, after: JsonArray, node: ShapeNode, observation: Observation): void {
  if (before.length === after.length) {
    for (const [field, candidate] of node.candidates) {
      const values = new Set(before.map((element) => (isObject(element) ? element[field] : undefined)));
      if (after.some((element) => isObject(element) && !values.has(element[field]))) candidate.unstable += 1;
    }
  }
  const { key, each } = node;
  if (each === null || node.arrayForm !== "keyed") return;
  if (key === null) {
    for (const [at, element] of before.entries()) observeChange(element, after[at] ?? null, each, observation);
    return;
  }
  const old = new Map(before.map((element) => [isObject(element) ? element[key] : undefined, element]));
  for (const element of after) {
    const same = isObject(element) ? old.get(element[key]) : undefined;
    if (same !== undefined) observeChange(same, element, each, observation);
  }
}

function memberNode(node: ShapeNode, key: string): ShapeNode | null {
  return (node.objectForm === "record" ? node.fields.get(key) : node.each) ?? null;
}

/** What an array of positions says is always there: one that comes and goes is said as a whole. */
function comesOrGoes(node: ShapeNode, observation: Observation): void {
  if (node.atomic || node.arrayForm !== "tuple" || node.elementObjects > 0 || node.arrays === 0) return;
  makeList(node, observation);
}

function makeList(node: ShapeNode, observation: Observation): void {
  node.arrayForm = "list";
  revise(observation, node);
}

function makeAtomic(node: ShapeNode, observation: Observation): void {
  node.atomic = true;
  revise(observation, node);
}

/** What is said of a thing may all be otherwise: flags and what it is related to. It is the same thing by its name. */
function areFacts(node: ShapeNode, before: JsonObject, after: JsonObject): boolean {
  if (!node.path.endsWith(".*")) return false;
  return [before, after].every((one) =>
    Object.values(one).every((value) => typeof value === "boolean" || isArray(value)),
  );
}

/** A record keeps most of its fields from step to step. */
function isAlike(before: JsonObject, after: JsonObject): boolean {
  const [a, b] = [Object.keys(before), Object.keys(after)];
  if (a.length === 0 || b.length === 0) return true;
  let common = 0;
  for (const key of b) if (Object.hasOwn(before, key)) common += 1;
  return common * 3 >= Math.max(a.length, b.length);
}

function countKey(node: ShapeNode, key: string): void {
  const count = node.keys.get(key);
  if (count === undefined && node.keys.size >= keysMax) node.keysOverflow = true;
  else node.keys.set(key, (count ?? 0) + 1);
}

/** Keys of the place that a member is, or has among the few elements of a list; of a record, what its fields say of other keys. */
function countEchoes(node: ShapeNode, key: string, member: Json): void {
  if (!isObject(member)) return countEcho(node, null, member);
  if (node.memberObjects < node.members) return;
  for (const field of Object.keys(member)) countEcho(node, key, member[field] ?? null);
}

function countEcho({ keys, echoed }: ShapeNode, own: string | null, value: Json): void {
  if (typeof value === "string") {
    if (value !== own && keys.has(value)) echoed.add(value);
  } else if (isArray(value) && value.length <= echoElementsMax) {
    for (const element of value)
      if (typeof element === "string" && element !== own && keys.has(element)) echoed.add(element);
  }
}

const echoElementsMax = 4;

/** What was counted by field is counted as one from now on; the fields' own forms are found again. */
function becomeMap(node: ShapeNode, observation: Observation): void {
  if (node.fields.size > 0) revise(observation, node);
  observation.nodes -= node.fields.size;
  node.fields.clear();
  observation.counted = new WeakSet();
}

function anyOf(node: ShapeNode, observation: Observation): ShapeNode | null {
  if (node.each === null) node.each = newNode(node, "*", observation);
  return node.each;
}

function fieldOf(node: ShapeNode, key: string, observation: Observation): ShapeNode | null {
  const known = node.fields.get(key);
  if (known !== undefined) return known;
  const made = newNode(node, key, observation);
  if (made !== null) node.fields.set(key, made);
  return made;
}

function newNode(node: ShapeNode, segment: string, observation: Observation): ShapeNode | null {
  const { nodesMax, depthMax } = observation.limits;
  if (observation.nodes >= nodesMax || node.depth >= depthMax) return null;
  observation.nodes += 1;
  const made = createNode(pathOf(node, segment), node.depth + 1, [...node.segments, segment]);
  made.forced = observation.forcedAt(made.segments);
  return made;
}
