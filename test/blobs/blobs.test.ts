/** The stores of blobs: the contract, and what each has of its own: durability, damage, halves that nobody sees, bounds. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { openBlobCache } from "../../src/blobs/cache.ts";
import { openFolderBlobs, removeTemporaries } from "../../src/blobs/folder.ts";
import { createMemoryBlobs } from "../../src/blobs/memory.ts";
import { openTopicBlobs } from "../../src/blobs/topic.ts";
import { createMemoryLog } from "../../src/log/memory/memory-log.ts";
import type { Log } from "../../src/log/port.ts";
import { topicSpecs } from "../../src/topology.ts";
import { blobsContract } from "../contract/blobs.ts";

const dir = mkdtempSync(join(tmpdir(), "driftline-blobs-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
let folders = 0;
const freshFolder = () => join(dir, String(folders++));

async function memoryLog(now: () => number = () => 0) {
  const log = createMemoryLog({ now });
  await log.ensureTopics(topicSpecs(3, null));
  return log;
}

blobsContract("memory", async () => ({ blobs: createMemoryBlobs(() => 5), other: () => null }));
blobsContract("folder", async () => {
  const folder = freshFolder();
  return { blobs: await openFolderBlobs(folder), other: () => openFolderBlobs(folder) };
});
blobsContract("topic", async () => {
  const log = await memoryLog();
  return { blobs: openTopicBlobs(log, () => 0), other: async () => openTopicBlobs(log, () => 0) };
});
blobsContract("topic behind a cache", async () => {
  const log = await memoryLog();
  const cached = async () =>
    openBlobCache(
      openTopicBlobs(log, () => 0),
      await openFolderBlobs(freshFolder()),
      2_000_000,
    );
  return { blobs: await cached(), other: () => null };
});

describe("blobs in a folder", () => {
  it("notices damage and refuses names that are no hash", async () => {
    const blobs = await openFolderBlobs(join(dir, "damage"));
    const hash = await blobs.put(Buffer.from("right"));
    writeFileSync(join(dir, "damage", hash.slice(0, 2), hash), "wrong");
    await expect(blobs.get(hash)).rejects.toThrow(/damaged/);
    // Put again it stayed damaged, and with it every later version of a model that shared it.
    await blobs.put(Buffer.from("right"));
    expect(Buffer.from((await blobs.get(hash)) ?? []).toString()).toBe("right");
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

describe("blobs in the log", () => {
  const bytes = Buffer.alloc(1_300_000, "abc");

  /** A log whose writer dies at the given append of `put` or `delete`. */
  function dying(log: Log, at: number): Log {
    let appends = 0;
    return {
      ...log,
      append: (records) => (++appends >= at ? Promise.reject(new Error("the process died")) : log.append(records)),
    };
  }

  it.each([1, 2, 3, 4, 5])(
    "shows nobody a half, whichever append the writer dies at (%i), and lists what it left",
    async (at) => {
      const log = await memoryLog();
      const writer = openTopicBlobs(dying(log, at), () => 0);
      await expect(writer.put(bytes)).rejects.toThrow("died");
      const reader = openTopicBlobs(log, () => 0);
      const listed = (await reader.list()).map(({ hash }) => hash);
      expect(listed).toHaveLength(at === 1 ? 0 : 1);
      for (const hash of listed) {
        expect(await reader.get(hash)).toBeNull();
        await reader.delete(hash);
      }
      expect(await reader.list()).toEqual([]);
      const chunks = await Promise.all([0, 1, 2].map((one) => log.read("blob-chunks", one, 0, many, 0)));
      expect(
        chunks.flat().filter(({ value }) => value !== null),
        "nothing is left for ever",
      ).toEqual([]);
      const hash = await reader.put(bytes);
      expect((await reader.get(hash))?.length).toBe(bytes.length);
    },
  );
  const many = { recordsMax: 1_000, bytesMax: 100_000_000 };

  it.each([1, 2, 3, 4])(
    "shows nobody a half of what is being deleted, whichever append that dies at (%i)",
    async (at) => {
      const log = await memoryLog();
      const hash = await openTopicBlobs(log, () => 0).put(bytes);
      await expect(openTopicBlobs(dying(log, at), () => 0).delete(hash)).rejects.toThrow("died");
      const reader = openTopicBlobs(log, () => 0);
      expect((await reader.get(hash))?.length ?? null).toBe(at <= 2 ? bytes.length : null);
      await reader.delete(hash);
      expect(await reader.list()).toEqual([]);
    },
  );

  it("finds chunks that a second writer wrote anew, when compaction has taken those of the first", async () => {
    const log = await memoryLog();
    const writers = [openTopicBlobs(log, () => 0), openTopicBlobs(log, () => 0)];
    // Both see nothing and write: the memory log drops the older value of a key at once.
    const [hash = ""] = await Promise.all(writers.map((one) => one.put(bytes)));
    for (const one of [...writers, openTopicBlobs(log, () => 0)])
      expect(Buffer.compare((await one.get(hash)) ?? Buffer.of(), bytes)).toBe(0);
  });

  it("keeps a whole blob whole when a second writer that began before dies on the way", async () => {
    const log = await memoryLog();
    const first = openTopicBlobs(log, () => 0);
    let whole = "";
    const dying: Log = {
      ...log,
      async append(records) {
        // The first writer begins and ends between what the second one looked for and what it writes.
        whole ||= await first.put(bytes);
        if (records.some(({ topic }) => topic === "blob-chunks")) throw new Error("dead");
        return log.append(records);
      },
    };
    await expect(openTopicBlobs(dying, () => 0).put(bytes)).rejects.toThrow("dead");
    for (const one of [first, openTopicBlobs(log, () => 0)]) {
      expect(Buffer.compare((await one.get(whole)) ?? Buffer.of(), bytes)).toBe(0);
      expect(await one.list()).toHaveLength(1);
    }
    await first.delete(whole);
    expect(await openTopicBlobs(log, () => 0).list()).toEqual([]);
  });

  it("says of a blob whose chunks are gone or changed that it is damaged", async () => {
    const log = await memoryLog();
    const blobs = openTopicBlobs(log, () => 0);
    const hash = await blobs.put(bytes);
    const lies: Log = {
      ...log,
      read: async (...args) =>
        (await log.read(...args)).map((record) =>
          record.topic === "blob-chunks" && record.value !== null
            ? { ...record, value: record.value.map((byte, at) => (at === 1_000 ? byte ^ 1 : byte)) }
            : record,
        ),
    };
    await expect(openTopicBlobs(lies, () => 0).get(hash)).rejects.toThrow(/another hash/);
    for (const partition of [0, 1, 2])
      log.truncate("blob-chunks", partition, (await log.range("blob-chunks", partition)).end);
    await expect(blobs.get(hash)).rejects.toThrow(/0 of its 3 chunks/);
    // Put again it stayed damaged, since its head was there.
    await blobs.put(bytes);
    for (const one of [blobs, openTopicBlobs(log, () => 0)]) expect((await one.get(hash))?.length).toBe(bytes.length);
  });

  it("makes a blob young again that is put again, and reads no bytes to find out what there is", async () => {
    let now = 0;
    const log = await memoryLog(() => now);
    const blobs = openTopicBlobs(log, () => now);
    await blobs.put(bytes);
    now = 3_600_000;
    let reads = 0;
    const counting = {
      ...log,
      read: (...args: Parameters<Log["read"]>) => {
        reads += args[0] === "blob-chunks" ? 1 : 0;
        return log.read(...args);
      },
    };
    const other = openTopicBlobs(counting, () => now);
    expect(await other.list()).toMatchObject([{ modifiedAt: 0 }]);
    expect(reads).toBe(0);
    await other.put(bytes);
    expect(await blobs.list()).toMatchObject([{ modifiedAt: 3_600_000, bytes: bytes.length }]);
  });
});

