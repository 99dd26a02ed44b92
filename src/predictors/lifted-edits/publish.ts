/** Versions: what the learner has now, as blobs. Only blobs that the version before did not have are put. */
import { sha256Hex } from "../../json/hash.ts";
import { formsOf } from "../../json/shape/serialise.ts";
import { hashText } from "../lifted/hash.ts";
import { writeConfidence } from "../lifted/written.ts";
import { type Bucket, type Head, seal } from "./blobs.ts";
import type { RowModel } from "./row-model.ts";
import type { Store } from "./store.ts";
import { writeLore, writeModel } from "./written.ts";

const bucketsPerStage = 6;

export type PublishedBlob = readonly [hash: string, bytes: number];

export interface Publisher {
  publish(
    store: Store,
    transitions: number,
    put: (bytes: Uint8Array) => string,
  ): { readonly version: string; readonly blobs: readonly string[]; readonly bytes: number; readonly entries: number };
  last(): readonly PublishedBlob[];
  restore(last: readonly PublishedBlob[]): void;
}

export function versionOf(blobs: readonly string[]): string {
  return sha256Hex(`lifted-edits/1 ${blobs.join(" ")}`);
}

export function createPublisher(): Publisher {
  let last: readonly PublishedBlob[] = [];
  return {
    last: () => last,
    restore(blobs) {
      last = blobs;
    },
    publish(store, transitions, put) {
      const before = new Map(last);
      const now: PublishedBlob[] = [];
      for (const part of partsOf(store, transitions)) {
        const bytes = seal.encode(part);
        const hash = sha256Hex(bytes);
        now.push([before.has(hash) ? hash : put(bytes), bytes.length]);
      }
      last = now;
      const blobs = now.map(([hash]) => hash);
      const entries = store.stages.reduce((sum, stage) => sum + stage.models.size, 0);
      return { version: versionOf(blobs), blobs, bytes: now.reduce((sum, [, bytes]) => sum + bytes, 0), entries };
    },
  };
}

function partsOf(store: Store, transitions: number): readonly (Head | Bucket)[] {
  const stages = store.staged ? store.stages : store.stages.slice(0, 1);
  const parts: (Head | Bucket)[] = [headOf(store, transitions, stages.length)];
  for (const [stage, { models }] of stages.entries()) {
    const buckets = new Map<number, RowModel[]>();
    for (const model of models.all()) {
      const at = (hashText(model.key) >>> 0) % bucketsPerStage;
      const bucket = buckets.get(at) ?? [];
      buckets.set(at, bucket);
      bucket.push(model);
    }
    for (const [, bucket] of [...buckets].sort(([a], [b]) => a - b)) {
      bucket.sort((a, b) => (a.key < b.key ? -1 : 1));
      parts.push({ v: 1, stage, models: bucket.map(writeModel), words: wordsOf(bucket, store.words) });
    }
  }
  return parts;
}

function headOf(store: Store, transitions: number, stages: number): Head {
  return {
    v: 1,
    transitions,
    stages,
    forms: formsOf(store.shape.root),
    lore: writeLore(store.lore.lore, store.reader.paths),
    gate: [...store.gate.entries()].map(([name, { wins, losses }]) => [name, wins, losses]),
    confidence: writeConfidence(store.confidence),
    templates: [...store.templates.keys()],
    surprises: [...store.surprises],
  };
}

function wordsOf(
  models: readonly RowModel[],
  words: ReadonlyMap<number, string>,
): readonly (readonly [number, string])[] {
  const tokens = new Set<number>();
  for (const { forest } of models) {
    for (let at = 0; at < forest.nodes.length; at += 3) if (forest.nodes[at] !== -1) tokens.add(forest.nodes[at] ?? 0);
  }
  return [...tokens]
    .sort((a, b) => a - b)
    .flatMap((token) => {
      const text = words.get(token);
      return text === undefined ? [] : [[token, text] as const];
    });
}
