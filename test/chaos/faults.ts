/** The faults, each with how often it is drawn and what it does to whom. A fault that finds nobody to hit is not counted. */
import type { KafkaCluster } from "../support/kafka.ts";
import type { RegistryRelay } from "../support/registry-relay.ts";
import { moveLeaders } from "./leaders.ts";
import type { Random } from "./random.ts";
import type { Recovery } from "./recovery.ts";
import type { Worker } from "./worker.ts";
import { sleep } from "./writer.ts";

export interface Stage {
  readonly random: Random;
  readonly workers: readonly Worker[];
  readonly cluster: KafkaCluster | null;
  readonly registry: RegistryRelay | null;
  readonly prefix: string;
  readonly sessionMs: number;
  readonly recovery: Recovery;
  /** What is suffering already. */
  readonly busy: Set<object | string>;
  /** A command line of the product, as an operator types it. */
  readonly command: (args: readonly string[]) => Promise<void>;
  readonly say: (line: string) => void;
}

export type FaultName =
  | "worker killed"
  | "worker stopped and continued"
  | "worker leaves and joins"
  | "broker killed"
  | "leaders moved"
  | "connections cut"
  | "connections slow"
  | "connections hang"
  | "registry down"
  | "clock jumps"
  | "command";

interface Fault {
  readonly name: FaultName;
  readonly weight: number;
  /** Null where there is nobody to hit. */
  readonly strike: (stage: Stage) => (() => Promise<void>) | null;
}

export const faults: readonly Fault[] = [
  { name: "worker killed", weight: 50, strike: killWorker },
  { name: "worker stopped and continued", weight: 8, strike: stopWorker },
  { name: "worker leaves and joins", weight: 8, strike: leaveAndJoin },
  { name: "broker killed", weight: 12, strike: killBroker },
  { name: "leaders moved", weight: 6, strike: moveAllLeaders },
  { name: "connections cut", weight: 6, strike: cutConnections },
  {
    name: "connections slow",
    weight: 4,
    strike: (stage) => weather(stage, { latencyMs: 150, bytesPerSecond: 200_000 }),
  },
  { name: "connections hang", weight: 3, strike: (stage) => weather(stage, { blackHole: true }) },
  { name: "registry down", weight: 6, strike: failRegistry },
  { name: "clock jumps", weight: 5, strike: jumpClock },
  { name: "command", weight: 4, strike: typeCommand },
];

function free({ workers, busy, random }: Stage): Worker | null {
  const candidates = workers.filter((worker) => worker.isUp() && !busy.has(worker));
  // One at least goes on working.
  return candidates.length < 2 ? null : random.pick(candidates);
}

/** Nobody else hits `whom` meanwhile. */
function during(stage: Stage, whom: object | string, act: () => Promise<void>): () => Promise<void> {
  stage.busy.add(whom);
  return async () => {
    try {
      await act();
    } finally {
      stage.busy.delete(whom);
    }
  };
}

function killWorker(stage: Stage): (() => Promise<void>) | null {
  const worker = free(stage);
  if (worker === null) return null;
  const awayMs = stage.random.below(6_000);
  return during(stage, worker, async () => {
    stage.say(`kill ${worker.role.name}, back in ${awayMs} ms`);
    stage.recovery.mark("worker killed", worker.role.name);
    await worker.kill();
    await sleep(awayMs);
    worker.start();
  });
}

function stopWorker(stage: Stage): (() => Promise<void>) | null {
  const worker = free(stage);
  if (worker === null) return null;
  const stoppedMs = stage.sessionMs + 1_000 + stage.random.below(6_000);
  return during(stage, worker, async () => {
    stage.say(`stop ${worker.role.name} for ${stoppedMs} ms`);
    stage.recovery.mark("worker stopped and continued", worker.role.name);
    worker.pause();
    await sleep(stoppedMs);
    worker.resume();
  });
}

