/** Which keys of records actions name: a walk from the root through records, bounded. */
import type { Json } from "../json.ts";
import { isObject } from "../pointer.ts";
import type { ShapeNode } from "./node.ts";

const depthMax = 4;
const fieldsMax = 64;
const addressedMax = 64;

/** `names`: texts that an action has. Places below four records, and records of more than 64 fields, are not entered. */
export function address(value: Json, node: ShapeNode, names: ReadonlySet<string>): void {
  if (!isObject(value) || node.atomic || node.objectForm !== "record" || node.depth > depthMax) return;
  if (node.depth > 0 && node.addressed.size < addressedMax)
    for (const name of names) if (Object.hasOwn(value, name)) node.addressed.add(name);
  if (node.fields.size > fieldsMax) return;
  for (const [field, child] of node.fields) {
    const member = Object.hasOwn(value, field) ? value[field] : undefined;
    if (member !== undefined) address(member, child, names);
  }
}
