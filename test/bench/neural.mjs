/**
 * `neural` beside `recall` on the same steps of recorded episodes, frozen, by the fold and the scores of `driftline evaluate`:
 *
 *   node test/bench/neural.mjs --model FILE --train FILE --dev FILE [--history N] [--no-context] [--limit N] [--speed] [--json]
 *
 * `--train` and `--dev` may be repeated. `--history`: earlier steps that a situation brings (default 32); `--limit`: every n-th dev step, so that about so many are left;
 * `--speed`: predictions a second in batches of 32 and one at a time, instead of scores.
 */
import { parseArgs } from "node:util";
import { answerMeasures } from "../../dist/cli/evaluate/answers.js";
import { createMeasured } from "../../dist/cli/evaluate/measure.js";
import { foldFiles } from "../../dist/cli/evaluate/steps.js";
import { loadConfig } from "../../dist/config.js";
import { hash16 } from "../../dist/json/hash.js";
import { isTeaching } from "../../dist/learn/logic.js";
import { neuralFactory } from "../../dist/predictors/neural/neural.js";
import { recallFactory } from "../../dist/predictors/recall/recall.js";
import { scoreEntry } from "../../dist/track/score/entries.js";
import { isDynamic } from "../../dist/track/score/logic.js";

const { values: flags } = parseArgs({
  options: {
    model: { type: "string" },
    train: { type: "string", multiple: true, default: [] },
    dev: { type: "string", multiple: true, default: [] },
    history: { type: "string", default: "32" },
    limit: { type: "string", default: "1000000" },
    backend: { type: "string", default: "auto" },
    "no-context": { type: "boolean", default: false },
    speed: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});

const { track } = loadConfig({ flags: [], env: {}, readFile: () => null });
const batchSize = 32;
const seconds = () => performance.now() / 1000;

const predictor = await neuralFactory.open(
  { model: flags.model, backend: flags.backend },
  {
    name: "neural",
    env: process.env,
    now: Date.now,
    seconds,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    log: (level, message, fields) => level === "warn" && console.error(message, fields),
    count() {},
  },
);

const dev = await devSteps();
console.error(`${dev.length} dev steps; ${predictor.backend.name}, ${predictor.backend.device}; model ${flags.model}`);
if (flags.speed) await speed();
else await scores();
await predictor.close();

/** Situations with as many earlier steps as are wanted, and what came of them. */
async function devSteps() {
  const steps = [];
  const episodes = new Map();
  await fold(flags.dev, (step) => {
    const { episode, stateText, actionText } = step.situation;
    const earlier = episodes.get(episode) ?? [];
    episodes.set(episode, earlier);
    const history = Number(flags.history) === 0 ? [] : earlier.slice(-Number(flags.history));
    steps.push({ ...step, situation: { ...step.situation, history, arm: step.transition.arm } });
    earlier.push({ stateText, actionText });
  });
  const stride = Math.max(1, Math.floor(steps.length / Number(flags.limit)));
  return steps.filter((_, at) => at % stride === 0);
}

async function scores() {
  const learners = new Map();
  const seen = new Set();
  const learnerOf = (environment) => {
    const learner = learners.get(environment) ?? recallFactory.learner(environment);
    learners.set(environment, learner);
    return learner;
  };
  await fold(flags.train, ({ transition, situation }) => {
    seen.add(pairOf(transition));
    if (isTeaching(transition)) learnerOf(situation.environment).learn(transition);
  });
  const measured = new Map();
  const gather = (environment, name, entry, about, answer) => {
    const key = `${environment} ${name}`;
    const one = measured.get(key) ?? { environment, name, measured: createMeasured() };
    measured.set(key, one);
    one.measured.add(entry, about, answer);
  };
  const started = seconds();
  for (let from = 0; from < dev.length; from += 512) {
    const part = dev.slice(from, from + 512);
    const predictions = await predictor.predict(
      part.map((one) => one.situation),
      new AbortController().signal,
    );
    for (const [at, step] of part.entries()) {
      const { situation, truth, transition } = step;
      const recalled = learnerOf(situation.environment).current();
      const scored = [
        ["recall", recalled.version, recalled.predict(situation)],
        ["neural", predictor.version, predictions[at]],
      ].map(([name, version, prediction]) => {
        const entry = scoreEntry(truth, { predictor: name, version, prediction, ahead: true, seconds: null }, 256);
        return { entry, answer: answerMeasures(step, prediction, entry) };
      });
      const about = {
        dynamic: isDynamic(truth),
        unseen: !seen.has(pairOf(transition)),
        step: situation.step,
        baselineExact: scored[0].entry.exact === true,
        groups: {},
        given: false,
      };
      for (const { entry, answer } of scored) gather(situation.environment, entry.predictor, entry, about, answer);
    }
    console.error(`${Math.min(dev.length, from + 512)} of ${dev.length}, ${Math.round(seconds() - started)} s`);
  }
  const results = [...measured.values()].map((one) => one.measured.result(one.environment, one.name));
  if (flags.json) console.log(JSON.stringify(results));
  for (const one of results) {
    const { all, dynamic, unseen } = one.exact;
    const figures = [one.n, share(all), share(dynamic), share(one.exact.static), share(unseen), one.counts.unseen];
    const quality = [one.failed, one.abstained, one.auroc?.toFixed(3), one.ece?.toFixed(3), share(one.sure90)];
    console.log(`| ${[one.environment, one.predictor, ...figures, ...quality].join(" | ")} |`);
  }
}

async function speed() {
  const signal = new AbortController().signal;
  const situations = dev.map((one) => one.situation);
  await predictor.predict(situations.slice(0, batchSize), signal);
  for (const [count, size] of [
    [512, 32],
    [64, 1],
  ]) {
    const started = seconds();
    const used = process.cpuUsage();
    for (let at = 0; at < count; at += size) {
      const some = Array.from({ length: size }, (_, k) => situations[(at + k) % situations.length]);
      await predictor.predict(some, signal);
    }
    const { user, system } = process.cpuUsage(used);
    const [wall, cpu] = [seconds() - started, (user + system) / 1e6].map((time) => (count / time).toFixed(1));
    console.log(`batches of ${size}: ${wall} predictions/s, ${cpu} per second of CPU time, over ${count}`);
  }
}

function fold(files, step) {
  return foldFiles(
    files,
    { track, context: !flags["no-context"] },
    { step, ended() {}, progress() {}, stopped: () => false },
  );
}

/** What a model could have copied: the action with its next state. */
function pairOf({ action, nextState }) {
  return hash16(`${action}\n${nextState}`);
}

function share(ratio) {
  return ratio === null || ratio === undefined ? "-" : (100 * ratio).toFixed(1);
}
