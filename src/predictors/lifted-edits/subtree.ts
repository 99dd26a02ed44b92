/** Copies of whole subtrees: the entity that an argument addresses, the root's records, or a part of them, as they are before or after the step. */
import { equalJson } from "../../json/diff.ts";
import type { Json } from "../../json/json.ts";
import { escapeToken, isArray, isObject, memberOf, pointerTokens } from "../../json/pointer.ts";
import type { Canon } from "./canon.ts";
import type { Entity } from "./entity.ts";
import type { Expression } from "./expression.ts";
import { hashValue } from "./flatten.ts";
import { roleIn, type Site } from "./sources.ts";

const depthMax = 3;
const foundMax = 12;

/** All roles' subtrees that equal the value. `after` is the next state. */
export function explainSubtree(site: Site, value: Json, after: Canon): Expression[] {
  if (typeof value !== "object" || value === null) return [];
  const hash = hashValue(value);
  const found: Expression[] = [];
  const seen = new Set<Entity>();
  for (const role of [...site.scene.entityRoles(site.entity), ...site.scene.roles]) {
    if (role.far || found.length >= foundMax) continue;
    const then = after.like(role.entity);
    if (then === undefined) continue;
    // The row's own value is no explanation of itself.
    const own = role.entity === site.entity ? (site.path?.pointer ?? null) : null;
    search(then, [], own, role.entity, then.value, (pointer, part) => {
      // Nor is it where it is reached by another way.
      if (part !== value && hashValue(part) === hash && equalJson(part, value))
        found.push(["subtree", role.name, pointer, "after"]);
    });
    if (!seen.has(role.entity) && then.value !== role.entity.value) {
      search(role.entity, [], own, null, role.entity.value, (pointer, part) => {
        if (hashValue(part) === hash && equalJson(part, value)) found.push(["subtree", role.name, pointer, "before"]);
      });
    }
    seen.add(role.entity);
  }
  return found.slice(0, foundMax);
}

/** Visits the containers within `value`, a part of the entity's, but for `own`. Things within are not entered, nor large maps: keys are data there. */
function search(
  entity: Entity,
  segments: readonly string[],
  own: readonly string[] | null,
  fixed: Entity | null,
  value: Json,
  visit: (pointer: string, part: Json) => void,
): void {
  if (typeof value !== "object" || value === null) return;
  if (own !== null && own.length === segments.length && own.every((segment, at) => segment === segments[at])) return;
  // A copy of a copy would wait for itself: what is edited as a whole is no source of what comes after.
  if (fixed?.flat.paths.some((path, at) => fixed.flat.nodes[at]?.atomic === true && isAt(path.pointer, segments)))
    return;
  if (own === null || segments.length > 0) visit(segments.map((segment) => `/${escapeToken(segment)}`).join(""), value);
  if (segments.length >= depthMax || !isObject(value)) return;
  if (entity.flat.nested.some(({ path }) => isAt(path.pointer, segments))) return;
  const keys = Object.keys(value);
  if (keys.length > 32) return;
  for (const key of keys) search(entity, [...segments, key], own, fixed, value[key] ?? null, visit);
}

function isAt(pointer: readonly string[], segments: readonly string[]): boolean {
  return pointer.length === segments.length && pointer.every((segment, at) => segment === segments[at]);
}

export function resolveSubtree(
  expression: Extract<Expression, readonly ["subtree", ...(readonly unknown[])]>,
  site: Site,
  after: Canon,
): Json | undefined {
  const [, name, pointer, when] = expression;
  const entity = roleIn(site, name);
  const now = when === "after" && entity !== undefined ? after.like(entity) : entity;
  let value: Json | undefined = now?.value;
  for (const token of pointerTokens(pointer) ?? []) {
    if (value === undefined || isArray(value)) return undefined;
    value = memberOf(value, token);
  }
  return value;
}
