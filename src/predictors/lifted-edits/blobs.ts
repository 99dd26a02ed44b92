/**
 * A version as blobs: a head (shape, lore, gate, calibration) and the models in a few buckets by key, so that a version shares with the one
 * before it all buckets in which no forest was grown anew. Deflated JSON behind a magic; whatever is no blob is refused by its hash.
 */
import { constants, deflateRawSync, inflateRawSync } from "node:zlib";
import type { Json } from "../../json/json.ts";
import type { WrittenConfidence, WrittenLore, WrittenModel } from "./written.ts";

const magic = Buffer.from("DLE1");
/** An inflated blob beyond this is refused: it can only be damaged or hostile. */
export const blobBytesMax = 256 * 1024 * 1024;

export interface Head {
  readonly v: 1;
  readonly transitions: number;
  readonly stages: number;
  readonly forms: Json;
  readonly lore: WrittenLore;
  /** The gate's tallies. */
  readonly gate: readonly (readonly [name: string, wins: number, losses: number])[];
  readonly confidence: WrittenConfidence;
  readonly templates: readonly string[];
  readonly surprises: readonly string[];
}

export interface Bucket {
  readonly v: 1;
  readonly stage: number;
  readonly models: readonly WrittenModel[];
  /** Words of the tokens that the forests ask for. */
  readonly words: readonly (readonly [number, string])[];
}

export function encodeBlob(value: Head | Bucket): Uint8Array {
  return Buffer.concat([magic, deflateRawSync(JSON.stringify(value), { level: constants.Z_BEST_SPEED })]);
}

export class BlobUnreadable extends Error {
  override readonly name = "BlobUnreadable";
  constructor(hash: string, why: string) {
    super(`blob ${hash} is no part of a lifted-edits model: ${why}`);
  }
}

export function decodeHead(bytes: Uint8Array, hash: string): Head {
  const head: Head = decode(bytes, hash);
  if (head.v !== 1 || !Array.isArray(head.gate) || !Array.isArray(head.confidence?.records))
    throw new BlobUnreadable(hash, "it has no head");
  return head;
}

export function decodeBucket(bytes: Uint8Array, hash: string): Bucket {
  const bucket: Bucket = decode(bytes, hash);
  if (bucket.v !== 1 || !Array.isArray(bucket.models)) throw new BlobUnreadable(hash, "it has no models");
  return bucket;
}

/** Parsed but not checked: the readers above look at what they rest on. */
function decode<T>(bytes: Uint8Array, hash: string): T {
  if (Buffer.compare(bytes.subarray(0, magic.length), magic) !== 0)
    throw new BlobUnreadable(hash, "it does not start as one");
  try {
    const text = inflateRawSync(bytes.subarray(magic.length), { maxOutputLength: blobBytesMax }).toString("utf8");
    const value: T = JSON.parse(text);
    return value;
  } catch (error) {
    throw new BlobUnreadable(hash, error instanceof Error ? error.message : String(error));
  }
}
