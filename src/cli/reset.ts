/** `driftline reset GROUP --to start|end`: the repair of a group whose offsets or snapshot are gone. */
import type { Log, TaskInput } from "../log/port.ts";
import { stageNameOf } from "../predict-remote/predict-remote.ts";
import { groupOf } from "../run/supervisor.ts";
import { allGroups, openLog } from "../runtime/open-log.ts";
import { type FlagSpec, flagHelp, takeFlags, UsageError } from "./arguments.ts";
import { configOf, hasData, trouble } from "./data.ts";
import type { Command, Host } from "./host.ts";

const flags: FlagSpec = {
  to: {
    kind: "string",
    help: "start: all that the log still holds · end: only what comes from now on",
    placeholder: "start|end",
  },
  "data-dir": { kind: "string", help: "the data folder (default .driftline)", placeholder: "DIR" },
};
/** Where no remote predictor is configured. */
const groupsShown = allGroups({ predictRemote: { predictors: {} } });

export const resetCommand: Command = {
  usage: [
    "driftline reset GROUP --to start|end [--data-dir DIR]",
    "",
    `GROUP is one of ${groupsShown.map(({ group }) => group).join(", ")}, or ${groupOf(stageNameOf("NAME"))}, NAME a remote predictor.`,
    "Stop `driftline run` first.",
    "The group forgets its store (open episodes, training memory or windows) and builds it anew from what it reads.",
    "",
    ...flagHelp(flags),
  ],
  async run(args, host) {
    const taken = takeFlags(args, flags);
    const [name] = taken.positionals;
    const config = configOf(taken, host);
    const groups = allGroups(config);
    const found = groups.find(({ group, stage }) => group === name || stage === name);
    const to = taken.string("to");
    if (found === undefined) throw new UsageError(`name a group: ${groups.map(({ group }) => group).join(", ")}`);
    if (to !== "start" && to !== "end") throw new UsageError("say where to: --to start or --to end");
    if (!hasData(config)) throw new UsageError(`there is no data in ${config.dataDir}`);
    const log = await openLog(config, host, trouble(host), "write");
    try {
      const partitions = await resetGroup(log, found.group, found.topics, to, host);
      host.out(`${found.group}: ${partitions} partitions will go on from the ${to}`);
      return 0;
    } finally {
      await log.close();
    }
  },
};

/** How long a partition that somebody else has may take to come. */
const assignedTriesMax = 40;
const assignedEveryMs = 250;

async function resetGroup(
  log: Log,
  group: string,
  topics: readonly string[],
  to: "start" | "end",
  host: Host,
): Promise<number> {
  const inputs = new Map<number, TaskInput>();
  const membership = await log.join(group, topics, {
    assigned: (input) => void inputs.set(input.partition, input),
    revoked: async (partition) => void inputs.delete(partition),
    failed(error) {
      throw error;
    },
  });
  const partitions = await log.partitionCount(topics[0] ?? "");
  for (let tries = 0; inputs.size < partitions && tries < assignedTriesMax && !host.stop.aborted; tries++)
    await host.sleep(assignedEveryMs, host.stop);
  if (inputs.size < partitions) {
    await membership.leave();
    throw new Error(
      `another process has ${partitions - inputs.size} of the ${partitions} partitions of ${group}: stop every process that runs it first`,
    );
  }
  for (const input of inputs.values()) {
    const offsets: Record<string, number> = {};
    for (const topic of topics) offsets[topic] = (await input.range(topic))[to];
    // An empty note is an empty store at these offsets.
    await input.commit({ offsets, note: "", outputs: [] });
  }
  await membership.leave();
  return partitions;
}
