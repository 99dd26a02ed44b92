/** The log as another process sees it: everything that is durable, nothing that changes. */
import { existsSync } from "node:fs";
import type { Log } from "../port.ts";
import { openToRead } from "./database.ts";
import { createFileReader } from "./file-reader.ts";
import { readGroups, readTopics } from "./tables.ts";

/** How often a waiting read looks again: another process does not wake it. */
const lookMs = 100;

export function openReadOnly(file: string, now: () => number): Log {
  if (!existsSync(file)) throw new Error(`there is no log at ${file}`);
  const connection = openToRead(file);
  const reader = createFileReader(connection);

  function topicOf(name: string) {
    const topic = readTopics(connection).find(({ spec }) => spec.name === name);
    if (topic === undefined) throw new Error(`no topic ${name} in ${file}`);
    return topic;
  }

  function range(name: string, partition: number) {
    const part = topicOf(name).parts[partition];
    if (part === undefined) throw new RangeError(`${name} has no partition ${partition}`);
    return { start: part.start, end: part.next };
  }

  const refuse = async (): Promise<never> => {
    throw new Error("this log was opened for reading");
  };

  return {
    ensureTopics: refuse,
    append: refuse,
    join: refuse,
    topics: async () =>
      readTopics(connection).map(({ spec, parts, bytes }) => {
        return {
          name: spec.name,
          cleanup: spec.cleanup,
          partitions: parts.map(({ start, next }) => ({ start, end: next })),
          bytes,
        };
      }),
    partitionCount: async (topic) => topicOf(topic).parts.length,
    range: async (topic, partition) => range(topic, partition),
    async read(name, partition, from, limits, waitMs) {
      const until = now() + waitMs;
      for (;;) {
        const records = reader.read(
          topicOf(name).id,
          name,
          partition,
          Math.max(from, range(name, partition).start),
          limits,
        );
        if (records.length > 0 || now() >= until) return records;
        await new Promise((resolve) => setTimeout(resolve, lookMs));
      }
    },
    async lag() {
      const lag = new Map<string, { group: string; topic: string; records: number }>();
      for (const { group, part, offsets } of readGroups(connection)) {
        const positions: Readonly<Record<string, number>> = JSON.parse(offsets);
        for (const [topic, offset] of Object.entries(positions)) {
          const { start, end } = range(topic, part);
          const one = lag.get(`${group} ${topic}`) ?? { group, topic, records: 0 };
          one.records += end - Math.max(start, offset);
          lag.set(`${group} ${topic}`, one);
        }
      }
      return [...lag.values()];
    },
    async close() {
      connection.close();
    },
  };
}
