/** Outputs of a batch, held back until the commit that covers their inputs. */
import { createHash } from "node:crypto";
import type { OutRecord } from "../log/port.ts";
import type { Emit } from "./stage.ts";

export interface Staging extends Emit {
  readonly records: readonly OutRecord[];
  readonly blobs: ReadonlyMap<string, Uint8Array>;
  /** How many records are staged: pass it to `rollBack` to drop what a failed fold left. */
  mark(): number;
  rollBack(mark: number): void;
}

export function createStaging(): Staging {
  const records: OutRecord[] = [];
  const blobs = new Map<string, Uint8Array>();
  return {
    records,
    blobs,
    record(topic, key, value, partition) {
      records.push({ topic, key, value, partition: partition ?? null });
    },
    blob(bytes) {
      const hash = sha256(bytes);
      blobs.set(hash, bytes);
      return hash;
    },
    mark: () => records.length,
    rollBack(mark) {
      records.length = mark;
    },
  };
}

/** For catch-up: hashes are still answered, nothing is kept. */
export const discard: Emit = {
  record() {},
  blob: sha256,
};

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
