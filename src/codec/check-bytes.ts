/**
 * Walks an Avro body by its writer's schema before avsc reads it, compiled once per schema. avsc believes array counts (a few hostile
 * bytes make it allocate without end), reads past the end before it notices, loses the low bits of great longs, replaces bad UTF-8 and
 * lets NaN through; here each is a `CodecError` that names field and byte. After this walk avsc cannot fail.
 */
import { isUtf8 } from "node:buffer";
import { longMax } from "./check-value.ts";
import { CodecError } from "./errors.ts";
import type { RecordNode, SchemaNode } from "./schema.ts";

export interface BytesWalk {
  readonly bytes: Buffer;
  at: number;
  /** Deepest field entered, for messages. */
  field: string;
}
export type BytesCheck = (walk: BytesWalk) => void;

/** Throws `CodecError` unless `bytes` from `start` to their end are exactly one value. */
export function checkBody(check: BytesCheck, name: string, bytes: Buffer, start: number): void {
  const walk: BytesWalk = { bytes, at: start, field: name };
  check(walk);
  if (walk.at !== bytes.length) {
    throw new CodecError(`${name}: ${bytes.length - walk.at} bytes are left over behind the record`);
  }
}

export function compileBytesCheck(node: SchemaNode): BytesCheck {
  switch (node.kind) {
    case "null":
      return () => {};
    case "boolean":
      return (walk) => {
        const byte = walk.bytes[walk.at] ?? refuse(walk, "truncated");
        if (byte > 1) refuse(walk, `${byte} is not a boolean`);
        walk.at++;
      };
    case "int":
      return (walk) => {
        const value = varint(walk);
        if (value > 2 ** 31 - 1 || value < -(2 ** 31)) refuse(walk, "an int beyond 32 bits");
      };
    case "long":
      return (walk) => {
        varint(walk);
      };
    case "double":
      return doubleCheck;
    case "string":
      return stringCheck;
    case "bytes":
      return (walk) => {
        skip(walk, varint(walk));
      };
    case "enum":
      return enumCheck(node.symbols.length);
    case "nullable":
      return nullableCheck(compileBytesCheck(node.inner), node.nullAt);
    case "array":
      return arrayCheck(node.items);
    case "record":
      return recordCheck(node);
  }
}

function doubleCheck(walk: BytesWalk): void {
  const start = walk.at;
  skip(walk, 8);
  const value = walk.bytes.readDoubleLE(start);
  if (!Number.isFinite(value)) refuse(walk, `the number ${value} is not finite`);
}

function stringCheck(walk: BytesWalk): void {
  const length = varint(walk);
  const start = walk.at;
  skip(walk, length);
  // Most strings are short ASCII: a loop is quicker than the call into the runtime, and says the same.
  if (length <= 24) {
    let end = start;
    while (end < walk.at && (walk.bytes[end] ?? 128) < 128) end++;
    if (end === walk.at) return;
  }
  if (!isUtf8(walk.bytes.subarray(start, walk.at))) refuse(walk, "not UTF-8");
}

function enumCheck(symbols: number): BytesCheck {
  return (walk) => {
    const index = varint(walk);
    if (index < 0 || index >= symbols) refuse(walk, `${index} is not the number of a symbol`);
  };
}

function nullableCheck(inner: BytesCheck, nullAt: 0 | 1): BytesCheck {
  return (walk) => {
    const branch = varint(walk);
    if (branch === 1 - nullAt) inner(walk);
    else if (branch !== nullAt) refuse(walk, `${branch} is not a branch of the union`);
  };
}

/** Blocks of a count and that many items; a negative count is followed by the block's size in bytes. Every item takes a byte or more. */
function arrayCheck(items: SchemaNode): BytesCheck {
  if (leastBytes(items) === 0) throw new CodecError("arrays of items that take no bytes have no bound: not used");
  const check = compileBytesCheck(items);
  return (walk) => {
    for (let count = varint(walk); count !== 0; count = varint(walk)) {
      if (count < 0) {
        const size = varint(walk);
        if (size < 0 || size > walk.bytes.length - walk.at) refuse(walk, "a block beyond the end");
      }
      const total = Math.abs(count);
      if (total > walk.bytes.length - walk.at) refuse(walk, `truncated: ${total} items in too few bytes`);
      for (let index = 0; index < total; index++) check(walk);
    }
  };
}

function recordCheck(node: RecordNode): BytesCheck {
  const names = node.fields.map((field) => `${node.name}.${field.name}`);
  const checks = node.fields.map((field) => compileBytesCheck(field.node));
  return (walk) => {
    for (let index = 0; index < checks.length; index++) {
      walk.field = names[index] ?? node.name;
      checks[index]?.(walk);
    }
  };
}

function leastBytes(node: SchemaNode): number {
  if (node.kind === "null") return 0;
  return node.kind === "record" ? node.fields.reduce((sum, field) => sum + leastBytes(field.node), 0) : 1;
}

/** A zigzag varint. Partial sums are exact below 2^53 and never shrink, so a great one cannot slip through. */
function varint(walk: BytesWalk): number {
  const { bytes } = walk;
  let raw = 0;
  let factor = 1;
  for (let read = 0; read < 10; read++) {
    const byte = bytes[walk.at++] ?? refuse(walk, "truncated");
    raw += (byte & 0x7f) * factor;
    if (byte < 0x80) {
      const value = raw % 2 === 1 ? -(raw + 1) / 2 : raw / 2;
      return value > longMax || value < -longMax ? refuse(walk, `a long beyond ±${longMax}`) : value;
    }
    factor *= 128;
  }
  return refuse(walk, "a number of more than ten bytes");
}

function skip(walk: BytesWalk, length: number): void {
  if (length < 0) refuse(walk, `the length ${length}`);
  if (length > walk.bytes.length - walk.at) refuse(walk, "truncated");
  walk.at += length;
}

function refuse(walk: BytesWalk, what: string): never {
  throw new CodecError(`${walk.field}, byte ${Math.min(walk.at, walk.bytes.length)}: ${what}`);
}
