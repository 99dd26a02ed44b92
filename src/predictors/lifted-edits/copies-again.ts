/**
 * A copy that comes to what is there already: where an order is looked up twice, the second look-up says nothing against the rule that copied it.
 * Of copies of containers alone, since other values are alike by chance.
 */
import { equalJson } from "../../json/diff.ts";
import type { Json } from "../../json/json.ts";
import type { Canon } from "./canon.ts";
import type { Expression } from "./expression.ts";
import type { Site } from "./sources.ts";
import { resolveSubtree } from "./subtree.ts";

/** `after`: the next state. */
export function copiesAgain(expression: Expression, site: Site, value: Json | undefined, after: Canon): boolean {
  if (expression[0] !== "subtree" || value === undefined) return false;
  const copied = resolveSubtree(expression, site, after);
  return copied !== undefined && equalJson(copied, value);
}
