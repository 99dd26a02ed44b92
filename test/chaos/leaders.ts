/** Moves the leaders of a run's partitions to other brokers: the first replica is the preferred one, and the controller gives it the lead. */
import { kafkaClient } from "../support/kafka.ts";

export async function moveLeaders(brokers: readonly string[], prefix: string): Promise<void> {
  const admin = kafkaClient(brokers).admin();
  await admin.connect();
  try {
    const names = (await admin.listTopics()).filter((name) => name.startsWith(prefix));
    const { topics } = await admin.fetchTopicMetadata({ topics: names });
    await admin.alterPartitionReassignments({
      topics: topics.map(({ name, partitions }) => ({
        topic: name,
        partitionAssignment: partitions.map(({ partitionId, replicas }) => ({
          partition: partitionId,
          replicas: [...replicas.slice(1), ...replicas.slice(0, 1)],
        })),
      })),
    });
  } finally {
    await admin.disconnect();
  }
}
