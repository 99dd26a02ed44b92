/** What every store of blobs must do. */
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { Blobs } from "../../src/blobs/port.ts";

export interface BlobsUnderTest {
  readonly blobs: Blobs;
  /** The same store as another process sees it; null where there is one process only. */
  other(): Promise<Blobs> | null;
}

/** Sizes around those of chunks. */
const sizes = [0, 1, 524_287, 524_288, 524_289, 3 * 524_288 + 7];

export function blobsContract(name: string, make: () => Promise<BlobsUnderTest>): void {
  describe(`the blobs contract: ${name}`, () => {
    it("gives back what was put, by its SHA-256, twice the same", async () => {
      const { blobs } = await make();
      const bytes = Buffer.from("some bytes");
      const hash = await blobs.put(bytes);
      expect(hash).toBe(createHash("sha256").update(bytes).digest("hex"));
      expect(await blobs.put(bytes)).toBe(hash);
      expect(Buffer.from((await blobs.get(hash)) ?? []).toString()).toBe("some bytes");
      expect((await blobs.list()).filter((one) => one.hash === hash)).toMatchObject([{ bytes: 10 }]);
    });

    it.each(sizes)("keeps %i bytes as they are", async (size) => {
      const { blobs, other } = await make();
      const bytes = Buffer.alloc(size, "Driftline ");
      const hash = await blobs.put(bytes);
      for (const one of [blobs, await other()])
        if (one !== null) expect(Buffer.compare((await one.get(hash)) ?? Buffer.from("none"), bytes)).toBe(0);
    });

    it("has nothing under a hash that nobody put, and nothing after it was deleted, and all again when it is put again", async () => {
      const { blobs, other } = await make();
      expect(await blobs.get("0".repeat(64))).toBeNull();
      await blobs.delete("0".repeat(64));
      const bytes = Buffer.alloc(600_000, "x");
      const hash = await blobs.put(bytes);
      const far = (await other()) ?? blobs;
      expect(await far.get(hash)).not.toBeNull();
      await blobs.delete(hash);
      await blobs.delete(hash);
      for (const one of [blobs, far]) {
        expect(await one.get(hash)).toBeNull();
        expect((await one.list()).map((each) => each.hash)).not.toContain(hash);
      }
      await far.put(bytes);
      expect((await blobs.get(hash))?.length).toBe(600_000);
    });

    it("takes many at once, the same among them", async () => {
      const { blobs, other } = await make();
      const far = (await other()) ?? blobs;
      const all = Array.from({ length: 12 }, (_, at) => Buffer.alloc(300_000 + (at % 4), `${at % 4}`));
      const hashes = await Promise.all(all.map((bytes, at) => (at % 2 === 0 ? blobs : far).put(bytes)));
      expect(new Set(hashes).size).toBe(4);
      const got = await Promise.all(hashes.map((hash) => far.get(hash)));
      expect(got.map((bytes) => bytes?.length)).toEqual(all.map((bytes) => bytes.length));
    });
  });
}
