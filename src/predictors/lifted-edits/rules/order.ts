/**
 * The order of a keyed array. Some worlds list their things as a walk through what contains what: each thing, then what it contains, and so
 * on. Where that held for the states seen, a predicted state is put in that order; elsewhere the order is left alone.
 *
 * A thing that nothing lists is either a root, or a part that follows the thing it is a part of: then what comes after it belongs to an
 * ancestor of what came before it.
 */
import type { Json } from "../../../json/json.ts";
import { plainName } from "../situation/roles.ts";
import type { Canon } from "../state/canon.ts";
import type { Entity } from "../state/entity.ts";
import type { Collection } from "../state/paths.ts";

/** The elements in the order of the walk, given in the order of the array. */
export function walkOrder(
  elements: readonly Entity[],
  partOf: (part: Entity, previous: Entity) => Entity | null,
): readonly Entity[] {
  const parts = new Map<Entity, Entity[]>();
  const roots: Entity[] = [];
  for (const [at, element] of elements.entries()) {
    if (isListed(element)) continue;
    const previous = elements[at - 1];
    const whole = previous === undefined ? null : partOf(element, previous);
    if (whole === null) roots.push(element);
    else parts.set(whole, [...(parts.get(whole) ?? []), element]);
  }
  const order: Entity[] = [];
  const placed = new Set<Entity>();
  const own = new Set(elements);
  const put = (element: Entity): boolean => {
    if (placed.has(element) || !own.has(element)) return false;
    placed.add(element);
    order.push(element);
    return true;
  };
  const fill = (element: Entity): void => {
    for (const child of element.down) if (child.up[0]?.parent === element) place(child);
    const fresh = (parts.get(element) ?? []).filter(put);
    for (const part of fresh) fill(part);
  };
  const place = (element: Entity): void => {
    if (put(element)) fill(element);
  };
  for (const root of roots) place(root);
  for (const element of elements) place(element);
  return order;
}

/** Whether a part belongs to the thing before it, and to which of what contains that. */
export function wholeOf(elements: readonly Entity[]): (part: Entity, previous: Entity) => Entity | null {
  const place = new Map(elements.map((element, at) => [element, at]));
  return (part, previous) => {
    const next = elements
      .slice((place.get(part) ?? 0) + 1)
      .find((element) => isListed(element) && topOf(element) === elements[0]);
    const lister = next?.up[0]?.parent;
    if (lister === undefined) return null;
    for (let one: Entity | undefined = previous, hops = 0; one !== undefined && hops < hopsMax; hops++) {
      const up: Entity | undefined = one.up[0]?.parent;
      if (up === lister) return one;
      if (up === undefined) {
        const at: number = place.get(one) ?? 0;
        one = at > 0 ? elements[at - 1] : undefined;
      } else one = up;
    }
    return null;
  };
}

const hopsMax = 64;

function isListed(element: Entity): boolean {
  return element.up.length > 0;
}

function topOf(element: Entity): Entity {
  let one = element;
  for (let hops = 0; hops < hopsMax; hops++) {
    const up = one.up[0]?.parent;
    if (up === undefined) return one;
    one = up;
  }
  return one;
}

/** The keyed arrays of a state with their elements, in order. */
export function arraysOf(canon: Canon): ReadonlyMap<Collection, readonly Entity[]> {
  const arrays = new Map<Collection, Entity[]>();
  for (const entity of canon.entities) {
    if (entity.collection === null || entity.position < 0) continue;
    const known = arrays.get(entity.collection);
    if (known === undefined) arrays.set(entity.collection, [entity]);
    else known.push(entity);
  }
  return arrays;
}

/** Where nothing after a part tells whose it is: the nearest before it of the name that its like belonged to. */
export function partByName(part: Entity, old: readonly Entity[], parts: ReadonlyMap<string, string>): Entity | null {
  const whole = parts.get(plainName(String(part.name)));
  if (whole === undefined) return null;
  for (let at = old.indexOf(part) - 1; at >= 0; at--) {
    const one = old[at];
    if (one !== undefined && plainName(String(one.name)) === whole) return one;
  }
  return null;
}

/** The elements' values in the order of the walk; null where they are in it already. `old` says which things are parts of which. */
export function reordered(
  elements: readonly Entity[],
  old: readonly Entity[],
  parts: ReadonlyMap<string, string>,
): readonly Json[] | null {
  const known = wholeOf(old);
  const before = new Map(old.map((element, at) => [element.id, at]));
  const now = new Map(elements.map((element) => [element.id, element]));
  const order = walkOrder(elements, (part) => {
    const at = before.get(part.id);
    const [then, previous] = [old[at ?? -1], old[(at ?? 0) - 1]];
    if (then === undefined || previous === undefined) return null;
    const whole = known(then, previous) ?? partByName(then, old, parts);
    return whole === null ? null : (now.get(whole.id) ?? null);
  });
  return order.every((element, at) => element === elements[at]) ? null : order.map((element) => element.value);
}
