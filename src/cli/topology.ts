/** `driftline topology`: the dataflow as a table, JSON or a Mermaid diagram. */
import { subTopologies, topics } from "../topology.ts";
import { type FlagSpec, flagHelp, takeFlags, UsageError } from "./arguments.ts";
import type { Command } from "./host.ts";
import { table } from "./table.ts";

const flags: FlagSpec = {
  json: { kind: "boolean", help: "as JSON" },
  mermaid: { kind: "boolean", help: "as a Mermaid flowchart" },
};

const dayMs = 86_400_000;

export const topologyCommand: Command = {
  usage: ["driftline topology [--json | --mermaid]", "", ...flagHelp(flags)],
  async run(args, host) {
    const taken = takeFlags(args, flags);
    if (taken.rest.length + taken.positionals.length > 0) {
      throw new UsageError(`unknown argument ${[...taken.rest, ...taken.positionals][0]}`);
    }
    if (taken.boolean("json")) host.out(JSON.stringify({ subTopologies, topics }, null, 2));
    else if (taken.boolean("mermaid")) for (const line of mermaid()) host.out(line);
    else for (const line of tables()) host.out(line);
    return 0;
  },
};

function tables(): readonly string[] {
  const stages = subTopologies.map((stage) => [
    stage.name,
    stage.by,
    stage.reads.join(" "),
    stage.writes.join(" ") || "-",
    stage.store,
  ]);
  const rows = topics.map((topic) => [
    topic.name,
    topic.key,
    topic.record,
    topic.retentionMs === null ? "compact" : `${topic.retentionMs / dayMs} d`,
    topic.partitions === "input" ? "log.partitions" : String(topic.partitions),
  ]);
  return [
    ...table(["sub-topology", "by", "reads", "writes", "store"], stages),
    "",
    ...table(["topic", "key", "record", "retention", "partitions"], rows),
  ];
}

function mermaid(): readonly string[] {
  const lines = ["flowchart LR"];
  for (const topic of topics) lines.push(`  ${id(topic.name)}[(${topic.name})]`);
  for (const stage of subTopologies) {
    lines.push(`  ${stage.name}{{${stage.name}}}`);
    for (const topic of stage.reads) lines.push(`  ${id(topic)} --> ${stage.name}`);
    for (const topic of stage.writes) lines.push(`  ${stage.name} --> ${id(topic)}`);
  }
  return lines;
}

function id(topic: string): string {
  return `topic_${topic.replaceAll("-", "_")}`;
}
