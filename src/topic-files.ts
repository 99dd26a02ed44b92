/**
 * The files in `topics/`, one a topic: key, schema, partitions and the settings that the topic has on Kafka. They are the one place that says
 * so: the topology, the embedded log and `driftline topics` take it from here.
 */
import { readFileSync } from "node:fs";
import { type Static, Type } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import { root } from "./root.ts";

const fileSchema = Type.Object(
  {
    name: Type.String({ pattern: "^[a-z-]+$" }),
    key: Type.String({ minLength: 1 }),
    schema: Type.String({ pattern: "^schemas/[a-z-]+\\.avsc$" }),
    /** As many as the option `log.partitions` says, or a fixed number. */
    partitions: Type.Union([Type.Literal("log.partitions"), Type.Integer({ minimum: 1 })]),
    /** By Kafka's own names, values as text. */
    config: Type.Intersect([
      Type.Object({
        "cleanup.policy": Type.Union([Type.Literal("delete"), Type.Literal("compact")]),
        "message.timestamp.type": Type.Literal("LogAppendTime"),
        "retention.ms": Type.Optional(Type.String({ pattern: "^[0-9]+$" })),
      }),
      Type.Record(Type.String(), Type.String()),
    ]),
  },
  { additionalProperties: false },
);
export type TopicFile = Static<typeof fileSchema>;

const folder = new URL("topics/", root);

/** Throws for a file that is not there or says something else than a topic file may, with the file's name. */
export function readTopicFile(name: string): TopicFile {
  return parseTopicFile(name, readFileSync(new URL(`${name}.json`, folder), "utf8"));
}

export function parseTopicFile(name: string, text: string): TopicFile {
  const path = `topics/${name}.json`;
  const value: unknown = JSON.parse(text);
  const problems = [...Value.Errors(fileSchema, value)].map(
    ({ path: at, message }) => `${at.slice(1).replaceAll("/", ".") || "the file"}: ${message.toLowerCase()}`,
  );
  if (!Value.Check(fileSchema, value)) throw new Error(`${path}: ${problems.join("; ")}`);
  if (value.name !== name) throw new Error(`${path}: its name is ${JSON.stringify(value.name)}`);
  if (value.config["cleanup.policy"] === "delete" && value.config["retention.ms"] === undefined)
    throw new Error(`${path}: what is deleted by age needs retention.ms`);
  return value;
}
