/**
 * Blobs in the log, for many machines: chunks of at most 512 KiB in `blob-chunks`, in the partition of the blob's hash, and a head in `blobs`
 * that makes them complete. Both topics are compact. While chunks are written or deleted, a second head under a key of its own says so: what a
 * process left half done when it died is listed, and swept like any other blob that nothing names. Nobody sees half a blob, and a writer that
 * comes late takes nothing from who has the whole one.
 *
 * Two writers of one blob write the same chunks under the same keys: whichever compaction leaves, they are right, and lie at or behind the
 * offset of either head, or of a chunk written later. So a reader starts where the head says and goes forward until it has all.
 */
import { codecs } from "../codec/codecs.ts";
import type { Blob } from "../codec/records.ts";
import { sha256Hex } from "../json/hash.ts";
import { partitionOf } from "../log/murmur2.ts";
import type { Log } from "../log/port.ts";
import { BlobDamaged, type Blobs } from "./port.ts";

const chunkBytesMax = 524_288;
const limits = { recordsMax: 500, bytesMax: 8_388_608 };
/** A blob that is put again is young again, or it would be swept between being put and being named. */
const youngMs = 60_000;

interface Head {
  readonly blob: Blob;
  /** Append time of the head, epoch ms. */
  readonly at: number;
}

/** What is in the log is read when it is first asked for: opening costs nothing. `now`: epoch ms. */
export function openTopicBlobs(
  log: Pick<Log, "append" | "read" | "range" | "partitionCount">,
  now: () => number,
): Blobs {
  /** Of whole blobs, and of those whose chunks are being written or deleted; by hash. */
  const heads = new Map<string, Head>();
  const underWay = new Map<string, Head>();
  let position = 0;
  let looking: Promise<void> = Promise.resolve();
  let chunkPartitions: number | null = null;

  /** Brings the heads up to date, one caller after another. */
  function look(): Promise<void> {
    looking = looking.catch(() => {}).then(lookOn);
    return looking;
  }

  async function lookOn(): Promise<void> {
    const { start, end } = await log.range("blobs", 0);
    for (let from = Math.max(position, start); from < end; ) {
      const records = await log.read("blobs", 0, from, limits, 0);
      for (const { key, value, timestamp } of records) {
        if (key === null) continue;
        const [hash = "", isUnderWay] = key.split("/");
        const its = isUnderWay === undefined ? heads : underWay;
        if (value === null) its.delete(hash);
        else its.set(hash, { blob: codecs.blob.decode(value), at: timestamp });
      }
      from = (records.at(-1)?.offset ?? end) + 1;
      position = from;
    }
  }

  async function placeOf(hash: string): Promise<number> {
    chunkPartitions ??= await log.partitionCount("blob-chunks");
    return partitionOf(hash, chunkPartitions);
  }

  async function append(topic: string, key: string, partition: number, value: Uint8Array | null): Promise<number> {
    const [position] = await log.append([{ topic, key, partition, value }]);
    return position?.offset ?? 0;
  }

  function appendHead(blob: Blob): Promise<number> {
    return append("blobs", blob.complete ? blob.hash : keyUnderWay(blob.hash), 0, codecs.blob.encode(blob));
  }

  /** Chunks by index, from the head's offset on; fewer than the head says where some are gone. */
  async function chunksOf({ hash, chunks, offset }: Blob): Promise<ReadonlyMap<number, Uint8Array>> {
    const partition = await placeOf(hash);
    const { start, end } = await log.range("blob-chunks", partition);
    const found = new Map<number, Uint8Array>();
    for (let from = Math.max(offset, start); from < end && found.size < chunks; ) {
      const records = await log.read("blob-chunks", partition, from, limits, 0);
      for (const { key, value } of records) {
        if (key === null || value === null || !key.startsWith(`${hash}/`)) continue;
        const chunk = codecs.blobChunk.decode(value);
        found.set(chunk.index, chunk.data);
      }
      from = (records.at(-1)?.offset ?? end) + 1;
    }
    return found;
  }

  async function bytesOf(blob: Blob): Promise<Uint8Array | { readonly damage: string }> {
    const chunks = await chunksOf(blob);
    if (chunks.size < blob.chunks) return { damage: `${chunks.size} of its ${blob.chunks} chunks are in blob-chunks` };
    const bytes = Buffer.concat(Array.from({ length: blob.chunks }, (_, index) => chunks.get(index) ?? Buffer.of()));
    return sha256Hex(bytes) === blob.hash ? bytes : { damage: "its bytes have another hash" };
  }

  async function isWhole(blob: Blob): Promise<boolean> {
    return (await bytesOf(blob)) instanceof Uint8Array;
  }

  return {
    async put(bytes) {
      const hash = sha256Hex(bytes);
      await look();
      const known = heads.get(hash);
      // What is damaged is written anew: else no later version that shares the blob could be read.
      if (known !== undefined && (await isWhole(known.blob))) {
        if (now() - known.at > youngMs) await appendHead(known.blob);
        return hash;
      }
      const partition = await placeOf(hash);
      const chunks = Math.ceil(bytes.length / chunkBytesMax);
      const { end } = await log.range("blob-chunks", partition);
      const blob = { hash, bytes: bytes.length, chunks, offset: end, complete: false };
      await appendHead(blob);
      for (let index = 0; index < chunks; index++) {
        const data = bytes.subarray(index * chunkBytesMax, (index + 1) * chunkBytesMax);
        await append("blob-chunks", chunkKey(hash, index), partition, codecs.blobChunk.encode({ hash, index, data }));
      }
      await appendHead({ ...blob, complete: true });
      await append("blobs", keyUnderWay(hash), 0, null);
      return hash;
    },
    async get(hash) {
      await look();
      const blob = heads.get(hash)?.blob;
      if (blob === undefined) return null;
      const read = await bytesOf(blob);
      if (read instanceof Uint8Array) return read;
      await look();
      // Deleted while it was read.
      if (!heads.has(hash)) return null;
      throw new BlobDamaged(hash, read.damage);
    },
    async delete(hash) {
      await look();
      const blob = (heads.get(hash) ?? underWay.get(hash))?.blob;
      if (blob === undefined) return;
      await appendHead({ ...blob, complete: false });
      if (heads.has(hash)) await append("blobs", hash, 0, null);
      const partition = await placeOf(hash);
      const gone = Array.from({ length: blob.chunks }, (_, index) => {
        return { topic: "blob-chunks", key: chunkKey(hash, index), partition, value: null };
      });
      if (gone.length > 0) await log.append(gone);
      await append("blobs", keyUnderWay(hash), 0, null);
    },
    async list() {
      await look();
      return [...new Map([...underWay, ...heads]).values()].map(({ blob, at }) => ({
        hash: blob.hash,
        bytes: blob.bytes,
        modifiedAt: at,
      }));
    },
  };
}

function keyUnderWay(hash: string): string {
  return `${hash}/under-way`;
}

function chunkKey(hash: string, index: number): string {
  return `${hash}/${index}`;
}
