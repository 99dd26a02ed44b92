/**
 * Versions of a learnt model as blobs: only blobs that the version before did not have, or that are lost, are put, so models are divided where
 * they change apart.
 */
import { sha256Hex } from "../../json/hash.ts";
import type { Put } from "../predictor.ts";
import type { Forest } from "./forest.ts";
import { hashText } from "./hash.ts";
import type { Seal } from "./seal.ts";

export type PublishedBlob = readonly [hash: string, bytes: number];

export interface Published {
  readonly version: string;
  readonly blobs: readonly string[];
  readonly bytes: number;
}

export interface Publisher<T> {
  publish(parts: readonly T[], put: Put): Published;
  last(): readonly PublishedBlob[];
  restore(last: readonly PublishedBlob[]): void;
}

export function versionOf(predictor: string, blobs: readonly string[]): string {
  return sha256Hex(`${predictor}/1 ${blobs.join(" ")}`);
}

export function createPublisher<T>(predictor: string, seal: Seal<T>): Publisher<T> {
  let last: readonly PublishedBlob[] = [];
  return {
    last: () => last,
    restore(blobs) {
      last = blobs;
    },
    publish(parts, put) {
      const there = new Set(last.map(([hash]) => hash).filter((hash) => put.isLost?.(hash) !== true));
      last = parts.map((part): PublishedBlob => {
        const bytes = seal.encode(part);
        const hash = sha256Hex(bytes);
        return [there.has(hash) ? hash : put(bytes), bytes.length];
      });
      const blobs = last.map(([hash]) => hash);
      return { version: versionOf(predictor, blobs), blobs, bytes: last.reduce((sum, [, bytes]) => sum + bytes, 0) };
    },
  };
}

/** Divides by the hash of the key; buckets and what is in them come in one order, whatever order they were learnt in. */
export function bucketsOf<T>(all: Iterable<T>, keyOf: (one: T) => string, count: number): readonly (readonly T[])[] {
  const buckets = new Map<number, T[]>();
  for (const one of all) {
    const at = (hashText(keyOf(one)) >>> 0) % count;
    const bucket = buckets.get(at) ?? [];
    buckets.set(at, bucket);
    bucket.push(one);
  }
  return [...buckets]
    .sort(([a], [b]) => a - b)
    .map(([, bucket]) => bucket.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)));
}

/** The words of all tokens that the forests ask of, by token. */
export function wordsOf(
  forests: readonly Forest[],
  words: ReadonlyMap<number, string>,
): readonly (readonly [number, string])[] {
  const tokens = new Set<number>();
  for (const { nodes } of forests)
    for (let at = 0; at < nodes.length; at += 3) if (nodes[at] !== -1) tokens.add(nodes[at] ?? 0);
  return [...tokens]
    .sort((a, b) => a - b)
    .flatMap((token) => {
      const text = words.get(token);
      return text === undefined ? [] : [[token, text] as const];
    });
}
