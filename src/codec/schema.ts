/**
 * The part of Avro that Driftline uses, as a tree: records, enums, arrays, `[null, X]` unions, and seven primitives. Everything else
 * (maps, fixed, wide unions, logical types) is refused when a schema is loaded, because avsc's union handling and our checks are
 * exact for this part only. Named types may be referred to after their definition; they may not be recursive. Of other writers a little more
 * is read: nullable unions in either order, and logical types that mean what the bare type means to us.
 */
import { CodecError } from "./errors.ts";

export type Primitive = "null" | "boolean" | "int" | "long" | "double" | "string" | "bytes";
export type SchemaNode =
  | { readonly kind: Primitive }
  /** `nullAt`: the branch that is null; 0 in schemas of ours. */
  | { readonly kind: "nullable"; readonly inner: SchemaNode; readonly nullAt: 0 | 1 }
  | { readonly kind: "array"; readonly items: SchemaNode }
  | { readonly kind: "enum"; readonly name: string; readonly symbols: readonly string[] }
  | RecordNode;
export interface RecordNode {
  readonly kind: "record";
  readonly name: string;
  readonly fields: readonly FieldNode[];
}
export interface FieldNode {
  readonly name: string;
  readonly node: SchemaNode;
  readonly hasDefault: boolean;
}

/** As the specification says; avsc makes code of names, so that nothing else may pass here. */
const namePattern = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** Epoch ms and text, as we have them. A timestamp in microseconds would be another time. */
const logicalTypesRead: readonly unknown[] = ["timestamp-millis", "uuid"];
const primitives: ReadonlySet<string> = new Set(["null", "boolean", "int", "long", "double", "string", "bytes"]);

/** Throws `CodecError` for what is outside the part of Avro that Driftline uses. */
export function parseSchema(schema: unknown, whose: "ours" | "theirs" = "ours"): RecordNode {
  const node = parse(schema, "", { theirs: whose === "theirs", nodes: new Map() });
  if (node.kind !== "record") throw new CodecError("the schema of a topic's value is a record");
  return node;
}

interface Named {
  readonly theirs: boolean;
  readonly nodes: Map<string, SchemaNode>;
}

function parse(schema: unknown, namespace: string, named: Named): SchemaNode {
  if (typeof schema === "string") return isPrimitive(schema) ? { kind: schema } : reference(schema, namespace, named);
  if (Array.isArray(schema)) return parseUnion(schema, namespace, named);
  if (typeof schema !== "object" || schema === null) throw new CodecError(`not a schema: ${JSON.stringify(schema)}`);
  const object: Readonly<Record<string, unknown>> = { ...schema };
  const logicalType = object["logicalType"];
  if (logicalType !== undefined && !(named.theirs && logicalTypesRead.includes(logicalType)))
    throw new CodecError(`the logical type ${JSON.stringify(logicalType)} is not used by Driftline`);
  const type = object["type"];
  switch (type) {
    case "record":
      return parseRecord(object, namespace, named);
    case "enum":
      return parseEnum(object, namespace, named);
    case "array":
      return { kind: "array", items: parse(object["items"], namespace, named) };
    default:
      if (typeof type === "string" && isPrimitive(type)) return { kind: type };
      throw new CodecError(`the schema type ${JSON.stringify(type)} is not used by Driftline`);
  }
}

function parseUnion(branches: readonly unknown[], namespace: string, named: Named): SchemaNode {
  const nullAt = named.theirs && branches[1] === "null" ? 1 : 0;
  const other = branches[1 - nullAt];
  if (branches.length !== 2 || branches[nullAt] !== "null" || other === "null") {
    throw new CodecError(`a union is ["null", X], not ${JSON.stringify(branches).slice(0, 80)}`);
  }
  const inner = parse(other, namespace, named);
  if (inner.kind === "nullable") throw new CodecError("a union cannot hold a union");
  return { kind: "nullable", inner, nullAt };
}

function parseRecord(schema: Readonly<Record<string, unknown>>, namespace: string, named: Named): RecordNode {
  const name = fullName(schema, namespace);
  const list = schema["fields"];
  if (!Array.isArray(list)) throw new CodecError(`${name} has no fields`);
  const inside = name.includes(".") ? name.slice(0, name.lastIndexOf(".")) : "";
  const fields = list.map((field: unknown): FieldNode => {
    const entry: Readonly<Record<string, unknown>> = typeof field === "object" ? { ...field } : {};
    const fieldName = entry["name"];
    if (typeof fieldName !== "string" || !namePattern.test(fieldName))
      throw new CodecError(`${name} has a field without a valid name`);
    return { name: fieldName, node: parse(entry["type"], inside, named), hasDefault: "default" in entry };
  });
  const node: RecordNode = { kind: "record", name, fields };
  named.nodes.set(name, node);
  return node;
}

function parseEnum(schema: Readonly<Record<string, unknown>>, namespace: string, named: Named): SchemaNode {
  const name = fullName(schema, namespace);
  const list = schema["symbols"];
  if (!Array.isArray(list)) throw new CodecError(`${name} has no symbols`);
  const symbols = list.map(String);
  if (!symbols.every((symbol) => namePattern.test(symbol)))
    throw new CodecError(`${name} has a symbol that is no name`);
  const node: SchemaNode = { kind: "enum", name, symbols };
  named.nodes.set(name, node);
  return node;
}

function fullName(schema: Readonly<Record<string, unknown>>, namespace: string): string {
  const name = schema["name"];
  if (typeof name !== "string") throw new CodecError("a record or enum has no name");
  const own = schema["namespace"];
  const space = typeof own === "string" ? own : namespace;
  const full = name.includes(".") || space === "" ? name : `${space}.${name}`;
  if (!full.split(".").every((part) => namePattern.test(part)))
    throw new CodecError("a record or enum has no valid name");
  return full;
}

function reference(name: string, namespace: string, named: Named): SchemaNode {
  const node = named.nodes.get(name.includes(".") || namespace === "" ? name : `${namespace}.${name}`);
  if (node === undefined) throw new CodecError(`unknown type "${name}"`);
  return node;
}

function isPrimitive(name: string): name is Primitive {
  return primitives.has(name);
}
