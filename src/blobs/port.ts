/** Large bytes beside the log (model weights, snapshots), addressed by content: the name of a blob is its SHA-256 in hex. */
export interface Blobs {
  /** Durable when it resolves; idempotent. */
  put(bytes: Uint8Array): Promise<string>;
  /** Null when it is not there; throws `BlobDamaged` where its bytes do not hash to its name, anything else where it cannot be asked for now. */
  get(hash: string): Promise<Uint8Array | null>;
  delete(hash: string): Promise<void>;
  list(): Promise<readonly { readonly hash: string; readonly bytes: number; readonly modifiedAt: number }[]>;
}

/** What is kept under the name is not what was put, and never will be. */
export class BlobDamaged extends Error {
  override readonly name = "BlobDamaged";
  constructor(hash: string, why: string) {
    super(`blob ${hash} is damaged: ${why}`);
  }
}
