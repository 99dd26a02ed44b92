/** Edits by the event and by where a text stands to it: most texts stand where the event edits nothing, and are let alone at once. */

/** What is edited, lifted, and what it becomes. */
export type EditsAt = ReadonlyMap<string, string>;

const between = "\u0003";
const indexes = new WeakMap<ReadonlyMap<string, string>, ReadonlyMap<string, EditsAt>>();

/** `edits`: by `editKey`; not changed later. Undefined: the event edits nothing that stands so. */
export function editsAt(edits: ReadonlyMap<string, string>, event: string, standing: string): EditsAt | undefined {
  return indexOf(edits).get(event + between + standing);
}

function indexOf(edits: ReadonlyMap<string, string>): ReadonlyMap<string, EditsAt> {
  const known = indexes.get(edits);
  if (known !== undefined) return known;
  const index = new Map<string, Map<string, string>>();
  for (const [key, outcome] of edits) {
    // An event is an action and an answer.
    const standing = key.indexOf(between, key.indexOf(between) + 1) + 1;
    const end = key.indexOf(between, standing);
    const own = index.get(key.slice(0, end)) ?? new Map<string, string>();
    index.set(key.slice(0, end), own);
    own.set(key.slice(end + 1), outcome);
  }
  indexes.set(edits, index);
  return index;
}
