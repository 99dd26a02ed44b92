/**
 * Simulated streams of scores with correlated steps: episodes of 20 steps, six actions, two agents; an episode's error rate is drawn from a
 * beta distribution, so that the steps of an episode hang together by the intra-class correlation.
 */

import { createBaseline } from "../../../dist/monitor/drift/baseline.js";
import { adwin } from "../../../dist/monitor/drift/detectors/adwin.js";
import { eSr } from "../../../dist/monitor/drift/detectors/e-sr.js";
import { pageHinkley } from "../../../dist/monitor/drift/detectors/page-hinkley.js";
import { createDrift } from "../../../dist/monitor/drift/drift.js";
import { median, quantile, seeded } from "./random.mjs";

const stepsPerEpisode = 20;

export function episodeMean(random, rate, icc) {
  const q = random.episodeRate(rate, icc);
  let wrong = 0;
  for (let step = 0; step < stepsPerEpisode; step++) if (random.chance(q)) wrong += 1;
  return wrong / stepsPerEpisode;
}

const passageOf = (mean) => ({
  episode: "e",
  time: 0,
  agent: 1,
  version: "v",
  steps: stepsPerEpisode,
  wrong: Math.round(mean * stepsPerEpisode),
  oddSteps: 0,
  oddWrong: 0,
  cells: [],
  fields: [],
});

/** The bound of a baseline of so many episodes: what both rules of freezing come to. */
export function frozenBound(random, rate, icc, options) {
  const baseline = createBaseline(options);
  while (baseline.frozen === null) baseline.take(passageOf(episodeMean(random, rate, icc)));
  return { ...baseline.frozen.error, episodes: baseline.passages };
}

/** False alarms over `episodes`, and delays until a rise is found, of each detector on the same streams. */
export function detectors({ before, after, icc, runs, episodes, seed, baseline }) {
  const factories = [eSr, adwin, pageHinkley];
  const all = factories.map(({ name }) => ({ name, false: 0, delays: [], missed: 0 }));
  const baselines = [];
  for (let run = 0; run < runs; run++) {
    const random = seeded(seed + run);
    const error = frozenBound(random, before, icc, baseline);
    baselines.push(error.episodes);
    const detecting = factories.map((factory) => factory.create(error));
    for (let at = 0; at < error.episodes; at++)
      for (const [which, detector] of detecting.entries())
        if (!factories[which].needsBaseline) detector.take(episodeMean(random, before, icc));
    for (let at = 0; at < episodes; at++) {
      const mean = episodeMean(random, before, icc);
      for (const [which, detector] of detecting.entries()) if (detector.take(mean) === "up") all[which].false += 1;
    }
    const waiting = new Set(detecting.keys());
    for (let at = 1; at <= 4_000 && waiting.size > 0; at++) {
      const mean = episodeMean(random, after, icc);
      for (const which of [...waiting]) {
        if (detecting[which].take(mean) !== "up") continue;
        all[which].delays.push(at);
        waiting.delete(which);
      }
    }
    for (const which of waiting) all[which].missed += 1;
  }
  return {
    baseline: median(baselines),
    detectors: all.map((one) => ({
      name: one.name,
      falsePer5000: (one.false * 5_000) / (runs * episodes),
      median: one.delays.length === 0 ? null : median(one.delays),
      p90: one.delays.length === 0 ? null : quantile(one.delays, 0.9),
      missed: one.missed,
    })),
  };
}

/** False alarms of e-SR over the rules of freezing: so many episodes, or a bound close enough. */
export function freezing({ rate, after, icc, runs, episodes, seed, episodesWanted, episodesMin, precision }) {
  const one = detectors({
    before: rate,
    after,
    icc,
    runs,
    episodes,
    seed,
    baseline: { episodesWanted, episodesMin, precision },
  });
  return { episodes: one.baseline, ...one.detectors[0] };
}

const actions = ["look", "open", "take", "put", "go", "use"];
/** Relative errors of the actions, and what two agents do. */
const hardness = [0.2, 0.6, 1, 1.4, 0.8, 2.6];
const habits = [
  [0.3, 0.15, 0.2, 0.15, 0.15, 0.05],
  [0.15, 0.15, 0.2, 0.2, 0.15, 0.15],
];

