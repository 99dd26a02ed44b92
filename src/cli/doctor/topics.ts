/** Whether the topics are as they should be, have leaders and copies, and take what ingest lets in. */
import type { Config } from "../../config.ts";
import type { KafkaAccess } from "../../log/kafka/access.ts";
import type { TopicState } from "../../log/kafka/admin.ts";
import { type Difference, shown } from "../../log/kafka/topic-plan.ts";
import { subTopologiesOf } from "../../run/options.ts";
import { topicsOf } from "../../topology.ts";
import { compare } from "../topics/compare.ts";
import { bad, type Check, ok, warn } from "./check.ts";

/** What stops the job, or makes it wrong. */
const serious: ReadonlySet<string> = new Set([
  "topic",
  "partitions",
  "cleanup.policy",
  "message.timestamp.type",
  "max.message.bytes",
]);

export async function checkTopics(config: Config, access: KafkaAccess): Promise<readonly Check[]> {
  const { plans, differences, states } = await compare(config, access, topicsOf(subTopologiesOf(config.run)));
  const checks = differences.map(differing);
  if (checks.length === 0) checks.push(ok("topics", `all ${plans.length} are as the files in topics/ say`));
  for (const [topic, state] of states) if (state !== null) checks.push(...checkState(topic, state));
  const interactions = access.far("interactions");
  const bytesMax = Number(states.get(interactions)?.found.settings.get("max.message.bytes") ?? Number.NaN);
  if (bytesMax < config.ingest.eventBytesMax)
    checks.push(
      bad(
        `${interactions}: max.message.bytes`,
        `${bytesMax} is less than an event may have (ingest.eventBytesMax ${config.ingest.eventBytesMax}): larger ones are refused`,
        "raise max.message.bytes in topics/interactions.json, then driftline topics apply",
      ),
    );
  return checks;
}

function differing({ topic, setting, is, shouldBe, effect, why }: Difference): Check {
  const check = setting === "topic" ? `topic ${topic}` : `${topic}: ${setting}`;
  const means = setting === "topic" ? "missing" : `${shown(setting, is)}, should be ${shown(setting, shouldBe)}`;
  const apply = "driftline topics apply";
  const mends = { make: apply, set: apply, destroys: `${apply} --destructive`, elsewhere: why };
  const detail = effect === "destroys" ? `${means}; setting it right destroys: ${why}` : means;
  return (serious.has(setting) ? bad : warn)(check, detail, mends[effect]);
}

function checkState(topic: string, { found, leaderless, behind }: TopicState): readonly Check[] {
  const checks: Check[] = [];
  const insync = Number(found.settings.get("min.insync.replicas") ?? 1);
  if (leaderless > 0)
    checks.push(bad(`${topic}: leaders`, `${leaderless} partitions have no leader`, "start the brokers that are away"));
  if (behind > 0)
    checks.push(warn(`${topic}: copies`, `${behind} partitions have copies out of sync`, "look after the brokers"));
  if (insync > found.replication)
    checks.push(
      bad(
        `${topic}: min.insync.replicas`,
        `${insync} of ${found.replication} copies: nothing can be written`,
        "driftline topics apply",
      ),
    );
  else if (insync === found.replication && insync > 1)
    checks.push(
      warn(
        `${topic}: min.insync.replicas`,
        `${insync} of ${found.replication} copies: while one broker is away nothing can be written`,
        "a third copy: kafka-reassign-partitions.sh",
      ),
    );
  return checks;
}
