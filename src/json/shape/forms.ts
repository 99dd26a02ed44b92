/**
 * From what was counted to how a place is read. Decisions only ever move one way (record → map or collection, tuple → keyed → list,
 * plain → atomic), so a shape changes a bounded number of times.
 */
import type { JsonArray, JsonObject } from "../json.ts";
import { isObject } from "../pointer.ts";
import { isGrid } from "./grids.ts";
import type { KeyCandidate, ShapeNode } from "./node.ts";

/** Fields counted per place; beyond it keys can only be data. */
export const keysMax = 512;
/** A tuple has few positions; more are a list. */
const tupleLengthMax = 6;
/** Records told by their place; more are a list. */
const placedMax = 64;
const candidateValuesMax = 64;
/** A candidate that failed this rarely is still an identity: worlds have faults. */
const brokenShareMax = 0.02;
/** Records of another kind may stand among them. */
const lackingShareMax = 0.25;
const candidatesMax = 64;
/** Elements whose fields may be candidates. */
const candidateElementsMax = 8;

/** True where the form changed. `value` is the newest object at the node. */
export function decideObject(node: ShapeNode, value: JsonObject): boolean {
  if (node.forced.data) return forceData(node);
  if (node.objectForm !== "record" || node.depth === 0 || node.members === 0) return false;
  const keys = Object.keys(value);
  if (keys.length === 0) return false;
  if (node.memberObjects === node.members) {
    const isOfThings =
      keys.every(isDataKey) ||
      isKeyedByField(value, keys) ||
      isUniform(keys.map((key) => Object.keys(value[key] ?? {}))) ||
      isVaried(node) ||
      isNaming(node) ||
      isAddressed(node) ||
      isUniformInTime(node, keys);
    if (!isOfThings) return false;
    node.objectForm = "collection";
    return true;
  }
  if (node.memberObjects > 0) return false;
  const named = node.aliasKeyed >= 2 && node.aliasKeyed >= node.filled * namedShareMin;
  const isOneKind = node.memberContainers === 0 || node.memberContainers === node.members;
  if (!(keys.every(isDataKey) || named || isEchoed(node) || (isOneKind && (isVaried(node) || isAddressed(node)))))
    return false;
  node.objectForm = "map";
  return true;
}

/** Data for keys: a collection where all members are objects, else a map. */
function forceData(node: ShapeNode): boolean {
  const before = node.objectForm;
  if (node.members === 0) return false;
  node.objectForm = before !== "map" && node.memberObjects === node.members ? "collection" : "map";
  return before !== node.objectForm;
}

export function decideArray(node: ShapeNode, value: JsonArray): boolean {
  const before = node.arrayForm;
  const key = node.key;
  if (node.forced.key !== null) {
    node.arrayForm = "keyed";
    node.key = node.forced.key;
    return before !== "keyed" || key !== node.key;
  }
  if (before === "list" || before === "cells") return false;
  if (node.elementObjects === 0 && isGrid(value)) {
    node.arrayForm = "keyed";
    node.key = null;
  } else if (node.elements > 0 && node.elementObjects === node.elements) {
    // Which of the lists of a map a record is in is said by the list, not by the record.
    node.key = node.isEntry ? null : bestKey(node);
    node.arrayForm = node.key === null && !isPlaced(node, value) ? "list" : "keyed";
    // One element proves no identity, and a collection that is seen as a list first would be read twice.
    if (node.key === null && node.lengthMax < 2) node.arrayForm = "tuple";
  } else if (
    // A grid no longer.
    before === "keyed" ||
    value.length > tupleLengthMax ||
    value.length !== node.lengthFirst ||
    node.elementObjects > 0
  ) {
    node.arrayForm = "list";
    node.key = null;
  }
  return before !== node.arrayForm || key !== node.key;
}

/** Records that nothing names, always as many: each is the same one from step to step, by its place. */
function isPlaced({ isEntry, lengthFirst, lengthMax }: ShapeNode, value: JsonArray): boolean {
  return (
    !isEntry &&
    lengthFirst >= 2 &&
    lengthFirst <= placedMax &&
    lengthMax === lengthFirst &&
    value.length === lengthFirst
  );
}

/** Counts the fields that might identify the elements. */
export function countCandidates(node: ShapeNode, value: JsonArray): void {
  if (value.length === 0) return;
  for (const element of value.slice(0, candidateElementsMax)) {
    for (const field of isObject(element) ? Object.keys(element) : []) {
      if (node.candidates.size >= candidatesMax || node.candidates.has(field)) continue;
      // In all arrays before it was lacking.
      node.candidates.set(field, { broken: 0, lacking: node.arrays - 1, unstable: 0, values: new Set() });
    }
  }
  for (const [field, candidate] of node.candidates) {
    const seen = new Set<string | number>();
    let there = 0;
    for (const element of value) {
      const one = isObject(element) ? element[field] : undefined;
      if (one !== undefined) there += 1;
      if ((typeof one === "string" && one !== "") || (typeof one === "number" && Number.isInteger(one))) {
        seen.add(one);
        if (candidate.values.size < candidateValuesMax) candidate.values.add(one);
      }
    }
    if (seen.size < there) candidate.broken += 1;
    if (there < value.length) candidate.lacking += 1;
  }
}

