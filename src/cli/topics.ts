/** `driftline topics`: looks into the topics, also while a process writes them; makes and mends those on Kafka. */
import { isUtf8 } from "node:buffer";
import { CodecError, topicCodecs } from "../codec/codecs.ts";
import type { Log, LogRecord } from "../log/port.ts";
import { type TopicName, topics } from "../topology.ts";
import { type FlagSpec, flagHelp, type Taken, takeFlags, UsageError } from "./arguments.ts";
import { withLogToRead } from "./data.ts";
import type { Command, Host } from "./host.ts";
import { table } from "./table.ts";
import { acls } from "./topics/acls.ts";
import { apply, diff } from "./topics/diff.ts";
import { roles } from "./topics/rights.ts";

const flags: FlagSpec = {
  json: { kind: "boolean", help: "one JSON object a line" },
  partition: { kind: "number", help: "only this partition", placeholder: "N" },
  from: { kind: "number", help: "first offset (default: the oldest held)", placeholder: "OFFSET" },
  max: { kind: "number", help: "at most this many records (default: all that are there now)", placeholder: "N" },
  destructive: { kind: "boolean", help: "apply: do also what deletes records or moves keys" },
  only: { kind: "string", help: "acls: only these roles", placeholder: "NAME,…" },
  user: { kind: "string", help: "acls: the user's name (default driftline-NAME for each role)", placeholder: "NAME" },
  "data-dir": { kind: "string", help: "the data folder (default .driftline)", placeholder: "DIR" },
};

export const topicsCommand: Command = {
  usage: [
    "driftline topics count [--json] [--data-dir DIR]",
    "driftline topics read TOPIC [--json] [--partition N] [--from OFFSET] [--max N] [--data-dir DIR]",
    "driftline topics diff --log kafka --brokers HOST:PORT,… [--json]",
    "driftline topics apply --log kafka --brokers HOST:PORT,… [--destructive] [--json]",
    `driftline topics acls [--only ${roles.join(",")}] [--user NAME] [--json]`,
    "",
    "diff shows where the topics on Kafka are not as the files in topics/ say; exit code 1 where they differ. apply makes what is missing and",
    "sets what loses nothing; settings that the files do not name stay as they are.",
    "acls prints the access list entries that each sub-topology takes, a platform that writes interactions, and an operator.",
    "",
    ...flagHelp(flags),
  ],
  async run(args, host) {
    const taken = takeFlags(args, flags);
    const [verb, name] = taken.positionals;
    if (verb === "count" && taken.positionals.length === 1)
      return withLogToRead(taken, host, (log) => count(log, taken, host));
    if (verb === "read" && name !== undefined && taken.positionals.length === 2) {
      if (!isTopic(name))
        throw new UsageError(`no topic ${name}; there are ${topics.map((topic) => topic.name).join(", ")}`);
      return withLogToRead(taken, host, (log) => read(log, name, taken, host));
    }
    if (verb === "diff" && taken.positionals.length === 1) return diff(taken, host);
    if (verb === "apply" && taken.positionals.length === 1) return apply(taken, host);
    if (verb === "acls" && taken.positionals.length === 1) return acls(taken, host);
    throw new UsageError("say what to do: driftline topics count, read TOPIC, diff, apply or acls");
  },
};

async function count(log: Log, taken: Taken, host: Host): Promise<number> {
  const infos = await log.topics();
  const rows = infos.map((info) => ({
    topic: info.name,
    partitions: info.partitions.length,
    records: info.partitions.reduce((sum, { start, end }) => sum + end - start, 0),
    ever: info.partitions.reduce((sum, { end }) => sum + end, 0),
    bytes: info.bytes,
    cleanup: info.cleanup,
  }));
  if (taken.boolean("json")) {
    for (const row of rows) host.out(JSON.stringify(row));
    return 0;
  }
  const head = ["topic", "partitions", "offsets held", "ever appended", "bytes", "cleanup"];
  const cells = rows.map((row) => [
    row.topic,
    String(row.partitions),
    String(row.records),
    String(row.ever),
    row.bytes === null ? "-" : String(row.bytes),
    row.cleanup,
  ]);
  for (const line of table(head, cells)) host.out(line);
  return 0;
}

async function read(log: Log, topic: TopicName, taken: Taken, host: Host): Promise<number> {
  const wanted = taken.number("partition");
  const partitions = await log.partitionCount(topic);
  if (wanted !== null && !(Number.isInteger(wanted) && wanted >= 0 && wanted < partitions)) {
    throw new UsageError(`${topic} has the partitions 0 to ${partitions - 1}; there is no ${wanted}`);
  }
  let left = taken.count("max") ?? Number.POSITIVE_INFINITY;
  const json = taken.boolean("json");
  for (let partition = wanted ?? 0; partition < (wanted === null ? partitions : wanted + 1); partition++) {
    const range = await log.range(topic, partition);
    let from = Math.max(taken.number("from") ?? range.start, range.start);
    while (from < range.end && left > 0 && !host.stop.aborted) {
      const limits = { recordsMax: Math.min(left, 500), bytesMax: 8_388_608 };
      const records = await log.read(topic, partition, from, limits, 0);
      for (const record of records) host.out(json ? jsonLine(record) : shortLine(record));
      left -= records.length;
      const last = records.at(-1);
      if (last === undefined) break;
      from = last.offset + 1;
    }
  }
  return 0;
}

/** The record's value as JSON: bytes that are UTF-8 become text, others base64. */
export function textOf(record: LogRecord): unknown {
  if (record.value === null) return null;
  if (record.refused !== undefined) throw new CodecError(record.refused.message);
  if (record.topic === "interactions" && record.value[0] === 0x7b)
    return JSON.parse(Buffer.from(record.value).toString());
  if (!isTopic(record.topic)) return Buffer.from(record.value).toString("base64");
  return topicCodecs[record.topic].decode(record.value);
}

function jsonLine(record: LogRecord): string {
  const { topic, partition, offset, timestamp, key } = record;
  let value: unknown;
  try {
    value = textOf(record);
  } catch (error) {
    value = { undecodable: error instanceof Error ? error.message : String(error) };
  }
  return JSON.stringify({ topic, partition, offset, timestamp, key, value }, bytesAsText);
}

/** For JSON.stringify: a byte array is text where it is UTF-8. */
export function bytesAsText(_: string, value: unknown): unknown {
  if (!(value instanceof Uint8Array)) return value;
  const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  return isUtf8(bytes) ? bytes.toString("utf8") : { base64: bytes.toString("base64") };
}

function shortLine(record: LogRecord): string {
  const text = jsonLine(record);
  const at = new Date(record.timestamp).toISOString();
  const body = text.slice(text.indexOf('"value":') + 8, -1);
  const place = `${record.partition}/${record.offset}`.padEnd(10);
  return `${at} ${place} ${record.key ?? "-"}  ${body.length > 160 ? `${body.slice(0, 157)}...` : body}`;
}

function isTopic(name: string): name is TopicName {
  return topics.some((topic) => topic.name === name);
}
