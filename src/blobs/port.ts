/** Large bytes beside the log (model weights, snapshots), addressed by content: the name of a blob is its SHA-256 in hex. */
export interface Blobs {
  /** Durable when it resolves; idempotent. */
  put(bytes: Uint8Array): Promise<string>;
  /** Null when it is not there; a blob whose bytes do not hash to its name throws. */
  get(hash: string): Promise<Uint8Array | null>;
  delete(hash: string): Promise<void>;
  list(): Promise<readonly { readonly hash: string; readonly bytes: number; readonly modifiedAt: number }[]>;
}
