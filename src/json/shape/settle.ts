/** What follows from the counts of a place: references, exclusive lists, names. Settled after each state, so that readers need no counts. */
import { aliasFields } from "./forms.ts";
import type { ShapeNode } from "./node.ts";

/** `changed` is told of each exclusive list that came or went: states are read anew then. */
export function settle(node: ShapeNode, changed: (node: ShapeNode) => void, parent: ShapeNode | null = null): void {
  node.reference = isReference(node);
  const exclusive = isExclusiveList(node, parent);
  if (exclusive !== node.exclusiveList) changed(node);
  node.exclusiveList = exclusive;
  node.aliases = node.arrayForm === "keyed" ? aliasFields(node) : node.aliases;
  if (node.atomic) return;
  for (const child of node.fields.values()) settle(child, changed, node);
  if (node.each !== null) settle(node.each, changed, node);
}

/** Nearly all strings here name entities, and it is no chance (a word that happens to be a name). */
function isReference({ forced, referenceHits: hits, referenceMisses: misses }: ShapeNode): boolean {
  if (forced.reference) return true;
  return hits >= referencesMin && misses <= (hits + misses) * referenceMissesShareMax;
}

/** One of several in a state, always there though it may be empty: what it names is kept in it, not mentioned by it. */
function isExclusiveList(node: ShapeNode, parent: ShapeNode | null): boolean {
  if (node.atomic || node.arrayForm !== "list" || node.each === null || node.elementObjects > 0 || parent === null)
    return false;
  const field = node.segments.at(-1) ?? "";
  if ((parent.keys.get(field) ?? 0) < parent.objects * presentShareMin || node.lists < 2 * node.listStates)
    return false;
  return isReference(node.each) && node.exclusive > 0 && node.shared <= (node.exclusive + node.shared) * sharedShareMax;
}

/** Fewer hits may be chance. */
const referencesMin = 3;
/** A reference may name what is not shown, now and then. */
const referenceMissesShareMax = 0.05;
/** A few doubled references (faults of the world) do not end an exclusive list. */
const sharedShareMax = 0.02;
/** Nearly every object of the kind has such a list. */
const presentShareMin = 0.9;
