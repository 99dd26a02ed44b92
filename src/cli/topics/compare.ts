/** The topics on the cluster beside their plans. */
import type { Config } from "../../config.ts";
import type { KafkaAccess } from "../../log/kafka/access.ts";
import type { TopicState } from "../../log/kafka/admin.ts";
import { type Difference, differencesOf, planOf, replicationOf, type TopicPlan } from "../../log/kafka/topic-plan.ts";
import { configOf as settingsOf } from "../../runtime/open-log.ts";
import { topicNames, topicSpecs } from "../../topology.ts";

export interface Compared {
  readonly plans: readonly TopicPlan[];
  readonly states: ReadonlyMap<string, TopicState | null>;
  readonly differences: readonly Difference[];
  readonly replication: number;
  readonly brokers: number;
}

/** `only`: of these topics. */
export async function compare(
  config: Config,
  { admin, far }: KafkaAccess,
  only: readonly string[] = topicNames,
): Promise<Compared> {
  const { partitions, retentionBytes, kafka } = config.log;
  const brokers = (await admin.brokers()).length;
  const replication = replicationOf(kafka.replication, brokers);
  const plans = topicSpecs(partitions, retentionBytes)
    .filter(({ name }) => only.includes(name))
    .map((spec) => planOf(spec, far(spec.name), settingsOf(spec.name), replication));
  const states = await admin.topics(plans.map(({ topic }) => topic));
  const differences = plans.flatMap((plan) =>
    differencesOf(plan, states.get(plan.topic)?.found ?? null, kafka.replication > 0),
  );
  return { plans, states, differences, replication, brokers };
}
