/**
 * `npm run bench:predict`: what one prediction costs, by predictor, alone and 32 at a time, and how long the event loop is held up meanwhile.
 * The inline predictors learn the first half of a bundled sample and predict steps of the second; language models predict some of the same.
 * Costs are taken in one process and one run (delays beside a process of its own, as in the job), and ratios are of processor time (all
 * threads), so that they hold where the absolute numbers belong to the machine and to what else runs on it.
 */
import { availableParallelism, loadavg } from "node:os";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { foldFiles } from "../../dist/cli/evaluate/steps.js";
import { loadConfig } from "../../dist/config.js";
import { openIsolated } from "../../dist/predictors/host/isolated.js";
import { predictorFactories } from "../../dist/predictors/registry.js";
import { remoteOptionsOf } from "../../dist/predictors/remote-options.js";
import { remoteFactories } from "../../dist/predictors/remote-registry.js";
import { createStates } from "../../dist/predictors/states.js";
import { createReport } from "./report.mjs";
import { support } from "./support.mjs";

const { values: given } = parseArgs({
  options: {
    write: { type: "boolean", default: false },
    model: { type: "string" },
    peers: { type: "string" },
    neural: { type: "string" },
    gpu: { type: "string", default: "false" },
    threads: { type: "string", default: String(availableParallelism()) },
    sequences: { type: "string", default: "8" },
    singles: { type: "string", default: "12" },
  },
});

/** Earlier steps that remote predictors are shown, and tokens of an answer: enough for the sample's rooms. */
const historySteps = 4;
const maxTokens = 96;
const inlineSteps = 640;
const batchSize = 32;
/** A structured state is a prompt of thousands of tokens, which the CPU reads slowly: two tell enough. */
const worlds = [
  { name: "textworld", file: "textworld.jsonl.gz", remoteSingles: Number(given.singles), remoteBatch: batchSize },
  { name: "babyai", file: "babyai.jsonl.gz", remoteSingles: 2, remoteBatch: 0 },
];

const rows = [];
const idle = await idleLoop();
const opened = await openRemotes();
for (const world of worlds) {
  const steps = await stepsOf(world.file);
  for (const predictor of inline(world.name, steps)) rows.push(measureInline(world.name, predictor, steps));
  for (const remote of opened) rows.push(await measureRemote(world, remote, steps));
}
for (const { predictor } of opened) await predictor.close();
report();

/** How late timers are when nothing is done: what the machine alone does to them. */
async function idleLoop() {
  const loop = monitorEventLoopDelay({ resolution: 5 });
  loop.enable();
  await delay(3_000);
  loop.disable();
  return loop;
}

async function openRemotes() {
  const small = given.model === undefined ? await (await support("llama-peer")).smallModel() : null;
  const model = given.model ?? small?.model;
  const choices = {};
  if (model !== undefined)
    choices.llama = {
      kind: "llama",
      model,
      peers: given.peers ?? small?.peers ?? null,
      gpu: given.gpu === "false" ? false : given.gpu,
      threads: Number(given.threads),
      sequences: Number(given.sequences),
      contextTokens: 4_096,
      maxTokens,
    };
  if (given.neural !== undefined) choices.neural = { kind: "neural", model: given.neural };
  const found = [];
  for (const [name, choice] of Object.entries(choices)) {
    const { kind, ...given } = choice;
    const factory = remoteFactories.find((one) => one.kind === kind);
    const { options, problems } = remoteOptionsOf(factory, given);
    if (problems.length > 0) throw new Error(`${name}: ${JSON.stringify(problems)}`);
    found.push({
      name,
      predictor: await factory.open(options, depsOf(name)),
      openAsInJob: () => (factory.isolated ? openIsolated : openHere)(factory, options, depsOf(name)),
    });
  }
  return found;
}

function openHere(factory, options, deps) {
  return factory.open(options, deps);
}

function depsOf(name) {
  return {
    name,
    env: process.env,
    now: Date.now,
    seconds: () => performance.now() / 1_000,
    sleep: (ms, signal) => delay(ms, undefined, { signal }).catch(() => {}),
    log() {},
    count() {},
  };
}

async function stepsOf(name) {
  const steps = [];
  const { track } = loadConfig({ flags: [], env: {}, readFile: () => null });
  const file = fileURLToPath(new URL(`../../src/ingest/sample/${name}`, import.meta.url));
  const step = ({ situation, transition }) => void steps.push({ situation, transition });
  await foldFiles([file], { track, context: true }, { step, ended() {}, progress() {}, stopped: () => false });
  return steps;
}

/** Predictors that are for the kind of world, after the first half. */
function inline(name, steps) {
  const { kind } = steps[0].situation;
  const states = createStates();
  const half = steps.slice(0, steps.length >> 1);
  return predictorFactories.flatMap((factory) => {
    if (factory.kinds !== undefined && !factory.kinds.includes(kind)) return [];
    const builtin = factory.builtin?.();
    if (builtin !== undefined) return [{ name: factory.name, predictor: builtin }];
    const learner = factory.learner(name);
    states.clear();
    for (const { transition } of half) learner.learn(transition, kind === "state" ? states.of(transition) : undefined);
    learner.settle?.();
    return [{ name: factory.name, predictor: learner.current() }];
  });
}

