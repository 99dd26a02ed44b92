/**
 * The log in one SQLite file, for one machine. One process writes it, through one writer thread; others may read it meanwhile. What is
 * acknowledged is on disk (WAL, synchronous=FULL); outputs, offsets and note of a commit are one transaction.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { createGroups } from "../groups.ts";
import { place } from "../place.ts";
import type { Committed, Log, LogRecord, OutRecord, ReadLimits, TopicSpec } from "../port.ts";
import { createWaiters } from "../waiters.ts";
import { createBatcher, type Placed, type Topic } from "./batcher.ts";
import { openToRead } from "./database.ts";
import { createFileReader } from "./file-reader.ts";
import { takeLock } from "./lock.ts";
import type { GroupRow, Maintained, TopicRow } from "./messages.ts";
import { openReadOnly } from "./read-only-log.ts";
import { createTail } from "./tail.ts";
import { startWriter } from "./writer.ts";

export interface EmbeddedLogOptions {
  /** The folder; made where it is missing. */
  readonly dir: string;
  readonly mode: "write" | "read";
  /** Epoch ms: append times. */
  readonly now: () => number;
  /** Bytes that may wait to be written; beyond it `append` rejects with `LogBusy`. Default 64 MiB. */
  readonly queueBytesMax?: number;
  /** Bytes of the newest records that are kept in memory. Default 32 MiB. */
  readonly tailBytesMax?: number;
  /** How often retention and compaction run. Default 10 s. */
  readonly maintainMs?: number;
  /** Retention in bytes dropped records of the topic that their age would have kept. */
  readonly onBitten?: (topic: string) => void;
}

const mebibyte = 1_048_576;

export function logFile(dir: string): string {
  return join(dir, "log.db");
}

/** Throws `LogLocked` where another process writes the folder. */
export async function openEmbeddedLog(options: EmbeddedLogOptions): Promise<Log> {
  if (options.mode === "read") return openReadOnly(logFile(options.dir), options.now);
  mkdirSync(options.dir, { recursive: true, mode: 0o700 });
  const lock = takeLock(options.dir);
  try {
    return await openToOwn(options, lock.release);
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function openToOwn(options: EmbeddedLogOptions, release: () => void): Promise<Log> {
  const { dir, now } = options;
  const writer = await startWriter(logFile(dir));
  const topics = new Map<string, Topic & { readonly spec: TopicSpec }>();
  const committed = new Map<string, Committed>();
  const waiters = createWaiters();
  const tail = createTail(options.tailBytesMax ?? 32 * mebibyte);
  const opened = await writer.ask({ kind: "topics", specs: [] });
  learn(opened.topics ?? [], opened.groups ?? []);
  const connection = openToRead(logFile(dir));
  const file = createFileReader(connection);
  const batcher = createBatcher(writer, tail, now, options.queueBytesMax ?? 64 * mebibyte, (commits) => {
    for (const { group, part, offsets, note } of commits)
      committed.set(`${group}/${part}`, { offsets: JSON.parse(offsets), note });
    waiters.wake();
  });
  let closed = false;

  function learn(rows: readonly TopicRow[], groups: readonly GroupRow[]): void {
    for (const { id, spec, parts, bytes } of rows) {
      if (!topics.has(spec.name))
        topics.set(spec.name, { id, name: spec.name, spec, parts: parts.map((part) => ({ ...part })), bytes });
    }
    for (const { group, part, offsets, note } of groups) {
      const key = `${group}/${part}`;
      if (!committed.has(key)) committed.set(key, { offsets: JSON.parse(offsets), note });
    }
  }

  function topicOf(name: string) {
    if (closed) throw new Error("the log is closed");
    const topic = topics.get(name);
    if (topic === undefined) throw new Error(`no topic ${name}: ensureTopics makes topics`);
    return topic;
  }

  function range(name: string, partition: number) {
    const part = topicOf(name).parts[partition];
    if (part === undefined) throw new RangeError(`${name} has no partition ${partition}`);
    return { start: part.start, end: part.next };
  }

  function read(name: string, partition: number, from: number, limits: ReadLimits): readonly LogRecord[] {
    const { end } = range(name, partition);
    if (from >= end) return [];
    return tail.read(name, partition, from, limits) ?? file.read(topicOf(name).id, name, partition, from, limits);
  }

  function placed(records: readonly OutRecord[]): readonly Placed[] {
    return records.map((record) => {
      const topic = topicOf(record.topic);
      return { topic, partition: place(record, topic.parts.length), record };
    });
  }

  const groups = createGroups({
    partitions: (topic) => topicOf(topic).parts.length,
    range,
    read,
    committed: (group, partition) => committed.get(`${group}/${partition}`) ?? null,
    async commit(input, { offsets, note, outputs }) {
      await batcher.write(placed(outputs), {
        group: input.group,
        part: input.partition,
        offsets: JSON.stringify(offsets),
        note,
      });
    },
    waiters,
    isClosed: () => closed,
  });

  function apply({ starts, bytes, bitten }: Maintained): void {
    const byId = new Map([...topics.values()].map((topic) => [topic.id, topic]));
    for (const { topic, part, start } of starts) {
      const found = byId.get(topic)?.parts[part];
      if (found !== undefined) found.start = Math.max(found.start, start);
    }
    for (const { topic, bytes: sum } of bytes) {
      const found = byId.get(topic);
      if (found !== undefined) found.bytes = sum;
    }
    for (const topic of bitten) options.onBitten?.(topic);
  }

  const maintaining = setInterval(() => {
    writer.ask({ kind: "maintain", nowMs: now() }).then(
      ({ maintained }) => maintained !== undefined && apply(maintained),
      () => {
        // A full disk fails writers too, which say so; the next round tries again.
      },
    );
  }, options.maintainMs ?? 10_000);
  maintaining.unref();

  return {
    async ensureTopics(specs) {
      for (const { name, partitions } of specs) {
        const there = topics.get(name);
        if (there === undefined || there.parts.length === partitions) continue;
        throw new Error(
          `topic ${name} has ${there.parts.length} partitions, not ${partitions}: the count is fixed when a topic is made`,
        );
      }
      const answer = await writer.ask({ kind: "topics", specs });
      learn(answer.topics ?? [], []);
    },
    async topics() {
      return [...topics.values()].map(({ name, spec, parts, bytes }) => {
        return {
          name,
          cleanup: spec.cleanup,
          partitions: parts.map(({ start, next }) => ({ start, end: next })),
          bytes,
        };
      });
    },
    partitionCount: async (topic) => topicOf(topic).parts.length,
    range: async (topic, partition) => range(topic, partition),
    append: async (records) => batcher.write(placed(records), null),
    async read(name, partition, from, limits, waitMs) {
      const now = () => read(name, partition, Math.max(from, range(name, partition).start), limits);
      const records = now();
      if (records.length > 0 || waitMs === 0) return records;
      await waiters.wait(waitMs, () => closed || range(name, partition).end > from);
      return closed ? [] : now();
    },
    join: groups.join,
    lag: async () => groups.lag(),
    async close() {
      if (closed) return;
      clearInterval(maintaining);
      await batcher.drained();
      closed = true;
      waiters.wake();
      connection.close();
      await writer.ask({ kind: "close" });
      release();
    },
  };
}
