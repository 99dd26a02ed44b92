/** Of each consumer group: who is in it, how far behind it is, and whether what it needs is still in the log. */
import type { KafkaAccess } from "../../log/kafka/access.ts";
import { protocolName } from "../../log/kafka/membership.ts";
import { committedIn, committedOf } from "../../log/kafka/offsets.ts";
import { parseNote } from "../../run/note.ts";
import type { WatchedGroup } from "../../runtime/open-log.ts";
import { bad, type Check, checked, ok, warn } from "./check.ts";
import type { Look } from "./look.ts";

interface Described {
  readonly groups: readonly {
    readonly state: string;
    readonly protocolType: string;
    readonly protocol: string;
    readonly members: readonly { readonly clientId: string; readonly clientHost: string }[];
  }[];
}

/** `watched`: the groups that a process of this configuration knows about. */
export async function checkGroups(
  access: KafkaAccess,
  look: Look,
  watched: readonly WatchedGroup[],
): Promise<readonly Check[]> {
  const all = await Promise.all(
    watched.map(async (stage) => {
      const check = `group ${access.far(stage.group)}`;
      return [
        ...(await checked(check, "driftline topics acls", () => checkMembers(access, stage, check))),
        ...(await checked(`${check}: offsets`, "driftline topics acls", () =>
          checkOffsets(access, look, stage, check),
        )),
      ];
    }),
  );
  return all.flat();
}

async function checkMembers(
  { brokers, far }: KafkaAccess,
  stage: WatchedGroup,
  check: string,
): Promise<readonly Check[]> {
  const group = far(stage.group);
  const ask = { api: "DescribeGroups", parameters: { groupIds: [group] } } as const;
  const [found] = (await brokers.askCoordinator<Described>(group, ask)).groups;
  const { members = [], state = "Dead", protocol = "", protocolType = "" } = found ?? {};
  if (members.length === 0)
    return [warn(check, `nobody runs ${stage.name}`, `driftline run --log kafka --only ${stage.name}`)];
  const who = [
    ...new Set(members.map(({ clientId, clientHost }) => `${clientId} at ${clientHost.replace(/^\//, "")}`)),
  ];
  const foreign = protocolType !== "consumer" || (protocol !== "" && protocol !== protocolName);
  if (foreign)
    return [
      bad(
        check,
        `other software is in this group (${protocol}): ${who.join(", ")}`,
        "give it another group, or Driftline names of its own: log.kafka.prefix",
      ),
    ];
  return [ok(check, `${members.length} members, ${state}: ${who.join(", ")}`)];
}

async function checkOffsets(
  { brokers, far }: KafkaAccess,
  look: Look,
  stage: WatchedGroup,
  check: string,
): Promise<readonly Check[]> {
  const group = far(stage.group);
  const [first = ""] = stage.topics;
  const partitions = Array.from({ length: await look.partitions(first) }, (_, at) => at);
  const found = committedIn(
    await brokers.askCoordinator(group, committedOf(group, stage.topics.map(far), partitions, "newest")),
  );
  let lag = 0;
  const lost: string[] = [];
  for (const partition of partitions) {
    const committed = found.get(partition)?.committed;
    const replay = committed === undefined ? {} : noteOffsets(committed.note);
    for (const topic of stage.topics) {
      const { start, end } = await look.range(topic, partition);
      const at = committed?.offsets[far(topic)];
      lag += end - Math.max(start, at ?? start);
      for (const offset of [at, replay[topic]])
        if (offset !== undefined && (offset < start || offset > end))
          lost.push(`${topic}/${partition} needs ${offset}, held are ${start} to ${end}`);
    }
  }
  if (lost.length > 0)
    return [
      bad(
        `${check}: offsets`,
        `off the log: ${[...new Set(lost)].join("; ")}`,
        `driftline reset ${stage.group} --to start`,
      ),
    ];
  return [
    ok(`${check}: offsets`, `${found.size} of ${partitions.length} partitions have committed; ${lag} records behind`),
  ];
}

/** Where the replay that rebuilds the store begins. */
function noteOffsets(note: string): Readonly<Record<string, number>> {
  try {
    return parseNote(note).offsets;
  } catch {
    // No note, or one of another version: the process that reads it says so.
    return {};
  }
}
