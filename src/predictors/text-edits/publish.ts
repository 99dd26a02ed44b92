/** Versions: what the learner has now, as blobs. Only blobs that the version before did not have are put. */
import { sha256Hex } from "../../json/hash.ts";
import type { Confidence } from "../lifted/confidence.ts";
import { hashText } from "../lifted/hash.ts";
import { writeConfidence } from "../lifted/written.ts";
import { type Bucket, type Head, seal } from "./blobs.ts";
import type { Choice } from "./engine.ts";
import type { Store } from "./store.ts";
import { writeStructure } from "./structure.ts";
import { type WrittenRemembered, writeChoice, writeRemembered } from "./written.ts";

const bucketsCount = 6;

export type PublishedBlob = readonly [hash: string, bytes: number];

export interface Publisher {
  publish(
    store: Store,
    confidence: Confidence,
    transitions: number,
    put: (bytes: Uint8Array) => string,
  ): { readonly version: string; readonly blobs: readonly string[]; readonly bytes: number; readonly entries: number };
  last(): readonly PublishedBlob[];
  restore(last: readonly PublishedBlob[]): void;
}

export function versionOf(blobs: readonly string[]): string {
  return sha256Hex(`text-edits/1 ${blobs.join(" ")}`);
}

export function createPublisher(): Publisher {
  let last: readonly PublishedBlob[] = [];
  return {
    last: () => last,
    restore(blobs) {
      last = blobs;
    },
    publish(store, confidence, transitions, put) {
      const before = new Map(last);
      const head: Head = {
        v: 1,
        transitions,
        structure: writeStructure(store.structure),
        confidence: writeConfidence(confidence),
      };
      const parts: readonly (Head | WrittenRemembered | Bucket)[] = [
        head,
        writeRemembered(store.remembered),
        ...bucketsOf(store),
      ];
      const now: PublishedBlob[] = parts.map((part) => {
        const bytes = seal.encode(part);
        const hash = sha256Hex(bytes);
        return [before.has(hash) ? hash : put(bytes), bytes.length];
      });
      last = now;
      const blobs = now.map(([hash]) => hash);
      const bytes = now.reduce((sum, [, size]) => sum + size, 0);
      return { version: versionOf(blobs), blobs, bytes, entries: store.choices.size };
    },
  };
}

function bucketsOf({ choices, words }: Store): readonly Bucket[] {
  const buckets = new Map<number, (readonly [string, Choice])[]>();
  for (const choice of choices) {
    const at = (hashText(choice[0]) >>> 0) % bucketsCount;
    buckets.set(at, [...(buckets.get(at) ?? []), choice]);
  }
  return [...buckets]
    .sort(([a], [b]) => a - b)
    .map(([, bucket]) => {
      bucket.sort(([a], [b]) => (a < b ? -1 : 1));
      return {
        v: 1,
        choices: bucket.map(([form, choice]) => writeChoice(form, choice)),
        words: wordsOf(bucket, words),
      };
    });
}

function wordsOf(
  bucket: readonly (readonly [string, Choice])[],
  words: ReadonlyMap<number, string>,
): readonly (readonly [number, string])[] {
  const tokens = new Set<number>();
  for (const [, { forest }] of bucket) {
    for (let at = 0; at < forest.nodes.length; at += 3) if (forest.nodes[at] !== -1) tokens.add(forest.nodes[at] ?? 0);
  }
  return [...tokens]
    .sort((a, b) => a - b)
    .flatMap((token) => {
      const text = words.get(token);
      return text === undefined ? [] : [[token, text] as const];
    });
}
