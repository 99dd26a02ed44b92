/** Blobs in memory, for tests. */
import { createHash } from "node:crypto";
import type { Blobs } from "./port.ts";

export function createMemoryBlobs(now: () => number = () => 0): Blobs {
  const held = new Map<string, { readonly bytes: Uint8Array; readonly modifiedAt: number }>();
  return {
    async put(bytes) {
      const hash = createHash("sha256").update(bytes).digest("hex");
      held.set(hash, { bytes: Uint8Array.from(bytes), modifiedAt: now() });
      return hash;
    },
    get: async (hash) => held.get(hash)?.bytes ?? null,
    async delete(hash) {
      held.delete(hash);
    },
    list: async () => [...held].map(([hash, { bytes, modifiedAt }]) => ({ hash, bytes: bytes.length, modifiedAt })),
  };
}
