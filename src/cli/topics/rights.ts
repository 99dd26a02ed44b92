/** The access list entries on Kafka that each role takes, and no more: derived from the topology. Read, Write and Alter allow Describe as well. */
import { stageNameOf } from "../../predict-remote/predict-remote.ts";
import { groupOf } from "../../run/supervisor.ts";
import {
  type SubTopologyName,
  subTopologies,
  subTopologyNames,
  type TopicName,
  topicNames,
  topicsOf,
} from "../../topology.ts";

/** As kafka-acls.sh writes them. */
export type Operation = "Read" | "Write" | "Create" | "Alter" | "Describe" | "DescribeConfigs" | "AlterConfigs";

export interface Right {
  readonly resource: "topic" | "group" | "transactional-id";
  /** Name on the cluster. */
  readonly name: string;
  /** Prefixed: everything that begins so. */
  readonly pattern: "literal" | "prefixed";
  readonly operations: readonly Operation[];
}

/** Sub-topologies, and who stands beside them: a platform that writes events itself, and whoever makes topics and looks after them. */
export const roles = [...subTopologyNames, "platform", "operator"] as const;
export type Role = (typeof roles)[number];

export interface RightsOptions {
  readonly prefix: string;
  readonly exactlyOnce: boolean;
}

export function rightsOf(role: Role, options: RightsOptions): readonly Right[] {
  switch (role) {
    case "platform":
      return [topicRight(options, "interactions", ["Write"])];
    case "operator":
      return operatorRights(options);
    default:
      return subTopologyRights(role, options);
  }
}

function subTopologyRights(name: SubTopologyName, options: RightsOptions): readonly Right[] {
  const found = subTopologies.find((one) => one.name === name);
  if (found === undefined) return [];
  const { reads, writes, aside, by } = found;
  const rights = topicsOf([name]).map((topic) =>
    topicRight(options, topic, [
      ...(reads.includes(topic) || aside.includes(topic) ? (["Read"] as const) : []),
      ...(writes.includes(topic) ? (["Write"] as const) : []),
      // How topics are is looked at when a process starts.
      "DescribeConfigs",
    ]),
  );
  if (by === "nothing") return [...rights, ...watchedTopics(name, options), ...watchedGroups(options)];
  const group = groupRight(name, options, ["Read"]);
  rights.push(group);
  const ids = group.pattern === "literal" ? `${group.name}-` : group.name;
  if (options.exactlyOnce)
    rights.push({ resource: "transactional-id", name: ids, pattern: "prefixed", operations: ["Write"] });
  return rights;
}

/** Each remote predictor is a group of its own: all that begin so. */
function groupRight(name: SubTopologyName, { prefix }: RightsOptions, operations: readonly Operation[]): Right {
  return name === "predict-remote"
    ? { resource: "group", name: `${prefix}${groupOf(stageNameOf(""))}`, pattern: "prefixed", operations }
    : { resource: "group", name: `${prefix}${groupOf(name)}`, pattern: "literal", operations };
}

/** Whoever takes events knows how far behind everybody is: of topics that it has nothing else to do with, too. */
function watchedTopics(name: SubTopologyName, options: RightsOptions): readonly Right[] {
  const own: readonly TopicName[] = topicsOf([name]);
  const read = new Set(subTopologies.filter(({ by }) => by !== "nothing").flatMap(({ reads }) => reads));
  return [...read].filter((topic) => !own.includes(topic)).map((topic) => topicRight(options, topic, ["Describe"]));
}

function watchedGroups(options: RightsOptions): readonly Right[] {
  return subTopologies.filter(({ by }) => by !== "nothing").map(({ name }) => groupRight(name, options, ["Describe"]));
}

/** `topics apply`, `doctor`, and commands that read. */
function operatorRights(options: RightsOptions): readonly Right[] {
  const operations = ["Create", "Alter", "AlterConfigs", "Read"] as const;
  return [...topicNames.map((topic) => topicRight(options, topic, operations)), ...watchedGroups(options)];
}

function topicRight({ prefix }: RightsOptions, topic: TopicName, operations: readonly Operation[]): Right {
  return { resource: "topic", name: `${prefix}${topic}`, pattern: "literal", operations };
}

/** One kafka-acls.sh a line; what takes the same operations stands together. */
export function aclLines(rights: readonly Right[], principal: string): readonly string[] {
  const lines = new Map<string, string[]>();
  for (const { resource, name, pattern, operations } of rights) {
    const allowed = operations.map((operation) => `--operation ${operation}`).join(" ");
    const head = `kafka-acls.sh --bootstrap-server HOST:PORT --command-config admin.properties --add --allow-principal ${principal} ${allowed}${pattern === "prefixed" ? " --resource-pattern-type prefixed" : ""}`;
    const key = `${head} ${resource}`;
    const names = lines.get(key) ?? [head];
    lines.set(key, names);
    names.push(`--${resource} ${name}`);
  }
  return [...lines.values()].map((words) => words.join(" "));
}

/** What a role takes, for a table: operations with the names of topics, groups or ids. */
export function summaryOf(rights: readonly Right[]): readonly (readonly [operations: string, what: string])[] {
  const rows = new Map<string, string[]>();
  for (const { resource, name, pattern, operations } of rights) {
    const key = `${operations.join(", ")} ${resource}`;
    rows.set(key, [...(rows.get(key) ?? []), `${name}${pattern === "prefixed" ? "*" : ""}`]);
  }
  return [...rows].map(([key, names]) => {
    const [, operations = "", resource = ""] = /^(.*) (\S+)$/.exec(key) ?? [];
    return [operations, `${resource}${names.length === 1 ? "" : "s"} ${names.join(", ")}`];
  });
}
