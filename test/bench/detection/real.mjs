/**
 * Recorded interactions through track itself: a predictor learns from the first episodes, is pinned, and is watched over the others, in which
 * something changes. Nothing is simulated but the change.
 */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { createMemoryBlobs } from "../../../dist/blobs/memory.js";
import { blankInteraction } from "../../../dist/codec/blank-interaction.js";
import { codecs } from "../../../dist/codec/codecs.js";
import { loadConfig } from "../../../dist/config.js";
import { sha256Hex } from "../../../dist/json/hash.js";
import { createContexts } from "../../../dist/learn/contexts.js";
import { createDrift } from "../../../dist/monitor/drift/drift.js";
import { predictorFactories } from "../../../dist/predictors/registry.js";
import { noMetrics } from "../../../dist/stats/prometheus.js";
import { createTrack } from "../../../dist/track/track.js";
import { seeded } from "./random.mjs";

/** Episodes of a file, in an order drawn by the seed: recorded ones stand agent by agent. */
export function readEpisodes(file, seed) {
  const episodes = new Map();
  for (const line of gunzipSync(readFileSync(file)).toString("utf8").split("\n")) {
    if (line === "") continue;
    const event = JSON.parse(line);
    const events = episodes.get(event.episode) ?? [];
    if (events.length === 0) episodes.set(event.episode, events);
    events.push(event);
  }
  const random = seeded(seed);
  const all = [...episodes.values()];
  for (let at = all.length - 1; at > 0; at--) {
    const other = random.below(at + 1);
    [all[at], all[other]] = [all[other], all[at]];
  }
  return all;
}

const options = () => loadConfig({ flags: [], env: {}, readFile: () => null });

/** Track over episodes; what it writes goes to `taken`. */
function createFold(predictors, blobs, taken) {
  const defaults = options();
  const track = createTrack({
    options: { ...defaults.track, predictors },
    factories: predictorFactories,
    blobs,
    metrics: noMetrics,
    partitions: 1,
    seconds: () => 0,
  });
  const task = track.task(0);
  let offset = 0;
  const recordOf = (key, value) => ({
    topic: "interactions",
    partition: 0,
    offset,
    timestamp: offset++ * 10,
    key,
    value,
  });
  const emit = { record: (topic, _key, value) => taken(topic, value), blob: () => "" };
  return {
    play(episode) {
      for (const event of episode) task.fold(recordOf(event.episode, Buffer.from(JSON.stringify(event))), emit, true);
    },
    async refer(model) {
      const value = codecs.interaction.encode({ ...blankInteraction, type: "model", reference: model });
      const record = recordOf(null, value);
      await task.prepare([record]);
      task.fold(record, emit, true);
    },
  };
}

/** What the predictor learnt from these episodes, as a version that is pinned. */
async function learn(predictor, environment, episodes, blobs) {
  const learner = predictorFactories.find(({ name }) => name === predictor).learner(environment);
  const contexts = createContexts();
  const fold = createFold([], blobs, (topic, value) => {
    if (topic !== "transitions") return;
    const transition = contexts.complete(codecs.transition.decode(value));
    if (transition.quality === "ok") learner.learn(transition);
  });
  for (const episode of episodes) fold.play(episode);
  learner.settle?.();
  const puts = [];
  const {
    version,
    blobs: names,
    bytes,
    entries,
  } = learner.publish((body) => {
    puts.push(blobs.put(body));
    return sha256Hex(body);
  });
  await Promise.all(puts);
  return {
    environment,
    predictor,
    version,
    blobs: names,
    bytes,
    publishedAt: 0,
    transitions: learner.transitions,
    entries,
    hits: 0,
    tries: 0,
    offsets: [],
    reference: { pinned: true, at: 0, author: null },
  };
}

/** One stream: what came of it. `begin` is the index of the first changed episode among those watched. */
export async function watch({ predictor, environment, model, blobs, episodes, begin, episodesWanted }) {
  const alarms = [];
  let watched = 0;
  const order = new Map();
  const drift = createDrift({
    options: { ...options().monitor.drift, episodesWanted, episodesMin: Math.min(300, episodesWanted), seriesMax: 4 },
    own: new Set(predictorFactories.map(({ name }) => name)),
    raise: (alarm) => alarms.push({ ...alarm, raisedAt: watched }),
    lost() {},
  });
  const outcomes = [];
  const fold = createFold([predictor], blobs, (topic, value) => {
    if (topic === "scores") drift.score(codecs.score.decode(value), watched);
    if (topic === "outcomes") outcomes.push(codecs.outcome.decode(value));
  });
  await fold.refer(model);
  let steps = 0;
  for (const episode of episodes) {
    order.set(episode[0].episode, watched);
    fold.play(episode);
    steps += episode.length - 2;
    for (const outcome of outcomes.splice(0)) drift.outcome(outcome, watched);
    watched += 1;
  }
  const [series] = drift.series();
  const [schema] = drift.schemas();
  const opened = alarms.filter(({ status }) => status === "open");
  return {
    baseline: series?.frozen ?? null,
    episodes: episodes.length,
    steps,
    news: schema?.news ?? [],
    alarms: opened.map((alarm) => {
      const evidence = JSON.parse(alarm.evidence);
      return {
        cause: alarm.cause,
        raised: alarm.raisedAt - begin + 1,
        start: (order.get(evidence.since.firstEpisode) ?? Number.NaN) - begin,
        evidence,
      };
    }),
    environment,
  };
}

export async function prepare(predictor, environment, episodes) {
  const blobs = createMemoryBlobs(() => 0);
  return { blobs, model: await learn(predictor, environment, episodes, blobs) };
}

/** Every string in the events by this function; keys by the other. */
export function rewritten(episode, text, key = (name) => name) {
  const walk = (value) => {
    if (typeof value === "string") return text(value);
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [key(name), walk(member)]));
  };
  return episode.map((event) => {
    const { state, action, patch, context } = event;
    return {
      ...event,
      ...(state === undefined ? {} : { state: walk(state) }),
      ...(action === undefined ? {} : { action: walk(action) }),
      ...(context === undefined ? {} : { context: walk(context) }),
      ...(patch === undefined ? {} : { patch: walk(patch) }),
    };
  });
}
