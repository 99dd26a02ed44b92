/** What the writer thread is asked and what it answers. */
import type { TopicSpec } from "../port.ts";

export interface FrameToWrite {
  readonly topic: number;
  readonly part: number;
  readonly base: number;
  /** The offset behind the last record. */
  readonly next: number;
  readonly timestamp: number;
  readonly packed: Uint8Array;
}
export interface CommitToWrite {
  readonly group: string;
  readonly part: number;
  /** JSON. */
  readonly offsets: string;
  readonly note: string;
}

export type Request =
  | { readonly kind: "topics"; readonly specs: readonly TopicSpec[] }
  | { readonly kind: "write"; readonly frames: readonly FrameToWrite[]; readonly commits: readonly CommitToWrite[] }
  | { readonly kind: "maintain"; readonly nowMs: number }
  | { readonly kind: "close" };

export interface TopicRow {
  readonly id: number;
  readonly spec: TopicSpec;
  readonly parts: readonly { readonly start: number; readonly next: number; readonly timestamp: number }[];
  readonly bytes: number;
}
export interface GroupRow {
  readonly group: string;
  readonly part: number;
  readonly offsets: string;
  readonly note: string;
}
export interface Maintained {
  readonly starts: readonly { readonly topic: number; readonly part: number; readonly start: number }[];
  readonly bytes: readonly { readonly topic: number; readonly bytes: number }[];
  /** Topics whose limit in bytes dropped records that their age would have kept. */
  readonly bitten: readonly string[];
}

export type Answer =
  | {
      readonly ok: true;
      readonly topics?: readonly TopicRow[];
      readonly groups?: readonly GroupRow[];
      readonly maintained?: Maintained;
      readonly storedBytes?: readonly number[];
    }
  | { readonly ok: false; readonly full: boolean; readonly message: string };
