/**
 * Checks a record before avsc writes it, compiled once per schema. avsc writes NaN, infinities, half surrogate pairs (as U+FFFD) and
 * records with unknown members in silence, and names no path where it does refuse; here each is a `CodecError` that names the field.
 * -0 is refused because it does not come back as it went: 0 in a long, and 0 in JSON text.
 */
/// <reference lib="es2024.string" />
import type { RecordNode, SchemaNode } from "./schema.ts";

/** Avro longs travel through doubles here; zigzag coding takes one of their 53 bits. */
export const longMax = 2 ** 52 - 1;
const intMax = 2 ** 31 - 1;

/** Null, or what is wrong, starting with the path below the checked value: `.source.offset is -0`. */
export type ValueCheck = (value: unknown) => string | null;

export function compileValueCheck(node: SchemaNode): ValueCheck {
  switch (node.kind) {
    case "null":
      return (value) => (value === null ? null : expected("null", value));
    case "boolean":
      return (value) => (typeof value === "boolean" ? null : expected("boolean", value));
    case "int":
      return (value) => integerProblem(value, intMax);
    case "long":
      return (value) => integerProblem(value, longMax);
    case "double":
      return doubleProblem;
    case "string":
      return stringProblem;
    case "bytes":
      return (value) => (value instanceof Uint8Array ? null : expected("bytes", value));
    case "enum":
      return enumCheck(node.symbols);
    case "nullable":
      return nullableCheck(compileValueCheck(node.inner));
    case "array":
      return arrayCheck(compileValueCheck(node.items));
    case "record":
      return recordCheck(node);
  }
}

function integerProblem(value: unknown, max: number): string | null {
  if (typeof value !== "number") return expected("integer", value);
  if (value > max || value < -max || !Number.isInteger(value)) {
    return ` is ${value}: not an integer within ±${max}`;
  }
  return value === 0 && 1 / value < 0 ? " is -0" : null;
}

function doubleProblem(value: unknown): string | null {
  if (typeof value !== "number") return expected("number", value);
  if (!Number.isFinite(value)) return ` is ${value}: not a finite number`;
  return value === 0 && 1 / value < 0 ? " is -0" : null;
}

function stringProblem(value: unknown): string | null {
  if (typeof value !== "string") return expected("string", value);
  return value.isWellFormed() ? null : " holds half of a surrogate pair";
}

function enumCheck(symbols: readonly string[]): ValueCheck {
  const known: ReadonlySet<unknown> = new Set(symbols);
  return (value) => (known.has(value) ? null : ` is ${JSON.stringify(value)}: not one of ${symbols.join(", ")}`);
}

function nullableCheck(inner: ValueCheck): ValueCheck {
  return (value) => (value === null ? null : inner(value));
}

function arrayCheck(items: ValueCheck): ValueCheck {
  return (value) => {
    if (!Array.isArray(value)) return expected("array", value);
    for (let index = 0; index < value.length; index++) {
      const problem = items(value[index]);
      if (problem !== null) return `[${index}]${problem}`;
    }
    return null;
  };
}

function recordCheck(node: RecordNode): ValueCheck {
  const names = node.fields.map((field) => field.name);
  const checks = node.fields.map((field) => compileValueCheck(field.node));
  const known: ReadonlySet<string> = new Set(names);
  return (value) => {
    if (typeof value !== "object" || value === null) return expected("record", value);
    const record: Readonly<Record<string, unknown>> = value as Readonly<Record<string, unknown>>;
    for (let index = 0; index < names.length; index++) {
      const name = names[index] ?? "";
      const problem = checks[index]?.(record[name]) ?? null;
      if (problem !== null) return `.${name}${problem}`;
    }
    // Every declared field is there, so a greater count means an undeclared one: the names are looked up in that case alone.
    let count = 0;
    for (const _ in record) count++;
    if (count === names.length) return null;
    const unknown = Object.keys(record).find((key) => !known.has(key));
    return unknown === undefined ? null : `.${unknown} is not in the schema`;
  };
}

function expected(type: string, value: unknown): string {
  const got = value === undefined ? "missing" : value === null ? "null" : typeof value;
  return got === "missing" ? ` is missing (absent is null), expected ${type}` : ` is ${got}, expected ${type}`;
}
