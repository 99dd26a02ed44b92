/** `driftline doctor` on a real Kafka with nothing wrong, then with one fault after the other, each named with what mends it; and on a data folder. */
import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import kafkajs, { type Admin, type Kafka } from "kafkajs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { partitionOf } from "../../src/log/murmur2.ts";
import { topics } from "../../src/topology.ts";
import { driftline, startRun, temporaryFolder, until } from "../support/driftline.ts";
import { driftlineHere } from "../support/driftline-here.ts";
import { kafkaClient } from "../support/kafka.ts";
import { kafkaIsThere } from "../support/kafka-jars.ts";
import { sharedKafka } from "../support/shared-kafka.ts";

interface Check {
  readonly check: string;
  readonly result: string;
  readonly means: string;
  readonly mend: string;
}
/** Without what computes tensors, which depends on the machine: `test/predictors/tensor/native.test.ts`. */
const checksOf = (out: string): readonly Check[] =>
  out
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line))
    .filter(({ check }) => !check.startsWith("tensors"));
const badOf = (checks: readonly Check[]) => checks.filter(({ result }) => result === "bad");

describe.runIf(kafkaIsThere())("driftline doctor on Kafka", () => {
  const prefix = `doctor-${randomBytes(3).toString("hex")}-`;
  const far = (topic: string) => `${prefix}${topic}`;
  let brokers: readonly string[];
  let kafka: Kafka;
  let admin: Admin;
  beforeAll(async () => {
    brokers = await sharedKafka();
    kafka = kafkaClient(brokers);
    admin = kafka.admin();
    await admin.connect();
  });
  afterAll(async () => {
    await admin.deleteTopics({ topics: topics.map(({ name }) => far(name)) });
    await admin.disconnect();
  });
  const words = () => ["--log", "kafka", "--brokers", brokers.join(","), "--log-kafka-prefix", prefix];
  const doctor = async (...more: readonly string[]) => {
    // What computes tensors is for another test; plain JavaScript is the quickest to open.
    const env = { DRIFTLINE_TENSOR_BACKEND: "cpu" };
    const said = await driftlineHere(["doctor", "--json", ...words(), ...more], env);
    expect(said.err).toBe("");
    const checks = checksOf(said.out);
    expect(said.code, said.out).toBe(badOf(checks).length === 0 ? 0 : 1);
    return checks;
  };
  const find = (checks: readonly Check[], name: string | RegExp) => {
    const found = checks.find(({ check }) => (typeof name === "string" ? check === name : name.test(check)));
    expect(found, `${String(name)} among ${checks.map(({ check }) => check).join(", ")}`).toBeDefined();
    return found;
  };

  it("finds nothing bad where nothing is, and prints a table", async () => {
    const missing = await doctor();
    expect(find(missing, `topic ${far("rollups")}`)).toMatchObject({ result: "bad", mend: "driftline topics apply" });
    expect((await driftlineHere(["topics", "apply", ...words()])).code).toBe(0);
    const checks = await doctor();
    expect(badOf(checks)).toEqual([]);
    expect(find(checks, /^broker \d+/)?.means).toContain("answers");
    expect(find(checks, "rights")?.means).toContain("User:ANONYMOUS may do all");
    expect(find(checks, `group ${far("driftline-track")}`)).toMatchObject({ result: "warn" });
    const shown = await driftline(["doctor", ...words()]);
    expect(shown).toMatchObject({ code: 0, err: "" });
    expect(shown.out).toMatch(/^check +result +what it means +command that mends it$/m);
    expect(shown.out).toContain("all 14 are as the files in topics/ say");
  });

  it("names keys that lie elsewhere, records that nobody can read, and retention that is shorter than an episode", async () => {
    const producer = kafka.producer();
    await producer.connect();
    const wrong = (partitionOf("astray", 4) + 1) % 4;
    const body = (type: string, episode: string) => JSON.stringify({ type, episode, environment: "x", state: 1 });
    const send = (messages: { key: string; partition: number; value: string | Buffer }[]) =>
      producer.send({ topic: far("interactions"), messages });
    await send([{ key: "astray", partition: wrong, value: body("reset", "astray") }]);
    await send([
      { key: "e", partition: partitionOf("e", 4), value: Buffer.from("c301aaaaaaaaaaaaaaaa00", "hex") },
      { key: "e", partition: partitionOf("e", 4), value: "plain text" },
    ]);
    // The sample's ends meet where a partition has more than 1,000 records: the episode `long` is in both.
    const place = partitionOf("long", 4);
    await send([{ key: "long", partition: place, value: body("reset", "long") }]);
    await new Promise((resolve) => setTimeout(resolve, 20));
    const many = Array.from({ length: 1_010 }, () => {
      return { key: "long", partition: place, value: body("end", "long") };
    });
    await send(many);
    await producer.disconnect();
    await admin.alterConfigs({
      validateOnly: false,
      resources: [
        {
          type: kafkajs.ConfigResourceTypes.TOPIC,
          name: far("interactions"),
          configEntries: [
            { name: "retention.ms", value: "1" },
            { name: "message.timestamp.type", value: "CreateTime" },
          ],
        },
      ],
    });
    const checks = await until(
      async () => {
        const found = await doctor();
        return found.some(({ check }) => check.includes("retention.ms")) ? found : null;
      },
      20_000,
      "the settings are known",
    );
    expect(find(checks, "keys")).toMatchObject({
      result: "bad",
      mend: expect.stringContaining("partitioner=murmur2_random"),
    });
    expect(find(checks, "keys")?.means).toContain(`astray in ${wrong}`);
    expect(find(checks, "schemas")?.means).toMatch(/unknown|neither Avro nor JSON/);
    expect(find(checks, "schemas")?.mend).toContain("dead-letters list --reason undecodable");
    expect(find(checks, "retention")).toMatchObject({ result: "bad" });
    expect(find(checks, `${far("interactions")}: message.timestamp.type`)).toMatchObject({
      result: "bad",
      means: "CreateTime, should be LogAppendTime",
      mend: "driftline topics apply",
    });
    expect(find(checks, `${far("interactions")}: max.message.bytes`)?.result).toBe("bad");
    // A process does not start on such a topic, and says what mends it.
    const folder = temporaryFolder();
    const refused = await driftline(["run", "--port", "0", "--data-dir", folder.path, ...words()]);
    expect(refused.code).toBe(1);
    expect(refused.err).toMatch(/keeps the producers' times.*`driftline topics apply` sets it right/);
    folder.cleanup();
  });

  it("names offsets off the log, and other software in a group", async () => {
    await admin.setOffsets({
      groupId: far("driftline-learn"),
      topic: far("transitions"),
      partitions: [{ partition: 2, offset: "77" }],
    });
    const stranger = kafka.consumer({ groupId: far("driftline-monitor"), allowAutoTopicCreation: false } as never);
    await stranger.connect();
    await stranger.subscribe({ topic: far("scores") });
    await stranger.run({ eachMessage: async () => {} });
    const checks = await until(
      async () => {
        const found = await doctor();
        return found.some(({ means }) => means.includes("other software")) ? found : null;
      },
      30_000,
      "the stranger is seen",
    );
    await stranger.disconnect();
    expect(find(checks, `group ${far("driftline-monitor")}`)).toMatchObject({
      result: "bad",
      mend: expect.stringContaining("log.kafka.prefix"),
    });
    expect(find(checks, `group ${far("driftline-learn")}: offsets`)).toMatchObject({
      result: "bad",
      means: "off the log: transitions/2 needs 77, held are 0 to 0",
      mend: "driftline reset driftline-learn --to start",
    });
  });

  it("says that nobody answers", async () => {
    const said = await driftline([
      "doctor",
      "--json",
      ...["--log", "kafka", "--brokers", "127.0.0.1:1"],
      "--log-kafka-request-ms",
      "1000",
    ]);
    expect(said.code).toBe(1);
    // Whoever waits hears why, once.
    expect(said.err.match(/ECONNREFUSED/g)).toHaveLength(1);
    expect(checksOf(said.out)).toMatchObject([
      { check: "cluster", result: "bad", mend: expect.stringContaining("--brokers") },
    ]);
  });
});

describe("driftline doctor on a data folder", () => {
  it("says that it is whole, that its partitions are others, and that it is damaged", async () => {
    const folder = temporaryFolder();
    const data = join(folder.path, "data");
    mkdirSync(data);
    const none = await driftline(["doctor", "--data-dir", data]);
    expect(none).toMatchObject({ code: 1 });
    const server = await startRun(data);
    const whole = await driftline(["doctor", "--json", "--data-dir", data]);
    expect(checksOf(whole.out).map(({ check, result }) => [check, result])).toEqual([
      ["log", "ok"],
      ["disk", expect.stringMatching(/ok|warn/)],
      ["topics", "ok"],
    ]);
    await server.stop();
    const other = await driftline(["doctor", "--json", "--data-dir", data, "--log-partitions", "8"]);
    expect(find(other.out, "topics")).toMatchObject({ result: "bad", mend: expect.stringContaining("log.partitions") });
    const file = "log.db";
    const path = join(data, "log", file);
    for (const name of readdirSync(join(data, "log"))) if (name.startsWith(`${file}-`)) rmSync(join(data, "log", name));
    writeFileSync(path, readFileSync(path).fill(0x5a, 8_192));
    const damaged = await driftline(["doctor", "--json", "--data-dir", data]);
    expect(damaged.code).toBe(1);
    expect(find(damaged.out, "log")?.mend).toContain("restore a copy");
    folder.cleanup();
  });
  const find = (out: string, name: string) => checksOf(out).find(({ check }) => check === name);
});
