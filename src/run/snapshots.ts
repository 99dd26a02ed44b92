/**
 * Snapshots of a stream task's store. A blob is one header line (group, partition, offsets), which makes it this task's own so that
 * it may be deleted when a newer one is committed, and the deflated store.
 */
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import { createDeflate, inflate } from "node:zlib";
import type { Blobs } from "../blobs/port.ts";
import { codecs } from "../codec/codecs.ts";
import type { Offsets, OutRecord } from "../log/port.ts";

const inflateAsync = promisify(inflate);
/** An inflated store beyond this is refused: no store of ours comes near, a damaged or hostile blob may. */
const storeBytesMax = 2 ** 31 - 1;

export interface SnapshotPlace {
  readonly group: string;
  readonly partition: number;
  readonly offsets: Offsets;
}

/** `blob`: what is stored of it, whole. */
export interface Snapshot {
  readonly place: SnapshotPlace;
  readonly blob: Uint8Array;
}

/** The blob of a snapshot, not stored yet. The store is read while the promise is pending, with pauses: what it is made of must not change until then. */
export async function deflateSnapshot(
  place: SnapshotPlace,
  store: Iterable<Uint8Array>,
  breathe: () => Promise<void> | null,
): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [Buffer.from(`${JSON.stringify(place)}\n`)];
  await pipeline(
    breathing(store, breathe),
    createDeflate({ level: 1 }),
    async (deflated: AsyncIterable<Uint8Array>) => {
      for await (const piece of deflated) pieces.push(piece);
    },
  );
  return Buffer.concat(pieces);
}

/** A copy of the store in one piece, which may be deflated while the store goes on. */
export async function copyStore(store: Iterable<Uint8Array>, breathe: () => Promise<void> | null): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of breathing(store, breathe)) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** Stores the snapshot durably; returns its hash and the manifest for topic `snapshots`. */
export async function storeSnapshot(
  blobs: Blobs,
  { place, blob }: Snapshot,
  nowMs: number,
): Promise<{ readonly hash: string; readonly manifest: OutRecord }> {
  const { group, partition } = place;
  const hash = await blobs.put(blob);
  const offsets = Object.entries(place.offsets).map(([topic, offset]) => ({ topic, offset }));
  const value = codecs.snapshot.encode({ group, partition, blob: hash, bytes: blob.length, at: nowMs, offsets });
  return { hash, manifest: { topic: "snapshots", key: `${group}/${partition}`, partition: null, value } };
}

async function* breathing(pieces: Iterable<Uint8Array>, breathe: () => Promise<void> | null) {
  for (const piece of pieces) {
    yield piece;
    const pause = breathe();
    if (pause !== null) await pause;
  }
}

/** The store that a committed note names. Throws `SnapshotGone` where the blob is missing. */
export async function readSnapshot(blobs: Blobs, group: string, hash: string): Promise<Uint8Array> {
  const blob = await blobs.get(hash);
  if (blob === null) throw new SnapshotGone(group, hash);
  const end = blob.indexOf(0x0a);
  return inflateAsync(blob.subarray(end + 1), { maxOutputLength: storeBytesMax });
}

export class SnapshotGone extends Error {
  override readonly name = "SnapshotGone";
  constructor(group: string, hash: string) {
    super(
      `the snapshot ${hash} that group ${group} needs is not among the blobs. Restore the blobs folder, or start the group anew: ` +
        `\`driftline reset ${group} --to start\` (reads all that the log still holds) or \`--to end\` (goes on with what comes).`,
    );
  }
}
