/**
 * `npm run bench -- --kafka`: the job beside a real Kafka broker on the same machine, against the job on the embedded log. A backlog is worked off by
 * `driftline run` in processes of its own, as users start it; the ways alternate within each round, so that what else the machine does hits all
 * alike. `--rounds N`, `--steps N` (at 1.8 KB), `--small` (1.8 KB alone); `--write` keeps the report in `test/bench/KAFKA.md`.
 */
import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { loadConfig } from "../../dist/config.js";
import { openLog } from "../../dist/runtime/open-log.js";
import { topicSpecs } from "../../dist/topology.js";
import { recordOf } from "./job.mjs";
import { capacity, latency } from "./latency.mjs";
import { profile } from "./profile.mjs";
import { createReport, verdict } from "./report.mjs";
import { startServer } from "./server.mjs";
import { support } from "./support.mjs";
import { events } from "./world.mjs";

const simple = ["--track-predictors", "persistence,recall"];
const brokerHeapMb = 1_024;
const batch = 500;
const lookMs = 100;
const embeddedName = "embedded log";
/** Clock ticks of /proc/PID/stat. */
const ticksPerSecond = 100;

const host = {
  now: Date.now,
  sleep: (ms, signal) => sleep(ms, undefined, signal === undefined ? {} : { signal }).catch(() => {}),
};

/** Processor time that a process has taken, in µs; 0 where there is none. */
function cpuOf(pid) {
  if (pid === null) return 0;
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
  return ((Number(fields[11]) + Number(fields[12])) / ticksPerSecond) * 1e6;
}

const kafkaFlags = (brokers, guarantee) => [
  ...["--log", "kafka", "--brokers", brokers.join(","), "--log-kafka-guarantee", guarantee],
  ...["--log-kafka-prefix", `bench-${randomBytes(3).toString("hex")}-`],
];

/** The ways to run the job. `processes`: flags of each. */
const ways = [
  { name: embeddedName, log: () => [], processes: [[]] },
  { name: "at-least-once", log: (brokers) => kafkaFlags(brokers, "at-least-once"), processes: [[]] },
  { name: "exactly-once", log: (brokers) => kafkaFlags(brokers, "exactly-once"), processes: [[]] },
  {
    name: "at-least-once, track in the main thread",
    log: (brokers) => kafkaFlags(brokers, "at-least-once"),
    processes: [["--run-track-threads", "0"]],
  },
  {
    name: "at-least-once, 2 processes",
    log: (brokers) => kafkaFlags(brokers, "at-least-once"),
    processes: [[], ["--only", "track,learn,monitor"]],
  },
  {
    name: "exactly-once, 2 processes",
    log: (brokers) => kafkaFlags(brokers, "exactly-once"),
    processes: [[], ["--only", "track,learn,monitor"]],
  },
];

/** Works one backlog off; steps per second between the first progress seen and the end, and processor time of the job and the broker per step. */
async function drain(way, records, steps, cluster) {
  const dir = mkdtempSync(join(tmpdir(), "driftline-bench-"));
  const logFlags = way.log(cluster.brokers);
  const config = loadConfig({ flags: ["--data-dir", dir, ...logFlags], env: {}, readFile: () => null });
  const open = (mode) => openLog(config, host, () => {}, mode);
  const writer = await open("write");
  await writer.ensureTopics(topicSpecs(config.log.partitions, config.log.retentionBytes));
  for (let at = 0; at < records.length; at += batch) await writer.append(records.slice(at, at + batch));
  await writer.close();
  const servers = await Promise.all(
    way.processes.map((flags, at) => {
      const home = at === 0 ? dir : mkdtempSync(join(tmpdir(), "driftline-bench-"));
      return startServer([...simple, ...logFlags, ...flags], home);
    }),
  );
  // The embedded log is known to its one process alone; on Kafka that process knows the lag to the second, which is not enough here.
  const log = way.name === embeddedName ? null : await open("read");
  const lagOf = async () =>
    log === null ? (await (await fetch(`${servers[0].address}/api/status`)).json()).lag : log.lag();
  const left = async () => ((await lagOf()) ?? []).map(({ group, records: lag }) => ({ group, lag }));
  const trackLeft = (all) => all.filter(({ group }) => group.endsWith("track")).reduce((sum, { lag }) => sum + lag, 0);
  const cpu = () => ({
    job: servers.reduce((sum, { pid }) => sum + cpuOf(pid), 0),
    broker: way.name === embeddedName ? 0 : cpuOf(cluster.pid(0)),
  });
  let first = null;
  for (;;) {
    const all = await left();
    if (all.length === 0) {
      await sleep(lookMs);
      continue;
    }
    const seen = { at: performance.now(), records: trackLeft(all), cpu: cpu() };
    // What starting costs (connections, joining, the first compilations) is not the rate.
    // Before all have joined, nobody is behind.
    if (first === null && seen.records > 0 && seen.records < records.length * 0.9) first = seen;
    if (first !== null && all.every(({ lag }) => lag === 0)) {
      const share = first.records / records.length;
      const done = steps * share;
      const cost = (side) => (seen.cpu[side] - first.cpu[side]) / done;
      await log?.close();
      await Promise.all(servers.map((server) => server.stop()));
      return { perSecond: (done / (seen.at - first.at)) * 1_000, job: cost("job"), broker: cost("broker") };
    }
    await sleep(lookMs);
  }
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)];
const whole = (value) => String(Math.round(value));

