/** Makes the topics that are missing and looks whether those that are there will do. */
import kafkajs, { type Kafka } from "kafkajs";
import type { TopicSpec } from "../port.ts";

export interface EnsuredTopic {
  readonly batchBytesMax: number;
}

export async function ensureTopics(
  kafka: Kafka,
  specs: readonly TopicSpec[],
  far: (topic: string) => string,
): Promise<ReadonlyMap<string, EnsuredTopic>> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const there = new Set(await admin.listTopics());
    const missing = specs.filter(({ name }) => !there.has(far(name)));
    if (missing.length > 0) {
      await admin.createTopics({
        waitForLeaders: true,
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
    const { topics } = await admin.fetchTopicMetadata({ topics: specs.map(({ name }) => far(name)) });
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
        return [name, { batchBytesMax: Number(setting("max.message.bytes") ?? 1_000_000) }];
      }),
    );
  } finally {
    await admin.disconnect();
  }
}