/** The field that outlived steps most often; of equals a number (numbers are given out to identify), then the one with most values. */
function bestKey(node: ShapeNode): string | null {
  let best: string | null = null;
  let bestScore = 0;
  for (const [field, candidate] of [...node.candidates].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (!isIdentifying(candidate, node)) continue;
    const [value] = candidate.values;
    const score =
      (Math.min(32, candidate.values.size) / (1 + candidate.unstable)) * (typeof value === "number" ? 1.5 : 1);
    // Holding on to the key that was chosen spares a new reading for a small difference.
    if (score > bestScore * (best === node.key ? 2 : 1) || (field === node.key && score * 2 > bestScore)) {
      best = field;
      bestScore = score;
    }
  }
  return best;
}

function isIdentifying({ broken, lacking, values }: KeyCandidate, node: ShapeNode): boolean {
  if (broken > node.arrays * brokenShareMax || lacking > node.arrays * lackingShareMax) return false;
  return node.lengthMax >= 2 && values.size >= Math.min(node.lengthMax, 32);
}

/** Fields that name entities beside the key: strings that are unique in their array. */
export function aliasFields(node: ShapeNode): readonly string[] {
  if (node.arrayForm !== "keyed") return [];
  const fields: string[] = [];
  for (const [field, candidate] of node.candidates) {
    if (field !== node.key && !isIdentifying(candidate, node)) continue;
    const [value] = candidate.values;
    if (typeof value === "string" || field === node.key) fields.push(field);
  }
  return fields.sort();
}

/** Names of data, not of fields: `#W12`, `red key 2`, `gift_card_7794`, `4354588079`. */
export function isDataKey(key: string): boolean {
  return /[^\w$-]/.test(key) || /(?:^|[_-])\d+$/.test(key) || /\d{4,}/.test(key);
}

function isKeyedByField(value: JsonObject, keys: readonly string[]): boolean {
  return keys.every((key) => {
    const member = value[key];
    return isObject(member) && Object.values(member).some((one) => one === key || String(one) === key);
  });
}

/** Four members of like fields: things of one kind. */
function isUniform([first, ...others]: readonly (readonly string[])[]): boolean {
  if (others.length < 3 || first === undefined || first.length === 0) return false;
  const known = new Set(first);
  return others.every((fields) => isLike(known, fields));
}

function isLike(known: ReadonlySet<string>, fields: readonly string[]): boolean {
  let common = 0;
  for (const field of fields) if (known.has(field)) common += 1;
  return common * 2 >= Math.max(known.size, fields.length);
}

/** Things whose fields come and go have like fields all in all; one of four may be of another kind. Looked at now and then. */
function isUniformInTime({ objects, fields }: ShapeNode, keys: readonly string[]): boolean {
  if (keys.length < 4 || objects < 4 || (objects & (objects - 1)) !== 0) return false;
  const lists = keys.map((key) => [...(fields.get(key)?.keys.keys() ?? [])]);
  return lists.some((list) => {
    const known = new Set(list);
    return known.size > 0 && lists.filter((one) => isLike(known, one)).length * 4 >= keys.length * 3;
  });
}

/** What is said of some members names others, by their keys. */
function isNaming({ keysOverflow, echoed, objects }: ShapeNode): boolean {
  return !keysOverflow && objects >= echoedObjectsMin && echoed.size >= 2;
}

/** Each key was a value here too: what is said of one entry speaks of the others by their names, so names are data. */
function isEchoed({ keys, keysOverflow, echoed, objects }: ShapeNode): boolean {
  return !keysOverflow && objects >= echoedObjectsMin && keys.size >= 2 && echoed.size === keys.size;
}

/** Actions name its members: several, and a good part of them. Fields of a record are seldom asked for one by one. */
function isAddressed({ addressed, keys, keysOverflow }: ShapeNode): boolean {
  if (addressed.size >= addressedMany) return true;
  return !keysOverflow && addressed.size >= addressedMin && addressed.size * 2 >= keys.size;
}

const addressedMin = 3;
const addressedMany = 8;
/** Some are counted again when a form has changed. */
const namedShareMin = 0.95;
const echoedObjectsMin = 4;

/** Other keys in other objects: no key is in most of them, and there are many. */
function isVaried(node: ShapeNode): boolean {
  if (node.objects < 4) return false;
  if (node.keysOverflow) return true;
  const size = node.members / node.objects;
  return (
    node.keys.size >= (size <= 1 ? 4 : 8) &&
    node.keys.size >= 3 * size &&
    Math.max(...node.keys.values()) < 0.5 * node.objects
  );
}
