/** Topics of a run, made before the program starts: it makes what is missing with the cluster's default replication. */
import { readdirSync, readFileSync } from "node:fs";
import type { Kafka } from "kafkajs";

interface TopicFile {
  readonly name: string;
  readonly partitions: number | "log.partitions";
  readonly config: Readonly<Record<string, string>>;
}

const folder = new URL("../../topics/", import.meta.url);

export async function createTopics(kafka: Kafka, prefix: string, partitions: number, brokers: number): Promise<void> {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .map((name): TopicFile => JSON.parse(readFileSync(new URL(name, folder), "utf8")));
  const own = { "max.message.bytes": "8388608", "min.insync.replicas": brokers > 1 ? "2" : "1" };
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({
    waitForLeaders: true,
    topics: files.map(({ name, partitions: count, config }) => ({
      topic: `${prefix}${name}`,
      numPartitions: count === "log.partitions" ? partitions : count,
      replicationFactor: Math.min(3, brokers),
      configEntries: Object.entries({ ...config, ...own }).map(([key, value]) => ({ name: key, value })),
    })),
  });
  await admin.disconnect();
}
