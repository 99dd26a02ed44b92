/**
 * Between avsc's values and ours. avsc makes records of classes of its own and wants `Buffer` for bytes; ours are plain objects and
 * `Uint8Array`. Compiled once per schema; what needs no conversion is passed through.
 */
import type { RecordNode, SchemaNode } from "./schema.ts";

type Convert = (value: unknown) => unknown;
const same: Convert = (value) => value;

/** `toPlain` takes ownership of the decoded value; `toAvro` never changes the record that it is given. */
export function compilePlain(node: RecordNode): { readonly toAvro: Convert; readonly toPlain: Convert } {
  return { toAvro: compile(node, "avro"), toPlain: compile(node, "plain") };
}

type Direction = "avro" | "plain";

function compile(node: SchemaNode, direction: Direction): Convert {
  switch (node.kind) {
    case "bytes":
      return direction === "avro" ? bytesToAvro : bytesToPlain;
    case "double":
      // A foreign writer may send -0; adding 0 makes it 0.
      return direction === "avro" ? same : (value) => (typeof value === "number" ? value + 0 : value);
    case "nullable": {
      const inner = compile(node.inner, direction);
      return inner === same ? same : (value) => (value === null ? null : inner(value));
    }
    case "array": {
      const items = compile(node.items, direction);
      return items === same ? same : (value) => (Array.isArray(value) ? value.map(items) : value);
    }
    case "record":
      return compileRecord(node, direction);
    default:
      return same;
  }
}

function compileRecord(node: RecordNode, direction: Direction): Convert {
  const converted: { readonly name: string; readonly convert: Convert }[] = [];
  for (const field of node.fields) {
    const convert = compile(field.node, direction);
    if (convert !== same) converted.push({ name: field.name, convert });
  }
  if (direction === "avro" && converted.length === 0) return same;
  return (value) => {
    const copy = { ...(value as Record<string, unknown>) };
    for (const { name, convert } of converted) {
      const before = copy[name];
      if (before !== null) copy[name] = convert(before);
    }
    return copy;
  };
}

function bytesToAvro(value: unknown): unknown {
  if (!(value instanceof Uint8Array) || Buffer.isBuffer(value)) return value;
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}

function bytesToPlain(value: unknown): unknown {
  return value instanceof Uint8Array ? new Uint8Array(value) : value;
}
