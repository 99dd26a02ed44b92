/**
 * How a topic should be on a cluster, and how it is: partitions, copies and settings, what differs, and what setting it right would do. Pure;
 * the start of a process, `driftline topics` and `driftline doctor` all go by it.
 */
import type { TopicSpec } from "../port.ts";

export interface TopicPlan {
  /** Name on the cluster. */
  readonly topic: string;
  readonly partitions: number;
  readonly replication: number;
  /** By Kafka's names; what is not named is the cluster's own affair. */
  readonly settings: Readonly<Record<string, string>>;
}

export interface FoundTopic {
  readonly partitions: number;
  /** Copies of the partition that has the fewest. */
  readonly replication: number;
  /** In force: the topic's own, the brokers', or Kafka's defaults. */
  readonly settings: ReadonlyMap<string, string>;
}

/**
 * `make` and `set` lose nothing; `destroys` loses records, or the order of an episode's events; `elsewhere` is not done by changing the topic:
 * `why` says how it is.
 */
export type Effect = "make" | "set" | "destroys" | "elsewhere";

export interface Difference {
  readonly topic: string;
  /** `topic` where there is none, `partitions`, `replication`, or Kafka's name of a setting. */
  readonly setting: string;
  /** As Kafka writes it. */
  readonly is: string;
  readonly shouldBe: string;
  readonly effect: Effect;
  readonly why: string;
}

const replicationDefault = 3;
const insync = "min.insync.replicas";
const cleanup = "cleanup.policy";

/** `replication` 0: three copies, or as many as there are brokers. */
export function replicationOf(replication: number, brokers: number): number {
  return replication === 0 ? Math.max(1, Math.min(replicationDefault, brokers)) : replication;
}

/** `config`: the topic's settings as its file says; min.insync.replicas is never more than there are copies. */
export function planOf(
  { partitions, cleanup: policy, retentionMs }: TopicSpec,
  topic: string,
  config: Readonly<Record<string, string>>,
  replication: number,
): TopicPlan {
  const acked = config[insync];
  const settings = {
    ...config,
    [cleanup]: policy,
    ...(policy === "delete" ? { "retention.ms": String(retentionMs ?? -1) } : {}),
    "message.timestamp.type": "LogAppendTime",
    ...(acked === undefined ? {} : { [insync]: String(Math.min(Number(acked), replication)) }),
  };
  return { topic, partitions, replication, settings };
}

/** `isExact`: the replication was asked for, so more is a difference too. */
export function differencesOf(plan: TopicPlan, found: FoundTopic | null, isExact = false): readonly Difference[] {
  const { topic, partitions } = plan;
  if (found === null) {
    const shouldBe = `${partitions} partition${partitions === 1 ? "" : "s"}, ${plan.replication} cop${plan.replication === 1 ? "y" : "ies"}`;
    return [{ topic, setting: "topic", is: "missing", shouldBe, effect: "make", why: "" }];
  }
  const differences: Difference[] = [];
  const differ = (setting: string, is: string, shouldBe: string, effect: Effect, why: string) =>
    differences.push({ topic, setting, is, shouldBe, effect, why });
  if (found.partitions < partitions)
    differ(
      "partitions",
      String(found.partitions),
      String(partitions),
      "destroys",
      "keys move: the events of one episode would lie in two partitions",
    );
  if (found.partitions > partitions)
    differ(
      "partitions",
      String(found.partitions),
      String(partitions),
      "elsewhere",
      "partitions cannot be taken away: set log.partitions to what is there, or delete the topic and apply again",
    );
  if (found.replication < plan.replication || (isExact && found.replication > plan.replication))
    differ(
      "replication",
      String(found.replication),
      String(plan.replication),
      "elsewhere",
      "kafka-reassign-partitions.sh moves copies",
    );
  for (const [setting, wanted] of Object.entries(plan.settings)) {
    const is = found.settings.get(setting) ?? "";
    const should = setting === insync ? String(Math.min(Number(wanted), found.replication)) : wanted;
    const change = changeOf(setting, is, should, found);
    if (change !== null) differ(setting, is, should, ...change);
  }
  return differences;
}

/** Null: it will do as it is. */
function changeOf(setting: string, is: string, wanted: string, found: FoundTopic): readonly [Effect, string] | null {
  if (is === wanted) return null;
  switch (setting) {
    case "max.message.bytes":
      // More than is wanted is somebody's wish.
      return Number(is) >= Number(wanted) ? null : ["set", ""];
    case insync:
      if (Number(is) > found.replication) return ["set", "nothing can be written now: there are fewer copies"];
      return Number(is) >= Number(wanted) ? null : ["set", ""];
    case cleanup:
      return cleanupChange(is, wanted);
    case "retention.ms":
    case "retention.bytes":
      return isShorter(wanted, is) ? ["destroys", `what is beyond ${shown(setting, wanted)} is deleted`] : ["set", ""];
    default:
      return ["set", ""];
  }
}

function cleanupChange(is: string, wanted: string): readonly [Effect, string] | null {
  const now = new Set(is.split(","));
  const then = new Set(wanted.split(","));
  const added = [...then].filter((policy) => !now.has(policy));
  if (added.includes("compact")) return ["destroys", "all but the newest record of each key is deleted"];
  if (added.includes("delete")) return ["destroys", "the newest records of keys are deleted when they are old"];
  return now.size === then.size ? null : ["set", ""];
}

/** -1 is without a limit. */
function isShorter(one: string, other: string): boolean {
  const limit = (text: string) => (Number(text) < 0 ? Number.POSITIVE_INFINITY : Number(text));
  return limit(one) < limit(other);
}

const units = [
  [86_400_000, "d"],
  [3_600_000, "h"],
  [60_000, "min"],
  [1_000, "s"],
] as const;

/** For people: milliseconds are told in days or hours too. */
export function shown(setting: string, value: string): string {
  if (value === "") return "not set";
  if (!setting.endsWith(".ms")) return value;
  if (Number(value) < 0) return `${value} (for ever)`;
  const [size, unit] = units.find(([size]) => Number(value) >= size && Number(value) % size === 0) ?? [];
  return size === undefined ? value : `${value} (${Number(value) / size} ${unit})`;
}
