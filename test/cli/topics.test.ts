/** `driftline topics diff` and `apply` on a real Kafka: what is missing is made, what loses nothing is set, the rest is refused by name. */
import { randomBytes } from "node:crypto";
import kafkajs, { type Admin } from "kafkajs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { topics } from "../../src/topology.ts";
import { until } from "../support/driftline.ts";
import { driftlineHere } from "../support/driftline-here.ts";
import { kafkaClient } from "../support/kafka.ts";
import { kafkaIsThere } from "../support/kafka-jars.ts";
import { sharedKafka } from "../support/shared-kafka.ts";

const prefix = `topics-${randomBytes(3).toString("hex")}-`;
const far = (topic: string) => `${prefix}${topic}`;

describe.runIf(kafkaIsThere())("driftline topics on Kafka", () => {
  let admin: Admin;
  let brokers: readonly string[];
  beforeAll(async () => {
    brokers = await sharedKafka();
    admin = kafkaClient(brokers).admin();
    await admin.connect();
  });
  afterAll(async () => {
    await admin.deleteTopics({ topics: topics.map(({ name }) => far(name)) });
    await admin.disconnect();
  });

  const run = (...words: readonly string[]) =>
    driftlineHere(["topics", ...words, "--log", "kafka", "--brokers", brokers.join(","), "--log-kafka-prefix", prefix]);
  const jsonOf = (out: string): readonly Record<string, unknown>[] =>
    out
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line));

  async function settingsOf(names: readonly string[]): Promise<ReadonlyMap<string, ReadonlyMap<string, string>>> {
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: names.map((name) => ({ type: kafkajs.ConfigResourceTypes.TOPIC, name: far(name) })),
    });
    return new Map(
      resources.map(({ resourceName, configEntries }) => [
        resourceName.slice(prefix.length),
        new Map(configEntries.map(({ configName, configValue }) => [configName, configValue])),
      ]),
    );
  }
  const settings = async (topic: string) => (await settingsOf([topic])).get(topic) ?? new Map<string, string>();
  /** The controller has a setting a moment before the broker goes by it. */
  const holds = (topic: string, entries: Readonly<Record<string, string>>) =>
    until(
      async () => {
        const found = await settings(topic);
        return Object.entries(entries).every(([name, value]) => found.get(name) === value);
      },
      10_000,
      `${topic} has ${JSON.stringify(entries)}`,
    );
  /** As another tool would: all that is not named goes back to the default. */
  async function alter(topic: string, entries: Readonly<Record<string, string>>): Promise<void> {
    await admin.alterConfigs({
      validateOnly: false,
      resources: [
        {
          type: kafkajs.ConfigResourceTypes.TOPIC,
          name: far(topic),
          configEntries: Object.entries(entries).map(([name, value]) => ({ name, value })),
        },
      ],
    });
    await holds(topic, entries);
  }

  it("makes what is missing as the files say, and says that one broker keeps one copy", async () => {
    const before = await run("diff");
    expect(before.code).toBe(1);
    expect(before.out).toMatch(
      new RegExp(`^${far("interactions")} +topic +missing +4 partitions, 1 copy +make it$`, "m"),
    );
    const made = await run("apply");
    expect(made, made.err).toMatchObject({ code: 0, err: "" });
    expect(made.out).toContain(`made ${far("rollups")}: 1 partition, 1 copy`);
    expect(made.out).toContain("min.insync.replicas is 1, not 2");
    const all = await settingsOf(topics.map(({ name }) => name));
    for (const { name, config } of topics)
      for (const [setting, value] of Object.entries(config))
        expect(all.get(name)?.get(setting), `${name} ${setting}`).toBe(setting === "min.insync.replicas" ? "1" : value);
    const after = await run("diff");
    expect(after, after.out).toMatchObject({ code: 0, err: "" });
    expect(after.out).toContain(`all ${topics.length} topics are as they should be`);
  });

  it("sets what loses nothing, and leaves settings that are not its own as they are", async () => {
    await alter("scores", {
      "retention.ms": "1000",
      "message.timestamp.type": "CreateTime",
      "flush.messages": "77",
      "max.message.bytes": "9000000",
    });
    const differing = jsonOf((await run("diff", "--json")).out);
    expect(differing.map(({ topic, setting, effect }) => [topic, setting, effect])).toEqual([
      [far("scores"), "retention.ms", "set"],
      [far("scores"), "message.timestamp.type", "set"],
    ]);
    const applied = await run("apply");
    expect(applied.code, applied.err).toBe(0);
    expect(applied.out).toContain(`${far("scores")}: retention.ms 1000 (1 s) → 604800000 (7 d)`);
    await holds("scores", { "retention.ms": "604800000", "message.timestamp.type": "LogAppendTime" });
    const now = await settings("scores");
    expect([now.get("flush.messages"), now.get("max.message.bytes")]).toEqual(["77", "9000000"]);
  });

  it("refuses what destroys, names it, and does it when told to", async () => {
    await alter("alarms", {
      "retention.ms": "-1",
      "message.timestamp.type": "LogAppendTime",
      "max.message.bytes": "8388608",
    });
    await alter("models", {
      "cleanup.policy": "delete",
      "message.timestamp.type": "LogAppendTime",
      "max.message.bytes": "8388608",
    });
    const more = ["--log-partitions", "6"];
    const refused = await run("apply", ...more);
    expect(refused.code).toBe(1);
    expect(refused.err).toMatch(new RegExp(`${far("alarms")} +retention.ms .*DESTROY: what is beyond 7776000000`));
    expect(refused.err).toMatch(new RegExp(`${far("models")} +cleanup.policy +delete +compact +DESTROY`));
    expect(refused.err).toMatch(new RegExp(`${far("interactions")} +partitions +4 +6 +DESTROY: keys move`));
    expect((await settings("alarms")).get("retention.ms")).toBe("-1");
    const done = await run("apply", "--destructive", ...more);
    expect(done.code, done.err).toBe(0);
    await holds("alarms", { "retention.ms": "7776000000" });
    await holds("models", { "cleanup.policy": "compact" });
    // What cannot be done is not done, whatever is told.
    const fewer = await until(
      async () => {
        const one = await run("apply", "--destructive");
        return one.code === 1 ? one : null;
      },
      10_000,
      "the new number of partitions is known",
    );
    expect(fewer.err).toMatch(/partitions +6 +4 +not do it: partitions cannot be taken away/);
  });

  it("wants a Kafka, and a cluster that is there", async () => {
    const embedded = await driftlineHere(["topics", "diff"]);
    expect(embedded).toMatchObject({ code: 2 });
    expect(embedded.err).toContain("--log kafka --brokers");
  });
});
