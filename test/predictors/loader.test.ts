/** Loading model versions: what is gone or damaged is gone, what cannot be asked for now is asked for again. */
import { expect, it } from "vitest";
import { createMemoryBlobs } from "../../src/blobs/memory.ts";
import { BlobDamaged } from "../../src/blobs/port.ts";
import type { Model } from "../../src/codec/records.ts";
import { createLoader } from "../../src/predictors/loader.ts";
import type { Predictor, PredictorFactory } from "../../src/predictors/predictor.ts";

const parrot: PredictorFactory = {
  name: "parrot",
  learnt: true,
  load: ({ version }): Predictor => ({
    name: "parrot",
    version,
    deterministic: true,
    predict: () => ({ status: "abstained", reason: "untrained" }),
  }),
};

function modelOf(version: string, blobs: readonly string[]): Model {
  const counts = { bytes: 1, publishedAt: 1, transitions: 1, entries: 1, hits: 0, tries: 0 };
  return { environment: "w", predictor: "parrot", version, blobs, ...counts, offsets: [], reference: null };
}

it("throws where the blobs do not answer, and loads the version once they do", async () => {
  // Once: a request that timed out while a version was loaded made that process predict nothing with it, for good, and its neighbours did.
  const blobs = createMemoryBlobs();
  const hash = await blobs.put(Buffer.from("a"));
  let away: Error | null = new Error("Request ListOffsets timed out");
  const trouble: string[] = [];
  const loader = createLoader(
    [parrot],
    {
      ...blobs,
      async get(one) {
        if (away !== null) throw away;
        return blobs.get(one);
      },
    },
    ({ version }) => void trouble.push(version),
  );
  await expect(loader.load(modelOf("v1", [hash]))).rejects.toThrow("timed out");
  expect(trouble).toEqual([]);
  away = null;
  expect((await loader.load(modelOf("v1", [hash])))?.version).toBe("v1");
  away = new BlobDamaged(hash, "its bytes have another hash");
  expect(await loader.load(modelOf("v2", [hash]))).toBeNull();
  expect(await loader.load(modelOf("v3", ["f".repeat(64)]))).toBeNull();
  expect(trouble).toEqual(["v2", "v3"]);
});

it("loads a version whose bytes were put again, and tells only once that they were gone", async () => {
  const blobs = createMemoryBlobs();
  const hash = await blobs.put(Buffer.from("a"));
  await blobs.delete(hash);
  const trouble: string[] = [];
  const loader = createLoader([parrot], blobs, ({ version }) => void trouble.push(version));
  for (let again = 0; again < 3; again++) expect(await loader.load(modelOf("v1", [hash]))).toBeNull();
  await blobs.put(Buffer.from("a"));
  expect((await loader.load(modelOf("v1", [hash])))?.version).toBe("v1");
  await blobs.delete(hash);
  expect((await loader.load(modelOf("v1", [hash])))?.version, "what is loaded stays").toBe("v1");
  expect(trouble).toEqual(["v1"]);
});
