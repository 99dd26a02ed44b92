/**
 * Whether the newest versions can still be read. Versions share the blobs that did not change between them, so one that is gone or damaged is
 * missed by every later version too, and by whoever starts anew. What is known to be lost is put again, with a version that is due at once.
 */
import { BlobDamaged, type Blobs } from "../blobs/port.ts";
import { havePassed } from "../run/passed.ts";
import type { Learning } from "./logic.ts";

export interface LostBlobs {
  /** The one whose newest version was not looked at for longest, where that is long ago; undefined where there is none. */
  due(learnings: readonly Learning[], nowMs: number): Learning | undefined;
  /** Hashes of blobs of its newest version that are gone or damaged. What cannot be asked for now is not known to be. */
  of(learning: Learning, nowMs: number): Promise<ReadonlySet<string>>;
}

/** Reading what nobody damaged is wasted, and a version is some megabytes. At a start nothing was looked at yet, so all are looked at. */
const checkIntervalMs = 600_000;

export function createLostBlobs(blobs: Pick<Blobs, "get">): LostBlobs {
  /** Wall clock, epoch ms. */
  const checkedAt = new WeakMap<Learning, number>();
  const atOf = (learning: Learning) => checkedAt.get(learning) ?? 0;

  async function isLost(hash: string): Promise<boolean> {
    try {
      return (await blobs.get(hash)) === null;
    } catch (error) {
      return error instanceof BlobDamaged;
    }
  }

  return {
    due: (learnings, nowMs) =>
      learnings
        .filter((one) => one.blobs.length > 0 && havePassed(checkIntervalMs, atOf(one), nowMs))
        .reduce<Learning | undefined>((a, b) => (a !== undefined && atOf(a) <= atOf(b) ? a : b), undefined),
    async of(learning, nowMs) {
      checkedAt.set(learning, nowMs);
      const lost = new Set<string>();
      for (const hash of learning.blobs) if (await isLost(hash)) lost.add(hash);
      return lost;
    },
  };
}