function measureInline(world, { name, predictor }, steps) {
  const situations = steps.slice(steps.length >> 1).map(({ situation }) => situation);
  for (const situation of situations.slice(0, 64)) predictor.predict(situation);
  const singles = [];
  const batches = [];
  const cpu = process.cpuUsage();
  for (let at = 0; at < inlineSteps; at++) {
    const start = performance.now();
    predictor.predict(situations[at % situations.length]);
    singles.push(performance.now() - start);
  }
  const cpuMs = cpuMsSince(cpu) / inlineSteps;
  for (let from = 0; from + batchSize <= inlineSteps; from += batchSize) {
    const start = performance.now();
    for (let at = from; at < from + batchSize; at++) predictor.predict(situations[at % situations.length]);
    batches.push((performance.now() - start) / batchSize);
  }
  return rowOf(world, name, singles, batches, cpuMs, null, null);
}

async function measureRemote({ name: world, remoteSingles, remoteBatch }, { name, predictor, openAsInJob }, steps) {
  const situations = steps.slice(steps.length >> 1).map(({ situation, transition }) => ({
    ...situation,
    history: situation.history.slice(-historySteps),
    arm: transition.arm,
  }));
  const never = new AbortController().signal;
  await predictor.predict(situations.slice(0, 1), never);
  const answered = { right: 0, all: 0 };
  const predict = async (some) => {
    const start = performance.now();
    const predictions = await predictor.predict(some, never);
    const ms = (performance.now() - start) / some.length;
    answered.all += predictions.length;
    answered.right += predictions.filter(({ status }) => status === "answered").length;
    return ms;
  };
  const singles = [];
  const cpu = process.cpuUsage();
  for (const situation of situations.slice(1, 1 + remoteSingles)) singles.push(await predict([situation]));
  const cpuMs = cpuMsSince(cpu) / remoteSingles;
  const batches = remoteBatch === 0 ? [] : [await predict(situations.slice(32, 32 + remoteBatch))];
  const loop = await delayBeside(openAsInJob, situations, remoteBatch, never);
  return rowOf(world, name, singles, batches, cpuMs, loop, answered);
}

/** How late this thread is while the predictor works where the job has it: in a process of its own, if it is of that kind. */
async function delayBeside(openAsInJob, situations, remoteBatch, signal) {
  const predictor = await openAsInJob();
  await predictor.predict(situations.slice(0, 1), signal);
  const loop = monitorEventLoopDelay({ resolution: 5 });
  loop.enable();
  await predictor.predict(situations.slice(1, 2), signal);
  if (remoteBatch > 0) await predictor.predict(situations.slice(32, 32 + remoteBatch), signal);
  loop.disable();
  await predictor.close();
  return loop;
}

function cpuMsSince(before) {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

function rowOf(world, name, singles, batches, cpuMs, loop, answered) {
  const sorted = [...singles].sort((a, b) => a - b);
  const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
  return {
    world,
    name,
    cpuMs,
    median: median(sorted),
    p95: sorted[Math.ceil(0.95 * (sorted.length - 1))],
    batch: median(batches) ?? null,
    loop: loop === null ? null : { p99: loop.percentile(99) / 1e6, max: loop.max / 1e6 },
    answered,
  };
}

function report() {
  const ms = (value) => (value >= 10 ? value.toFixed(0) : value >= 0.1 ? value.toFixed(2) : value.toFixed(4));
  const perSecond = (rate) => (rate >= 10 ? Math.round(rate).toLocaleString("en") : rate.toFixed(2));
  const command = [
    "npm run bench:predict --",
    ...process.argv.slice(2).filter((word) => word !== "--write"),
    "--write",
  ];
  const { say, keep } = createReport(
    "What a prediction costs",
    command.join(" "),
    ` · load ${loadavg()[0]?.toFixed(1)}`,
  );
  say(
    `Milliseconds a prediction: processor time of all threads one at a time, and its ratio; then by the clock: median and 95th percentile one at a time, mean in calls of ${batchSize}. Inline predictors learnt the first half of the bundled sample and predict ${inlineSteps} steps of the second; remote ones predict ${given.singles} and ${batchSize} of the text world's, 2 of the structured one's, with ${historySteps} earlier steps and at most ${maxTokens} tokens an answer. \`llama\` is ${given.model === undefined ? "SmolLM2-135M-Instruct (Q4_1)" : "the model given"} with ${given.sequences} sequences on ${given.gpu === "false" ? `${given.threads} thread${given.threads === "1" ? "" : "s"} of the CPU` : given.gpu}, in the process that measures.`,
  );
  say();
  say(
    "| world | predictor | CPU ms | language model ÷ this | 1: median ms | 1: p95 ms | 32: ms | 32: predictions/s | loop delay p99, max ms | answered |",
  );
  say("|---|---|---|---|---|---|---|---|---|");
  for (const row of rows) {
    const model = rows.find(({ world, name }) => world === row.world && name === "llama");
    const ratio = model === undefined ? "-" : Math.round(model.cpuMs / row.cpuMs).toLocaleString("en");
    const loop = row.loop === null ? "-" : `${row.loop.p99.toFixed(1)}, ${row.loop.max.toFixed(1)}`;
    const answered = row.answered === null ? "-" : `${row.answered.right} of ${row.answered.all}`;
    say(
      `| ${row.world} | ${row.name} | ${ms(row.cpuMs)} | ${ratio} | ${ms(row.median)} | ${ms(row.p95)} | ${row.batch === null ? "- | -" : `${ms(row.batch)} | ${perSecond(1_000 / row.batch)}`} | ${loop} | ${answered} |`,
    );
  }
  say();
  say(
    `Loop delay: how late timers of the main thread were while the model worked as in the job, which gives it a process of its own: one prediction, then a call of ${batchSize} (resolution 5 ms); idle before it they were ${(idle.percentile(99) / 1e6).toFixed(1)}, ${(idle.max / 1e6).toFixed(1)}. Tokens are computed on threads of the native library. Where the load is above the number of cores, clock times tell of the queue for them.`,
  );
  if (given.write) keep("PREDICT.md");
}