export async function kafka(args) {
  const option = (name, otherwise) => {
    const at = args.indexOf(`--${name}`);
    return at < 0 ? otherwise : Number(args[at + 1]);
  };
  const rounds = option("rounds", 3);
  const stepsAtSmall = option("steps", 30_000);
  const { say, keep } = createReport(
    "Bench on Kafka",
    "npm run bench -- --kafka",
    ` · Kafka 4.2.0, one broker with a heap of ${brokerHeapMb} MB on the same processors, 4 partitions`,
  );
  const { startKafka } = await support("kafka");
  const cluster = await startKafka({ heapMb: brokerHeapMb });
  try {
    say(
      `The whole job (track, learn, monitor, serve; predictors persistence and recall; \`driftline run\` in processes of its own) works a backlog off: steps per second from the tenth part on until every group has committed everything. Median and range of ${rounds} rounds, in which the ways alternate. Processor time is that of all threads, in µs per step.`,
    );
    say();
    const found = new Map();
    for (const [bytes, steps] of [
      [1_800, stepsAtSmall],
      [17_000, Math.round(stepsAtSmall / 6)],
    ].filter(([bytes]) => !args.includes("--small") || bytes === 1_800)) {
      const records = events({ bytes, steps, form: "state", agents: 64 }).map(recordOf);
      const taken = new Map(ways.map((way) => [way, []]));
      for (let round = 0; round < rounds; round++)
        for (const way of ways) taken.get(way).push(await drain(way, records, steps, cluster));
      say(`## ${bytes / 1_000} KB states, ${steps} steps`);
      say();
      say("| log | steps/s | range | of the embedded log, same round | CPU of the job | CPU of the broker |");
      say("|---|---|---|---|---|---|");
      const embedded = taken.get(ways[0]);
      for (const [way, results] of taken) {
        const rates = results.map(({ perSecond }) => perSecond);
        const ratio = median(rates.map((rate, at) => rate / embedded[at].perSecond));
        const cost = (side) => whole(median(results.map((one) => one[side])));
        found.set(`${way.name} ${bytes}`, results);
        say(
          `| ${way.name} | ${whole(median(rates))} | ${whole(Math.min(...rates))}–${whole(Math.max(...rates))} | ${ratio.toFixed(2)} | ${cost("job")} | ${way === ways[0] ? "–" : cost("broker")} |`,
        );
      }
      say();
    }
    for (const guarantee of ["at-least-once", "exactly-once"]) {
      say(`## Where time goes, 1.8 KB states, ${guarantee}, all but learning in one thread`);
      say();
      say("| stage | share | µs per step |");
      say("|---|---|---|");
      const flags = [...simple, ...kafkaFlags(cluster.brokers, guarantee)];
      for (const { stage, share, microsecondsPerStep } of await profile({
        bytes: 1_800,
        steps: 12_000,
        form: "state",
        flags,
      }))
        say(`| ${stage} | ${(share * 100).toFixed(1)} % | ${microsecondsPerStep.toFixed(0)} |`);
      say();
    }
    say("## From event to `/metrics` at half load");
    say();
    say(
      "Half of the events that are taken over HTTP and worked off a second, senders on the same processors; 200 probes after ten seconds of load.",
    );
    say();
    say("| log | events/s taken | sent beside the probes | p50 | p99 | longest |");
    say("|---|---|---|---|---|---|");
    const p99 = [];
    for (const guarantee of ["at-least-once", "exactly-once"]) {
      const flags = () => [...simple, ...kafkaFlags(cluster.brokers, guarantee)];
      const taken = await capacity({ bytes: 1_800, steps: 30_000, flags: flags() });
      const seen = await latency({ bytes: 1_800, eventsPerSecond: taken / 2, probes: 200, flags: flags() });
      p99.push(seen.p99);
      const ms = (value) => `${whole(value)} ms`;
      say(
        `| ${guarantee} | ${whole(taken)} | ${seen.eventsPerSecond} | ${ms(seen.p50)} | ${ms(seen.p99)} | ${ms(seen.max)} |`,
      );
    }
    say();
    const rateOf = (name) => median(found.get(`${name} 1800`).map(({ perSecond }) => perSecond));
    const best = Math.max(rateOf("at-least-once"), rateOf("at-least-once, 2 processes"));
    const ratio = median(
      found.get("exactly-once 1800").map((one, at) => one.perSecond / found.get("at-least-once 1800")[at].perSecond),
    );
    say("## Floors");
    say();
    say("| floor | measured | |");
    say("|---|---|---|");
    for (const [floor, value, met] of [
      [
        "≥ 2,000 steps/s at 1.8 KB, at-least-once, 1 process",
        whole(rateOf("at-least-once")),
        rateOf("at-least-once") >= 2_000,
      ],
      ["≥ 2,000 steps/s at 1.8 KB, at-least-once, 1 or 2 processes", whole(best), best >= 2_000],
      ["exactly-once ≥ 60 % of at-least-once", `${whole(ratio * 100)} %`, ratio >= 0.6],
      ["p99 from event to metric < 750 ms", p99.map((ms) => `${whole(ms)} ms`).join(", "), p99.every((ms) => ms < 750)],
    ])
      say(`| ${floor} | ${value} | ${verdict(met)} |`);
  } finally {
    await cluster.stop();
  }
  if (args.includes("--write")) keep("KAFKA.md");
}
