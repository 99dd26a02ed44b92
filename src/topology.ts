/**
 * The whole topology as data: every sub-topology with what it reads, writes and remembers, and every topic as its file in `topics/` says.
 * `driftline topology` prints it; `test/style/topology.test.ts` holds it against `schemas/` and the code.
 */
import type { TopicSpec } from "./log/port.ts";
import { readTopicFile } from "./topic-files.ts";

/** In the order in which data walks. */
export const topicNames = [
  "interactions",
  "situations",
  "transitions",
  "scores",
  "outcomes",
  "alarms",
  "baselines",
  "rollups",
  "models",
  "snapshots",
  "commands",
  "dead-letters",
  // Where blobs are in the log (blobs.kind "topic"): heads apart from bytes, so that who looks for one reads no others.
  "blobs",
  "blob-chunks",
] as const;
export type TopicName = (typeof topicNames)[number];

export interface TopicDefinition {
  readonly name: TopicName;
  readonly key: string;
  /** The record's schema: `schemas/<record>.avsc`. */
  readonly record: string;
  readonly cleanup: "delete" | "compact";
  /** Null: the newest of every key is kept. */
  readonly retentionMs: number | null;
  /** How its partitions follow from `log.partitions`: the input's number, or a fixed one. */
  readonly partitions: "input" | number;
  /** Its settings on Kafka, by Kafka's names. */
  readonly config: Readonly<Record<string, string>>;
}

/** In the order in which data walks. */
export const subTopologyNames = ["track", "predict-remote", "learn", "monitor", "serve"] as const;
export type SubTopologyName = (typeof subTopologyNames)[number];

export interface SubTopology {
  readonly name: SubTopologyName;
  /** The key by which its work is divided. */
  readonly by: "episode" | "environment" | "nothing";
  readonly reads: readonly TopicName[];
  readonly writes: readonly TopicName[];
  /** What it reads besides, without a group. */
  readonly aside: readonly TopicName[];
  readonly store: string;
  readonly catchUp: string;
}

const snapshotRule = "snapshot named by the committed note, then silent replay to the committed offset";

export const topics: readonly TopicDefinition[] = topicNames.map(definitionOf);

export const subTopologies: readonly SubTopology[] = [
  {
    name: "track",
    by: "episode",
    reads: ["interactions"],
    writes: [
      "transitions",
      "scores",
      "outcomes",
      "situations",
      "dead-letters",
      "snapshots",
      "interactions",
      "blobs",
      "blob-chunks",
    ],
    aside: ["blobs", "blob-chunks"],
    store: "open episodes, memory of ended ones, model versions in force (live and reference)",
    catchUp: snapshotRule,
  },
  {
    name: "predict-remote",
    by: "episode",
    reads: ["situations"],
    writes: ["interactions", "dead-letters"],
    // Versions of predictors that learn on.
    aside: ["blobs", "blob-chunks"],
    store: "nothing; each predictor is a group of its own",
    catchUp: "none: what was not answered is asked again",
  },
  {
    name: "learn",
    by: "environment",
    reads: ["commands", "transitions"],
    writes: ["models", "interactions", "dead-letters", "snapshots", "blobs", "blob-chunks"],
    // The janitor, who runs where partition 0 is, reads what snapshots and versions are kept.
    aside: ["models", "snapshots", "blobs", "blob-chunks"],
    store: "training memory per environment and predictor, of those that learn on too; references; orders about rules",
    catchUp: `${snapshotRule}; references read back from models`,
  },
  {
    name: "monitor",
    by: "environment",
    reads: ["commands", "scores", "outcomes"],
    writes: ["rollups", "alarms", "baselines", "dead-letters", "snapshots", "blobs", "blob-chunks"],
    aside: ["blobs", "blob-chunks"],
    store:
      "windows and tallies per environment and predictor; runs, tasks and plans of the three arms; baselines, detectors and open alarms per reference",
    catchUp: snapshotRule,
  },
  {
    name: "serve",
    by: "nothing",
    reads: ["rollups", "models", "scores", "outcomes", "alarms", "baselines", "dead-letters", "blobs", "blob-chunks"],
    writes: ["commands", "interactions", "dead-letters"],
    aside: ["transitions", "commands"],
    store: "what the page shows",
    catchUp: "read aside from the start (compact topics) or from the newest records",
  },
];

/** What the log must hold, for `interactions` with so many partitions. `retentionBytes` bounds every topic that is not compact. */
export function topicSpecs(partitions: number, retentionBytes: number | null): readonly TopicSpec[] {
  return topics.map((definition) => ({
    name: definition.name,
    partitions: definition.partitions === "input" ? partitions : definition.partitions,
    cleanup: definition.cleanup,
    retentionMs: definition.retentionMs,
    retentionBytes: definition.cleanup === "compact" ? null : retentionBytes,
  }));
}

/** Topics that a process needs which runs these, in the order of the topology. */
export function topicsOf(names: readonly SubTopologyName[]): readonly TopicName[] {
  const used = new Set(
    subTopologies
      .filter(({ name }) => names.includes(name))
      .flatMap(({ reads, writes, aside }) => [...reads, ...writes, ...aside]),
  );
  return topicNames.filter((name) => used.has(name));
}

function definitionOf(name: TopicName): TopicDefinition {
  const { key, schema, partitions, config } = readTopicFile(name);
  const cleanup = config["cleanup.policy"];
  return {
    name,
    key,
    record: schema.slice("schemas/".length, -".avsc".length),
    cleanup,
    retentionMs: cleanup === "compact" ? null : Number(config["retention.ms"]),
    partitions: partitions === "log.partitions" ? "input" : partitions,
    config,
  };
}
