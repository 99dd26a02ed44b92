/** `driftline train`: a `neural` model from recorded episodes. */
import { existsSync, readFileSync } from "node:fs";
import { decodeCheckpoint, encodeCheckpoint, trainingHash } from "../../predictors/neural/checkpoint.ts";
import { type NeuralConfig, type ProfileName, profiles } from "../../predictors/neural/config.ts";
import { encodeModel } from "../../predictors/neural/file.ts";
import { contextHider } from "../../predictors/neural/hidden-context.ts";
import { judgeLessons } from "../../predictors/neural/judge.ts";
import { type Lesson, outputLimit, vocabularyWords } from "../../predictors/neural/lesson.ts";
import { parameterSpecs } from "../../predictors/neural/parameters.ts";
import {
  startTraining,
  type TrainingOptions,
  type TrainingState,
  train,
  trainingDefaults,
} from "../../predictors/neural/trainer.ts";
import { vocabularyOf } from "../../predictors/neural/vocabulary.ts";
import { isBackendName } from "../../predictors/tensor/backend.ts";
import { openTensors, type Tensors } from "../../predictors/tensor/tensors.ts";
import { type FlagSpec, flagHelp, type Taken, takeFlags, UsageError } from "../arguments.ts";
import { configOf } from "../data.ts";
import type { Command, Host } from "../host.ts";
import { createProgress, duration } from "../progress.ts";
import { environmentsOf, hashOf, readLessons, sampleOf, splitOf, thinned } from "./lessons.ts";
import { writeWhole } from "./write.ts";

const flags: FlagSpec = {
  data: { kind: "list", help: "files to learn from (jsonl, also gzip)", placeholder: "FILE" },
  dev: { kind: "list", help: "files to stop by, instead of a part of the training episodes", placeholder: "FILE" },
  out: { kind: "string", help: "the model file to write; FILE.checkpoint beside it", placeholder: "FILE" },
  profile: { kind: "string", help: `${Object.keys(profiles).join(", ")} (default cpu)`, placeholder: "NAME" },
  minutes: { kind: "number", help: "time to train (default 30, with --epochs no limit)", placeholder: "N" },
  epochs: { kind: "number", help: "passes over the data (default: until the time is over)", placeholder: "N" },
  steps: { kind: "number", help: "learn from so many steps, whole episodes chosen by the seed", placeholder: "N" },
  seed: {
    kind: "number",
    help: "the same seed gives the same weights on the same backend (default 1)",
    placeholder: "N",
  },
  resume: { kind: "boolean", help: "go on from FILE.checkpoint" },
  "hide-context": {
    kind: "number",
    help: `share of the episodes whose context is hidden, so that the model serves without it too (default ${trainingDefaults.contextHidden})`,
    placeholder: "SHARE",
  },
  "no-context": { kind: "boolean", help: "train without the context; the model then never looks at it" },
  source: { kind: "number", help: "tokens of a situation that are read (default by profile)", placeholder: "N" },
  output: {
    kind: "number",
    help: "tokens of an answer (default: from the data, at most three times the profile's)",
    placeholder: "N",
  },
  history: { kind: "number", help: "earlier steps that are looked at (default 32)", placeholder: "N" },
  half: { kind: "boolean", help: "write 16-bit weights: half the size" },
  backend: {
    kind: "string",
    help: "tensorflow-gpu, tensorflow, wasm or cpu (default: the best there is)",
    placeholder: "NAME",
  },
};

/** Of the training steps; looks at more take time from training. */
const heldShare = 0.05;
const heldMax = 1_200;
const lookMax = 256;
const wordsMax = 2_000;
const wordCountMin = 4;
const checkpointSeconds = 60;
const lineSeconds = 10;

