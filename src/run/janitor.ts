/**
 * Keeps the blobs folder bounded. A model version stays for 24 hours and while it is among the newest 20 of its predictor and
 * environment (P4), a pinned one for ever; a snapshot stays while the `snapshots` topic names it. Older versions lose their manifest (a null value under their
 * key); blobs that nothing names any more are deleted once they are an hour old, so that one about to be named is never caught. The
 * blobs of a version go one sweep after its manifest: who pins it at that very moment has made its pin known by then.
 */
import type { Blobs } from "../blobs/port.ts";
import { codecs } from "../codec/codecs.ts";
import type { Model } from "../codec/records.ts";
import type { Log } from "../log/port.ts";
import { newestByKey, referenceKey } from "./manifests.ts";

export const versionsKeptMin = 20;
export const versionKeptMs = 24 * 3_600_000;
const blobGraceMs = 3_600_000;

export interface Swept {
  readonly versions: number;
  readonly blobs: number;
}

export async function sweep(log: Log, blobs: Blobs, nowMs: number): Promise<Swept> {
  const models = await newestByKey(log, "models");
  const named = new Set<string>();
  for (const record of (await newestByKey(log, "snapshots")).values()) {
    if (record.value !== null) named.add(codecs.snapshot.decode(record.value).blob);
  }
  const manifests: { readonly key: string; readonly partition: number; readonly model: Model }[] = [];
  for (const [key, { value, partition }] of models) {
    if (value !== null) manifests.push({ key, partition, model: codecs.model.decode(value) });
  }
  const dropped = expired(manifests, nowMs);
  const gone = dropped.map(({ key, partition }) => ({ topic: "models", key, partition, value: null }));
  if (gone.length > 0) await log.append(gone);
  for (const { model } of manifests) {
    if (model.reference?.pinned !== false) for (const hash of model.blobs) named.add(hash);
  }
  let deleted = 0;
  for (const blob of await blobs.list()) {
    if (named.has(blob.hash) || nowMs - blob.modifiedAt < blobGraceMs) continue;
    await blobs.delete(blob.hash);
    deleted += 1;
  }
  return { versions: gone.length, blobs: deleted };
}

function expired<T extends { readonly model: Model }>(manifests: readonly T[], nowMs: number): readonly T[] {
  const byPredictor = new Map<string, T[]>();
  const pinned = new Map<string, string>();
  for (const manifest of manifests) {
    const { model } = manifest;
    const key = referenceKey(model);
    if (model.reference === null) byPredictor.set(key, [...(byPredictor.get(key) ?? []), manifest]);
    else if (model.reference.pinned) pinned.set(key, model.version);
  }
  const dropped: T[] = [];
  for (const versions of byPredictor.values()) {
    const newestFirst = versions.sort((a, b) => b.model.publishedAt - a.model.publishedAt);
    for (const manifest of newestFirst.slice(versionsKeptMin)) {
      const { version, publishedAt } = manifest.model;
      if (pinned.get(referenceKey(manifest.model)) === version) continue;
      if (nowMs - publishedAt > versionKeptMs) dropped.push(manifest);
    }
  }
  return dropped;
}