describe("a cache of blobs", () => {
  it("asks once, holds at most so many bytes, and mends itself", async () => {
    const far = createMemoryBlobs();
    let asked = 0;
    const counted = {
      ...far,
      get(hash: string) {
        asked += 1;
        return far.get(hash);
      },
    };
    const folder = freshFolder();
    const near = await openFolderBlobs(folder);
    const cache = await openBlobCache(counted, near, 250);
    const hashes: string[] = [];
    for (const text of ["a", "b", "c"]) hashes.push(await cache.put(Buffer.alloc(100, text)));
    expect((await near.list()).map(({ hash }) => hash).sort()).toEqual(hashes.slice(1).sort());
    await cache.get(hashes[1] ?? "");
    expect(asked).toBe(0);
    await cache.get(hashes[0] ?? "");
    expect(asked).toBe(1);
    // The one that was not read since went.
    expect((await near.list()).map(({ hash }) => hash).sort()).toEqual([hashes[0], hashes[1]].sort());
    const [first = ""] = hashes;
    writeFileSync(join(folder, first.slice(0, 2), first), "wrong");
    expect((await cache.get(first))?.length).toBe(100);
    expect(asked).toBe(2);
    await cache.put(Buffer.alloc(300, "d"));
    expect((await near.list()).reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(250);
    // Another start finds what is there.
    await (await openBlobCache(counted, near, 250)).get(first);
    expect(asked).toBe(2);
  });
});
