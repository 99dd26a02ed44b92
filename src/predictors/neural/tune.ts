/**
 * One round of learning on: a few batches at a fraction of the rate of training, half of each new steps, half replayed ones, from the version
 * in force. The new weights are judged as they would be published, at 16 bits: they are given back only where fresh steps are predicted better
 * (loss) and held-out steps not worse (exact match). Words that training never saw get a place of their own first.
 */

import type { Tensors } from "../tensor/tensors.ts";
import type { DropReason, RoundFigures, RoundOrder, RoundReport, TunedVersion } from "../tuning.ts";
import { adamFor } from "./adam.ts";
import { decodeModel, encodeModel, type LearntEnvironment, type LoadedModel } from "./file.ts";
import { grown, newWords } from "./grow.ts";
import { type Judgement, judgeLessons } from "./judge.ts";
import { canBeWritten, type Example, exampleOf, forgetter, type Lesson, sizeOfExample } from "./lesson.ts";
import { recalibrate } from "./recalibrate.ts";
import { arraysOf, lossOf, trainStep } from "./step.ts";
import { lessonsOf } from "./traced.ts";
import { copyOf, seedOf, trainingDefaults } from "./trainer.ts";

export interface TuneDeps {
  readonly tensors: Pick<Tensors, "tf" | "read">;
  /** Monotonic seconds. */
  seconds(): number;
  /** Between two batches: others have their turn. */
  pause(): Promise<void>;
  stopped(): boolean;
}

export interface RoundSettings {
  readonly rate: number;
  readonly secondsMax: number;
}

/** Of a batch; the other half is replayed. */
const freshPerBatch = trainingDefaults.batchSize / 2;
/** Passes over the fresh steps. */
const passes = 3;
const warmup = 8;
/** Steps that are judged by answering them, and by their loss. */
const judgedMax = 64;

/** `base`: what `order.base` names; the configured weights where it could not be had. */
export async function tuneRound(
  order: RoundOrder,
  origin: LoadedModel,
  base: LoadedModel,
  settings: RoundSettings,
  deps: TuneDeps,
): Promise<RoundReport> {
  const learnt = await learnRound(order, origin, base, settings, deps);
  if (learnt === null) return { form: "dropped", reason: "nothing", figures: null };
  const { figures, model } = learnt;
  const reason = whyDropped(figures);
  return reason === null ? { form: "tuned", model, figures } : { form: "dropped", reason, figures };
}

/** The new weights and what they are judged by, whatever that is. Null: no fresh step can be learnt. */
export async function learnRound(
  order: RoundOrder,
  origin: LoadedModel,
  base: LoadedModel,
  settings: RoundSettings,
  deps: TuneDeps,
): Promise<{ readonly figures: RoundFigures; readonly model: TunedVersion } | null> {
  const { config } = base;
  const { tensors } = deps;
  const started = deps.seconds();
  const lessons = (picked: RoundOrder["fresh"]) => lessonsOf(order.traces, picked, config.historySteps);
  const fresh = lessons(order.fresh);
  const replay = lessons(order.replay);
  const heldOut = lessons(order.heldOut);
  const wider = grown(base, newWords([...fresh, ...replay], base));
  const learnable = examplesOf(fresh, wider);
  if (learnable.length === 0) return null;

  const judge = ({ weights, vocabulary, specs }: LoadedModel, some: readonly Lesson[]) =>
    judgeLessons(weights, config, vocabulary, specs, some, tensors);
  const looked = evenly(learnable, judgedMax);
  const untried = fresh.slice(Math.max(0, fresh.length - Math.min(order.untried, judgedMax)));
  const tried = await judge(base, untried);
  const [heldBefore, lossBefore] = [await judge(base, heldOut), await meanLoss(looked, wider, tensors)];
  const weights = copyOf(wider.weights);
  const batches = await learn(weights, wider, fresh, replay, order.seed, settings, deps);
  const learning = { ...wider, weights, ...about(order, origin, base, learnable.length, batches) };
  const tuned = decodeModel("the new weights", encodeModel(learning, "float16"));
  const [heldAfter, lossAfter] = [await judge(tuned, heldOut), await meanLoss(looked, tuned, tensors)];
  const figures: RoundFigures = {
    steps: learnable.length,
    batches,
    seconds: deps.seconds() - started,
    lossBefore,
    lossAfter,
    heldOut: heldOut.length,
    exactBefore: Math.round(heldBefore.exact * heldOut.length),
    exactAfter: Math.round(heldAfter.exact * heldOut.length),
    hits: Math.round(tried.exact * untried.length),
    tries: untried.length,
  };
  const bytes = encodeModel(recalibrated(tuned, origin, base, heldAfter.scored), "float16");
  return { figures, model: tunedVersion(decodeModel("the new weights", bytes), bytes) };
}

/** With the confidence that held-out answers speak for; the weights stay as they are, they have 16 bits already. */
function recalibrated(
  tuned: LoadedModel,
  origin: LoadedModel,
  base: LoadedModel,
  scored: Judgement["scored"],
): LoadedModel {
  const { training } = tuned;
  const { calibration, judged } = recalibrate(origin.calibration, base.training.tuned?.judged, scored);
  if (training.tuned === undefined) return tuned;
  return { ...tuned, calibration, training: { ...training, tuned: { ...training.tuned, judged } } };
}