export const trainCommand: Command = {
  usage: [
    "driftline train --data FILE… --out FILE [--profile cpu|gpu] [--minutes N] [--seed N] [--resume]",
    "",
    ...flagHelp(flags),
    "",
    "A part of the training episodes (whole tasks) is held out: the weights that predict most of its steps exactly are written, and",
    "confidence is calibrated on it, its context hidden as in training. Ctrl-C writes a checkpoint; --resume goes on from there. What",
    "it trains on is printed and in the file.",
  ],
  async run(args, host) {
    const taken = takeFlags(args, flags);
    const request = requestOf(taken);
    const track = configOf(takeFlags(taken.rest, {}), host).track;
    const read = async (files: readonly string[], what: string) => {
      const progress = createProgress(host, what, "events");
      const { lessons, summary } = await readLessons(files, {
        track,
        context: request.config.context,
        historySteps: request.config.historySteps,
        stopped: () => host.stop.aborted,
        progress: (done, total, events) => progress.at(done, total, events),
      });
      progress.end();
      if (lessons.length === 0 && !host.stop.aborted)
        throw new UsageError(`there is no step to learn from in ${files.join(", ")} (${summary.events} events)`);
      return lessons;
    };
    const all = sampleOf(await read(request.data, "reading"), request.steps, request.seed);
    const dev = request.dev.length === 0 ? null : await read(request.dev, "reading dev");
    if (host.stop.aborted) return 1;
    const split = dev === null ? splitOf(all, heldShare, heldMax, request.seed) : { learnt: all, held: dev };
    const { learnt } = split;
    const options = trainingOptions(request, learnt);
    // The weights that serve both are kept, and their confidence is that of both.
    const held = split.held.map(contextHider(request.seed, "held", request.hideContext));
    const tensors = await openTensors({
      purpose: "training",
      ...(request.backend === null ? {} : { backend: request.backend }),
      env: host.env,
      log: (level, message) => level === "warn" && host.err(`driftline train: ${message}`),
    });
    for (const { backend, taken: isTaken, why, how } of tensors.attempts)
      if (!isTaken && backend === "tensorflow")
        host.err(`driftline train: without TensorFlow it takes three times as long: ${why}${how && ` (${how})`}`);
    try {
      return await runTraining({ request, options, learnt, held: thinned(held, heldMax), tensors, host });
    } finally {
      tensors.close();
    }
  },
};

interface Request {
  readonly data: readonly string[];
  readonly dev: readonly string[];
  readonly out: string;
  readonly profile: ProfileName;
  readonly config: NeuralConfig;
  readonly output: number | null;
  readonly hideContext: number;
  readonly minutes: number;
  readonly epochs: number;
  readonly steps: number;
  readonly seed: number;
  readonly resume: boolean;
  readonly half: boolean;
  readonly backend: Tensors["name"] | null;
}

function requestOf(taken: Taken): Request {
  const data = [...taken.list("data"), ...taken.positionals];
  const dev = taken.list("dev");
  const out = taken.string("out");
  const name = taken.string("profile") ?? "cpu";
  const profile = (Object.keys(profiles) as ProfileName[]).find((one) => one === name);
  const backend = taken.string("backend");
  if (data.length === 0) throw new UsageError("name what to learn from: --data FILE…");
  if (out === null) throw new UsageError("name the model file: --out FILE");
  if (profile === undefined) throw new UsageError(`--profile is one of ${Object.keys(profiles).join(", ")}`);
  if (backend !== null && !isBackendName(backend)) throw new UsageError(`there is no backend ${backend}`);
  for (const file of [...data, ...dev]) if (!existsSync(file)) throw new UsageError(`there is no file ${file}`);
  if (taken.boolean("resume") && !existsSync(checkpointOf(out)))
    throw new UsageError(`there is no ${checkpointOf(out)} to go on from: leave --resume out`);
  const whole = (flag: string, least: number, otherwise: number) => {
    const value = taken.number(flag) ?? otherwise;
    if (value < least || (Number.isFinite(value) && flag !== "minutes" && !Number.isInteger(value)))
      throw new UsageError(`--${flag} needs a number of at least ${least}`);
    return value;
  };
  const base = profiles[profile];
  const hideContext = taken.number("hide-context") ?? trainingDefaults.contextHidden;
  if (hideContext < 0 || hideContext >= 1)
    throw new UsageError("--hide-context needs a share from 0 to below 1; --no-context hides all of it");
  const epochs = whole("epochs", 1, Number.POSITIVE_INFINITY);
  return {
    data,
    dev,
    out,
    profile,
    config: {
      ...base,
      sourceMax: whole("source", 32, base.sourceMax),
      historySteps: whole("history", 0, base.historySteps),
      context: !taken.boolean("no-context"),
    },
    output: taken.number("output") === null ? null : whole("output", 2, 0),
    hideContext,
    epochs,
    minutes: whole("minutes", 0.01, Number.isFinite(epochs) ? Number.POSITIVE_INFINITY : 30),
    steps: whole("steps", 1, Number.POSITIVE_INFINITY),
    seed: whole("seed", 0, 1),
    resume: taken.boolean("resume"),
    half: taken.boolean("half"),
    backend,
  };
}