function leaveAndJoin(stage: Stage): (() => Promise<void>) | null {
  const worker = free(stage);
  if (worker === null) return null;
  const awayMs = stage.random.below(5_000);
  return during(stage, worker, async () => {
    stage.say(`${worker.role.name} leaves, back in ${awayMs} ms`);
    stage.recovery.mark("worker leaves and joins", worker.role.name);
    const code = await worker.leave();
    if (code !== 0) stage.say(`${worker.role.name} left with ${code}`);
    await sleep(awayMs);
    worker.start();
  });
}

function killBroker(stage: Stage): (() => Promise<void>) | null {
  const { cluster, busy, random } = stage;
  if (cluster === null || busy.has("brokers")) return null;
  const index = random.below(cluster.brokers.length);
  const awayMs = random.below(5_000);
  return during(stage, "brokers", async () => {
    stage.say(`kill broker ${index + 1}, back in ${awayMs} ms`);
    stage.recovery.mark("broker killed", null);
    await cluster.kill(index);
    await sleep(awayMs);
    await cluster.restart(index);
    stage.say(`broker ${index + 1} is back`);
  });
}

function moveAllLeaders(stage: Stage): (() => Promise<void>) | null {
  const { cluster, busy } = stage;
  if (cluster === null || cluster.brokers.length < 2 || busy.has("brokers")) return null;
  return during(stage, "brokers", async () => {
    stage.say("move leaders");
    stage.recovery.mark("leaders moved", null);
    await moveLeaders(cluster.direct, stage.prefix);
  });
}

function cutConnections(stage: Stage): (() => Promise<void>) | null {
  const { cluster, random } = stage;
  if (cluster === null || cluster.proxies.length === 0) return null;
  const proxy = random.pick(cluster.proxies);
  return async () => {
    stage.recovery.mark("connections cut", null);
    stage.say(`cut ${proxy.cut()} connections`);
  };
}

function weather(
  stage: Stage,
  set: Parameters<KafkaCluster["proxies"][number]["set"]>[0],
): (() => Promise<void>) | null {
  const { cluster, random, busy } = stage;
  const proxies = cluster?.proxies.filter((proxy) => !busy.has(proxy)) ?? [];
  if (proxies.length === 0) return null;
  const proxy = random.pick(proxies);
  const forMs = 2_000 + random.below(8_000);
  return during(stage, proxy, async () => {
    stage.say(`${JSON.stringify(set)} for ${forMs} ms`);
    stage.recovery.mark(set.blackHole === true ? "connections hang" : "connections slow", null);
    proxy.set(set);
    await sleep(forMs);
    proxy.heal();
  });
}

/** Who starts meanwhile cannot learn the ids of schemas, and waits. */
function failRegistry(stage: Stage): (() => Promise<void>) | null {
  const { registry, busy, random } = stage;
  if (registry === null || busy.has(registry)) return null;
  const forMs = 3_000 + random.below(12_000);
  return during(stage, registry, async () => {
    stage.say(`the registry is down for ${forMs} ms`);
    stage.recovery.mark("registry down", null);
    registry.fail(true);
    await sleep(forMs);
    registry.fail(false);
  });
}

function jumpClock(stage: Stage): (() => Promise<void>) | null {
  const worker = free(stage);
  if (worker === null) return null;
  const offsetMs = stage.random.pick([-3_600_000, -30_000, 30_000, 600_000, 0]);
  return async () => {
    stage.say(`the clock of ${worker.role.name} is off by ${offsetMs} ms`);
    stage.recovery.mark("clock jumps", worker.role.name);
    worker.setClock(offsetMs);
  };
}

function typeCommand(stage: Stage): (() => Promise<void>) | null {
  const { random, busy } = stage;
  if (busy.has("command")) return null;
  const environment = random.pick(["shop-0", "shop-1", "room-0"]);
  const words = random.pick([
    ["pin", environment, "recall"],
    ["rebaseline", environment, "recall@reference"],
  ]);
  return during(stage, "command", () => stage.command(words));
}
