/** What the janitor sweeps and what it keeps: versions by age and number, pinned ones for ever (P4), blobs that something names. */
import { describe, expect, it } from "vitest";
import { createMemoryBlobs } from "../../src/blobs/memory.ts";
import { codecs } from "../../src/codec/codecs.ts";
import type { Model, Reference } from "../../src/codec/records.ts";
import { createMemoryLog } from "../../src/log/memory/memory-log.ts";
import { sweep, versionKeptMs, versionsKeptMin } from "../../src/run/janitor.ts";
import { readManifests, referenceKey, resolveVersion, versionKey } from "../../src/run/manifests.ts";
import { topicSpecs } from "../../src/topology.ts";

const hourMs = 3_600_000;
const startMs = 1_700_000_000_000;

/** Versions of one predictor, one an hour, each with a blob of its own and one that all share. */
async function kept(count: number) {
  let now = startMs;
  const log = createMemoryLog({ now: () => now });
  await log.ensureTopics(topicSpecs(1, null));
  const blobs = createMemoryBlobs(() => now);
  const shared = await blobs.put(Buffer.from("shared"));
  const models: Model[] = [];
  for (let at = 0; at < count; at++, now += hourMs) {
    const own = await blobs.put(Buffer.from(`version ${at}`));
    const model = modelOf(`${String(at).padStart(3, "0")}${"a".repeat(61)}`, [shared, own], now);
    models.push(model);
    await write(model);
  }

  function write(model: Model) {
    const key = model.reference === null ? versionKey(model) : referenceKey(model);
    return log.append([{ topic: "models", key, partition: 0, value: codecs.model.encode(model) }]);
  }

  return {
    log,
    blobs,
    models,
    refer: (at: number, reference: Partial<Reference> = {}) => {
      const [first] = models;
      const model = models[at] ?? first;
      if (model === undefined) throw new Error("no version");
      return write({ ...model, reference: { pinned: true, at: now, author: "me", ...reference } });
    },
    later: (ms: number) => {
      now += ms;
    },
    sweep: () => sweep(log, blobs, now),
    versions: async () =>
      (await readManifests(log))[0]?.versions.map(({ version }) => Number(version.slice(0, 3))) ?? [],
    holds: async (at: number) => (await blobs.get(models[at]?.blobs[1] ?? "")) !== null,
    shared,
  };
}

function modelOf(version: string, blobs: readonly string[], publishedAt: number): Model {
  return {
    environment: "house",
    predictor: "recall",
    version,
    blobs,
    bytes: 1,
    publishedAt,
    transitions: 1,
    entries: 1,
    hits: 0,
    tries: 0,
    offsets: [],
    reference: null,
  };
}

describe("the janitor", () => {
  it("keeps what is young or among the newest, and takes blobs one sweep after the manifests that named them", async () => {
    const world = await kept(60);
    const swept = await world.sweep();
    // The last 24 hours are more than the newest 20.
    expect(await world.versions()).toEqual(Array.from({ length: 24 }, (_, at) => at + 36));
    expect(swept).toEqual({ versions: 36, blobs: 0 });
    expect(await world.holds(0)).toBe(true);
    expect(await world.sweep()).toEqual({ versions: 0, blobs: 36 });
    expect([await world.holds(35), await world.holds(36)]).toEqual([false, true]);
    world.later(10 * versionKeptMs);
    await world.sweep();
    expect(await world.versions()).toHaveLength(versionsKeptMin);
    expect(await world.blobs.get(world.shared)).not.toBeNull();
  });

  it("keeps the manifest and the blobs of a pinned version for ever (P4)", async () => {
    const world = await kept(60);
    await world.refer(3);
    for (let round = 0; round < 4; round++) {
      await world.sweep();
      world.later(10 * versionKeptMs);
    }
    expect((await world.versions()).slice(0, 2)).toEqual([3, 40]);
    expect([await world.holds(2), await world.holds(3), await world.holds(4)]).toEqual([false, true, false]);
    const [found] = await readManifests(world.log);
    expect(found?.reference).toMatchObject({ version: world.models[3]?.version, reference: { pinned: true } });
  });

  it("keeps a pinned version no longer once it is unpinned, or another is pinned", async () => {
    const moved = await kept(60);
    await moved.refer(3);
    await moved.refer(5);
    const lifted = await kept(60);
    await lifted.refer(3);
    await lifted.refer(3, { pinned: false });
    for (const world of [moved, lifted]) {
      await world.sweep();
      await world.sweep();
    }
    expect([await moved.holds(3), await moved.holds(5)]).toEqual([false, true]);
    expect([await lifted.holds(3), await lifted.holds(5)]).toEqual([false, false]);
  });

  it("does not take the blobs of a version that is pinned while it is being swept", async () => {
    const world = await kept(60);
    await world.sweep();
    expect(await world.versions()).not.toContain(3);
    await world.refer(3);
    await world.sweep();
    expect([await world.holds(2), await world.holds(3)]).toEqual([false, true]);
  });
});

describe("a version's name", () => {
  it("is whole, or the beginning of exactly one; nothing is the newest", async () => {
    const { log } = await kept(12);
    const [found] = await readManifests(log);
    if (found === undefined) throw new Error("nothing was read");
    const numberOf = (wanted: string | null) => {
      const resolved = resolveVersion(found, wanted);
      return resolved.ok ? Number(resolved.model.version.slice(0, 3)) : resolved.why;
    };
    expect(numberOf(null)).toBe(11);
    expect(numberOf("007")).toBe(7);
    expect(numberOf(found.versions[4]?.version ?? "")).toBe(4);
    expect(numberOf("00")).toBe("ambiguous");
    expect(numberOf("zzz")).toBe("unknown");
    expect(numberOf("")).toBe("unknown");
    expect(resolveVersion(found, "00")).toMatchObject({ message: expect.stringContaining("10 versions of recall") });
  });

  it("is of the environments that are asked for alone", async () => {
    const { log } = await kept(3);
    expect(await readManifests(log, (environment) => environment === "shop")).toEqual([]);
  });
});
