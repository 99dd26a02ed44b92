/** Which strings name entities: a second walk that knows the names of a state. Counted once per subtree. */
import type { Json } from "../json.ts";
import { isArray, isObject } from "../pointer.ts";
import { childNode, type ShapeNode } from "./node.ts";

/** The names of a state's entities: keys of collections, identities and other unique names of keyed arrays. */
export function namesOf(state: Json, root: ShapeNode): ReadonlySet<string> {
  const names = new Set<string>();
  collect(state, root, names);
  return names;
}

function collect(value: Json, node: ShapeNode, names: Set<string>): void {
  if (node.atomic) return;
  if (isArray(value)) {
    const keyed = node.arrayForm === "keyed";
    if (!keyed && node.arrayForm !== "tuple") return;
    const fields = keyed ? node.aliases : [];
    for (const [at, element] of value.entries()) {
      for (const field of fields) {
        const name = isObject(element) ? element[field] : undefined;
        if (typeof name === "string" && names.size < namesMax) names.add(name);
      }
      descend(value, element, String(at), node, names);
    }
    return;
  }
  if (!isObject(value)) return;
  for (const key of Object.keys(value)) {
    if (node.objectForm === "collection" && names.size < namesMax) names.add(key);
    descend(value, value[key] ?? null, key, node, names);
  }
}

function descend(container: Json, value: Json, segment: string, node: ShapeNode, names: Set<string>): void {
  if (typeof value !== "object" || value === null) return;
  const child = childNode(node, container, segment);
  if (child !== null) collect(value, child, names);
}

/** What was walked: `counted` once, and `plain` where no list within must be counted again with each state. */
export interface Walked {
  readonly counted: WeakSet<object>;
  readonly plain: WeakSet<object>;
}

export function countReferences(state: Json, root: ShapeNode, names: ReadonlySet<string>, walked: Walked): void {
  const lists = new Map<ShapeNode, Set<string>>();
  walk(state, root, names, walked, lists);
  for (const node of lists.keys()) node.listStates += 1;
}

type Lists = Map<ShapeNode, Set<string>>;

/** False where a list was met. */
function walk(value: Json, node: ShapeNode, names: ReadonlySet<string>, walked: Walked, lists: Lists): boolean {
  if (typeof value === "string") {
    if (names.has(value)) node.referenceHits += 1;
    else node.referenceMisses += 1;
    return true;
  }
  if (node.atomic || typeof value !== "object" || value === null || walked.plain.has(value)) return true;
  const known = walked.counted.has(value);
  walked.counted.add(value);
  const isList = isArray(value) && node.arrayForm === "list" && node.elementObjects === 0;
  if (isArray(value) && isList) countList(value, node, lists);
  const keys = Object.keys(value);
  if (!known && isObject(value) && keys.length > 0 && keys.every((key) => names.has(key))) node.aliasKeyed += 1;
  let isPlain = !isList;
  for (const segment of keys) {
    const member = isArray(value) ? value[Number(segment)] : value[segment];
    if (member === undefined || (known && (typeof member !== "object" || member === null))) continue;
    const child = childNode(node, value, segment);
    if (child !== null && !walk(member, child, names, walked, lists)) isPlain = false;
  }
  if (isPlain) walked.plain.add(value);
  return isPlain;
}

function countList(value: readonly Json[], node: ShapeNode, lists: Lists): void {
  const seen = lists.get(node) ?? new Set<string>();
  lists.set(node, seen);
  node.lists += 1;
  let shared = false;
  for (const element of value) {
    if (typeof element !== "string") continue;
    if (seen.has(element)) shared = true;
    seen.add(element);
  }
  if (shared) node.shared += 1;
  else if (value.length > 0) node.exclusive += 1;
}

/** Beyond it further entities have no names: the time of a walk is bounded. */
const namesMax = 20_000;
