/** Scores through monitor on one core, decoded, with every detector on; and through drift detection alone, from decoded records. */
import { codecs } from "../../../dist/codec/codecs.js";
import { loadConfig } from "../../../dist/config.js";
import { createDrift } from "../../../dist/monitor/drift/drift.js";
import { createEnvironment } from "../../../dist/monitor/environment.js";
import { createMonitor } from "../../../dist/monitor/monitor.js";
import { noMetrics } from "../../../dist/stats/prometheus.js";
import { seeded } from "./random.mjs";

const stepsPerEpisode = 20;

function entry(predictor, wrong) {
  return {
    predictor,
    version: "v1",
    status: "answered",
    reason: null,
    exact: !wrong,
    fieldsEqual: wrong ? 11 : 12,
    fieldsTotal: 12,
    changedHit: wrong ? 1 : 2,
    changedPredicted: 2,
    changedActual: 2,
    tokenF1: null,
    tokenAligned: null,
    confidence: 0.9,
    brier: wrong ? 0.81 : 0.01,
    ahead: true,
    seconds: 0.0001,
    prediction: null,
    wrongFields: wrong ? ["/orders/*/status"] : [],
  };
}

/** Encoded scores and outcomes of so many episodes, as track writes them for a structured world with a pinned reference. */
function records(episodes) {
  const random = seeded(1);
  const all = [];
  for (let episode = 0; episode < episodes; episode++) {
    for (let step = 0; step < stepsPerEpisode; step++) {
      const wrong = random.chance(0.05);
      const at = episode * stepsPerEpisode + step;
      const score = {
        source: { partition: 0, offset: at, index: 1 },
        environment: `shop-${episode % 8}`,
        kind: "state",
        episode: `episode-${episode}`,
        step,
        time: 1_700_000_000_000 + at * 5,
        appendedAt: 1_700_000_000_000 + at * 5,
        arm: "real",
        quality: "ok",
        first: true,
        actionName: random.pick(["get_order", "cancel_order", "find_user"]),
        dynamic: true,
        comparison: "0123456789abcdef",
        situation: `situation-${at % 5_000}`,
        truth: `truth-${at % 5_000}`,
        baseline: "persistence",
        entries: [entry("persistence", true), entry("recall", wrong), entry("recall@reference", wrong)],
        example: null,
        agent: { name: "shopper", version: "3" },
        shape: {
          version: "0123456789abcdef",
          whole: step === 0,
          added:
            step === 0
              ? ["/orders/*/status:string", "/orders/*/total:number", "/result:null", "/user/name:string"]
              : [],
          gone: [],
          action: ["/arguments/order_id:string", "/name:string"],
          values: step % 5 === 0 ? ["/orders/*/status=cancelled"] : [],
        },
      };
      all.push({ topic: "scores", value: codecs.score.encode(score), score, at });
    }
    const outcome = {
      source: { partition: 0, offset: episode * stepsPerEpisode + 19, index: 2 },
      environment: `shop-${episode % 8}`,
      episode: `episode-${episode}`,
      task: null,
      agent: null,
      arm: "real",
      worldModel: null,
      plan: null,
      time: 1_700_000_000_000,
      startedAt: 1_700_000_000_000,
      ending: "end",
      success: true,
      reward: null,
      reason: null,
      steps: stepsPerEpisode,
      scored: stepsPerEpisode,
      predictors: [],
    };
    all.push({ topic: "outcomes", value: codecs.outcome.encode(outcome), outcome, at: episode * stepsPerEpisode + 19 });
  }
  return all;
}

export function speed() {
  const { monitor } = loadConfig({ flags: [], env: {}, readFile: () => null });
  const options = {
    ...monitor,
    drift: { ...monitor.drift, detectors: ["e-sr", "adwin", "page-hinkley"], episodesWanted: 300 },
  };
  const own = new Set(["persistence", "recall"]);
  const all = records(5_000);
  const scores = all.filter(({ topic }) => topic === "scores").length;
  const measure = (work) => {
    const begin = performance.now();
    work();
    return (scores * 1000) / (performance.now() - begin);
  };
  const best = (make) => Math.round(Math.max(...[0, 1, 2].map(() => measure(make()))));
  const whole = best(() => {
    const task = createMonitor({ options, metrics: noMetrics, own, now: () => 0 }).task(0);
    const emit = { record() {}, blob: () => "" };
    return () => {
      for (const [count, { topic, value, at }] of all.entries()) {
        const timestamp = 1_700_000_000_000 + at * 5;
        task.fold({ topic, partition: 0, offset: at, timestamp, key: "", value }, emit, true);
        if (count % 500 === 0) task.committed();
      }
    };
  });
  const decoding = best(() => () => {
    for (const { topic, value } of all) (topic === "scores" ? codecs.score : codecs.outcome).decode(value);
  });
  const windows = best(() => {
    const environments = new Map();
    return () => {
      for (const { score, at } of all) {
        if (score === undefined) continue;
        const its = environments.get(score.environment) ?? createEnvironment(score.environment, options);
        environments.set(score.environment, its);
        its.score(score, 1_700_000_000_000 + at * 5);
      }
    };
  });
  const alone = best(() => {
    const drift = createDrift({ options: options.drift, own, raise() {}, lost() {} });
    return () => {
      for (const { score, outcome, at } of all) {
        if (score !== undefined) drift.score(score, at);
        else drift.outcome(outcome, at);
      }
    };
  });
  return { scores, whole, decoding, windows, alone, decoded: Math.round(1 / (1 / windows + 1 / alone)) };
}