/** Null: the new weights are to be published. Not a number is no loss that has fallen. */
export function whyDropped(
  figures: Pick<RoundFigures, "lossBefore" | "lossAfter" | "exactBefore" | "exactAfter">,
): DropReason | null {
  if (!(figures.lossAfter < figures.lossBefore)) return "loss";
  return figures.exactAfter < figures.exactBefore ? "held-out" : null;
}

export function tunedVersion({ version, specs }: LoadedModel, bytes: Uint8Array): TunedVersion {
  const parameters = specs.reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0);
  return { version, bytes, parameters };
}

/** Changes the weights in place; returns how many batches there was time for. */
async function learn(
  weights: Map<string, Float32Array>,
  base: LoadedModel,
  fresh: readonly Lesson[],
  replay: readonly Lesson[],
  seed: number,
  { rate, secondsMax }: RoundSettings,
  { tensors: { tf, read }, seconds, pause, stopped }: TuneDeps,
): Promise<number> {
  const { config, vocabulary, specs } = base;
  const adam = adamFor(weights);
  const trained = { tf, config, specs, vocabularySize: vocabulary.size, weights, read };
  const until = seconds() + secondsMax;
  let batches = 0;
  for (let pass = 0; pass < passes; pass++) {
    const learnt = chunksOf(examplesOf(fresh, base, seedOf(seed, 2 * pass)), freshPerBatch);
    const again = chunksOf(examplesOf(replay, base, seedOf(seed, 2 * pass + 1)), freshPerBatch);
    for (const [at, chunk] of learnt.entries()) {
      if (stopped() || seconds() >= until) return batches;
      // The longest with the longest: little is padding.
      const from = again.length === 0 ? 0 : Math.floor((at * again.length) / learnt.length);
      const batch = [...chunk, ...(again[from] ?? [])];
      await trainStep(trained, adam, ...arraysOf(batch, trained), rate * Math.min(1, (batches + 1) / warmup), {
        share: trainingDefaults.dropped,
        seed: seedOf(seed, batches),
      });
      batches += 1;
      await pause();
    }
  }
  return batches;
}

/** `forgetting`: a share of the words is read as unknown, as in training. */
function examplesOf(
  lessons: readonly Lesson[],
  { config, vocabulary }: LoadedModel,
  forgetting: number | null = null,
): readonly Example[] {
  return lessons.flatMap((lesson, at) => {
    const forget = forgetting === null ? undefined : forgetter(seedOf(forgetting, at), trainingDefaults.forgotten);
    const example = exampleOf(lesson, config, vocabulary, forget);
    return example !== null && canBeWritten(example, config.outputMax) ? [example] : [];
  });
}

function chunksOf(examples: readonly Example[], size: number): readonly (readonly Example[])[] {
  const sorted = [...examples].sort((a, b) => sizeOfExample(a) - sizeOfExample(b));
  return Array.from({ length: Math.ceil(sorted.length / size) }, (_, at) => sorted.slice(at * size, (at + 1) * size));
}

/** By the example: batches of other sizes give the same. */
async function meanLoss(
  examples: readonly Example[],
  { config, vocabulary, specs, weights }: LoadedModel,
  { tf, read }: Pick<Tensors, "tf" | "read">,
): Promise<number> {
  let sum = 0;
  const judged = { tf, config, specs, vocabularySize: vocabulary.size, weights, read };
  for (const chunk of chunksOf(examples, trainingDefaults.batchSize)) {
    sum += chunk.length * (await lossOf(judged, ...arraysOf(chunk, judged)));
  }
  return sum / examples.length;
}

/** So many, spread over all. */
function evenly<Item>(items: readonly Item[], max: number): readonly Item[] {
  const stride = Math.max(1, items.length / max);
  return items.filter((_, at) => Math.floor(at / stride) !== Math.floor((at - 1) / stride));
}

/** What the weights are said to have learnt. */
function about(
  { environment: name, kind, traces, fresh }: RoundOrder,
  origin: LoadedModel,
  { environments, training }: LoadedModel,
  steps: number,
  batches: number,
): Pick<LoadedModel, "environments" | "training"> {
  const isIt = (one: LearntEnvironment) => one.name === name && one.kind === kind;
  const known = environments.find(isIt) ?? { name, kind, steps: 0, episodes: 0 };
  const episodes = new Set(fresh.flatMap(([at, step]) => (step === 0 ? [traces[at]?.episode] : []))).size;
  const before = training.tuned ?? { rounds: 0, steps: 0 };
  return {
    environments: [
      ...environments.filter((one) => !isIt(one)),
      { ...known, steps: known.steps + steps, episodes: known.episodes + episodes },
    ],
    training: {
      ...training,
      batches: training.batches + batches,
      tuned: { origin: origin.version, rounds: before.rounds + 1, steps: before.steps + steps },
    },
  };
}
