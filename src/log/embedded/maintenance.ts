/** Retention of topics that are deleted from, compaction of those that keep the newest value per key. Runs in the writer thread. */

import { packFrame, unpackFrame } from "../frame.ts";
import type { Connection } from "./database.ts";
import type { Maintained, TopicRow } from "./messages.ts";
import { loadFrame, storeFrame } from "./stored-frame.ts";
import { readTopics, rows } from "./tables.ts";

/** A partition of a compact topic is compacted when it has grown to so many frames. */
const framesMax = 128;

export function maintain(connection: Connection, nowMs: number): Maintained {
  const starts: { topic: number; part: number; start: number }[] = [];
  const bitten: string[] = [];
  for (const topic of readTopics(connection)) {
    if (topic.spec.cleanup === "compact") {
      for (let part = 0; part < topic.spec.partitions; part++) compact(connection, topic, part);
      continue;
    }
    const { retentionMs, retentionBytes } = topic.spec;
    if (retentionMs !== null) starts.push(...dropOlder(connection, topic, nowMs - retentionMs));
    if (retentionBytes !== null) {
      const dropped = dropBeyond(connection, topic, retentionBytes);
      if (dropped.length > 0) bitten.push(topic.spec.name);
      starts.push(...dropped);
    }
  }
  connection.exec("PRAGMA wal_checkpoint(PASSIVE)");
  const bytes = readTopics(connection).map(({ id, bytes: sum }) => ({ topic: id, bytes: sum }));
  return { starts, bytes, bitten };
}

interface FrameRow {
  readonly id: number;
  readonly part: number;
  readonly base: number;
  readonly next: number;
  readonly bytes: number;
}

function dropOlder(connection: Connection, topic: TopicRow, before: number) {
  const old: readonly FrameRow[] = rows(
    connection
      .prepare("SELECT id, part, base, next, bytes FROM frames WHERE topic = ? AND timestamp < ? ORDER BY part, base")
      .all(topic.id, before),
  );
  return drop(connection, topic, old);
}

/** The oldest frames first, over all partitions alike; the newest frame of a partition stays. */
function dropBeyond(connection: Connection, topic: TopicRow, bytesMax: number) {
  const [sum]: readonly { readonly bytes: number }[] = rows([
    connection.prepare("SELECT coalesce(sum(bytes), 0) AS bytes FROM frames WHERE topic = ?").get(topic.id),
  ]);
  let over = (sum?.bytes ?? 0) - bytesMax;
  if (over <= 0) return [];
  const oldest: readonly FrameRow[] = rows(
    connection.prepare("SELECT id, part, base, next, bytes FROM frames WHERE topic = ? ORDER BY id").all(topic.id),
  );
  const gone: FrameRow[] = [];
  for (const frame of oldest) {
    if (over <= 0) break;
    if (frame.next === topic.parts[frame.part]?.next) continue;
    gone.push(frame);
    over -= frame.bytes;
  }
  return drop(connection, topic, gone);
}

function drop(connection: Connection, topic: TopicRow, gone: readonly FrameRow[]) {
  const starts = new Map<number, number>();
  const remove = connection.prepare("DELETE FROM frames WHERE id = ?");
  const move = connection.prepare("UPDATE parts SET start = max(start, ?) WHERE topic = ? AND part = ?");
  connection.exec("BEGIN IMMEDIATE");
  for (const frame of gone) {
    remove.run(frame.id);
    starts.set(frame.part, Math.max(starts.get(frame.part) ?? 0, frame.next));
  }
  for (const [part, start] of starts) move.run(start, topic.id, part);
  connection.exec("COMMIT");
  return [...starts].map(([part, start]) => ({ topic: topic.id, part, start }));
}

function compact(connection: Connection, topic: TopicRow, part: number): void {
  const frames: readonly (FrameRow & { readonly timestamp: number; readonly data: Uint8Array | ArrayBuffer })[] = rows(
    connection
      .prepare(
        "SELECT id, part, base, next, bytes, timestamp, data FROM frames WHERE topic = ? AND part = ? ORDER BY base",
      )
      .all(topic.id, part),
  );
  const [first] = frames;
  const last = frames.at(-1);
  if (frames.length < framesMax || first === undefined || last === undefined) return;
  const records = frames.flatMap((frame) => unpackFrame(topic.spec.name, part, frame.base, loadFrame(frame.data)));
  const newest = new Map(records.map((record) => [record.key, record.offset]));
  const kept = records.filter(
    (record) => record.key === null || (record.value !== null && newest.get(record.key) === record.offset),
  );
  const data = storeFrame(packFrame(first.base, kept));
  connection.exec("BEGIN IMMEDIATE");
  const remove = connection.prepare("DELETE FROM frames WHERE id = ?");
  for (const frame of frames) remove.run(frame.id);
  connection
    .prepare("INSERT INTO frames (topic, part, base, next, timestamp, bytes, data) VALUES (?, ?, ?, ?, ?, ?, ?)")
    .run(topic.id, part, first.base, last.next, last.timestamp, data.length, data);
  connection.exec("COMMIT");
}
