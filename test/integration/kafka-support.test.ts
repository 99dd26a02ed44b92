/** The tests' own Kafka: brokers that die and come back, a proxy whose connections suffer, logins. What stands on it is only as good as this. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { until } from "../support/driftline.ts";
import { type KafkaCluster, kafkaClient, startKafka } from "../support/kafka.ts";
import { canStartKafka, kafkaIsThere } from "../support/kafka-jars.ts";
import { principalOf } from "../support/kafka-properties.ts";
import { sharedKafka } from "../support/shared-kafka.ts";

async function endOf(brokers: readonly string[], topic: string): Promise<number> {
  const admin = kafkaClient(brokers).admin();
  await admin.connect();
  const [first] = await admin.fetchTopicOffsets(topic);
  await admin.disconnect();
  return Number(first?.high);
}

describe.runIf(kafkaIsThere())("the broker that files share", () => {
  it("is one, whoever asks", async () => {
    const [one, two] = await Promise.all([sharedKafka(), sharedKafka()]);
    expect(one).toEqual(two);
    const admin = kafkaClient(one).admin();
    await admin.connect();
    expect((await admin.describeCluster()).brokers).not.toHaveLength(0);
    await admin.disconnect();
  });
});

describe.runIf(canStartKafka())("a cluster of a test's own", () => {
  let cluster: KafkaCluster;
  beforeAll(async () => {
    cluster = await startKafka({ proxied: true, secure: true });
  });
  afterAll(() => cluster?.stop());

  it("keeps what was acknowledged when its broker is killed and started anew", async () => {
    const admin = kafkaClient(cluster.direct).admin();
    await admin.connect();
    await admin.createTopics({ waitForLeaders: true, topics: [{ topic: "t", numPartitions: 1 }] });
    await admin.disconnect();
    const producer = kafkaClient(cluster.brokers).producer({ idempotent: true, maxInFlightRequests: 1 });
    await producer.connect();
    await producer.send({ topic: "t", messages: [{ key: "a", value: "1" }] });
    await cluster.kill(0);
    expect(cluster.isUp(0)).toBe(false);
    const sent = producer.send({ topic: "t", messages: [{ key: "a", value: "2" }] });
    await cluster.restart(0);
    await sent;
    expect(await endOf(cluster.direct, "t")).toBe(2);
    await producer.disconnect();
  });

  it("lets the proxy cut, swallow, slow and heal what clients send", async () => {
    const [proxy] = cluster.proxies;
    if (proxy === undefined) throw new Error("there is no proxy");
    const producer = kafkaClient(cluster.brokers).producer();
    await producer.connect();
    const send = (value: string) => producer.send({ topic: "t", messages: [{ key: "a", value }] });
    await send("3");
    const before = await endOf(cluster.direct, "t");
    expect(proxy.cut()).toBeGreaterThan(0);
    await send("after the cut");

    proxy.set({ blackHole: true });
    const swallowed = send("held back");
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await endOf(cluster.direct, "t")).toBe(before + 1);
    proxy.heal();
    await swallowed;

    proxy.set({ latencyMs: 150 });
    const start = Date.now();
    await send("late");
    expect(Date.now() - start).toBeGreaterThanOrEqual(290);
    proxy.heal();
    proxy.set({ bytesPerSecond: 20_000 });
    const slowStart = Date.now();
    await send("x".repeat(10_000));
    expect(Date.now() - slowStart).toBeGreaterThanOrEqual(400);
    proxy.heal();
    await producer.disconnect();
  });

  it("stands still while it is paused", async () => {
    cluster.pause(0);
    const answer = endOf(cluster.direct, "t");
    const late = new Promise((resolve) => setTimeout(resolve, 500, "nothing"));
    expect(await Promise.race([answer, late])).toBe("nothing");
    cluster.resume(0);
    expect(await answer).toBeGreaterThan(0);
  });

  it("knows its users by PLAIN and SCRAM, and lets them do what an access list says and no more", async () => {
    const { secure } = cluster;
    if (secure === null) throw new Error("it has no secure listeners");
    const { alice, admin } = secure.users;
    const client = (mechanism: "plain" | "scram-sha-256" | "scram-sha-512", user: typeof alice, password: string) =>
      kafkaClient(secure.brokers, "tests", {
        ssl: { ca: [secure.ca] },
        // The same three words for each mechanism, which kafkajs types one by one.
        sasl: { mechanism: mechanism as "plain", username: user.name, password },
        retry: { retries: 3 },
      });
    for (const mechanism of ["plain", "scram-sha-256", "scram-sha-512"] as const) {
      const wrong = client(mechanism, alice, "not this").admin();
      await expect(wrong.connect()).rejects.toThrow(/auth/i);
      await wrong.disconnect();
    }
    const boss = client("plain", admin, admin.password).admin();
    await boss.connect();
    await boss.createTopics({ waitForLeaders: true, topics: [{ topic: "guarded", numPartitions: 1 }] });
    const producer = client("scram-sha-512", alice, alice.password).producer();
    await producer.connect();
    const send = () => producer.send({ topic: "guarded", messages: [{ key: "a", value: "1" }] });
    await expect(send()).rejects.toThrow(/authorized/i);
    const kafkajs = await import("kafkajs");
    await boss.createAcls({
      acl: [kafkajs.AclOperationTypes.WRITE, kafkajs.AclOperationTypes.DESCRIBE].map((operation) => ({
        resourceType: kafkajs.AclResourceTypes.TOPIC,
        resourceName: "guarded",
        resourcePatternType: kafkajs.ResourcePatternTypes.LITERAL,
        principal: principalOf(alice),
        host: "*",
        operation,
        permissionType: kafkajs.AclPermissionTypes.ALLOW,
      })),
    });
    await until(
      () =>
        send().then(
          () => true,
          () => false,
        ),
      10_000,
      "the access list holds",
    );
    const reader = client("scram-sha-256", alice, alice.password).admin();
    await reader.connect();
    await expect(reader.createTopics({ topics: [{ topic: "more" }] })).rejects.toMatchObject({
      errors: [{ type: "TOPIC_AUTHORIZATION_FAILED" }],
    });
    for (const one of [boss, reader, producer]) await one.disconnect();
  });
});
