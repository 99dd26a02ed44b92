/** A blob of a model: deflated JSON behind four characters that say whose it is; whatever is none is refused by its hash. */
import { constants, deflateRawSync, inflateRawSync } from "node:zlib";

/** An inflated blob beyond this is refused: it can only be damaged or hostile. */
const blobBytesMax = 256 * 1024 * 1024;

export class BlobUnreadable extends Error {
  override readonly name = "BlobUnreadable";
  constructor(hash: string, predictor: string, why: string) {
    super(`blob ${hash} is no part of a ${predictor} model: ${why}`);
  }
}

export interface Seal<T> {
  encode(value: T): Uint8Array;
  /** Parsed but not checked: readers look at what they rest on. */
  decode<S extends T>(bytes: Uint8Array, hash: string): S;
  unreadable(hash: string, why: string): BlobUnreadable;
  /** What goes wrong in reading is the blob's fault. */
  guarded<R>(hash: string, read: () => R): R;
}

export function createSeal<T>(characters: string, predictor: string): Seal<T> {
  const magic = Buffer.from(characters);
  const unreadable = (hash: string, why: string) => new BlobUnreadable(hash, predictor, why);
  function guarded<R>(hash: string, read: () => R): R {
    try {
      return read();
    } catch (error) {
      if (error instanceof BlobUnreadable) throw error;
      throw unreadable(hash, error instanceof Error ? error.message : String(error));
    }
  }
  return {
    unreadable,
    guarded,
    encode: (value) => Buffer.concat([magic, deflateRawSync(JSON.stringify(value), { level: constants.Z_BEST_SPEED })]),
    decode<S extends T>(bytes: Uint8Array, hash: string): S {
      if (Buffer.compare(bytes.subarray(0, magic.length), magic) !== 0)
        throw unreadable(hash, "it does not start as one");
      return guarded(hash, () => {
        const inflated = inflateRawSync(bytes.subarray(magic.length), { maxOutputLength: blobBytesMax });
        const value: S = JSON.parse(inflated.toString("utf8"));
        return value;
      });
    },
  };
}
