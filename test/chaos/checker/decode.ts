/** Records of the topics by the schemas in `schemas/` and avsc alone. */
import { readFileSync } from "node:fs";
import avsc from "avsc";
import type { Dump, Raw } from "./dump.ts";

export interface Source {
  readonly partition: number;
  readonly offset: number;
  readonly index: number;
}
/** What every derived record has in common; the rest is compared as it is. */
export interface Derived {
  readonly source: Source | null;
  readonly [field: string]: unknown;
}
export interface Decoded<T = Derived> {
  readonly raw: Raw;
  readonly body: T;
}

const headerBytes = 10;
const types = new Map<string, avsc.Type>();

function typeOf(record: string): avsc.Type {
  const known = types.get(record);
  if (known !== undefined) return known;
  const text = readFileSync(new URL(`../../../schemas/${record}.avsc`, import.meta.url), "utf8");
  const type = avsc.Type.forSchema(JSON.parse(text), { wrapUnions: false });
  types.set(record, type);
  return type;
}

/** Avro single-object bytes of this tree's schema. Throws for anything else. */
export function decode<T = Derived>(record: string, value: Buffer): T {
  if (value[0] !== 0xc3 || value[1] !== 0x01)
    throw new Error(`not an Avro single object: ${value.toString("hex", 0, 4)}`);
  return plain(typeOf(record).fromBuffer(value.subarray(headerBytes))) as T;
}

export function encode(record: string, body: object): Buffer {
  const header = Buffer.alloc(headerBytes);
  header.set([0xc3, 0x01]);
  return Buffer.concat([header, typeOf(record).toBuffer(body)]);
}

export function decodeTopic<T = Derived>({ topics }: Dump, topic: string, record: string): readonly Decoded<T>[] {
  return (topics.get(topic) ?? []).flatMap((raw) =>
    raw.value === null ? [] : [{ raw, body: decode<T>(record, raw.value) }],
  );
}

/** avsc makes instances of classes; what is compared are plain values. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (Buffer.isBuffer(value) || typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]));
}
