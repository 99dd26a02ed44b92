/** One run: topics of its own, worker processes, the workload, faults by a seeded schedule, quiet, and everything read and checked. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Kafka } from "kafkajs";
import { driftline } from "../support/driftline.ts";
import { type KafkaCluster, kafkaClient } from "../support/kafka.ts";
import type { RegistryRelay } from "../support/registry-relay.ts";
import { check, reads, topicsRead, type Verdict } from "./checker/check.ts";
import type { Run } from "./checker/clean.ts";
import { dump } from "./checker/dump.ts";
import { createFindings } from "./checker/findings.ts";
import { unframe } from "./checker/unframe.ts";
import { type Distant, startDistant } from "./distant.ts";
import { type FaultName, faults, type Stage } from "./faults.ts";
import { type Random, seeded } from "./random.ts";
import { type Sample, watchRecovery } from "./recovery.ts";
import { createTopics } from "./topics.ts";
import { createWorker, type Role, type Worker } from "./worker.ts";
import type { Item, World } from "./world.ts";
import { sleep, startWriter } from "./writer.ts";

export type Guarantee = "at-least-once" | "exactly-once";

export interface RunOptions {
  /** What the processes are told, maybe through proxies. */
  readonly brokers: readonly string[];
  /** Around the proxies. */
  readonly direct: readonly string[];
  /** Null: nobody's to kill. */
  readonly cluster: KafkaCluster | null;
  readonly brokerCount: number;
  /** Null: records are Avro single objects. `root`: of the registry itself, around the relay that the processes are told. */
  readonly registry: { readonly relay: RegistryRelay; readonly root: string } | null;
  readonly prefix: string;
  readonly guarantee: Guarantee;
  readonly seed: number;
  readonly world: World;
  readonly eventsPerSecond: number;
  readonly roles: readonly Role[];
  readonly sessionMs: number;
  readonly partitions: number;
  readonly folder: string;
  /** Least and most time between two faults, ms; null: none. */
  readonly faultEveryMs: readonly [number, number] | null;
  /** Whether the faults go on: asked before each. */
  readonly goesOn: (counts: ReadonlyMap<FaultName, number>, elapsedMs: number) => boolean;
  readonly clean: Run | null;
  readonly say: (line: string) => void;
}

export interface Result {
  readonly verdict: Verdict;
  readonly items: readonly Item[];
  readonly faults: ReadonlyMap<FaultName, number>;
  readonly samples: readonly Sample[];
  /** Processes that ended though nobody told them to. */
  readonly endedAlone: readonly string[];
  readonly commands: { readonly done: number; readonly failed: readonly string[] };
  readonly resent: number;
  readonly seconds: number;
  readonly quietSeconds: number;
}

const readyMs = 120_000;
const quietMs = 180_000;
/** Still for longer than a session, so that who is being noticed missing is not taken for quiet. */
const stillSlackMs = 2_000;

export async function chaosRun(options: RunOptions): Promise<Result> {
  const distant = await startDistant();
  try {
    return await runBeside(distant, options);
  } finally {
    distant.close();
  }
}

