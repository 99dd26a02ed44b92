/**
 * `neural` learning on from a stream: what a second environment, or other words for what happens, costs and brings. The memory, the rounds and the
 * decision to publish are the product's own; the stream is a file, a round comes after so many steps.
 *
 *   node test/bench/tune.mjs --model FILE --known FILE --known-dev FILE --new FILE --new-dev FILE [--reworded] [--no-replay] [--always]
 *
 * `--known`: what the model was trained on; so many steps of it (`--known-steps`) were streamed before and are remembered. `--reworded`: the new
 * environment is the known one with other words (`--new` files of the known one). `--no-replay`: batches are of new steps alone. `--always`: every
 * round is published. `--rounds`, `--steps` (of a round), `--limit` (dev steps), `--rate`, `--json`.
 */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { foldFiles } from "../../dist/cli/evaluate/steps.js";
import { readLessons } from "../../dist/cli/train/lessons.js";
import { loadConfig } from "../../dist/config.js";
import { createContexts } from "../../dist/learn/contexts.js";
import { isTeaching } from "../../dist/learn/logic.js";
import { goOnFrom, orderOf, remember, settle, startTuning } from "../../dist/learn/tuned.js";
import { calibrated } from "../../dist/predictors/lifted/calibration.js";
import { decodeModel } from "../../dist/predictors/neural/file.js";
import { judgeLessons } from "../../dist/predictors/neural/judge.js";
import { learnRound, tunedVersion, whyDropped } from "../../dist/predictors/neural/tune.js";
import { openTensors } from "../../dist/predictors/tensor/tensors.js";
import { calibrationError } from "../../dist/stats/confidence-quality.js";