function trainingOptions(request: Request, lessons: readonly Lesson[]): TrainingOptions {
  const words = vocabularyWords(lessons, wordCountMin, wordsMax);
  const { config, output, seed, epochs, minutes, hideContext: contextHidden } = request;
  const outputMax = output ?? outputLimit(lessons, config, vocabularyOf(words), 3 * config.outputMax);
  return { ...trainingDefaults, config: { ...config, outputMax }, words, seed, epochs, minutes, contextHidden };
}

interface Run {
  readonly request: Request;
  readonly options: TrainingOptions;
  readonly learnt: readonly Lesson[];
  readonly held: readonly Lesson[];
  readonly tensors: Tensors;
  readonly host: Host;
}

async function runTraining({ request, options, learnt, held, tensors, host }: Run): Promise<number> {
  const { config, words } = options;
  const vocabulary = vocabularyOf(words);
  const hash = trainingHash(options, hashOf(learnt));
  const file = checkpointOf(request.out);
  const state = request.resume ? decodeCheckpoint(file, readFileSync(file), options, hash) : startTraining(options);
  const environments = environmentsOf(learnt);
  for (const { name, steps, episodes } of environments)
    host.err(`driftline train: ${name}: ${steps} steps of ${episodes} episodes; ${held.length} steps held out`);
  host.err(
    `driftline train: ${words.length} words, source ${config.sourceMax}, output ${config.outputMax} tokens; ${tensors.name}, ${tensors.backend.device}`,
  );
  let savedAt = host.seconds();
  let saidAt = Number.NEGATIVE_INFINITY;
  await train(state, options, learnt, thinned(held, lookMax), {
    tensors,
    seconds: () => host.seconds(),
    stopped: () => host.stop.aborted,
    async told(_, share) {
      // Native tensors never leave the microtask queue: here Ctrl-C is heard.
      await new Promise((resolve) => setImmediate(resolve));
      const now = host.seconds();
      if (now - saidAt >= (host.errIsTerminal ? 1 : lineSeconds)) {
        saidAt = now;
        const line = lineOf(state, share);
        if (host.errIsTerminal) host.status(line);
        else host.err(line);
      }
      if (now - savedAt < checkpointSeconds) return;
      await writeWhole(file, encodeCheckpoint(state, hash));
      savedAt = host.seconds();
    },
  });
  await writeWhole(file, encodeCheckpoint(state, hash));
  if (!state.progress.done) {
    host.err(`driftline train: stopped; ${file} holds the training: --resume goes on`);
    return 1;
  }
  const specs = parameterSpecs(config, vocabulary.size);
  const { exact, n, calibration } = await judgeLessons(state.best, config, vocabulary, specs, held, tensors);
  const { batches, seconds } = state.progress;
  const training = {
    seed: options.seed,
    profile: request.profile,
    backend: tensors.name,
    batches,
    contextHidden: options.contextHidden,
    heldOut: { exact, n },
  };
  const model = { config, words, environments, training, calibration, weights: state.best };
  const bytes = encodeModel(model, request.half ? "float16" : "float32");
  await writeWhole(request.out, bytes);
  host.out(
    `${request.out}: ${(bytes.length / 1e6).toFixed(2)} MB, held-out exact ${(100 * exact).toFixed(1)} % of ${n}, ${batches} batches in ${duration(seconds)}`,
  );
  return 0;
}

function lineOf({ progress }: TrainingState, share: number): string {
  const { epoch, batches, loss, looks, seconds, best } = progress;
  const last = looks.at(-1);
  const exact =
    last === undefined
      ? ""
      : `, held-out exact ${(100 * last.exact).toFixed(1)} % (best ${(100 * best.exact).toFixed(1)} %)`;
  const left = share > 0.005 ? `, about ${duration((seconds * (1 - share)) / share)} left` : "";
  return `training ${(100 * share).toFixed(0)} %: epoch ${epoch + 1}, batch ${batches}, loss ${loss.toFixed(3)}${exact}${left}`;
}

function checkpointOf(out: string): string {
  return `${out}.checkpoint`;
}
