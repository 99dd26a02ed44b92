/** New values leaf by leaf: each leaf has rules of its own, and may rest on the leaves before it. */
import type { Json } from "../../../json/json.ts";
import { greatest, vote } from "../../lifted/forest.ts";
import { follow } from "../../lifted/ordered-labels.ts";
import { applyExpression } from "../expressions/apply.ts";
import { type Born, type Expression, provesItself } from "../expressions/expression.ts";
import { type Site, slotText } from "../expressions/sources.ts";
import { type Copy, copyAt } from "../expressions/subtree.ts";
import { fillSkeleton, leavesOfOutline, leavesOfSkeleton } from "../state/skeleton.ts";
import { leafKey, type RowModel, type RowModels } from "./row-model.ts";
import type { Desk } from "./rows.ts";

export interface Built {
  readonly value: Json;
  /** Product of the shares of all leaves. */
  readonly share: number;
  /** Parts of the value that are only known when all else is done. */
  readonly copies: readonly Copy[];
  readonly parts: readonly Part[];
}

/** What a leaf of a new value was made by, for explanations. */
export interface Part {
  /** Segments joined by dots. */
  readonly path: string;
  readonly expression: Expression;
}

const noParts: readonly Part[] = [];

/** How a leaf is chosen: rules, and the tokens that hold. */
export interface Chooser {
  readonly models: RowModels;
  readonly desk: Desk;
}

const shares = new Float64Array(4_096);
const triesMax = 4;
/** Share of the votes. */
const reasonMin = 0.1;

/** Null for an expression that makes no new value, or whose leaves have none. `key`: of the rows that it is the label of. */
export function build(expression: Expression, key: string, site: Site, chooser: Chooser): Built | null {
  const [kind] = expression;
  if (kind !== "outline" && kind !== "new" && kind !== "appendNew") return null;
  return assembled(expression[1], kind === "outline", key, site, chooser);
}

export function buildOf([skeleton, , form]: Born, key: string, site: Site, chooser: Chooser): Built | null {
  return assembled(skeleton, form === "outline", key, site, chooser);
}

function assembled(skeleton: string, isOutline: boolean, key: string, site: Site, chooser: Chooser): Built | null {
  const values = new Map<string, Json>();
  const copies: Copy[] = [];
  const parts: Part[] = [];
  let share = 1;
  for (const { path, segments } of isOutline ? leavesOfOutline(skeleton) : leavesOfSkeleton(skeleton)) {
    const name = leafKey(key, skeleton, path);
    const model = chooser.models.get(name);
    const made = model === undefined ? null : leafValue(model, name, { ...site, leaves: values }, chooser);
    if (made === null) return null;
    values.set(path, made.value);
    copies.push(...made.copies.map((copy) => ({ ...copy, segments: [...segments, ...copy.segments] })));
    if (made.parts.length === 0) parts.push({ path, expression: made.expression });
    else parts.push(...made.parts.map((part) => ({ ...part, path: `${path}.${part.path}` })));
    share *= made.share;
  }
  const value = fillSkeleton(skeleton, values, (slot) => slotText(slot, site.scene));
  return { value, share, copies, parts };
}

function leafValue(
  model: RowModel,
  key: string,
  site: Site,
  chooser: Chooser,
): (Built & Pick<Part, "expression">) | null {
  const { forest, expressions, ordered } = model;
  const { sets } = chooser.desk;
  let label = vote(forest, sets, shares);
  const pinned = follow(ordered, sets, shares);
  if (ordered !== undefined) label = pinned[0] ?? greatest(shares, expressions.length);
  else label = provenFirst(model, shares, label);
  const left = shares.slice(0, expressions.length);
  for (let tries = 0; tries < triesMax + pinned.length; tries++) {
    const expression = expressions[label];
    const share = left[label] ?? 0;
    if (expression === undefined || (share <= 0 && tries >= pinned.length)) return null;
    const made = leafOf(expression, key, site, chooser);
    if (made !== null) return { ...made, share: share * made.share, expression };
    left[label] = -1;
    label = pinned[tries + 1] ?? greatest(left, expressions.length);
  }
  return null;
}

/** What would be known to be wrong is tried first, where there is some reason to. */
export function provenFirst({ expressions }: RowModel, votes: Float64Array, label: number): number {
  if (expressions[label]?.[0] === "keep") return label;
  let best = label;
  for (let at = 0; at < expressions.length; at++) {
    const expression = expressions[at];
    if (expression === undefined || !provesItself(expression) || (votes[at] ?? 0) < reasonMin) continue;
    if (best === label || (votes[at] ?? 0) > (votes[best] ?? 0)) best = at;
  }
  return best;
}

function leafOf(expression: Expression, key: string, site: Site, chooser: Chooser): Built | null {
  if (expression[0] === "subtree") {
    const copy = copyAt(expression, site);
    return copy === null ? null : { value: copy.before, share: 1, copies: [copy], parts: noParts };
  }
  if (expression[0] === "new" || expression[0] === "outline") return build(expression, key, site, chooser);
  const applied = applyExpression(expression, site, undefined);
  if (!applied.ok || applied.value === undefined) return null;
  return { value: applied.value, share: 1, copies: [], parts: noParts };
}
