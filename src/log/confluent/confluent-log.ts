/**
 * A log whose topics hold Confluent framing, seen as one of single-object encoding: the stages and codecs on it know of no registry. What they
 * write gets the schema id of its topic's subject; what is read gets the header of its writer's schema. JSON, records already in single-object
 * encoding, and whatever the records hold inside pass as they are. A record that cannot be made ours says so (`refused`) and stays as sent. Throws
 * `RegistryFailed` where the registry cannot be asked: then nothing is written, or nothing is handed on.
 */
import type { SchemaRegistry } from "../../registry/client.ts";
import type { Log, OutRecord, TaskInput } from "../port.ts";
import { asking, createDeframing } from "./deframing.ts";
import { createWriters } from "./writers.ts";

export interface ConfluentLogDeps {
  /** Closed with this log. */
  readonly log: Log;
  /** Closed with this log. */
  readonly registry: SchemaRegistry;
  readonly subjectOf: (topic: string) => string;
  /** Register what is written; else it must be there. */
  readonly register: boolean;
  /** Epoch ms. */
  readonly now: () => number;
}
export interface ConfluentLog extends Log {
  /** Learns the schema ids of these topics, so that a start fails rather than the first write. Throws `RegistryFailed`. */
  prepare(topics: readonly string[]): Promise<void>;
}

export function createConfluentLog({ log, registry, subjectOf, register, now }: ConfluentLogDeps): ConfluentLog {
  const fromWire = createDeframing(registry, now);
  const writers = createWriters(registry, subjectOf, register);

  /** Whoever asks for an id holds up those behind it: what is written leaves in the order in which it came. */
  let before: Promise<void> | null = null;

  async function prepare(topics: readonly string[]): Promise<void> {
    const missing = topics.filter((topic) => writers.known(topic) === undefined);
    if (before === null && missing.length === 0) return;
    const ask = () => asking(Promise.all(missing.map((topic) => writers.ask(topic)))).then(() => {});
    const own = before === null ? ask() : before.then(ask, ask);
    before = own;
    try {
      await own;
    } finally {
      if (before === own) before = null;
    }
  }

  async function toWire(records: readonly OutRecord[]): Promise<readonly OutRecord[]> {
    await prepare([...new Set(records.map((record) => record.topic))]);
    return records.map((record) => {
      const { value } = record;
      const bytes = value === null ? null : (writers.known(record.topic)?.(value) ?? value);
      return bytes === value ? record : { ...record, value: bytes };
    });
  }

  function wrapped(input: TaskInput): TaskInput {
    return {
      group: input.group,
      partition: input.partition,
      committed: () => input.committed(),
      range: (topic) => input.range(topic),
      read: async (from, limits, waitMs) => fromWire(await input.read(from, limits, waitMs)),
      commit: async (commit) => input.commit({ ...commit, outputs: await toWire(commit.outputs) }),
    };
  }

  return {
    ...log,
    prepare,
    append: async (records) => log.append(await toWire(records)),
    read: async (topic, partition, from, limits, waitMs) =>
      fromWire(await log.read(topic, partition, from, limits, waitMs)),
    join: (group, topics, listener) =>
      log.join(group, topics, {
        assigned: (input) => listener.assigned(wrapped(input)),
        revoked: (partition) => listener.revoked(partition),
        failed: (error) => listener.failed(error),
      }),
    async close() {
      await log.close();
      registry.close();
    },
  };
}
