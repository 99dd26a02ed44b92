/** What a snapshot holds, and when it is named. */
import { promisify } from "node:util";
import { inflate } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { Snapshot } from "../../src/run/snapshots.ts";
import { createSnapshotting } from "../../src/run/snapshotting.ts";

const inflated = promisify(inflate);

/** A store of one text that is changed in place, as stores are. */
function taskOf(bytes: number, stateless = false) {
  const store = Buffer.alloc(bytes, "a");
  const snapshotting = createSnapshotting({
    stage: { stateless },
    task: { snapshot: () => [store.subarray(0, 1), store.subarray(1)], storeBytes: () => bytes },
    options: { snapshotRecordsMin: 20, catchUpMax: 1_000 },
    breathe: () => null,
  });
  return { store, snapshotting };
}

const place = (offset: number) => ({ group: "g", partition: 3, offsets: { scores: offset } });

async function read(snapshot: Snapshot | null): Promise<string> {
  if (snapshot === null) throw new Error("no snapshot");
  const blob = Buffer.from(snapshot.blob);
  return (await inflated(blob.subarray(blob.indexOf(0x0a) + 1))).toString();
}

describe("a snapshot of a small store", () => {
  it("holds the store as it was when it was taken, at the offsets of then, whatever is folded meanwhile", async () => {
    const { store, snapshotting } = taskOf(100);
    snapshotting.folded(20);
    expect(snapshotting.isDue()).toBe(true);
    expect(await snapshotting.take(place(20))).toBeNull();
    store.fill("b");
    snapshotting.folded(2);
    const snapshot = await snapshotting.ripe(false);
    expect(await read(snapshot)).toBe("a".repeat(100));
    expect(snapshot?.place).toEqual(place(20));
  });

  it("is named after a tenth of the records until the next, or where nothing comes; until then none is taken", async () => {
    const { snapshotting } = taskOf(100);
    snapshotting.folded(25);
    await snapshotting.take(place(25));
    snapshotting.folded(1);
    expect(await snapshotting.ripe(false)).toBeNull();
    expect(snapshotting.isUnderway).toBe(true);
    snapshotting.folded(1);
    expect(await snapshotting.ripe(false)).not.toBeNull();
    expect(await snapshotting.ripe(false)).toBeNull();
    snapshotting.folded(18);
    expect(snapshotting.isDue()).toBe(true);
    await snapshotting.take(place(45));
    expect(await snapshotting.ripe(true)).not.toBeNull();
    expect(snapshotting.isUnderway).toBe(false);
  });

  it("gives way to the last one, which is of now", async () => {
    const { store, snapshotting } = taskOf(10);
    snapshotting.folded(20);
    await snapshotting.take(place(20));
    store.fill("c");
    expect(await read(await snapshotting.last(place(23)))).toBe("c".repeat(10));
    expect(await snapshotting.ripe(true)).toBeNull();
    expect(await snapshotting.last(place(23))).toBeNull();
  });
});

it("a large store is not copied: its snapshot is there at once", async () => {
  const { store, snapshotting } = taskOf(2 ** 24 + 1);
  snapshotting.folded(1_000);
  const snapshot = await snapshotting.take(place(1_000));
  store.fill("b", 0, 1);
  expect((await read(snapshot)).slice(0, 2)).toBe("aa");
  expect(snapshotting.isUnderway).toBe(false);
});

it("a stage without a store takes none", async () => {
  const { snapshotting } = taskOf(10, true);
  snapshotting.folded(1_000);
  expect(snapshotting.isDue()).toBe(false);
  expect(await snapshotting.last(place(1_000))).toBeNull();
});