async function runBeside(distant: Distant, options: RunOptions): Promise<Result> {
  const { prefix, guarantee, seed, say, folder, sessionMs, partitions } = options;
  mkdirSync(folder, { recursive: true });
  const kafka = kafkaClient(options.direct);
  await createTopics(kafka, prefix, partitions, options.brokerCount);
  const endedAlone: string[] = [];
  const flags = [...flagsOf(options), ...distant.flags];
  const workers = options.roles.map((role) =>
    createWorker(withClientId(role), {
      folder,
      flags,
      onEnd(name, code, tail) {
        endedAlone.push(`${name} ended with ${code}: ${tail.trim().split("\n").slice(-3).join(" | ").slice(-800)}`);
        say(endedAlone.at(-1) ?? "");
        // As an orchestrator would.
        setTimeout(() => workers.find(({ role }) => role.name === name)?.start(), 1_000).unref();
      },
    }),
  );
  for (const worker of workers) worker.start();
  await allReady(workers, readyMs);
  const recovery = watchRecovery(kafka, prefix);
  const writer = startWriter({
    kafka,
    topic: `${prefix}interactions`,
    partitions,
    world: options.world,
    eventsPerSecond: options.eventsPerSecond,
    servers: () => serving(workers),
  });
  const random = seeded(seed + 1);
  const commands = { done: 0, failed: [] as string[] };
  const stage: Stage = {
    random,
    workers,
    cluster: options.cluster,
    registry: options.registry?.relay ?? null,
    prefix,
    sessionMs,
    recovery,
    busy: new Set(),
    async command(args) {
      const { code, err, out } = await driftline([...args, ...connection(options)]);
      say(`${args.join(" ")}: ${code} ${`${out}${err}`.trim().split("\n").at(-1)?.slice(0, 200)}`);
      if (code === 0) commands.done += 1;
      else commands.failed.push(`${args.join(" ")}: ${`${out}${err}`.trim().slice(0, 300)}`);
    },
    say,
  };
  const before = performance.now();
  const counts = await strikeAll(options, stage, random, before);
  const seconds = (performance.now() - before) / 1_000;
  say("no more faults");
  for (const worker of workers) worker.setClock(0);
  for (const proxy of options.cluster?.proxies ?? []) proxy.heal();
  options.registry?.relay.fail(false);
  await writer.finish();
  say(`${writer.items.length} events are written`);
  await allReady(workers, readyMs).catch((error: unknown) => say(String(error)));
  const quietSeconds = await quiet(kafka, options, workers);
  const samples = await recovery.stop();
  for (const worker of workers) {
    const code = await worker.leave();
    if (code !== 0) endedAlone.push(`${worker.role.name} answered SIGTERM with ${code}`);
  }
  say("all have left; reading the topics");
  const far = Object.keys(reads);
  const read = await dump(options.direct, prefix, topicsRead, far, join(folder, "dump"));
  const framing = createFindings();
  const plain = options.registry === null ? read : await unframe(read, options.registry.root, framing);
  const checked = check(plain, writer.items, guarantee === "exactly-once", options.clean);
  const verdict = { ...checked, findings: [...framing.all, ...checked.findings] };
  if (verdict.findings.length === 0) rmSync(folder, { recursive: true, force: true });
  else
    writeFileSync(
      join(folder, "findings"),
      verdict.findings.map((one) => `${Object.values(one).join(" ")}\n`).join(""),
    );
  return {
    verdict,
    items: writer.items,
    faults: counts,
    samples,
    endedAlone,
    commands,
    resent: writer.resent(),
    seconds,
    quietSeconds,
  };
}

/** Faults one after the other, each in its own time: the next does not wait for the end of the one before it. */
async function strikeAll(
  { faultEveryMs, goesOn }: RunOptions,
  stage: Stage,
  random: Random,
  before: number,
): Promise<ReadonlyMap<FaultName, number>> {
  const counts = new Map<FaultName, number>();
  const going: Promise<void>[] = [];
  const total = faults.reduce((sum, { weight }) => sum + weight, 0);
  while (goesOn(counts, performance.now() - before)) {
    const [least, most] = faultEveryMs ?? [200, 200];
    await sleep(least + random.below(most - least + 1));
    if (faultEveryMs === null) continue;
    let drawn = random.next() * total;
    const fault = faults.find(({ weight }) => {
      drawn -= weight;
      return drawn < 0;
    });
    const act = fault?.strike(stage) ?? null;
    if (fault === undefined || act === null) continue;
    counts.set(fault.name, (counts.get(fault.name) ?? 0) + 1);
    going.push(act().catch((error: unknown) => stage.say(`${fault.name}: ${String(error)}`)));
  }
  await Promise.all(going);
  return counts;
}

