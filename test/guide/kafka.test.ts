/** The README's Kafka section, run as written on the tests' broker: commands in their order, each output as promised. */
import { randomBytes } from "node:crypto";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { topicNames } from "../../src/topology.ts";
import { root } from "../style/sources.ts";
import { temporaryFolder } from "../support/driftline.ts";
import { kafkaClient } from "../support/kafka.ts";
import { kafkaIsThere } from "../support/kafka-jars.ts";
import { sharedKafka } from "../support/shared-kafka.ts";
import { bash, blockIn, linesOf } from "./blocks.ts";
import { broken, exchangesOf } from "./console.ts";

const prefix = `guide-${randomBytes(3).toString("hex")}-`;
const written = "127.0.0.1:9092";

describe.runIf(kafkaIsThere())("the README on your Kafka", () => {
  const exchanges = exchangesOf(blockIn("On your Kafka", "shell-session"));
  const folder = temporaryFolder();
  afterAll(async () => {
    folder.cleanup();
    const admin = kafkaClient(await sharedKafka()).admin();
    await admin.connect();
    await admin.deleteTopics({ topics: topicNames.map((name) => `${prefix}${name}`) });
    await admin.disconnect();
  });

  /** Columns are as wide as names are long, and here names have a prefix. */
  const plain = (text: string) =>
    text
      .replaceAll(prefix, "")
      .replaceAll(/ {2,}|-{3,}/g, " ")
      .replaceAll(/ +$/gm, "");

  it("runs as written", async () => {
    const [file, ...rest] = exchanges;
    expect(file?.command).toContain(`"${written}"`);
    const brokers = (await sharedKafka()).map((broker) => `"${broker}"`).join(",");
    const wrote = await bash(file?.command.replace(`"${written}"`, brokers) ?? "", folder.path);
    expect(wrote).toMatchObject({ code: 0, out: "", err: "" });
    const [alias = ""] = linesOf(blockIn("Commands", "sh"));
    for (const name of ["dist", "topics"]) symlinkSync(join(root, name), join(folder.path, name));
    const before = ["shopt -s expand_aliases", alias, `export DRIFTLINE_LOG_KAFKA_PREFIX=${prefix}`].join("\n");
    expect(rest.map(({ command }) => command.split(" ").slice(0, 3).join(" "))).toEqual([
      "driftline topics diff",
      "driftline topics apply",
      "driftline doctor --config",
      "driftline topics acls",
    ]);
    for (const { command, output } of rest) {
      const said = await bash(`${before}\n${command}\n`, folder.path);
      expect(said.err).toBe("");
      expect(
        broken(plain(output), plain(said.out)),
        `the promised line that is not in:\n${plain(said.out)}`,
      ).toBeNull();
      // What differs is a failure for scripts.
      expect(said.code, `${command}\n${plain(said.out)}`).toBe(command.includes(" diff ") ? 1 : 0);
    }
  });
});
