/** What is kept beside the streams: alarms, baselines, and manifests of models and snapshots with the bytes that they name. */
import { createHash } from "node:crypto";
import { type Decoded, decodeTopic } from "./decode.ts";
import type { Dump } from "./dump.ts";
import { canonical, difference, type Findings } from "./findings.ts";

interface Alarm {
  readonly id: string;
  readonly status: string;
}
interface Baseline {
  readonly mean: number | null;
  readonly mature: boolean;
}
interface Blob {
  readonly hash: string;
  readonly bytes: number;
  readonly chunks: number;
  readonly complete: boolean;
}
interface Chunk {
  readonly hash: string;
  readonly index: number;
  readonly data: Buffer;
}

/** Every step of an alarm's life is said once, and none begins in its middle. */
export function checkAlarms(dump: Dump, exactlyOnce: boolean, findings: Findings): number {
  const seen = new Map<string, Alarm>();
  for (const { body } of decodeTopic<Alarm>(dump, "alarms", "alarm")) {
    const { id, status } = body;
    const step = `${id} ${status}`;
    const before = seen.get(step);
    if (status !== "open" && !seen.has(`${id} open`)) findings.lost("alarms", `${id} is ${status} and was never open`);
    if (before !== undefined && exactlyOnce) findings.doubled("alarms", step);
    else if (before !== undefined && canonical(before) !== canonical(body))
      findings.wrong("alarms", `two bodies of ${step}: ${difference(before, body)}`);
    seen.set(step, body);
  }
  return seen.size;
}

/** The newest word on each: a mature one has its mean. */
export function checkBaselines(dump: Dump, findings: Findings): number {
  const newest = newestOf(decodeTopic<Baseline>(dump, "baselines", "baseline"), dump, "baselines");
  for (const [key, { mature, mean }] of newest)
    if (mature && mean === null) findings.wrong("baselines", `${key} is mature and has no mean`);
  return newest.size;
}

/** Whatever the newest manifests name is there, whole, and has the hash that it is named by. Returns how many blobs were read. */
export function checkBlobs(dump: Dump, findings: Findings): number {
  const models = newestOf(decodeTopic<{ readonly blobs: readonly string[] }>(dump, "models", "model"), dump, "models");
  const snapshots = newestOf(decodeTopic<{ readonly blob: string }>(dump, "snapshots", "snapshot"), dump, "snapshots");
  const named = new Set([
    ...[...models.values()].flatMap(({ blobs }) => blobs),
    ...[...snapshots.values()].map(({ blob }) => blob),
  ]);
  const blobs = new Map(
    [...newestOf(decodeTopic<Blob>(dump, "blobs", "blob"), dump, "blobs").values()].map((blob) => [blob.hash, blob]),
  );
  const chunks = new Map<string, Buffer>();
  for (const { body } of decodeTopic<Chunk>(dump, "blob-chunks", "blob-chunk"))
    if (named.has(body.hash)) chunks.set(`${body.hash} ${body.index}`, body.data);
  for (const hash of named) {
    const blob = blobs.get(hash);
    if (blob?.complete !== true) {
      findings.lost("blobs", `${hash}: a manifest names it`);
      continue;
    }
    const parts = Array.from({ length: blob.chunks }, (_, index) => chunks.get(`${hash} ${index}`));
    const whole = parts.every((part) => part !== undefined) ? Buffer.concat(parts) : null;
    if (whole === null) findings.lost("blob-chunks", `${hash}: ${blob.chunks} chunks are told of`);
    else if (whole.length !== blob.bytes || createHash("sha256").update(whole).digest("hex") !== hash)
      findings.wrong("blob-chunks", `${hash} has other bytes`);
  }
  return named.size;
}

/** By key, those that no later record deletes. */
function newestOf<T>(records: readonly Decoded<T>[], dump: Dump, topic: string): ReadonlyMap<string, T> {
  const bodies = new Map(records.map(({ raw, body }) => [raw, body]));
  const newest = new Map<string, T>();
  for (const raw of dump.topics.get(topic) ?? []) {
    const body = bodies.get(raw);
    if (body === undefined) newest.delete(raw.key ?? "");
    else newest.set(raw.key ?? "", body);
  }
  return newest;
}
