/**
 * What stands before an Avro body. Single-object encoding: `C3 01`, then the CRC-64-AVRO fingerprint of the writer's schema, little
 * endian. Confluent: `00`, then the id that a schema registry gave the writer's schema, big endian. JSON starts with `{`.
 */
import { CodecError } from "./errors.ts";

export type Framing = "single-object" | "confluent" | "json";

export const singleObjectHeaderBytes = 10;
export const confluentHeaderBytes = 5;

/** Told apart by the first bytes; null for anything else. White space before `{` counts as JSON. */
export function framingOf(bytes: Uint8Array): Framing | null {
  const [first, second] = bytes;
  if (first === 0xc3 && second === 0x01) return "single-object";
  if (first === 0x00) return "confluent";
  for (const byte of bytes.subarray(0, 16)) {
    if (byte === 0x7b) return "json";
    if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d) return null;
  }
  return null;
}

export function singleObjectHeader(fingerprint: bigint): Uint8Array {
  const header = Buffer.alloc(singleObjectHeaderBytes);
  header[0] = 0xc3;
  header[1] = 0x01;
  header.writeBigUInt64LE(fingerprint, 2);
  return header;
}

/** The eight bytes of the fingerprint as a string of eight characters: the key of the reader cache. Throws `CodecError`. */
export function writerFingerprint(bytes: Buffer): string {
  if (bytes.length < singleObjectHeaderBytes) {
    throw new CodecError(`truncated: ${bytes.length} bytes are less than the 10 of a single-object header`);
  }
  return bytes.toString("latin1", 2, singleObjectHeaderBytes);
}

/** Registries give positive ids of 31 bits. */
export const schemaIdMax = 0x7fffffff;

export function confluentHeader(id: number): Uint8Array {
  if (!Number.isInteger(id) || id < 0 || id > schemaIdMax) throw new CodecError(`${id} is not a schema id`);
  const header = Buffer.alloc(confluentHeaderBytes);
  header.writeInt32BE(id, 1);
  return header;
}

/** Null where the header is cut short. */
export function confluentSchemaId(bytes: Uint8Array): number | null {
  const [magic, first = 0, second = 0, third = 0, fourth = 0] = bytes;
  if (magic !== 0 || bytes.length < confluentHeaderBytes) return null;
  return first * 2 ** 24 + second * 2 ** 16 + third * 2 ** 8 + fourth;
}
