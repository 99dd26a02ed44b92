/**
 * Keeps the blobs folder bounded. A model version stays for 24 hours and while it is among the newest 20 of its predictor and
 * environment (P4); a snapshot stays while the `snapshots` topic names it. Older versions lose their manifest (a null value under their
 * key); blobs that nothing names any more are deleted once they are an hour old, so that one about to be named is never caught.
 */
import type { Blobs } from "../blobs/port.ts";
import { codecs } from "../codec/codecs.ts";
import type { Model } from "../codec/records.ts";
import type { Log, LogRecord } from "../log/port.ts";

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
  const droppedKeys = new Set(dropped.map((manifest) => manifest.key));
  for (const { key, model } of manifests) {
    if (!droppedKeys.has(key)) for (const hash of model.blobs) named.add(hash);
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
  for (const manifest of manifests) {
    const key = JSON.stringify([manifest.model.environment, manifest.model.predictor]);
    byPredictor.set(key, [...(byPredictor.get(key) ?? []), manifest]);
  }
  const dropped: T[] = [];
  for (const versions of byPredictor.values()) {
    const newestFirst = versions.sort((a, b) => b.model.publishedAt - a.model.publishedAt);
    for (const manifest of newestFirst.slice(versionsKeptMin)) {
      if (nowMs - manifest.model.publishedAt > versionKeptMs) dropped.push(manifest);
    }
  }
  return dropped;
}

/** The newest record of every key of a compact topic: compaction may not have run yet. */
async function newestByKey(log: Log, topic: string): Promise<ReadonlyMap<string, LogRecord>> {
  const newest = new Map<string, LogRecord>();
  const partitions = await log.partitionCount(topic);
  for (let partition = 0; partition < partitions; partition++) {
    const { end } = await log.range(topic, partition);
    for (let from = 0; from < end; ) {
      const records = await log.read(topic, partition, from, { recordsMax: 1_000, bytesMax: 4_194_304 }, 0);
      for (const record of records) if (record.key !== null) newest.set(record.key, record);
      const last = records.at(-1);
      if (last === undefined) break;
      from = last.offset + 1;
    }
  }
  return newest;
}
