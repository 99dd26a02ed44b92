/**
 * A codec for one record: avsc behind checks of our own (`check-value.ts`, `check-bytes.ts`), single-object encoding, and a reader per
 * writer's schema. Synchronous; one scratch buffer per codec. Decoded records are plain objects that share no memory with the input.
 * avsc compiles schemas to JavaScript: ours, and those of other writers once `parseSchema` has checked every name in them; records never
 * reach a compiler.
 */
import avsc from "avsc";
import { type BytesCheck, checkBody, compileBytesCheck } from "./check-bytes.ts";
import { compileValueCheck } from "./check-value.ts";
import { CodecError } from "./errors.ts";
import { fingerprintOf } from "./fingerprint.ts";
import {
  confluentSchemaId,
  framingOf,
  singleObjectHeader,
  singleObjectHeaderBytes,
  writerFingerprint,
} from "./framing.ts";
import { compilePlain } from "./plain.ts";
import { parseSchema, type RecordNode } from "./schema.ts";

export interface Codec<T> {
  readonly name: string;
  /** Makes now what is otherwise made when it is first used. Throws `CodecError` where a released schema cannot be read by the current one. */
  prepare(): void;
  /** The current schema, parsed JSON. */
  readonly schema: unknown;
  /** CRC-64-AVRO of the current schema. */
  readonly fingerprint: bigint;
  /** Single-object encoding. Throws `CodecError` for a record that the schema cannot hold. */
  encode(record: T): Uint8Array;
  /** Single-object encoding by any known writer. Throws `CodecError`. */
  decode(bytes: Uint8Array): T;
  /** Whether `decode` reads what is written with this schema (parsed JSON). */
  knows(writer: unknown): boolean;
  /**
   * Makes the record of another writer's schema (parsed JSON) ours: from a body that starts at `start` to our single-object encoding, by
   * Avro schema resolution. Throws `CodecError` for a schema that cannot be resolved, and later for a body that is not of it.
   */
  translator(writer: unknown): (bytes: Uint8Array, start: number) => Uint8Array;
}

/** Kept between calls: most records fit. A greater one gets its own buffer, which is not kept, so one giant leaves no memory behind. */
const scratchBytes = 65_536;
const scratchBytesMax = 1_048_576;

/**
 * `released` are the writers' schemas that this reader knows besides its own. Throws for a schema at fault. What avsc makes of one is made
 * when it is first used: every thread has all codecs and uses a few.
 */
export function createCodec<T>(name: string, schema: unknown, released: readonly unknown[]): Codec<T> {
  const node = parseSchema(schema);
  for (const writer of released) parseSchema(writer);
  const type = once(() => compileType(schema));
  const plain = once(() => compilePlain(node));
  const fingerprint = once(() => fingerprintOf(schema));
  const writing = once(() => ({
    write: createWriter(name, type(), node),
    header: singleObjectHeader(fingerprint()),
    toAvro: plain().toAvro,
  }));
  const readers = once(
    () =>
      new Map(
        [...released, schema].map((writer) => [
          readerKey(writer),
          once(() => createReader(name, type(), writer, "ours")),
        ]),
      ),
  );

  function encode(record: T): Uint8Array {
    const { write, header, toAvro } = writing();
    return write(header, record, toAvro);
  }

  function decodeBehind(reader: Reader, bytes: Buffer, at: number): T {
    checkBody(reader.check, name, bytes, at);
    return plain().toPlain(reader.read(bytes, at)) as T;
  }

  return {
    name,
    prepare() {
      writing();
      for (const reader of readers().values()) reader();
    },
    schema,
    get fingerprint() {
      return fingerprint();
    },
    encode,
    decode(bytes) {
      const buffer = view(bytes);
      return decodeBehind(readerOf(name, readers(), buffer), buffer, singleObjectHeaderBytes);
    },
    knows: (writer) => readers().has(readerKey(writer)),
    translator(writer) {
      const reader = createReader(name, type(), writer, "theirs");
      return (bytes, start) => encode(decodeBehind(reader, view(bytes), start));
    },
  };
}

type Writer = (head: Uint8Array, record: unknown, toAvro: (record: unknown) => unknown) => Uint8Array;

/** Checks, converts and writes behind a header, into a scratch buffer that grows; the result is a copy that nobody shares. */
function createWriter(name: string, type: avsc.Type, node: RecordNode): Writer {
  const check = compileValueCheck(node);
  let scratch = Buffer.allocUnsafeSlow(scratchBytes);
  return (head, record, toAvro) => {
    const problem = check(record);
    if (problem !== null) throw new CodecError(`${name}${problem}`);
    const value = toAvro(record);
    let buffer = scratch;
    let end = type.encode(value, buffer, head.length);
    while (end < 0) {
      // A negative result is the number of bytes that were missing.
      buffer = Buffer.allocUnsafeSlow(Math.ceil((buffer.length - end) * 1.25));
      if (buffer.length <= scratchBytesMax) scratch = buffer;
      end = type.encode(value, buffer, head.length);
    }
    const bytes = new Uint8Array(end);
    bytes.set(buffer.subarray(0, end));
    bytes.set(head);
    return bytes;
  };
}

/** By the fingerprint of the single-object header. */
function readerOf(name: string, readers: ReadonlyMap<string, () => Reader>, bytes: Buffer): Reader {
  if (framingOf(bytes) !== "single-object") throw new CodecError(`${name}: ${foreignFraming(bytes)}`);
  const key = writerFingerprint(bytes);
  const reader = readers.get(key);
  if (reader !== undefined) return reader();
  const hex = Buffer.from(key, "latin1").reverse().toString("hex");
  throw new CodecError(`${name}: no schema with the fingerprint ${hex} is known to this version of Driftline`);
}

interface Reader {
  readonly check: BytesCheck;
  readonly read: (bytes: Buffer, at: number) => unknown;
}

function createReader(name: string, type: avsc.Type, writer: unknown, whose: "ours" | "theirs"): Reader {
  const check = compileBytesCheck(parseSchema(writer, whose));
  if (readerKey(writer) === readerKey(type.schema({ exportAttrs: true }))) {
    return { check, read: (bytes, at) => type.decode(bytes, at).value };
  }
  try {
    // The specification compares names without their namespaces.
    const resolver = type.createResolver(compileType(writer), { ignoreNamespaces: true });
    return { check, read: (bytes, at) => type.decode(bytes, at, resolver).value };
  } catch (error) {
    throw new CodecError(
      `${name}: a writer's schema cannot be read: ${error instanceof Error ? error.message : error}`,
    );
  }
}

/** `wrapUnions` is named, since avsc's default guesses per union; `[null, X]` is all that `parseSchema` lets through. */
function compileType(schema: unknown): avsc.Type {
  return avsc.Type.forSchema(schema as avsc.Schema, {
    wrapUnions: false,
    omitRecordMethods: true,
    noAnonymousTypes: true,
  });
}

function readerKey(schema: unknown): string {
  return writerFingerprint(Buffer.from(singleObjectHeader(fingerprintOf(schema))));
}

/** Made at the first call. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function view(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function foreignFraming(bytes: Buffer): string {
  switch (framingOf(bytes)) {
    case "confluent":
      return `in Confluent framing with the schema id ${confluentSchemaId(bytes) ?? "cut short"}, which names no schema of this record: is --registry set?`;
    case "json":
      return "JSON is accepted on interactions alone";
    default:
      return `not Avro single-object encoding (starts with ${Buffer.from(bytes.subarray(0, 2)).toString("hex") || "nothing"}, not c301)`;
  }
}
