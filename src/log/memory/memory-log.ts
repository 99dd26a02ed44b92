/**
 * The log in memory, for tests: deterministic, on the caller's clock, with faults on demand. It outlives the stream tasks that use it, as a
 * broker outlives its clients: a "crash" is a task thrown away, a "restart" a new one from `committed()`.
 *
 * Waiting reads with `waitMs` 0 never touch a timer; others resolve at the next append or after `waitMs` of real time.
 */

import { createGroups } from "../groups.ts";
import { place } from "../place.ts";
import type { Committed, Log, OutRecord, Position, TaskInput, TopicInfo, TopicSpec } from "../port.ts";
import { createWaiters } from "../waiters.ts";
import { createMemoryTopic, type MemoryTopic } from "./memory-topic.ts";

export interface MemoryLogOptions {
  /** Epoch ms. */
  readonly now: () => number;
  readonly faults?: Faults;
}

/** Called at named points of a commit; what they throw reaches the committer, as a lost connection would. */
export interface Faults {
  /** Before anything is written: nothing is. */
  readonly beforeCommit?: (input: TaskInput) => void;
  /** After everything is written: the committer does not learn of it. */
  readonly afterCommit?: (input: TaskInput) => void;
  /** True: outputs are appended, offset and note are lost (what at-least-once delivery can do), and the commit throws. */
  readonly losesOffsets?: (input: TaskInput) => boolean;
}

export interface MemoryLog extends Log {
  /** Takes a partition from its owner as a rebalance or session timeout would: the old input is fenced, a new one assigned. */
  fence(group: string, partition: number): Promise<void>;
  /** Drops records below the offset, as retention would. */
  truncate(topic: string, partition: number, start: number): void;
}

class LostCommit extends Error {
  override readonly name = "LostCommit";
}

export function createMemoryLog(options: MemoryLogOptions): MemoryLog {
  const topics = new Map<string, MemoryTopic>();
  const committed = new Map<string, Committed>();
  const waiters = createWaiters();
  let closed = false;

  function topicOf(name: string): MemoryTopic {
    if (closed) throw new Error("the log is closed");
    const topic = topics.get(name);
    if (topic === undefined) throw new Error(`no topic ${name}: ensureTopics makes topics`);
    return topic;
  }

  function appendNow(records: readonly OutRecord[]): readonly Position[] {
    const placed = records.map((record) => ({ record, partition: place(record, topicOf(record.topic).partitions) }));
    const positions = placed.map(({ record, partition }) => ({
      partition,
      offset: topicOf(record.topic).append(partition, record.key, record.value, options.now()),
    }));
    if (records.length > 0) waiters.wake();
    return positions;
  }

  async function commit(
    input: TaskInput,
    { offsets, note, outputs }: Committed & { readonly outputs: readonly OutRecord[] },
  ): Promise<void> {
    options.faults?.beforeCommit?.(input);
    if (options.faults?.losesOffsets?.(input) === true) {
      appendNow(outputs);
      throw new LostCommit("the outputs were written, the offsets were not");
    }
    appendNow(outputs);
    committed.set(`${input.group}/${input.partition}`, { offsets: { ...offsets }, note });
    options.faults?.afterCommit?.(input);
  }

  const groups = createGroups({
    partitions: (topic) => topicOf(topic).partitions,
    range: (topic, partition) => topicOf(topic).range(partition),
    read: (topic, partition, from, limits) => topicOf(topic).read(partition, from, limits),
    committed: (group, partition) => committed.get(`${group}/${partition}`) ?? null,
    commit,
    waiters,
    isClosed: () => closed,
  });

  return {
    async ensureTopics(specs) {
      for (const spec of specs) ensureTopic(topics, spec);
    },
    async topics() {
      return [...topics.values()].map((topic): TopicInfo => topic.info());
    },
    partitionCount: async (topic) => topicOf(topic).partitions,
    range: async (topic, partition) => topicOf(topic).range(partition),
    append: async (records) => appendNow(records),
    async read(name, partition, from, limits, waitMs) {
      const topic = topicOf(name);
      const now = () => topic.read(partition, Math.max(from, topic.range(partition).start), limits);
      const records = now();
      if (records.length > 0 || waitMs === 0) return records;
      await waiters.wait(waitMs, () => closed || topic.range(partition).end > from);
      return closed ? [] : now();
    },
    join: groups.join,
    lag: async () => groups.lag(),
    async fence(name, partition) {
      groups.fence(name, partition);
    },
    truncate: (topic, partition, start) => topicOf(topic).truncate(partition, start),
    async close() {
      closed = true;
      waiters.wake();
    },
  };
}

function ensureTopic(topics: Map<string, MemoryTopic>, spec: TopicSpec): void {
  const there = topics.get(spec.name);
  if (there === undefined) {
    topics.set(spec.name, createMemoryTopic(spec));
  } else if (there.partitions !== spec.partitions) {
    throw new Error(
      `topic ${spec.name} has ${there.partitions} partitions, not ${spec.partitions}: the count is fixed when a topic is made`,
    );
  }
}
