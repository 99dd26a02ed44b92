/**
 * One core predicting with `lifted-edits` while another learns: predictions a second by a published version, with the learner at work and
 * without, alternating. Every prediction is of a state that was not looked at before, patched from the one before it as in the stream.
 */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { foldFiles } from "../../dist/cli/evaluate/steps.js";
import { loadConfig } from "../../dist/config.js";
import { sha256Hex } from "../../dist/json/hash.js";
import { liftedEditsFactory } from "../../dist/predictors/lifted-edits/lifted-edits.js";
import { situationOf } from "../../dist/predictors/situation.js";
import { createStates } from "../../dist/predictors/states.js";
import { events } from "./world.mjs";

const learntMax = 6_000;
const predictedMax = 400;
const roundsEach = 8;

if (!isMainThread) learnForEver(workerData);

/** The worlds that are here: the structured one of the bench, and recorded ones where their files are. */
export async function predictions() {
  const folder = mkdtempSync(join(tmpdir(), "driftline-bench-"));
  const own = join(folder, "bench.jsonl");
  writeFileSync(own, `${events({ bytes: 1_400, steps: 4_000, form: "state" }).join("\n")}\n`);
  const recorded = ["bytesized32", "alfworld-facts", "retail-api"].map((name) => [
    name,
    fileURLToPath(new URL(`../../../shared/data/${name}-train.jsonl.gz`, import.meta.url)),
  ]);
  const rows = [];
  for (const [name, file] of [["bench", own], ...recorded]) if (existsSync(file)) rows.push(await measure(name, file));
  rmSync(folder, { recursive: true, force: true });
  return rows;
}

async function transitionsOf(file) {
  const found = [];
  const { track } = loadConfig({ flags: [], env: {}, readFile: () => null });
  await foldFiles(
    [file],
    { track, context: true },
    {
      step: ({ transition }) => void (found.length < learntMax && found.push(transition)),
      ended() {},
      progress() {},
      stopped: () => found.length >= learntMax,
    },
  );
  return found;
}

async function measure(name, file) {
  const transitions = await transitionsOf(file);
  const learner = liftedEditsFactory.learner(name);
  const states = createStates();
  for (const transition of transitions) learner.learn(transition, states.of(transition));
  const blobs = new Map();
  const version = learner.publish((bytes) => {
    const hash = sha256Hex(bytes);
    blobs.set(hash, bytes);
    return hash;
  });
  const predictor = liftedEditsFactory.load(
    version,
    version.blobs.map((hash) => blobs.get(hash)),
  );
  const last = transitions.slice(-predictedMax);
  const worker = new Worker(new URL(import.meta.url), { workerData: file });
  await new Promise((resolve) => worker.once("message", resolve));
  const [alone, beside] = [[], []];
  for (let round = 0; round < 2 * roundsEach; round++) {
    const isBeside = round % 2 === 1;
    if (isBeside) await told(worker, "work");
    (isBeside ? beside : alone).push(microsecondsOf(predictor, last));
    if (isBeside) await told(worker, "rest");
  }
  const learnt = await told(worker, "end");
  await worker.terminate();
  const chars = last.map(({ state }) => state.length).sort((a, b) => a - b);
  return {
    name,
    chars: chars[chars.length >> 1],
    alone: median(alone),
    beside: median(beside),
    learntPerSecond: learnt.steps / learnt.seconds,
  };
}

function microsecondsOf(predictor, transitions) {
  const states = createStates();
  const situations = transitions.map((transition) => {
    const { before } = states.of(transition);
    const situation = situationOf(transition, transition.context, () => before);
    return situation.state === before ? situation : null;
  });
  const start = performance.now();
  for (const situation of situations) predictor.predict(situation);
  return ((performance.now() - start) * 1000) / situations.length;
}

function median(values) {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}

function told(worker, word) {
  return new Promise((resolve) => {
    worker.once("message", resolve);
    worker.postMessage(word);
  });
}

/** Predicts, compares and learns as the learn stage does, in slices between which it hears what it is told. */
async function learnForEver(file) {
  const transitions = await transitionsOf(file);
  let learner = liftedEditsFactory.learner("x");
  let states = createStates();
  let [at, steps, seconds, working] = [0, 0, 0, false];
  const slice = () => {
    if (!working) return;
    const start = performance.now();
    while (performance.now() - start < 20) {
      if (at === transitions.length) [at, learner, states] = [0, liftedEditsFactory.learner("x"), createStates()];
      const transition = transitions[at++];
      const parsed = states.of(transition);
      learner.current().predict(situationOf(transition, transition.context, () => parsed.before));
      learner.learn(transition, parsed);
      steps += 1;
    }
    seconds += (performance.now() - start) / 1000;
    setImmediate(slice);
  };
  parentPort.on("message", (word) => {
    working = word === "work";
    if (working) setImmediate(slice);
    parentPort.postMessage({ steps, seconds });
  });
  parentPort.postMessage("ready");
}
