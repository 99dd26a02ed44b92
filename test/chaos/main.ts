/** `npm run chaos`: per guarantee a cluster, a run under faults and a clean run of the same workload; then what was found. */
import { randomBytes } from "node:crypto";
import { cpSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startKafka } from "../support/kafka.ts";
import { startRegistry } from "../support/registry.ts";
import { startRegistryRelay } from "../support/registry-relay.ts";
import { compareRuns } from "./checker/clean.ts";
import { createFindings } from "./checker/findings.ts";
import type { FaultName } from "./faults.ts";
import { type ChaosOptions, optionsOf } from "./options.ts";
import { type Reported, reportOf, writeReport } from "./report.ts";
import { allRoles, cleanRoles } from "./roles.ts";
import { chaosRun, type Guarantee, type Result, type RunOptions } from "./run.ts";
import { createWorld, type Item, type World } from "./world.ts";

const partitions = 4;
const sessionMs = 6_000;
const cleanEventsPerSecond = 2_000;

/** Returns the exit code: 0 where nothing was found. */
export async function main(argv: readonly string[]): Promise<number> {
  let options: ChaosOptions;
  try {
    options = optionsOf(argv);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 2;
  }
  const runs: Reported[] = [];
  for (const guarantee of options.guarantees) runs.push(await runOf(guarantee, options));
  const text = reportOf(options, argv, runs);
  process.stdout.write(`\n${text}`);
  if (options.write) writeReport(text);
  return runs.every(({ result }) => result.verdict.findings.length === 0) ? 0 : 1;
}

async function runOf(guarantee: Guarantee, options: ChaosOptions): Promise<Reported> {
  const start = Date.now();
  const say = (line: string) => {
    const seconds = ((Date.now() - start) / 1_000).toFixed(1);
    process.stdout.write(`${guarantee} ${seconds.padStart(7)} s  ${line}\n`);
  };
  const folder = mkdtempSync(join(tmpdir(), "driftline-chaos-"));
  say(`logs of the processes: ${folder}`);
  const cluster = await startKafka({
    brokers: options.brokers,
    proxied: true,
    heapMb: 320,
    properties: {
      "auto.leader.rebalance.enable": "true",
      "leader.imbalance.check.interval.seconds": "5",
      "leader.imbalance.per.broker.percentage": "0",
    },
  });
  const registry = options.registry ? await startRegistry() : null;
  const relay = registry === null ? null : await startRegistryRelay(registry.url);
  try {
    const common = {
      direct: cluster.direct,
      brokerCount: options.brokers,
      registry: registry === null || relay === null ? null : { relay, root: registry.url },
      guarantee,
      seed: options.seed,
      sessionMs,
      partitions,
      say,
    };
    const name = randomBytes(3).toString("hex");
    const faulty: RunOptions = {
      ...common,
      brokers: cluster.brokers,
      cluster,
      prefix: `chaos-${name}-`,
      world: createWorld(options.seed, start),
      eventsPerSecond: options.eventsPerSecond,
      roles: allRoles,
      folder: join(folder, "chaos"),
      faultEveryMs: options.faultEveryMs,
      goesOn: (counts, elapsedMs) => goesOn(options, counts, elapsedMs),
      clean: null,
    };
    const result = await chaosRun(faulty);
    say(`${result.verdict.findings.length} findings; the clean run of the same workload`);
    return { guarantee, result: await compared(faulty, result, `clean-${name}-`, join(folder, "clean")) };
  } finally {
    if (process.env["CHAOS_KEEP"]) cpSync(cluster.folder, join(folder, "cluster"), { recursive: true });
    relay?.close();
    await registry?.stop();
    await cluster.stop();
  }
}

/** Feeds the same events to one undisturbed process and compares. */
async function compared(faulty: RunOptions, result: Result, prefix: string, folder: string): Promise<Result> {
  const world = replay(result.items);
  const clean = await chaosRun({
    ...faulty,
    brokers: faulty.direct,
    cluster: null,
    prefix,
    folder,
    world,
    eventsPerSecond: cleanEventsPerSecond,
    roles: cleanRoles,
    faultEveryMs: null,
    goesOn: () => !world.isOver(),
  });
  for (const { kind, topic, message } of clean.verdict.findings)
    faulty.say(`in the clean run: ${kind} ${topic}: ${message}`);
  const findings = createFindings();
  compareRuns(result.verdict.run, clean.verdict.run, findings);
  const all = [...result.verdict.findings, ...findings.all];
  if (all.length > 0)
    writeFileSync(`${folder}-findings`, all.map((one) => `${Object.values(one).join(" ")}\n`).join(""));
  return { ...result, verdict: { ...result.verdict, findings: all } };
}

function replay(items: readonly Item[]): World & { isOver(): boolean } {
  let at = 0;
  function next(count: number): readonly Item[] {
    const taken = items.slice(at, at + count);
    at += taken.length;
    return taken;
  }
  return {
    take: next,
    finish: () => next(items.length),
    isOver: () => at >= items.length,
  };
}

function goesOn(options: ChaosOptions, counts: ReadonlyMap<FaultName, number>, elapsedMs: number): boolean {
  const { kills, brokerKills, minutes } = options;
  if (kills === null) return elapsedMs < minutes * 60_000;
  return (counts.get("worker killed") ?? 0) < kills || (counts.get("broker killed") ?? 0) < (brokerKills ?? 0);
}