function connection({ brokers, prefix, registry }: RunOptions): readonly string[] {
  return [
    ...["--log", "kafka", "--brokers", brokers.join(","), "--log-kafka-prefix", prefix],
    ...(registry === null ? [] : ["--registry", registry.relay.url]),
  ];
}

function flagsOf(options: RunOptions): readonly string[] {
  const { guarantee, sessionMs, partitions } = options;
  return [
    ...connection(options),
    ...["--log-kafka-guarantee", guarantee, "--log-kafka-session-ms", String(sessionMs)],
    ...["--log-kafka-transaction-ms", "15000", "--log-kafka-request-ms", "10000"],
    ...["--log-partitions", String(partitions), "--track-predictors", "persistence,recall"],
    // What waits for stream time must not depend on how long the writer is held up.
    ...["--track-predict-deadline-ms", "3600000", "--track-reorder-ms", "5000"],
    ...["--learn-publish-interval-ms", "3000", "--run-snapshot-records-min", "1000"],
    // A task may fail as often as it is disturbed here.
    ...["--run-restarts-max", "20"],
  ];
}

function withClientId(role: Role): Role {
  return { ...role, flags: [...role.flags, "--log-kafka-client-id", role.name] };
}

function serving(workers: readonly Worker[]): readonly string[] {
  return workers
    .filter(({ role }) => role.only === "" || role.only.includes("serve"))
    .flatMap((worker) => worker.address() ?? []);
}

async function allReady(workers: readonly Worker[], forMs: number): Promise<void> {
  const until = performance.now() + forMs;
  for (const worker of workers) {
    for (;;) {
      const address = worker.address();
      const answer =
        address === null
          ? null
          : await fetch(`${address}/readyz`, { signal: AbortSignal.timeout(5_000) }).catch(() => null);
      if (answer?.status === 200) break;
      if (performance.now() > until) throw new Error(`${worker.role.name} is not ready: ${await answer?.text()}`);
      await sleep(100);
    }
  }
}

/** Resolves when nothing is behind and nothing moves any more; with how long that took, s. */
async function quiet(
  kafka: Kafka,
  { prefix, say, sessionMs }: RunOptions,
  workers: readonly Worker[],
): Promise<number> {
  const admin = kafka.admin();
  await admin.connect();
  const before = performance.now();
  let shown = "";
  let since = performance.now();
  while (performance.now() - before < quietMs) {
    const now = JSON.stringify(await positions(admin, prefix));
    if (now !== shown || !(await nothingBehind(workers))) since = performance.now();
    shown = now;
    if (performance.now() - since > sessionMs + stillSlackMs) break;
    await sleep(500);
  }
  await admin.disconnect();
  const seconds = (performance.now() - before) / 1_000;
  if (seconds * 1_000 >= quietMs) say(`it does not come to rest: ${shown}`);
  return seconds;
}

async function positions(admin: ReturnType<Kafka["admin"]>, prefix: string): Promise<unknown> {
  const all: unknown[] = [];
  for (const [group, topics] of Object.entries(reads)) {
    const names = topics.map((topic) => `${prefix}${topic}`);
    all.push(await admin.fetchOffsets({ groupId: `${prefix}${group}`, topics: names }).catch(() => performance.now()));
    for (const name of names) all.push(await admin.fetchTopicOffsets(name).catch(() => performance.now()));
  }
  return all;
}

async function nothingBehind(workers: readonly Worker[]): Promise<boolean> {
  const [address] = serving(workers);
  if (address === undefined) return false;
  const answer = await fetch(`${address}/api/status`, { signal: AbortSignal.timeout(5_000) }).catch(() => null);
  if (answer === null) return false;
  const { lag } = (await answer.json()) as { readonly lag: readonly { readonly records: number }[] };
  return lag.every(({ records }) => records === 0);
}
