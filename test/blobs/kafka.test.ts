/** Blobs in the topics of a real Kafka: the contract, seen by two processes. */
import { randomBytes } from "node:crypto";
import { afterAll, describe } from "vitest";
import { openTopicBlobs } from "../../src/blobs/topic.ts";
import type { Log } from "../../src/log/port.ts";
import { openLog } from "../../src/runtime/open-log.ts";
import { topicSpecs } from "../../src/topology.ts";
import { blobsContract } from "../contract/blobs.ts";
import { defaultsOf } from "../support/defaults.ts";
import { kafkaIsThere } from "../support/kafka-jars.ts";
import { sharedKafka } from "../support/shared-kafka.ts";

const open: Log[] = [];
afterAll(async () => {
  for (const log of open) await log.close();
});
const host = { now: Date.now, sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)) };

async function openOne(prefix: string): Promise<Log> {
  const config = defaultsOf();
  const kafka = { ...config.log.kafka, brokers: [...(await sharedKafka())], prefix };
  const ours = { ...config, log: { ...config.log, adapter: "kafka" as const, kafka } };
  const log = await openLog(ours, host, () => {}, "write");
  open.push(log);
  return log;
}

const prefix = `blobs-${randomBytes(3).toString("hex")}-`;
let ensured: Promise<void> | null = null;

describe.runIf(kafkaIsThere())("on a real Kafka", () => {
  blobsContract("topic on Kafka", async () => {
    const log = open[0] ?? (await openOne(prefix));
    ensured ??= log.ensureTopics(topicSpecs(3, null).filter(({ name }) => name.startsWith("blob")));
    await ensured;
    return {
      blobs: openTopicBlobs(log, Date.now),
      other: async () => openTopicBlobs(open[1] ?? (await openOne(prefix)), Date.now),
    };
  });
});
