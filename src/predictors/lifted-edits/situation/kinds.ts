/**
 * What kind of thing it is where no attribute says so: things that have the same fields are of one kind. Fields that one thing had, at once or one
 * after the other, are of its kind; a kind is called by the first of them that was seen.
 */
import type { Entity } from "../state/entity.ts";
import type { Path } from "../state/paths.ts";

/** Of one collection. */
export interface Kinds {
  /** By field: its kind. */
  readonly byField: Map<string, string>;
  /** How many there are. */
  count: number;
}

/** More fields are data: they tell nothing. */
const fieldsMax = 96;
/** More kinds are chance. */
const kindsMax = 8;

export function createKinds(byField: Iterable<readonly [field: string, kind: string]> = []): Kinds {
  const fields = new Map(byField);
  return { byField: fields, count: new Set(fields.values()).size };
}

/** The kinds of a collection tell its things apart. */
export function areTold({ byField, count }: Kinds): boolean {
  return count >= 2 && count <= kindsMax && byField.size < fieldsMax;
}

/** Null where its collection has no kinds, or nothing is said of it. */
export function kindOf({ flat }: Entity, kinds: Kinds | undefined): string | null {
  if (kinds === undefined || !areTold(kinds)) return null;
  for (const path of flat.paths) {
    const kind = isField(path) ? kinds.byField.get(path.text) : undefined;
    if (kind !== undefined) return kind;
  }
  return null;
}

/** One thing has all these fields. Returns the kinds that are of another one now. */
export function learnKind(kinds: Kinds, paths: Iterable<Path>): readonly (readonly [was: string, is: string])[] {
  const { byField } = kinds;
  const joined: [string, string][] = [];
  let own: string | null = null;
  for (const path of paths) {
    if (!isField(path)) continue;
    const kind = byField.get(path.text);
    if (kind === undefined) {
      if (byField.size >= fieldsMax) continue;
      if (own === null) kinds.count += 1;
      own ??= `thing with ${path.text}`;
      byField.set(path.text, own);
    } else if (own === null) own = kind;
    else if (kind !== own) {
      for (const [field, of] of byField) if (of === kind) byField.set(field, own);
      joined.push([kind, own]);
      kinds.count -= 1;
    }
  }
  return joined;
}

/** Not an entry of a map, whose name is data, nor what is said of it elsewhere. */
function isField({ segment, text }: Path): boolean {
  return segment === null && text !== "" && !text.startsWith("^");
}
