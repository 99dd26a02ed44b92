/**
 * The whole topology as data: every sub-topology with what it reads, writes and remembers, and every topic with its key, record and
 * retention. `driftline topology` prints it; `test/style/topology.test.ts` holds it against `topics/`, `schemas/` and the code.
 */
import type { TopicSpec } from "./log/port.ts";

export type TopicName =
  | "interactions"
  | "situations"
  | "transitions"
  | "scores"
  | "outcomes"
  | "alarms"
  | "baselines"
  | "rollups"
  | "models"
  | "snapshots"
  | "commands"
  | "dead-letters"
  | "blobs"
  | "blob-chunks";

export interface TopicDefinition {
  readonly name: TopicName;
  readonly key: string;
  /** The record's schema: `schemas/<record>.avsc`. */
  readonly record: string;
  readonly cleanup: "delete" | "compact";
  readonly retentionDays: number | null;
  /** How its partitions follow from `log.partitions`: the input's number, or a fixed one. */
  readonly partitions: "input" | number;
}

/** In the order in which data walks. */
export const subTopologyNames = ["track", "learn", "monitor", "serve"] as const;
export type SubTopologyName = (typeof subTopologyNames)[number];

export interface SubTopology {
  readonly name: SubTopologyName;
  /** The key by which its work is divided. */
  readonly by: "episode" | "environment" | "nothing";
  readonly reads: readonly TopicName[];
  readonly writes: readonly TopicName[];
  readonly store: string;
  readonly catchUp: string;
}

const snapshotRule = "snapshot named by the committed note, then silent replay to the committed offset";

export const topics: readonly TopicDefinition[] = [
  topic("interactions", "episode (control records: every partition)", "interaction", 7, "input"),
  topic("situations", "episode", "situation", 1, "input"),
  topic("transitions", "environment", "transition", 30, "input"),
  topic("scores", "environment", "score", 7, "input"),
  topic("outcomes", "environment", "outcome", 90, "input"),
  topic("alarms", "environment", "alarm", 90, "input"),
  compact("baselines", "environment + predictor", "baseline", 1),
  compact("rollups", "environment + window", "rollup", 1),
  compact("models", "environment + predictor + version", "model", 1),
  compact("snapshots", "group + partition", "snapshot", 1),
  topic("commands", "environment", "command", 90, "input"),
  topic("dead-letters", "original key", "dead-letter", 30, 1),
  // Where blobs are in the log (blobs.kind "topic"): heads apart from bytes, so that who looks for one reads no others.
  compact("blobs", "hash", "blob", 1),
  compact("blob-chunks", "hash + chunk (partition: the hash's)", "blob-chunk", "input"),
];

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
    store: "open episodes, memory of ended ones, model versions in force (live and reference)",
    catchUp: snapshotRule,
  },
  {
    name: "learn",
    by: "environment",
    reads: ["commands", "transitions"],
    writes: ["models", "interactions", "dead-letters", "snapshots", "blobs", "blob-chunks"],
    store: "training memory per environment and predictor, references",
    catchUp: `${snapshotRule}; references read back from models`,
  },
  {
    name: "monitor",
    by: "environment",
    reads: ["commands", "scores", "outcomes"],
    writes: ["rollups", "alarms", "baselines", "dead-letters", "snapshots", "blobs", "blob-chunks"],
    store:
      "windows and tallies per environment and predictor; runs, tasks and plans of the three arms; baselines, detectors and open alarms per reference",
    catchUp: snapshotRule,
  },
  {
    name: "serve",
    by: "nothing",
    reads: ["rollups", "models", "scores", "outcomes", "alarms", "baselines", "dead-letters", "blobs", "blob-chunks"],
    writes: ["commands", "interactions", "dead-letters"],
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
    retentionMs: definition.retentionDays === null ? null : definition.retentionDays * 86_400_000,
    retentionBytes: definition.cleanup === "compact" ? null : retentionBytes,
  }));
}

function topic(
  name: TopicName,
  key: string,
  record: string,
  retentionDays: number,
  partitions: "input" | number,
): TopicDefinition {
  return { name, key, record, cleanup: "delete", retentionDays, partitions };
}

function compact(name: TopicName, key: string, record: string, partitions: "input" | number): TopicDefinition {
  return { name, key, record, cleanup: "compact", retentionDays: null, partitions };
}
