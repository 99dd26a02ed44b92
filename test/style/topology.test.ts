/** The topology as data, the topic files, the schemas and the code say the same. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { topicCodecs } from "../../src/codec/codecs.ts";
import { parseTopicFile } from "../../src/topic-files.ts";
import { subTopologies, topicSpecs, topics } from "../../src/topology.ts";
import { root, sourceFiles } from "./sources.ts";

describe("topology", () => {
  it("has one file in topics/ for each topic, and no other", () => {
    const found = readdirSync(join(root, "topics")).filter((name) => name.endsWith(".json"));
    expect(found.sort()).toEqual(topics.map((topic) => `${topic.name}.json`).sort());
  });

  it("has for each topic a schema, a codec, and the append time of the log", () => {
    for (const { name, record, config } of topics) {
      expect(existsSync(join(root, `schemas/${record}.avsc`)), name).toBe(true);
      expect(topicCodecs[name], name).toBeDefined();
      expect(config["message.timestamp.type"], name).toBe("LogAppendTime");
    }
  });

  it("refuses a topic file that says something else, and names it", () => {
    const good = readFileSync(join(root, "topics/alarms.json"), "utf8");
    expect(parseTopicFile("alarms", good).key).toBe("environment");
    const broken = (from: string, to: string) => () => parseTopicFile("alarms", good.replace(from, to));
    expect(broken('"LogAppendTime"', '"CreateTime"')).toThrow(/topics\/alarms\.json: config.*timestamp/);
    expect(broken('"retention.ms"', '"retention.days"')).toThrow(/alarms\.json: .*needs retention\.ms/);
    expect(broken('"log.partitions"', "0")).toThrow(/alarms\.json: partitions/);
    expect(broken('"alarms"', '"alarm"')).toThrow(/its name is "alarm"/);
  });

  it("names in topics/README.md every topic with its key", () => {
    const readme = readFileSync(join(root, "topics/README.md"), "utf8");
    for (const topic of topics) expect(readme).toContain(`| \`${topic.name}\` | ${topic.key} |`);
  });

  it("gives all inputs of a sub-topology equal partition counts, so that stream tasks can hold them together", () => {
    const counts = new Map(topicSpecs(7, null).map((spec) => [spec.name, spec.partitions]));
    for (const stage of subTopologies.filter((stage) => stage.by !== "nothing")) {
      expect(new Set(stage.reads.map((topic) => counts.get(topic))).size).toBe(1);
    }
  });

  it("has the stage in code read exactly what the topology says", () => {
    for (const stage of subTopologies.filter((stage) => stage.by !== "nothing")) {
      const texts = sourceFiles(`src/${stage.name}`).map((file) => file.text);
      const inputs = texts.flatMap((text) =>
        [...text.matchAll(/\binputs:\s*\[([^\]]*)\]/g)].map((match) => match[1] ?? ""),
      );
      expect(inputs).toHaveLength(1);
      expect([...(inputs[0] ?? "").matchAll(/"([^"]+)"/g)].map((match) => match[1])).toEqual([...stage.reads]);
    }
  });

  it("writes from no stage to a topic that the topology does not give it", () => {
    for (const stage of subTopologies) {
      const written = sourceFiles(`src/${stage.name}`).flatMap((file) =>
        [...file.text.matchAll(/\.record\(\s*"([a-z-]+)"/g)].map((match) => match[1] ?? ""),
      );
      expect(written.filter((topic) => !stage.writes.some((allowed) => allowed === topic))).toEqual([]);
    }
  });
});
