/**
 * The log in memory, for tests: deterministic, on the caller's clock, with faults on demand. It outlives the stream tasks that use it, as a
 * broker outlives its clients: a "crash" is a task thrown away, a "restart" a new one from `committed()`.
 *
 * Waiting reads with `waitMs` 0 never touch a timer; others resolve at the next append or after `waitMs` of real time.
 */

import { place } from "../place.ts";
import {
  type AssignmentListener,
  type Committed,
  Fenced,
  type Log,
  type LogRecord,
  type Membership,
  OffsetGone,
  type Offsets,
  type OutRecord,
  type Position,
  type ReadLimits,
  type TaskInput,
  type TopicInfo,
  type TopicSpec,
} from "../port.ts";
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

export class LostCommit extends Error {
  override readonly name = "LostCommit";
}

export function createMemoryLog(options: MemoryLogOptions): MemoryLog {
  const topics = new Map<string, MemoryTopic>();
  const groups = new Map<string, Group>();
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

  async function waitingRead(read: () => readonly LogRecord[], waitMs: number): Promise<readonly LogRecord[]> {
    const records = read();
    if (records.length > 0 || waitMs === 0) return records;
    await waiters.wait(waitMs);
    return closed ? [] : read();
  }

  function input(group: Group, partition: number, owner: object): TaskInput {
    const mine = () => {
      if (closed || group.owners.get(partition) !== owner) {
        throw new Fenced(`partition ${partition} of ${group.name} belongs to somebody else now`);
      }
    };
    const self: TaskInput = {
      group: group.name,
      partition,
      async committed() {
        mine();
        return group.committed.get(partition) ?? null;
      },
      async range(topic) {
        mine();
        return topicOf(topic).range(partition);
      },
      async read(from, limits, waitMs) {
        mine();
        const records = await waitingRead(() => readAll(group, partition, from, limits), waitMs);
        mine();
        return records;
      },
      async commit({ offsets, note, outputs }) {
        mine();
        if (Buffer.byteLength(note) > 4096) throw new RangeError("a note has at most 4,096 bytes");
        options.faults?.beforeCommit?.(self);
        mine();
        if (options.faults?.losesOffsets?.(self) === true) {
          appendNow(outputs);
          throw new LostCommit("the outputs were written, the offsets were not");
        }
        appendNow(outputs);
        group.committed.set(partition, { offsets: { ...offsets }, note });
        options.faults?.afterCommit?.(self);
      },
    };
    return self;
  }

  function readAll(group: Group, partition: number, from: Offsets, limits: ReadLimits): readonly LogRecord[] {
    const records: LogRecord[] = [];
    let bytes = 0;
    for (const name of group.topics) {
      const topic = topicOf(name);
      const offset = from[name] ?? 0;
      const { start } = topic.range(partition);
      if (offset < start) {
        throw new OffsetGone(
          `${group.name} needs offset ${offset} of ${name}/${partition}, which starts at ${start}: retention has dropped it. ` +
            `Start the group anew: driftline reset ${group.name} --to start`,
        );
      }
      for (const record of topic.read(partition, offset, limits)) {
        bytes += record.value?.length ?? 0;
        if (records.length > 0 && (records.length >= limits.recordsMax || bytes > limits.bytesMax)) return records;
        records.push(record);
      }
    }
    return records;
  }

  async function rebalance(group: Group): Promise<void> {
    const count = topicOf(group.topics[0] ?? "").partitions;
    for (let partition = 0; partition < count; partition++) {
      const wanted = group.members[partition % Math.max(1, group.members.length)];
      const owner = group.owners.get(partition);
      if (owner === wanted?.token && owner !== undefined) continue;
      await group.members.find((member) => member.token === owner)?.listener.revoked(partition);
      group.owners.delete(partition);
      if (wanted === undefined) continue;
      group.owners.set(partition, wanted.token);
      wanted.listener.assigned(input(group, partition, wanted.token));
    }
  }

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
      return waitingRead(() => topic.read(partition, Math.max(from, topic.range(partition).start), limits), waitMs);
    },
    async join(name, inputs, listener): Promise<Membership> {
      const counts = new Set(inputs.map((topic) => topicOf(topic).partitions));
      if (counts.size !== 1) throw new Error(`the inputs of ${name} differ in partition counts: ${inputs.join(", ")}`);
      const group: Group = groups.get(name) ?? { name, topics: inputs, members: [], owners: new Map(), committed: new Map() };
      groups.set(name, group);
      const member = { token: {}, listener };
      group.members.push(member);
      await rebalance(group);
      return {
        async leave() {
          const at = group.members.indexOf(member);
          if (at < 0) return;
          for (const [partition, owner] of group.owners) {
            if (owner !== member.token) continue;
            await listener.revoked(partition);
            group.owners.delete(partition);
          }
          group.members.splice(at, 1);
          await rebalance(group);
        },
      };
    },
    async lag() {
      return [...groups.values()].flatMap((group) =>
        group.topics.map((topic) => ({ group: group.name, topic, records: lagOf(group, topicOf(topic)) })),
      );
    },
    async fence(name, partition) {
      const group = groups.get(name);
      const member = group?.members.find((one) => one.token === group.owners.get(partition));
      if (group === undefined || member === undefined) return;
      // The old owner is not asked: that is the point. Its token is replaced, so that everything it still tries is fenced.
      const token = {};
      const { listener } = member;
      group.members[group.members.indexOf(member)] = { token, listener };
      for (const [held, owner] of group.owners) {
        if (owner !== member.token) continue;
        group.owners.set(held, token);
        listener.assigned(input(group, held, token));
      }
    },
    truncate: (topic, partition, start) => topicOf(topic).truncate(partition, start),
    async close() {
      closed = true;
      waiters.wake();
    },
  };
}

interface Group {
  readonly name: string;
  readonly topics: readonly string[];
  readonly members: { readonly token: object; readonly listener: AssignmentListener }[];
  readonly owners: Map<number, object>;
  readonly committed: Map<number, Committed>;
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

function lagOf(group: Group, topic: MemoryTopic): number {
  let records = 0;
  for (let partition = 0; partition < topic.partitions; partition++) {
    const { start, end } = topic.range(partition);
    records += end - Math.max(start, group.committed.get(partition)?.offsets[topic.name] ?? start);
  }
  return records;
}
