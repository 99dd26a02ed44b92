/** Makes the topics that are missing, and looks whether those that are there will do. What is there is never changed here. */
import type { TopicSpec } from "../port.ts";
import type { Admin, TopicState } from "./admin.ts";
import { Refused } from "./errors.ts";
import { differencesOf, planOf, replicationOf, shown } from "./topic-plan.ts";

/** Bytes of a batch where a topic's own limit is not known: the brokers' default. */
export const batchBytesDefault = 1_000_000;
const describeTries = 100;
const describeMs = 100;

export interface EnsureDeps {
  readonly admin: Admin;
  /** A topic's name on the cluster. */
  readonly far: (topic: string) => string;
  /** The topic's settings as its file says. */
  readonly config: (topic: string) => Readonly<Record<string, string>>;
  /** 0: three copies, or as many as there are brokers. */
  readonly replication: number;
  readonly sleep: (ms: number) => Promise<void>;
  /** Something differs that does no harm at once. */
  readonly onDifference: (message: string) => void;
}

export interface EnsuredTopic {
  readonly batchBytesMax: number;
}

export async function ensureTopics(
  specs: readonly TopicSpec[],
  deps: EnsureDeps,
): Promise<ReadonlyMap<string, EnsuredTopic>> {
  const { admin, far, config, onDifference } = deps;
  const replication = replicationOf(deps.replication, (await admin.brokers()).length);
  const plans = specs.map((spec) => planOf(spec, far(spec.name), config(spec.name), replication));
  const before = await admin.topics(plans.map(({ topic }) => topic));
  const missing = plans.filter(({ topic }) => before.get(topic) === null);
  try {
    await admin.create(missing);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const names = missing.map(({ topic }) => topic).join(", ");
    throw new Error(`${error.message}. Missing: ${names}. Let who may make topics run \`driftline topics apply\` once`);
  }
  const names = plans.map(({ topic }) => topic);
  const there = missing.length === 0 ? before : await made(admin, names, deps.sleep);
  const ensured = specs.map((spec, at): readonly [string, EnsuredTopic] => {
    const plan = plans[at];
    const found = there.get(far(spec.name))?.found;
    if (plan === undefined || found === undefined) throw new Error(`no topic ${far(spec.name)} on the cluster`);
    if (found.partitions !== spec.partitions) throw new WrongPartitions(plan.topic, found.partitions, spec.partitions);
    if (found.settings.get("message.timestamp.type") !== "LogAppendTime") throw new ProducersTimes(plan.topic);
    for (const { setting, is, shouldBe } of differencesOf(plan, found))
      onDifference(
        `topic ${plan.topic}: ${setting} is ${shown(setting, is)}, should be ${shown(setting, shouldBe)}: \`driftline topics diff\` says more`,
      );
    return [spec.name, { batchBytesMax: Number(found.settings.get("max.message.bytes") ?? batchBytesDefault) }];
  });
  return new Map(ensured);
}

class WrongPartitions extends Error {
  override readonly name = "WrongPartitions";
  constructor(topic: string, is: number, shouldBe: number) {
    super(
      `topic ${topic} has ${is} partitions, not ${shouldBe}: the count is fixed when a topic is made. ` +
        "Set log.partitions to what the topics have; `driftline topics diff` shows all",
    );
  }
}

class ProducersTimes extends Error {
  override readonly name = "ProducersTimes";
  constructor(topic: string) {
    super(
      `topic ${topic} keeps the producers' times, not the log's (message.timestamp.type=CreateTime): \`driftline topics apply\` sets it right`,
    );
  }
}

/** A topic that was made a moment ago may not be known to every broker yet, nor have leaders. */
async function made(
  admin: Admin,
  names: readonly string[],
  sleep: (ms: number) => Promise<void>,
): Promise<ReadonlyMap<string, TopicState | null>> {
  for (let tries = 1; ; tries++) {
    const states = await admin.topics(names);
    const done = names.every((name) => states.get(name)?.leaderless === 0);
    if (done || tries === describeTries) return states;
    await sleep(describeMs);
  }
}
