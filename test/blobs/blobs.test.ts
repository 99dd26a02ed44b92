/** Both blob stores: durable by content, idempotent, honest about damage. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { openFolderBlobs, removeTemporaries } from "../../src/blobs/folder.ts";
import { createMemoryBlobs } from "../../src/blobs/memory.ts";
import type { Blobs } from "../../src/blobs/port.ts";
import { sha256Hex } from "../../src/json/hash.ts";

const dir = mkdtempSync(join(tmpdir(), "driftline-blobs-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const adapters: Readonly<Record<string, () => Promise<Blobs>>> = {
  memory: async () => createMemoryBlobs(() => 5),
  folder: () => openFolderBlobs(join(dir, "contract")),
};

for (const [name, make] of Object.entries(adapters)) {
  describe(`blobs: ${name}`, () => {
    it("gives back what was put, by its SHA-256, twice the same", async () => {
      const blobs = await make();
      const bytes = Buffer.from("some bytes");
      const hash = await blobs.put(bytes);
      expect(hash).toBe(sha256Hex(bytes));
      expect(await blobs.put(bytes)).toBe(hash);
      expect(Buffer.from((await blobs.get(hash)) ?? []).toString()).toBe("some bytes");
      expect((await blobs.list()).filter((one) => one.hash === hash)).toMatchObject([{ bytes: 10 }]);
      await blobs.delete(hash);
      await blobs.delete(hash);
      expect(await blobs.get(hash)).toBeNull();
    });
  });
}

describe("blobs in a folder", () => {
  it("notices damage and refuses names that are no hash", async () => {
    const blobs = await openFolderBlobs(join(dir, "damage"));
    const hash = await blobs.put(Buffer.from("right"));
    writeFileSync(join(dir, "damage", hash.slice(0, 2), hash), "wrong");
    await expect(blobs.get(hash)).rejects.toThrow(/damaged/);
    await expect(blobs.get("../../etc/passwd")).rejects.toThrow(/no SHA-256/);
  });

  it("sweeps what a dead process left half written", async () => {
    mkdirSync(join(dir, "swept", "ab"), { recursive: true });
    writeFileSync(join(dir, "swept", "ab", "1234.tmp"), "half");
    // Another reader of the folder must not: the half may be about to be whole.
    await openFolderBlobs(join(dir, "swept"));
    expect(readdirSync(join(dir, "swept", "ab"))).toEqual(["1234.tmp"]);
    await removeTemporaries(join(dir, "swept"));
    expect(readdirSync(join(dir, "swept", "ab"))).toEqual([]);
  });
});
