/** `driftline reset GROUP --to start|end`: the repair of a group whose offsets or snapshot are gone. */
import { existsSync } from "node:fs";
import { openEmbeddedLog } from "../log/embedded/embedded-log.ts";
import type { Log, TaskInput } from "../log/port.ts";
import { groupOf } from "../run/supervisor.ts";
import { subTopologies } from "../topology.ts";
import { type FlagSpec, flagHelp, takeFlags, UsageError } from "./arguments.ts";
import { configOf, logFolder } from "./data.ts";
import type { Command } from "./host.ts";

const flags: FlagSpec = {
  to: {
    kind: "string",
    help: "start: all that the log still holds · end: only what comes from now on",
    placeholder: "start|end",
  },
  "data-dir": { kind: "string", help: "the data folder (default .driftline)", placeholder: "DIR" },
};
const groups = subTopologies.filter((one) => one.by !== "nothing");

export const resetCommand: Command = {
  name: "reset",
  summary: "start a consumer group anew, when an error says so",
  usage: [
    "driftline reset GROUP --to start|end [--data-dir DIR]",
    "",
    `GROUP is one of ${groups.map((one) => groupOf(one.name)).join(", ")}. Stop \`driftline run\` first.`,
    "The group forgets its store (open episodes, training memory or windows) and builds it anew from what it reads.",
    "",
    ...flagHelp(flags),
  ],
  async run(args, host) {
    const taken = takeFlags(args, flags);
    const [name] = taken.positionals;
    const group = groups.find((one) => groupOf(one.name) === name || one.name === name);
    const to = taken.string("to");
    if (group === undefined) throw new UsageError(`name a group: ${groups.map((one) => groupOf(one.name)).join(", ")}`);
    if (to !== "start" && to !== "end") throw new UsageError("say where to: --to start or --to end");
    const { dataDir } = configOf(taken, host);
    if (!existsSync(logFolder(dataDir))) throw new UsageError(`there is no data in ${dataDir}`);
    const log = await openEmbeddedLog({ dir: logFolder(dataDir), mode: "write", now: host.now });
    try {
      const partitions = await resetGroup(log, groupOf(group.name), group.reads, to);
      host.out(`${groupOf(group.name)}: ${partitions} partitions will go on from the ${to}`);
      return 0;
    } finally {
      await log.close();
    }
  },
};

async function resetGroup(log: Log, group: string, topics: readonly string[], to: "start" | "end"): Promise<number> {
  const inputs: TaskInput[] = [];
  const membership = await log.join(group, topics, {
    assigned: (input) => void inputs.push(input),
    async revoked() {},
    failed(error) {
      throw error;
    },
  });
  for (const input of inputs) {
    const offsets: Record<string, number> = {};
    for (const topic of topics) offsets[topic] = (await input.range(topic))[to];
    // An empty note is an empty store at these offsets.
    await input.commit({ offsets, note: "", outputs: [] });
  }
  await membership.leave();
  return inputs.length;
}