/** What one kind of drift changes. */
const worlds = {
  none: {},
  model: { error: (action, error) => (action === 2 || action === 3 ? Math.min(0.9, error * 7) : error) },
  "action-mix": { habits: [[0.02, 0.03, 0.05, 0.1, 0.05, 0.75]] },
  schema: { place: "/order/refund:number", error: (_, error) => Math.min(0.9, error * 3.2) },
  "agent-version": { agent: "3", habits: [[0.05, 0.05, 0.1, 0.3, 0.1, 0.4]], error: (_, error) => error * 1.7 },
  context: { unsupported: 0.13 },
};
export const kinds = Object.keys(worlds).filter((kind) => kind !== "none");

/** One run through the whole of drift detection: where alarms are raised, when they say that it began, and why. */
export function run({
  kind,
  icc,
  seed,
  rate = 0.05,
  episodesWanted = 1_000,
  episodesMin = 300,
  after = 400,
  clean = 300,
}) {
  const random = seeded(seed);
  const alarms = [];
  let episode = 0;
  let raisedAt = 0;
  const drift = createDrift({
    options: { ...options, episodesWanted, episodesMin },
    own: new Set(["persistence"]),
    raise: (alarm) => alarms.push({ ...alarm, raisedAt }),
    lost() {},
  });
  const scale = rate / habits.reduce((sum, habit, agent) => sum + shareOf(agent) * weighted(habit, hardness), 0);
  const begin = episodesWanted + clean;
  for (; episode < begin + after; episode++) {
    const world = episode < begin ? worlds.none : worlds[kind];
    raisedAt = episode;
    playEpisode(drift, random, { world, icc, episode, scale });
    if (alarms.some(({ raisedAt: at }) => at >= begin)) break;
  }
  const [first] = alarms.filter(({ raisedAt: at }) => at >= begin);
  const early = alarms.filter(({ raisedAt: at }) => at < begin);
  return {
    // A false alarm that is still open hides what comes behind it.
    masked: early.at(-1)?.status === "open",
    false: early.filter(({ status }) => status === "open").length,
    delay: first === undefined ? null : first.raisedAt - begin + 1,
    cause: first?.cause ?? null,
    sinceError: first === undefined ? null : first.since - begin,
  };
}

const shareOf = (agent) => (agent === 0 ? 0.7 : 0.3);
const weighted = (a, b) => a.reduce((sum, one, at) => sum + one * b[at], 0);

const options = {
  detectors: ["e-sr"],
  precision: 0.25,
  passageSteps: 50,
  recoveryEpisodes: 100,
  seriesMax: 10,
  openEpisodesMax: 100,
  silentMs: 1e12,
  environments: {},
};

function playEpisode(drift, random, { world, icc, episode, scale }) {
  const agent = random.chance(shareOf(0)) ? 0 : 1;
  const habit = world.habits === undefined ? habits[agent] : world.habits[0];
  // With probability √icc a step shares the fate of its episode: errors correlate by icc, and every action keeps its exact error.
  const fate = random.next();
  for (let step = 0; step < stepsPerEpisode; step++) {
    const action = random.weighted(habit);
    const usual = scale * hardness[action];
    const error = world.error?.(action, usual) ?? usual;
    const luck = random.chance(Math.sqrt(icc)) ? fate : random.next();
    const unsupported = luck < (world.unsupported ?? 0);
    const wrong = luck < error + (world.unsupported ?? 0);
    drift.score(
      scoreOf({ episode, step, action, agent: world.agent ?? String(agent + 1), wrong, unsupported, usual, world }),
      episode,
    );
  }
  drift.outcome({ environment: "world", episode: `e${episode}`, scored: stepsPerEpisode }, episode);
}

const places = ["/order/status:string", "/order/total:number", "/result:string"];

function scoreOf({ episode, step, action, agent, wrong, unsupported, usual, world }) {
  const had = world.place === undefined ? places : [...places, world.place];
  return {
    environment: "world",
    episode: `e${episode}`,
    step,
    time: episode,
    first: true,
    truth: "t",
    actionName: actions[action],
    agent: { name: "agent", version: agent },
    shape: { version: "", whole: step === 0, added: step === 0 ? had : [], gone: [], action: [], values: [] },
    entries: [
      {
        predictor: "recall@reference",
        version: "v",
        status: unsupported ? "abstained" : "answered",
        exact: unsupported ? null : !wrong,
        confidence: unsupported ? null : Math.max(0, 1 - usual),
        wrongFields: wrong ? ["/result"] : [],
      },
    ],
  };
}
