/** `driftline topics diff|apply`: the topics on the user's Kafka as the files in `topics/` say, or what differs and what setting it right would do. */
import type { SettingChange } from "../../log/kafka/own-requests.ts";
import { type Difference, shown, type TopicPlan } from "../../log/kafka/topic-plan.ts";
import type { Taken } from "../arguments.ts";
import { configOf, withKafka } from "../data.ts";
import type { Host } from "../host.ts";
import { table } from "../table.ts";
import { type Compared, compare } from "./compare.ts";

const settleTries = 100;
const settleMs = 100;

/** Exit code 1 where something differs. */
export async function diff(taken: Taken, host: Host): Promise<number> {
  const config = configOf(taken, host);
  return withKafka(config, host, async (access) => {
    const { plans, differences, ...copies } = await compare(config, access);
    const note = noteOf(copies);
    if (taken.boolean("json")) for (const one of differences) host.out(JSON.stringify(one));
    else {
      for (const line of rowsOf(differences, "apply would")) host.out(line);
      if (differences.length === 0) host.out(`all ${plans.length} topics are as they should be`);
      if (note !== null) host.out(note);
    }
    return differences.length === 0 ? 0 : 1;
  });
}

/** Exit code 1 where something still differs. */
export async function apply(taken: Taken, host: Host): Promise<number> {
  const config = configOf(taken, host);
  const destructive = taken.boolean("destructive");
  return withKafka(config, host, async (access) => {
    const { admin } = access;
    const { plans, differences, ...copies } = await compare(config, access);
    const isDone = ({ effect }: Difference) =>
      effect === "make" || effect === "set" || (destructive && effect === "destroys");
    const todo = differences.filter(isDone);
    await admin.create(plans.filter(({ topic }) => todo.some((one) => one.topic === topic && one.effect === "make")));
    for (const { topic, partitions } of todo.filter(({ setting }) => setting === "partitions").map(planFor(plans)))
      await admin.setPartitions(topic, partitions);
    await admin.set(changesOf(todo, plans));
    await settled(async () => {
      const { differences: now } = await compare(config, access);
      return todo.every((one) => !now.some(({ topic, setting }) => topic === one.topic && setting === one.setting));
    }, host);
    const left = differences.filter((one) => !isDone(one));
    if (taken.boolean("json")) for (const one of differences) host.out(JSON.stringify({ ...one, done: isDone(one) }));
    else tell(todo, left, plans.length, noteOf(copies), host);
    return left.length === 0 ? 0 : 1;
  });
}

/** Brokers learn of a change a moment after it was made: who looks next should see it. */
async function settled(isThere: () => Promise<boolean>, host: Host): Promise<void> {
  for (let tries = 0; tries < settleTries && !(await isThere()); tries++) await host.sleep(settleMs, host.stop);
}

function tell(
  done: readonly Difference[],
  left: readonly Difference[],
  topics: number,
  note: string | null,
  host: Host,
): void {
  for (const { topic, setting, is, shouldBe } of done)
    host.out(
      setting === "topic"
        ? `made ${topic}: ${shouldBe}`
        : `${topic}: ${setting} ${shown(setting, is)} → ${shown(setting, shouldBe)}`,
    );
  if (done.length === 0 && left.length === 0) host.out(`all ${topics} topics are as they should be`);
  if (note !== null) host.out(note);
  if (left.length === 0) return;
  host.err("driftline: not done:");
  for (const line of rowsOf(left, "would")) host.err(line);
  if (left.some(({ effect }) => effect === "destroys"))
    host.err("driftline: `driftline topics apply --destructive` does what destroys; it cannot be taken back");
}

const effects = { make: "make it", set: "set it", destroys: "DESTROY", elsewhere: "not do it" } as const;

function rowsOf(differences: readonly Difference[], would: string): readonly string[] {
  if (differences.length === 0) return [];
  const rows = differences.map(({ topic, setting, is, shouldBe, effect, why }) => [
    topic,
    setting,
    shown(setting, is),
    shown(setting, shouldBe),
    why === "" ? effects[effect] : `${effects[effect]}: ${why}`,
  ]);
  return table(["topic", "setting", "is", "should be", would], rows);
}

/** What fewer than three copies mean. */
function noteOf({ replication, brokers }: Pick<Compared, "replication" | "brokers">): string | null {
  if (replication > 2) return null;
  const why = `${brokers} broker${brokers === 1 ? "" : "s"}, ${replication} cop${replication === 1 ? "y" : "ies"} of each topic`;
  return replication === 1
    ? `${why}: min.insync.replicas is 1, not 2, and what a broker loses is lost (log.kafka.replication)`
    : `${why}: while one broker is away nothing can be written (log.kafka.replication)`;
}

function planFor(plans: readonly TopicPlan[]) {
  return ({ topic }: Difference): TopicPlan => {
    const plan = plans.find((one) => one.topic === topic);
    if (plan === undefined) throw new Error(`no plan for topic ${topic}`);
    return plan;
  };
}

/** Settings that change, a topic at a time. */
function changesOf(todo: readonly Difference[], plans: readonly TopicPlan[]): readonly SettingChange[] {
  return plans.flatMap(({ topic, settings }) => {
    const its = todo.filter((one) => one.topic === topic && Object.hasOwn(settings, one.setting));
    if (its.length === 0) return [];
    return [{ topic, settings: Object.fromEntries(its.map(({ setting, shouldBe }) => [setting, shouldBe])) }];
  });
}
