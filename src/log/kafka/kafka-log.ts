/**
 * The log on the user's Kafka. Names on the cluster have the configured prefix; partitions of keys are those of Java clients (murmur2).
 * Only committed records are read. Append times are the brokers' (LogAppendTime, which is verified): each record's own, so that a replay sees
 * what the first pass saw; the stages take the running maximum.
 */
import { place } from "../place.ts";
import type { Log, OutRecord, Position, TopicInfo, TopicSpec } from "../port.ts";
import { createAdmin } from "./admin.ts";
import { createAppender } from "./appender.ts";
import { openBrokers } from "./brokers.ts";
import { type ConnectionDeps, connectionConfig, createKafka } from "./connection.ts";
import { batchBytesDefault, ensureTopics } from "./ensure-topics.ts";
import { isTransient } from "./errors.ts";
import { type GroupMembership, joinGroup } from "./group.ts";
import { mendConnecting, mendIdleTimers, mendProducing } from "./kafkajs.ts";
import { committedIn, committedOf } from "./offsets.ts";
import type { PlacedRecord } from "./produce.ts";
import { createReader } from "./reader.ts";
import { nameRefusal } from "./refused-writes.ts";

export interface KafkaLogDeps extends ConnectionDeps {
  /** What `lag` counts beside the groups that were joined here. */
  readonly groups: readonly { readonly group: string; readonly topics: readonly string[] }[];
  /** Settings of a topic that is made here, as its file in `topics/` says. */
  readonly config: (topic: string) => Readonly<Record<string, string>>;
  /** Epoch ms. */
  readonly now: () => number;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}

const startPauseMs = 500;
/** Milliseconds that pass, whatever the machine's clock is set to: for waiting and deadlines. */
const elapsed = () => performance.now();

