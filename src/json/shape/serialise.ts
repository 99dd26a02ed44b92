/** Shapes as JSON: the forms alone (what a published model needs to read states), or everything counted (what learning goes on with). */
import type { Json, JsonObject } from "../json.ts";
import { isArray, isObject } from "../pointer.ts";
import { createNode, type ShapeNode } from "./node.ts";
import { unforced } from "./overrides.ts";

/** How every place is read. Equal for shapes that read all states alike. */
export function formsOf(node: ShapeNode): Json {
  const forms: Record<string, Json> = {};
  if (node.atomic) return { atomic: true };
  if (node.objectForm !== "record") forms["object"] = node.objectForm;
  if (node.arrayForm !== "tuple") forms["array"] = node.arrayForm;
  if (node.key !== null) forms["key"] = node.key;
  if (node.reference) forms["reference"] = true;
  if (node.exclusiveList) forms["exclusive"] = true;
  if (node.aliases.length > 0) forms["aliases"] = node.aliases;
  if (node.each !== null) forms["each"] = formsOf(node.each);
  const fields = [...node.fields].sort(([a], [b]) => (a < b ? -1 : 1));
  if (fields.length > 0) forms["fields"] = fields.map(([key, child]) => [key, formsOf(child)]);
  return forms;
}

/** Throws for what `formsOf` did not write. */
export function nodeFromForms(forms: Json, path = "", depth = 0): ShapeNode {
  const given = objectOf(forms);
  const node = createNode(path, depth);
  const join = (segment: string) => (path === "" ? segment : `${path}.${segment}`);
  node.atomic = given["atomic"] === true;
  const { object, array, key, aliases, each, fields } = fieldsOf(given);
  if (object === "map" || object === "collection") node.objectForm = object;
  if (array === "keyed" || array === "cells" || array === "list") node.arrayForm = array;
  node.key = typeof key === "string" ? key : null;
  node.reference = given["reference"] === true;
  node.exclusiveList = given["exclusive"] === true;
  node.aliases = isArray(aliases) ? aliases.filter((alias) => typeof alias === "string") : [];
  if (depth > 64) throw new Error("a shape deeper than any state");
  if (each !== undefined) node.each = nodeFromForms(each, join("*"), depth + 1);
  for (const entry of isArray(fields) ? fields : []) {
    const [name, child]: readonly Json[] = isArray(entry) ? entry : [];
    if (typeof name !== "string") throw new Error("a field of a shape without a name");
    node.fields.set(name, nodeFromForms(child ?? null, join(name), depth + 1));
  }
  return node;
}

interface Forms {
  readonly object?: Json;
  readonly array?: Json;
  readonly key?: Json;
  readonly aliases?: Json;
  readonly each?: Json;
  readonly fields?: Json;
}

function fieldsOf(given: JsonObject): Forms {
  return given;
}

function objectOf(value: Json): JsonObject {
  if (!isObject(value)) throw new Error("a shape is an object");
  return value;
}

/** All that was counted, for a snapshot. */
export function nodeToJson(node: ShapeNode): Json {
  const { fields, each, keys, echoed, addressed, candidates, forced: _, ...plain } = node;
  return {
    ...plain,
    keys: [...keys].map(([key, count]) => [key, count]),
    echoed: [...echoed],
    addressed: [...addressed],
    candidates: [...candidates].map(([field, { broken, lacking, unstable, values }]) => [
      field,
      broken,
      unstable,
      [...values],
      lacking,
    ]),
    fields: [...fields].map(([key, child]) => [key, nodeToJson(child)]),
    each: each === null ? null : nodeToJson(each),
  };
}

/** The shape of what `nodeToJson` wrote: this process's own bytes, checked by their hash. */
interface PlainNode
  extends Omit<ShapeNode, "fields" | "each" | "keys" | "echoed" | "addressed" | "candidates" | "forced"> {
  readonly keys: readonly [string, number][];
  /** Absent in what was written before it was counted. */
  readonly echoed?: readonly string[];
  readonly addressed?: readonly string[];
  /** The last is absent in what was written before it was counted. */
  readonly candidates: readonly [string, number, number, (string | number)[], number?][];
  readonly fields: readonly [string, PlainNode][];
  readonly each: PlainNode | null;
}

/** Reads what `nodeToJson` wrote, as text. Throws `SyntaxError` where it is no JSON. */
export function nodeFromText(text: string): ShapeNode {
  const plain: PlainNode = JSON.parse(text);
  return nodeFromPlain(plain);
}

function nodeFromPlain({
  keys,
  echoed = [],
  addressed = [],
  candidates,
  fields,
  each,
  ...plain
}: PlainNode): ShapeNode {
  return {
    ...plain,
    forced: unforced,
    keys: new Map(keys),
    echoed: new Set(echoed),
    addressed: new Set(addressed),
    candidates: new Map(
      candidates.map(([field, broken, unstable, values, lacking = 0]) => [
        field,
        { broken, lacking, unstable, values: new Set(values) },
      ]),
    ),
    fields: new Map(fields.map(([key, child]) => [key, nodeFromPlain(child)])),
    each: each === null ? null : nodeFromPlain(each),
  };
}
