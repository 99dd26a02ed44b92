/** What a scrape costs: `node test/bench/scrape.mjs` after a build. Prints series, bytes and milliseconds by the number of environments. */

import { Value } from "@sinclair/typebox/value";
import { codecs } from "../../dist/codec/codecs.js";
import { configSchema } from "../../dist/config.js";
import { createMonitor } from "../../dist/monitor/monitor.js";
import { createPrometheus } from "../../dist/stats/prometheus.js";

const options = Value.Create(configSchema.properties.monitor);
const startMs = 1_700_000_000_000;
const predictors = ["persistence", "recall", "our-simulator"];
const runs = 21;

console.log("| environments | series | kB | median ms | slowest ms |\n|---|---|---|---|---|");
for (const environments of [1, 10, 50, 200]) {
  const prometheus = createPrometheus();
  let clock = startMs;
  const task = createMonitor({ options, metrics: prometheus.metrics, now: () => clock }).task(0);
  const emit = { record() {}, blob: () => "" };
  const fold = (topic, offset, value) =>
    task.fold({ topic, partition: 0, offset, timestamp: startMs, key: "", value }, emit, true);
  for (let at = 0; at < environments * 40; at++) {
    const environment = `environment-${at % environments}`;
    fold("scores", at, codecs.score.encode(scoreOf(environment, at)));
    fold("outcomes", at, codecs.outcome.encode(outcomeOf(environment, at, Math.floor(at / environments))));
  }
  task.committed();
  const took = [];
  let text = "";
  for (let run = 0; run < runs; run++) {
    clock += 1_000;
    const from = performance.now();
    text = await prometheus.text();
    took.push(performance.now() - from);
  }
  took.sort((a, b) => a - b);
  const series = text.split("\n").filter((line) => line.startsWith("driftline_")).length;
  const row = [
    environments,
    series,
    (text.length / 1_000).toFixed(0),
    took[(runs - 1) / 2].toFixed(1),
    took.at(-1).toFixed(1),
  ];
  console.log(`| ${row.join(" | ")} |`);
}

function scoreOf(environment, at) {
  const entries = predictors.map((predictor) => ({
    predictor,
    version: "v",
    status: "answered",
    reason: null,
    exact: at % 3 > 0,
    fieldsEqual: 3,
    fieldsTotal: 4,
    changedHit: 1,
    changedPredicted: 1,
    changedActual: 1,
    tokenF1: null,
    tokenAligned: null,
    confidence: 0.5,
    brier: 0.25,
    ahead: true,
    seconds: null,
    prediction: null,
  }));
  const time = startMs - (at % 60) * 1_000;
  const named = { environment, kind: "state", episode: `e${at}`, step: 0, time, appendedAt: time, arm: "real" };
  const rest = { quality: "ok", first: true, actionName: "look", dynamic: at % 2 > 0, comparison: "0".repeat(16) };
  const hashes = { situation: `s${at % 5}`, truth: `t${at % 2}`, baseline: "persistence", entries, example: null };
  return { source: { partition: 0, offset: at, index: 0 }, ...named, ...rest, ...hashes };
}

function outcomeOf(environment, at, number) {
  const transfer = number % 2 > 0;
  return {
    source: { partition: 0, offset: at, index: 0 },
    environment,
    episode: `e${at}`,
    task: `t${number % 7}`,
    agent: { name: "agent", version: null },
    arm: transfer ? "transfer" : "real",
    worldModel: transfer ? { name: "simulator", version: null } : null,
    plan: null,
    time: startMs,
    startedAt: startMs,
    ending: "end",
    success: number % 4 > 0,
    reward: null,
    reason: null,
    steps: 1,
    scored: 1,
    predictors: [],
  };
}
