/** What follows from the counts of a place: references, exclusive lists, names. Settled after each state, so that readers need no counts. */
import { aliasFields } from "./forms.ts";
import type { ShapeNode } from "./node.ts";

/** True where an exclusive list came or went: states are read anew then. */
export function settle(node: ShapeNode): boolean {
  node.reference = isReference(node);
  const exclusive = isExclusiveList(node);
  let changed = exclusive !== node.exclusiveList;
  node.exclusiveList = exclusive;
  node.aliases = node.arrayForm === "keyed" ? aliasFields(node) : node.aliases;
  if (node.atomic) return changed;
  for (const child of node.fields.values()) if (settle(child)) changed = true;
  if (node.any !== null && settle(node.any)) changed = true;
  return changed;
}

/** Nearly all strings here name entities, and it is no chance (a word that happens to be a name). */
function isReference({ referenceHits: hits, referenceMisses: misses }: ShapeNode): boolean {
  return hits >= referencesMin && misses <= (hits + misses) * referenceMissesShareMax;
}

function isExclusiveList(node: ShapeNode): boolean {
  if (node.atomic || node.arrayForm !== "list" || node.any === null || node.elementObjects > 0) return false;
  return isReference(node.any) && node.exclusive > 0 && node.shared <= (node.exclusive + node.shared) * sharedShareMax;
}

/** Fewer hits may be chance. */
const referencesMin = 3;
/** A reference may name what is not shown, now and then. */
const referenceMissesShareMax = 0.05;
/** A few doubled references (faults of the world) do not end an exclusive list. */
const sharedShareMax = 0.02;
