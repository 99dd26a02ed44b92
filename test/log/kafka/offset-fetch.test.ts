/**
 * Committed offsets as the coordinator is asked for them. The bytes are those of Kafka's own definition (`OffsetFetchRequest.json`,
 * `OffsetFetchResponse.json`, version 7). Seen to be needed by the chaos runs: a coordinator that takes over answers kafkajs's version 4 from
 * before the newest commits; and asked for stable offsets, it refuses to say anything while a transaction is open.
 */
import { randomBytes } from "node:crypto";
import { expect, it } from "vitest";
import { openBrokers } from "../../../src/log/kafka/brokers.ts";
import { createKafka } from "../../../src/log/kafka/connection.ts";
import { decodeOffsetFetch, encodeOffsetFetch, offsetFetch } from "../../../src/log/kafka/offset-fetch.ts";
import { committedIn, committedOf } from "../../../src/log/kafka/offsets.ts";
import { kafkaClient } from "../../support/kafka.ts";
import { kafkaIsThere } from "../../support/kafka-jars.ts";
import { sharedKafka } from "../../support/shared-kafka.ts";

it("asks for what is stable, by the bytes of version 7", () => {
  expect(offsetFetch.versions).toEqual(["7"]);
  const stable = encodeOffsetFetch({ group: "g", topics: ["t1"], partitions: [0, 3], requireStable: true });
  expect(stable.toString("hex")).toBe(
    ["00", "0267", "02", "037431", "03", "00000000", "00000003", "00", "01", "00"].join(""),
  );
  const newest = encodeOffsetFetch({ group: "g", topics: [], partitions: [], requireStable: false });
  expect(newest.toString("hex")).toBe("000267010000");
});

it("reads the answer, with long texts and tagged fields, and throws what the coordinator refuses", () => {
  const note = "n".repeat(300);
  const partition = (code: string) =>
    `${"00000002"}${"0000000000000007"}${"ffffffff"}${"ad02"}${Buffer.from(note).toString("hex")}${code}${"010503616263"}`;
  const bytes = (code: string) => Buffer.from(`00${"00000000"}02${"0274"}02${partition(code)}00${"0000"}00`, "hex");
  const decoded = decodeOffsetFetch(bytes("0000"));
  expect(committedIn(decoded).get(2)).toEqual({ committed: { offsets: { t: 7 }, note }, id: null });
  expect(() => decodeOffsetFetch(bytes("0058"))).toThrow(expect.objectContaining({ type: "UNSTABLE_OFFSET_COMMIT" }));
});

it.runIf(kafkaIsThere())("does not let an open transaction hide how far a group is", async () => {
  const brokers = await sharedKafka();
  const name = `stable-${randomBytes(4).toString("hex")}`;
  const admin = kafkaClient(brokers).admin();
  await admin.connect();
  await admin.createTopics({ waitForLeaders: false, topics: [{ topic: name, numPartitions: 1 }] });
  await admin.disconnect();
  const config = { brokers: [...brokers], retry: { retries: 3 } };
  const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
  const open = (deadlineMs: number) =>
    openBrokers({ kafka: createKafka(config), config, deadlineMs, now: Date.now, sleep });
  const asked = open(20_000);
  const impatient = open(1_000);
  const ask = async (which: "stable" | "newest", from = asked) =>
    committedIn(await from.askCoordinator(name, committedOf(name, [name], [0], which))).get(0)?.committed.offsets;
  // A new broker has no coordinators for a moment: this waits for them, kafkajs's transactions do not.
  expect(await ask("stable")).toBeUndefined();
  const producer = kafkaClient(brokers).producer({ transactionalId: name, maxInFlightRequests: 1 });
  await producer.connect();
  const commit = async (offset: string) => {
    const transaction = await producer.transaction();
    const topics = [{ topic: name, partitions: [{ partition: 0, offset }] }];
    await transaction.send({ topic: name, messages: [{ key: "a", value: "1" }] });
    await transaction.sendOffsets({ consumerGroupId: name, topics });
    return transaction;
  };
  await (await commit("3")).commit();
  const undecided = await commit("4");
  expect(await ask("newest")).toEqual({ [name]: 3 });
  await expect(ask("stable", impatient)).rejects.toMatchObject({ type: "UNSTABLE_OFFSET_COMMIT" });
  await undecided.commit();
  expect(await ask("stable")).toEqual({ [name]: 4 });
  await asked.close();
  await impatient.close();
  await producer.disconnect();
});
