/**
 * Requests find their leaders. kafkajs keeps what the last answer to a metadata request said, and answers that cross leave topics out: a process
 * that started on three brokers ended at once with "scores has no partition 0". Seen to fail with the look for an empty answer taken out.
 */
import { randomBytes } from "node:crypto";
import { createRequire } from "node:module";
import { afterEach, expect, it } from "vitest";
import { openBrokers } from "../../../src/log/kafka/brokers.ts";
import { createKafka } from "../../../src/log/kafka/connection.ts";
import { offsetOf } from "../../../src/log/kafka/fetch.ts";
import { kafkaClient } from "../../support/kafka.ts";
import { kafkaIsThere } from "../../support/kafka-jars.ts";
import { sharedKafka } from "../../support/shared-kafka.ts";

const Cluster = createRequire(import.meta.url)("kafkajs/src/cluster/index.js");
const find = Cluster.prototype.findTopicPartitionMetadata;
afterEach(() => {
  Cluster.prototype.findTopicPartitionMetadata = find;
});

it.runIf(kafkaIsThere())("asks again for a topic that an answer left out", async () => {
  const kafkaBrokers = await sharedKafka();
  const topic = `left-out-${randomBytes(4).toString("hex")}`;
  const admin = kafkaClient(kafkaBrokers).admin();
  await admin.connect();
  await admin.createTopics({ waitForLeaders: false, topics: [{ topic, numPartitions: 2 }] });
  await admin.disconnect();
  const config = { brokers: [...kafkaBrokers] };
  const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
  const brokers = openBrokers({ kafka: createKafka(config), config, deadlineMs: 10_000, now: Date.now, sleep });
  let leftOut = 0;
  function leaveOut(times: number): void {
    leftOut = 0;
    Cluster.prototype.findTopicPartitionMetadata = function (name: string) {
      return ++leftOut <= times ? [] : find.call(this, name);
    };
  }
  leaveOut(2);
  expect(await brokers.partitions(topic)).toBe(2);
  leaveOut(4);
  await expect(brokers.askLeader(topic, 1, offsetOf(topic, 1, "end"))).resolves.toBeDefined();
  expect(leftOut).toBeGreaterThan(4);
  await expect(brokers.askLeader(topic, 2, offsetOf(topic, 2, "end"))).rejects.toThrow("has no partition 2");
  await brokers.close();
});
