/** The topology as data, the topic files, the schemas and the code say the same. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { topicCodecs } from "../../src/codec/codecs.ts";
import { subTopologies, topicSpecs, topics } from "../../src/topology.ts";
import { root, sourceFiles } from "./sources.ts";

interface TopicFile {
  readonly name: string;
  readonly key: string;
  readonly schema: string;
  readonly partitions: number | string;
  readonly config: Readonly<Record<string, string>>;
}

function topicFile(name: string): TopicFile {
  return JSON.parse(readFileSync(join(root, "topics", `${name}.json`), "utf8"));
}

describe("topology", () => {
  it("has one file in topics/ for each topic, and no other", () => {
    const found = readdirSync(join(root, "topics")).filter((name) => name.endsWith(".json"));
    expect(found.sort()).toEqual(topics.map((topic) => `${topic.name}.json`).sort());
  });

  for (const topic of topics) {
    it(`says the same of ${topic.name} as its file, its schema and its codec`, () => {
      const file = topicFile(topic.name);
      expect(file.name).toBe(topic.name);
      expect(file.key).toBe(topic.key);
      expect(file.partitions).toBe(topic.partitions === "input" ? "log.partitions" : topic.partitions);
      expect(file.config["cleanup.policy"]).toBe(topic.cleanup);
      expect(file.config["retention.ms"]).toBe(
        topic.retentionDays === null ? undefined : String(topic.retentionDays * 86_400_000),
      );
      expect(file.config["message.timestamp.type"]).toBe("LogAppendTime");
      expect(file.schema).toBe(`schemas/${topic.record}.avsc`);
      expect(existsSync(join(root, file.schema))).toBe(true);
      expect(topicCodecs[topic.name]).toBeDefined();
    });
  }

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
