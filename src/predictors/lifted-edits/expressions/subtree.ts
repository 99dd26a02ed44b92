/**
 * Copies of whole subtrees: the entity that an argument addresses, the root's records, or a part of them, as they are before or after the step. A
 * segment of the way may be what an argument names: the inbox of whom the message is for.
 */
import { equalJson } from "../../../json/diff.ts";
import type { Json } from "../../../json/json.ts";
import { isArray, isObject, pointerText } from "../../../json/pointer.ts";
import type { Canon } from "../state/canon.ts";
import { type Entity, holdsThingsAt, isAt } from "../state/entity.ts";
import { hashValue } from "../state/flatten.ts";
import { argumentMark } from "../state/skeleton.ts";
import type { Expression } from "./expression.ts";
import { namesIn, partAt, roleIn, type Site } from "./sources.ts";

export type Subtree = Extract<Expression, readonly ["subtree", ...(readonly unknown[])]>;

/** A part of a new value that is a copy of what came of the step. */
export interface Copy {
  readonly segments: readonly string[];
  readonly expression: Subtree;
  /** As it is before. */
  readonly before: Json;
}

const depthMax = 3;
const foundMax = 12;
/** Larger maps are entered where an argument names a key: keys are data there. */
const keysMax = 32;

/** All roles' subtrees that equal the value. `after` is the next state. */
export function explainSubtree(site: Site, value: Json, after: Canon): Expression[] {
  if (typeof value !== "object" || value === null) return [];
  const hash = hashValue(value);
  const found: Expression[] = [];
  const seen = new Set<Entity>();
  const names = namesIn(site.scene);
  for (const role of [...site.scene.entityRoles(site.entity), ...site.scene.roles]) {
    if (role.far || found.length >= foundMax) continue;
    const then = after.like(role.entity);
    if (then === undefined) continue;
    // The row's own value is no explanation of itself.
    const own = role.entity === site.entity ? (site.path?.pointer ?? null) : null;
    search({ entity: then, own, fixed: role.entity, names }, [], [], then.value, (pointer, part) => {
      // Nor is it where it is reached by another way.
      if (part !== value && hashValue(part) === hash && equalJson(part, value))
        found.push(["subtree", role.name, pointer, "after"]);
    });
    if (!seen.has(role.entity) && then.value !== role.entity.value) {
      const entity = role.entity;
      search({ entity, own, fixed: null, names }, [], [], entity.value, (pointer, part) => {
        if (hashValue(part) === hash && equalJson(part, value)) found.push(["subtree", role.name, pointer, "before"]);
      });
    }
    seen.add(role.entity);
  }
  return found.slice(0, foundMax);
}

interface Search {
  readonly entity: Entity;
  readonly own: readonly string[] | null;
  readonly fixed: Entity | null;
  readonly names: ReadonlyMap<string, string>;
}

/** Visits the containers within `value`, a part of the entity's, but for `own`. Things within are not entered but where an argument names them. */
function search(
  how: Search,
  segments: readonly string[],
  told: readonly string[],
  value: Json,
  visit: (pointer: string, part: Json) => void,
): void {
  const { entity, own, fixed, names } = how;
  if (typeof value !== "object" || value === null) return;
  if (own !== null && isAt(own, segments)) return;
  // A copy of a copy would wait for itself: what is edited as a whole is no source of what comes after.
  if (fixed?.flat.paths.some((path, at) => fixed.flat.nodes[at]?.atomic === true && isAt(path.pointer, segments)))
    return;
  if (own === null || segments.length > 0) visit(pointerText(told), value);
  if (segments.length >= depthMax || !isObject(value)) return;
  if (holdsThingsAt(entity, segments)) return;
  const keys = Object.keys(value);
  for (const key of keys) {
    const slot = names.get(key);
    const next = value[key] ?? null;
    if (slot !== undefined) search(how, [...segments, key], [...told, `${argumentMark}${slot}`], next, visit);
    if (keys.length <= keysMax) search(how, [...segments, key], [...told, key], next, visit);
  }
}

function resolveSubtree(expression: Subtree, site: Site, after: Canon): Json | undefined {
  const [, name, pointer, when] = expression;
  const entity = roleIn(site, name);
  const now = when === "after" && entity !== undefined ? after.like(entity) : entity;
  return partAt(now?.value, pointer, site);
}

/** A copy as a part of a new value, or all of it; null where nobody plays the role, or the argument names no part of it. */
export function copyAt(expression: Subtree, site: Site): Copy | null {
  const before = resolveSubtree(expression, site, site.scene.canon) ?? null;
  const isThere =
    before !== null || (roleIn(site, expression[1]) !== undefined && !expression[2].includes(argumentMark));
  return isThere ? { segments: [], expression, before } : null;
}

/** The value with its copies as they are in the next state; undefined where one of them is nowhere. */
export function copied(value: Json | undefined, copies: readonly Copy[], site: Site, after: Canon): Json | undefined {
  let result = value;
  for (const { segments, expression } of copies) {
    const part = resolveSubtree(expression, site, after);
    if (part === undefined) return undefined;
    result = replaced(result, segments, 0, part);
  }
  return result;
}

function replaced(value: Json | undefined, segments: readonly string[], at: number, part: Json): Json {
  const segment = segments[at];
  if (segment === undefined || value === undefined) return part;
  if (isArray(value)) return value.with(Number(segment), replaced(value[Number(segment)], segments, at + 1, part));
  if (!isObject(value)) return value;
  return { ...value, [segment]: replaced(value[segment], segments, at + 1, part) };
}