/** Throws where no broker can be reached. */
export async function openKafkaLog(deps: KafkaLogDeps): Promise<Log> {
  const { options, now, sleep } = deps;
  mendIdleTimers(now);
  mendProducing(now);
  mendConnecting();
  const config = connectionConfig(deps);
  const kafka = createKafka(config);
  const open = () => openBrokers({ kafka, config, deadlineMs: options.requestMs, now: elapsed, sleep });
  const shared = open();
  const far = (topic: string) => `${options.prefix}${topic}`;
  const near = (topic: string) => topic.slice(options.prefix.length);
  const reader = createReader(shared, near, elapsed);
  const known = new Map<string, { readonly cleanup: TopicSpec["cleanup"]; readonly batchBytesMax: number }>();
  const members = new Map<string, { readonly topics: readonly string[]; readonly memberships: Set<GroupMembership> }>();
  for (const { group, topics } of deps.groups) members.set(group, { topics, memberships: new Set() });
  const bytesMax = (topic: string) => known.get(near(topic))?.batchBytesMax ?? batchBytesDefault;
  const appender = createAppender({ kafka, bytesMax, now: elapsed, sleep });
  let closed = false;

  async function placed(records: readonly OutRecord[]): Promise<readonly PlacedRecord[]> {
    const counts = new Map<string, number>();
    for (const { topic } of records) {
      if (!counts.has(topic)) counts.set(topic, await shared.partitions(far(topic)));
    }
    return records.map((record) => {
      const { topic, key, value } = record;
      return { topic: far(topic), partition: place(record, counts.get(topic) ?? 0), key, value };
    });
  }

  async function write(records: readonly PlacedRecord[]): Promise<readonly Position[]> {
    try {
      return await appender.append(records);
    } catch (error) {
      throw await nameRefusal(shared, error, records);
    }
  }

  /** A broker that is away, or goes away meanwhile, does not keep a process from starting on the others. */
  async function persistently<T>(attempt: () => Promise<T>): Promise<T> {
    for (const until = elapsed() + options.requestMs; ; ) {
      try {
        return await attempt();
      } catch (error) {
        if (!isTransient(error) || elapsed() > until) throw error;
        await sleep(startPauseMs);
      }
    }
  }

  async function append(records: readonly OutRecord[]): Promise<readonly Position[]> {
    return write(await placed(records));
  }

  async function partitionLag(group: string, topic: string, partition: number, committed: number | undefined) {
    const { start, end } = await reader.range(far(topic), partition);
    const from = Math.max(start, committed ?? start);
    const passed = [...(members.get(group)?.memberships ?? [])].map((one) => one.passed(topic, partition, from));
    return Math.max(0, end - Math.max(from, ...passed));
  }

  async function lagOf(group: string, topics: readonly string[]) {
    const count = await shared.partitions(far(topics[0] ?? ""));
    const partitions = Array.from({ length: count }, (_, partition) => partition);
    const name = far(group);
    const committed = committedIn(
      await shared.askCoordinator(name, committedOf(name, topics.map(far), partitions, "newest")),
    );
    return Promise.all(
      topics.map(async (topic) => {
        const lags = partitions.map((partition) =>
          partitionLag(group, topic, partition, committed.get(partition)?.committed.offsets[far(topic)]),
        );
        return { group, topic, records: (await Promise.all(lags)).reduce((sum, one) => sum + one, 0) };
      }),
    );
  }

  return {
    async ensureTopics(specs) {
      const { replication } = options;
      const onDifference = (message: string) => deps.onLog("warn", message, {});
      const ensured = { admin: createAdmin(shared), far, config: deps.config, replication, sleep, onDifference };
      const found = await persistently(() => ensureTopics(specs, ensured));
      for (const { name, cleanup } of specs) {
        known.set(name, { cleanup, batchBytesMax: found.get(name)?.batchBytesMax ?? batchBytesDefault });
      }
    },
    topics: () =>
      Promise.all(
        [...known].map(async ([name, { cleanup }]): Promise<TopicInfo> => {
          const count = await shared.partitions(far(name));
          const ranges = Array.from({ length: count }, (_, partition) => reader.range(far(name), partition));
          return { name, cleanup, partitions: await Promise.all(ranges), bytes: null };
        }),
      ),
    partitionCount: (topic) => shared.partitions(far(topic)),
    range: (topic, partition) => reader.range(far(topic), partition),
    append,
    read: (topic, partition, from, limits, waitMs) => reader.read(far(topic), partition, from, limits, waitMs),
    async join(name, topics, listener) {
      const counts = await Promise.all(topics.map((topic) => shared.partitions(far(topic))));
      if (new Set(counts).size !== 1) {
        const shown = topics.map((topic, at) => `${topic} ${counts[at]}`).join(", ");
        throw new Error(
          `the inputs of ${name} differ in partition counts: ${shown}. \`driftline topics diff\` shows what they should be`,
        );
      }
      const membership = await joinGroup(
        {
          kafka,
          own: open(),
          shared,
          reader,
          name,
          group: far(name),
          topics,
          partitions: counts[0] ?? 0,
          far,
          near,
          place: placed,
          append: write,
          bytesMax,
          exactlyOnce: options.guarantee === "exactly-once",
          instanceId: options.instanceId,
          sessionMs: options.sessionMs,
          transactionMs: options.transactionMs,
          now: elapsed,
          sleep,
        },
        listener,
      );
      const group = members.get(name) ?? { topics, memberships: new Set<GroupMembership>() };
      members.set(name, group);
      group.memberships.add(membership);
      return {
        async leave() {
          if (!group.memberships.delete(membership)) return;
          await membership.leave();
        },
      };
    },
    async lag() {
      if (closed) return [];
      return (await Promise.all([...members].map(([group, { topics }]) => lagOf(group, topics)))).flat();
    },
    async close() {
      if (closed) return;
      closed = true;
      for (const { memberships } of members.values()) {
        await Promise.all([...memberships].map((membership) => membership.leave()));
        memberships.clear();
      }
      await appender.close();
      await shared.close();
    },
  };
}
