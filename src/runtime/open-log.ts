/** The log that the configuration names: the embedded file of the data folder, or the user's own Kafka. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Host } from "../cli/host.ts";
import type { Config } from "../config.ts";
import { NoTopic } from "../log/kafka/errors.ts";
import type { Log, TopicInfo } from "../log/port.ts";
import { stageNameOf } from "../predict-remote/predict-remote.ts";
import { createSchemaRegistry } from "../registry/client.ts";
import { subTopologiesOf } from "../run/options.ts";
import { groupOf } from "../run/supervisor.ts";
import { type SubTopologyName, subTopologies, topics } from "../topology.ts";

export type LogConfig = Pick<Config, "dataDir" | "log" | "run" | "predictRemote">;
export type OnLog = (level: "error" | "warn" | "info" | "debug", message: string, fields: object) => void;

/** A consumer group of the topology. `name`: its sub-topology, `stage`: the stage that it is of. */
export interface WatchedGroup {
  readonly name: SubTopologyName;
  readonly stage: string;
  readonly group: string;
  readonly topics: readonly string[];
}

/** The groups whose lag a process watches: its own; all where it serves, since whoever takes events must know who is behind. */
export function groupsOf(config: Pick<Config, "run" | "predictRemote">): readonly WatchedGroup[] {
  const runs = subTopologiesOf(config.run);
  return allGroups(config).filter(({ name }) => runs.includes("serve") || runs.includes(name));
}

/** Every group of the topology; of `predict-remote` one for each predictor. */
export function allGroups({ predictRemote }: Pick<Config, "predictRemote">): readonly WatchedGroup[] {
  return subTopologies
    .filter(({ by }) => by !== "nothing")
    .flatMap(({ name, reads }) => {
      const stages = name === "predict-remote" ? Object.keys(predictRemote.predictors).map(stageNameOf) : [name];
      return stages.map((stage) => ({ name, stage, group: groupOf(stage), topics: reads }));
    });
}

/**
 * `mode` read: beside whoever writes, and nothing is made; Kafka has many writers and does not mind. `onLog` gets the lines of the client's own
 * log. Throws `LogLocked` for a folder that another process writes, and `RegistryFailed` where schemas cannot be registered that will be written.
 */
export async function openLog(
  { dataDir, log, run, predictRemote }: LogConfig,
  { now, sleep }: Pick<Host, "now" | "sleep">,
  onLog: OnLog,
  mode: "read" | "write",
): Promise<Log> {
  // Each is loaded where it is used: a third of the program, and native code of which a thread that goes through another's log needs nothing.
  if (log.adapter === "embedded") {
    const { openEmbeddedLog } = await import("../log/embedded/embedded-log.ts");
    return openEmbeddedLog({ dir: join(dataDir, "log"), mode, now });
  }
  const { openKafkaLog } = await import("../log/kafka/kafka-log.ts");
  const kafka = await openKafkaLog({
    options: log.kafka,
    groups: groupsOf({ run, predictRemote }),
    config: configOf,
    readFile,
    onLog,
    now,
    sleep,
  });
  const framed = await withRegistry(kafka, log, { now, sleep }, onLog, mode);
  return mode === "write" ? framed : { ...framed, topics: () => topicsThere(framed) };
}

/** Subjects are named after topics as the cluster has them (TopicNameStrategy). */
async function withRegistry(
  log: Log,
  { kafka, registry: options }: Config["log"],
  { now, sleep }: Pick<Host, "now" | "sleep">,
  onLog: OnLog,
  mode: "read" | "write",
): Promise<Log> {
  if (options.url.length === 0) return log;
  try {
    const { createConfluentLog } = await import("../log/confluent/confluent-log.ts");
    const registry = createSchemaRegistry({ options, readFile, now, sleep, onLog });
    const subjectOf = (topic: string) => `${kafka.prefix}${topic}-value`;
    const framed = createConfluentLog({ log, registry, subjectOf, register: options.register, now });
    if (mode === "write") await framed.prepare(topics.map(({ name }) => name));
    return framed;
  } catch (error) {
    // Sockets to a registry keep no process alive.
    await log.close();
    throw error;
  }
}

export function readFile(path: string): string {
  return readFileSync(path, "utf8");
}

/** Settings of a topic on Kafka, as its file says. */
export function configOf(topic: string): Readonly<Record<string, string>> {
  return topics.find(({ name }) => name === topic)?.config ?? {};
}

/** Those of the topology that the cluster has, for who does not make them. */
async function topicsThere(log: Log): Promise<readonly TopicInfo[]> {
  const found = await Promise.all(
    topics.map(async ({ name, cleanup }): Promise<readonly TopicInfo[]> => {
      const count = await log.partitionCount(name).catch((error: unknown) => {
        if (error instanceof NoTopic) return 0;
        throw error;
      });
      const partitions = await Promise.all(Array.from({ length: count }, (_, at) => log.range(name, at)));
      return count === 0 ? [] : [{ name, cleanup, partitions, bytes: null }];
    }),
  );
  return found.flat();
}

/** How a thread of this process opens a log of its own: as a member that a restart recognises, beside the others. */
export function logOfThread(config: LogConfig["log"], thread: string): LogConfig["log"] {
  const { instanceId } = config.kafka;
  return instanceId === "" ? config : { ...config, kafka: { ...config.kafka, instanceId: `${instanceId}-${thread}` } };
}

/** What to say of where the log is. */
export function placeOf({ dataDir, log }: Pick<Config, "dataDir" | "log">): string {
  const { brokers, prefix, guarantee } = log.kafka;
  const { url } = log.registry;
  if (log.adapter === "embedded") return dataDir;
  const framing = url.length === 0 ? "" : `, schemas at ${url.join(", ")}`;
  return `Kafka at ${brokers.join(", ")}${prefix === "" ? "" : ` (prefix ${prefix})`}, ${guarantee}${framing}`;
}