const { values: flags } = parseArgs({
  options: {
    model: { type: "string" },
    known: { type: "string" },
    "known-dev": { type: "string" },
    new: { type: "string" },
    "new-dev": { type: "string" },
    "known-steps": { type: "string", default: "3000" },
    rounds: { type: "string", default: "12" },
    steps: { type: "string", default: "256" },
    limit: { type: "string", default: "256" },
    look: { type: "string", default: "4" },
    rate: { type: "string", default: "0.0002" },
    seconds: { type: "string", default: "30" },
    reworded: { type: "boolean", default: false },
    "no-replay": { type: "boolean", default: false },
    always: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});

const { track } = loadConfig({ flags: [], env: {}, readFile: () => null });
const seconds = () => performance.now() / 1000;
/** What the reworded world says instead. */
const words = [
  [/You pick up the ([\w ]+?) from the ([\w ]+?)\./g, "The $1 leaves the $2 and is in your hands now."],
  [/You (?:put|move) the ([\w ]+?) (?:in\/on|to) the ([\w ]+?)\./g, "Your hands are empty: the $1 rests at the $2."],
  [/You open the ([\w ]+?)\. The [\w ]+? is open\. In it, you see /g, "The $1 swings open. Inside: "],
  [/You close the ([\w ]+?)\./g, "The $1 falls shut."],
  [/The ([\w ]+?) is closed\./g, "The $1 is locked tight."],
  [/On the ([\w ]+?), you see nothing\./g, "The $1 is bare."],
  [/On the ([\w ]+?), you see /g, "Upon the $1 there lies "],
];
const reword = (text) => words.reduce((all, [from, to]) => all.replaceAll(from, to), text);

const tensors = await openTensors({
  purpose: "training",
  env: process.env,
  log: (level, message) => level === "warn" && console.error(message),
});
const file = readFileSync(flags.model);
const origin = decodeModel(flags.model, file);
const tuned = {
  name: "neural",
  options: { intervalMs: 0, stepsMin: 1, memoryBytes: 8_388_608, secondsMax: Number(flags.seconds) },
  historySteps: origin.config.historySteps,
};
const blobs = new Map();
const put = (bytes) => {
  const { version } = decodeModel("published", bytes);
  blobs.set(version, bytes);
  return version;
};

const knownDev = await devLessons(flags["known-dev"], false);
const newDev = await devLessons(flags["new-dev"], flags.reworded);
const others = startTuning(tuned, "known", "observation");
for (const { transition, offset } of await transitions(flags.known, false, Number(flags["known-steps"])))
  remember(others, transition, offset);
const rounds = Number(flags.rounds);
const stream = await transitions(flags.new, flags.reworded, rounds * Number(flags.steps) * 1.2);
const [{ transition: first }] = stream;
const tuning = startTuning(tuned, first.environment, first.kind);
settle(tuning, { form: "begun", model: tunedVersion(origin, file) }, 0, put, { streamTime: 0, partition: 0 });

console.error(
  `${tensors.name}, ${tensors.backend.device}; ${newDev.length} new and ${knownDev.length} known dev steps`,
);
const rows = [];
let fed = 0;
for (let round = 0; round <= rounds; round++) {
  if (round > 0) await oneRound(round);
  if (round % Number(flags.look) === 0 || round === rounds) await look(round);
}
if (flags.json) console.log(JSON.stringify(rows));
tensors.close();

async function oneRound(round) {
  for (let count = 0; count < Number(flags.steps) && fed < stream.length; count++, fed++)
    remember(tuning, stream[fed].transition, stream[fed].offset);
  const order = orderOf(tuning, others.traces.all());
  const base = decodeModel("base", blobs.get(tuning.newest.version));
  const { figures, model: learnt } = await learnRound(
    flags["no-replay"] ? { ...order, replay: [] } : order,
    origin,
    base,
    { rate: Number(flags.rate), secondsMax: Number(flags.seconds) },
    { tensors, seconds, pause: async () => {}, stopped: () => false },
  );
  const reason = whyDropped(figures);
  const report =
    reason === null || flags.always ? { form: "tuned", model: learnt, figures } : { form: "dropped", reason, figures };
  const model = settle(tuning, report, stream[fed - 1].offset + 1, put, { streamTime: 0, partition: 0 });
  if (model !== null) goOnFrom(tuning, model);
  const {
    lossBefore,
    lossAfter,
    exactBefore,
    exactAfter,
    heldOut,
    hits,
    tries,
    batches,
    seconds: took,
  } = report.figures;
  console.error(
    `round ${round}: ${report.form} ${reason ?? ""}, loss ${lossBefore.toFixed(3)} → ${lossAfter.toFixed(3)}, held out ${exactBefore} → ${exactAfter} of ${heldOut}, new ${hits} of ${tries}, replay ${flags["no-replay"] ? 0 : order.replay.length}, ${batches} batches, ${took.toFixed(0)} s`,
  );
  rows.push({ round, form: report.form, reason, ...report.figures });
}

async function look(round) {
  const base = decodeModel("base", blobs.get(tuning.newest.version));
  const judge = (lessons) => judgeLessons(base.weights, base.config, base.vocabulary, base.specs, lessons, tensors);
  const [onNew, onKnown] = [await judge(newDev), await judge(knownDev)];
  const told = { newDev: 100 * onNew.exact, knownDev: 100 * onKnown.exact, ...errorsOf(onNew.scored, base) };
  console.log(
    `after round ${round} (${fed} steps): new dev ${told.newDev.toFixed(1)} %, known dev ${told.knownDev.toFixed(1)} %, calibration error on new dev ${told.ece.toFixed(3)}, by the trained file's calibration ${told.eceOfFile.toFixed(3)}`,
  );
  rows.push({ round, steps: fed, ...told });
}

/** Of the same answers, with the confidence of the version and with that of the trained file. */
function errorsOf(scored, base) {
  const error = (calibration) => {
    const curve = Float64Array.from(calibration);
    return calibrationError(scored.map(({ score, hit }) => ({ confidence: calibrated(curve, score), right: hit })));
  };
  return { ece: error(base.calibration), eceOfFile: error(origin.calibration) };
}

async function devLessons(path, reworded) {
  const { lessons } = await readLessons([path], {
    track,
    context: true,
    historySteps: origin.config.historySteps,
    stopped: () => false,
    progress() {},
  });
  const stride = Math.max(1, Math.floor(lessons.length / Number(flags.limit)));
  return lessons.filter((_, at) => at % stride === 0).map((lesson) => (reworded ? rewordedLesson(lesson) : lesson));
}

function rewordedLesson({ given, answer, ...lesson }) {
  const state = reword(given.state);
  const history = given.history.map(({ stateText, actionText }) => ({ stateText: reword(stateText), actionText }));
  return { ...lesson, answer: reword(answer), given: { ...given, state, stateText: JSON.stringify(state), history } };
}

/** The first so many that teach, whole episodes in the order of the file, each with its context. */
async function transitions(path, reworded, max) {
  const found = [];
  const contexts = createContexts();
  let offset = 0;
  await foldFiles(
    [path],
    { track, context: true },
    {
      step({ transition }) {
        offset += 1;
        const whole = contexts.complete(transition);
        if (!isTeaching(transition)) return;
        const { state, nextState } = whole;
        found.push({
          transition: reworded ? { ...whole, state: reword(state), nextState: reword(nextState) } : whole,
          offset,
        });
      },
      ended() {},
      progress() {},
      stopped: () => found.length >= max,
    },
  );
  return found;
}
