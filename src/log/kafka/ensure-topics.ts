/** Makes the topics that are missing and looks whether those that are there will do. */
import kafkajs, { type Admin, type Kafka } from "kafkajs";
import type { TopicSpec } from "../port.ts";
import { typeOf } from "./errors.ts";

/** Bytes of a batch where a topic's own limit is not known: the brokers' default. */
export const batchBytesDefault = 1_000_000;
const describeTries = 100;
const describeMs = 100;

export interface EnsuredTopic {
  readonly batchBytesMax: number;
}

export async function ensureTopics(
  kafka: Kafka,
  specs: readonly TopicSpec[],
  far: (topic: string) => string,
  sleep: (ms: number) => Promise<void>,
): Promise<ReadonlyMap<string, EnsuredTopic>> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const there = new Set(await admin.listTopics());
    const missing = specs.filter(({ name }) => !there.has(far(name)));
    if (missing.length > 0) {
      await admin.createTopics({
        waitForLeaders: false,
        topics: missing.map((spec) => ({
          topic: far(spec.name),
          numPartitions: spec.partitions,
          configEntries: [
            { name: "cleanup.policy", value: spec.cleanup },
            { name: "message.timestamp.type", value: "LogAppendTime" },
            { name: "max.message.bytes", value: "8388608" },
            { name: "retention.ms", value: String(spec.retentionMs ?? -1) },
          ],
        })),
      });
    }
    const topics = await described(
      admin,
      specs.map(({ name }) => far(name)),
      sleep,
    );
    for (const spec of specs) {
      const count = topics.find(({ name }) => name === far(spec.name))?.partitions.length ?? 0;
      if (count === spec.partitions) continue;
      throw new Error(
        `topic ${far(spec.name)} has ${count} partitions, not ${spec.partitions}: the count is fixed when a topic is made`,
      );
    }
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: specs.map(({ name }) => ({ type: kafkajs.ConfigResourceTypes.TOPIC, name: far(name) })),
    });
    return new Map(
      specs.map(({ name }) => {
        const entries = resources.find(({ resourceName }) => resourceName === far(name))?.configEntries ?? [];
        const setting = (entry: string) => entries.find((one) => one.configName === entry)?.configValue;
        if (setting("message.timestamp.type") !== "LogAppendTime") {
          throw new Error(`topic ${far(name)} keeps the producers' times: set message.timestamp.type=LogAppendTime`);
        }
        return [name, { batchBytesMax: Number(setting("max.message.bytes") ?? batchBytesDefault) }];
      }),
    );
  } finally {
    await admin.disconnect();
  }
}

/** A topic that was made a moment ago may not be known to every broker yet, nor have leaders. */
async function described(admin: Admin, names: readonly string[], sleep: (ms: number) => Promise<void>) {
  for (let tries = 1; ; tries++) {
    try {
      const { topics } = await admin.fetchTopicMetadata({ topics: [...names] });
      const led = topics.every(({ partitions }) => partitions.every(({ leader }) => leader >= 0));
      if (led || tries === describeTries) return topics;
    } catch (error) {
      if (typeOf(error) !== "UNKNOWN_TOPIC_OR_PARTITION" || tries === describeTries) throw error;
    }
    await sleep(describeMs);
  }
}
