/** The candidate labels of a changed value and, where it may be made leaf by leaf, of its leaves: each is a row of its own. */
import type { Json } from "../../../json/json.ts";
import { isArray } from "../../../json/pointer.ts";
import { roundTo } from "../expressions/arithmetic.ts";
import type { Expression } from "../expressions/expression.ts";
import { namesIn, type Site } from "../expressions/sources.ts";
import { explainSubtree } from "../expressions/subtree.ts";
import { leafKey } from "../rules/row-model.ts";
import type { Canon } from "../state/canon.ts";
import { outlineOf, type Skeleton, skeletonOf, skeletonsOf } from "../state/skeleton.ts";
import { explainValue } from "./explain-value.ts";
import type { Precedents } from "./precedents.ts";

export interface Explainer {
  explain(site: Site, key: string, old: Json | undefined, value: Json | undefined, after: Canon): Expression[];
  /** Where the value may be made leaf by leaf: its leaves. `depth`: within how many other new values. */
  learnParts(
    site: Site,
    key: string,
    old: Json | undefined,
    value: Json,
    candidates: readonly Expression[],
    after: Canon,
    depth: number,
  ): void;
  learnLeaves(site: Site, key: string, skeleton: Skeleton | null, after: Canon, depth: number): void;
}

/** New values within new values. */
const partsDepthMax = 2;

/** `put`: learns a row, by its key. */
export function createExplainer(
  precedents: Precedents,
  put: (key: string, candidates: readonly Expression[]) => void,
): Explainer {
  function explain(
    site: Site,
    key: string,
    old: Json | undefined,
    value: Json | undefined,
    after: Canon,
  ): Expression[] {
    const found = [...explainValue(site, old, value, precedents.of(key)), ...asRootBecomes(site, value, after)];
    precedents.noteAnswers(key, found);
    const copies = value === undefined ? [] : explainSubtree(site, value, after);
    // A copy, and what is asked of many things, say more than a value that is made leaf by leaf.
    const isTold = copies.length > 0 || found.some((one) => tellsSeveral(one, value));
    return [...copies, ...found.filter(([kind]) => !isTold || (kind !== "new" && kind !== "outline"))];
  }

  function learnParts(
    site: Site,
    key: string,
    old: Json | undefined,
    value: Json,
    candidates: readonly Expression[],
    after: Canon,
    depth: number,
  ): void {
    const names = namesIn(site.scene);
    for (const one of candidates) {
      const [kind, shape] = one;
      if (kind !== "new" && kind !== "outline" && kind !== "appendNew") continue;
      const made = kind === "appendNew" && isArray(value) ? value.slice(isArray(old) ? old.length : 0) : value;
      const skeletons = skeletonsOf(made, names, kind === "outline" ? outlineOf : skeletonOf);
      const skeleton = skeletons.find(({ text }) => text === shape);
      if (skeleton !== undefined) learnLeaves(site, key, skeleton, after, depth);
    }
  }

  function learnLeaves(site: Site, key: string, skeleton: Skeleton | null, after: Canon, depth: number): void {
    const leaves = new Map<string, Json>();
    for (const { path, value } of skeleton?.leaves ?? []) {
      const [name, own] = [leafKey(key, skeleton?.text ?? "", path), { ...site, leaves }];
      const candidates = explain(own, name, undefined, value, after);
      put(name, candidates);
      if (depth < partsDepthMax) learnParts(own, name, undefined, value, candidates, after, depth + 1);
      leaves.set(path, value);
    }
  }

  return { explain, learnParts, learnLeaves };
}

/** A number that the root comes to have in the same step: what time it is when something is made. */
function asRootBecomes({ entity, path, scene }: Site, value: Json | undefined, after: Canon): Expression[] {
  if (typeof value !== "number") return [];
  const { root } = scene.canon;
  const { flat } = after.root;
  const found: Expression[] = [];
  for (let at = 0; at < flat.paths.length; at++) {
    const own = flat.paths[at];
    if (own === undefined || flat.values[at] !== value || (entity === root && own === path)) continue;
    const before = root.flat.at(own);
    if (typeof before === "number" && before !== value)
      found.push(["from", ["more", ["attribute", "G", own.text], roundTo(value - before, 6)]]);
  }
  return found;
}

/** A list of several, or a map. */
function tellsSeveral(expression: Expression, value: Json | undefined): boolean {
  if (expression[0] !== "query") return false;
  const [gathering] = expression[1][3];
  return gathering === "map" || gathering === "group" || (isArray(value) && value.length > 1);
}
