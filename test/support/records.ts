/** Records made from a schema: any value that the schema can hold, for property tests and for the frozen bytes of a release. */
import fc from "fast-check";
import { longMax } from "../../src/codec/check-value.ts";
import type { SchemaNode } from "../../src/codec/schema.ts";

const well = fc.string({ unit: "grapheme", maxLength: 12 });

/** Values of plain JavaScript as the codec takes and gives them; -0 is not among them. */
export function arbitraryOf(node: SchemaNode): fc.Arbitrary<unknown> {
  switch (node.kind) {
    case "null":
      return fc.constant(null);
    case "boolean":
      return fc.boolean();
    case "int":
      return fc.integer({ min: -(2 ** 31 - 1), max: 2 ** 31 - 1 });
    case "long":
      return fc.integer({ min: -longMax, max: longMax });
    case "double":
      return fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
    case "string":
      return well;
    case "bytes":
      return fc.uint8Array({ maxLength: 12 }).map((bytes) => new Uint8Array(bytes));
    case "enum":
      return fc.constantFrom(...node.symbols);
    case "nullable":
      return fc.oneof(fc.constant(null), arbitraryOf(node.inner));
    case "array":
      return fc.array(arbitraryOf(node.items), { maxLength: 3 });
    case "record":
      return fc.record(Object.fromEntries(node.fields.map((field) => [field.name, arbitraryOf(field.node)])));
  }
}

/** JSON text of a record: bytes as `{"$bytes": base64}`. */
export function recordToText(record: unknown): string {
  return JSON.stringify(record, (_key, value: unknown) =>
    value instanceof Uint8Array ? { $bytes: Buffer.from(value).toString("base64") } : value,
  );
}

export function recordFromText(text: string): unknown {
  return JSON.parse(text, (_key, value: unknown) =>
    typeof value === "object" && value !== null && "$bytes" in value
      ? new Uint8Array(Buffer.from(String(value.$bytes), "base64"))
      : value,
  );
}
