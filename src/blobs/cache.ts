/** A folder of this machine before blobs that are far away: what was read or written lately, bounded by bytes. Losing it costs time alone. */
import type { Blobs } from "./port.ts";

/** `near` belongs to the cache. Its trouble (a full disk, a damaged file) is a miss, never an error of the caller's. */
export async function openBlobCache(far: Blobs, near: Blobs, bytesMax: number): Promise<Blobs> {
  /** Bytes by hash, least recently used first. */
  const held = new Map<string, number>();
  let total = 0;
  for (const { hash, bytes } of [...(await near.list())].sort((a, b) => a.modifiedAt - b.modifiedAt)) note(hash, bytes);
  await evict();

  function note(hash: string, bytes: number): void {
    total += bytes - (held.get(hash) ?? 0);
    held.delete(hash);
    held.set(hash, bytes);
  }

  async function forget(hash: string): Promise<void> {
    total -= held.get(hash) ?? 0;
    held.delete(hash);
    await near.delete(hash).catch(() => {});
  }

  async function evict(): Promise<void> {
    for (const oldest of held.keys()) {
      if (total <= bytesMax) return;
      await forget(oldest);
    }
  }

  async function keep(hash: string, bytes: Uint8Array): Promise<void> {
    if (bytes.length > bytesMax) return;
    try {
      await near.put(bytes);
    } catch {
      return;
    }
    note(hash, bytes.length);
    await evict();
  }

  return {
    async put(bytes) {
      const hash = await far.put(bytes);
      await keep(hash, bytes);
      return hash;
    },
    async get(hash) {
      if (held.has(hash)) {
        const bytes = await near.get(hash).catch(() => null);
        if (bytes !== null) {
          note(hash, bytes.length);
          return bytes;
        }
        await forget(hash);
      }
      const bytes = await far.get(hash);
      if (bytes !== null) await keep(hash, bytes);
      return bytes;
    },
    async delete(hash) {
      await far.delete(hash);
      await forget(hash);
    },
    list: () => far.list(),
  };
}
