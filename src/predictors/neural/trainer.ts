/**
 * Training: windows of batches, Adam with warm-up and a linear fall in the second half, exact match on held-out steps now and then, the best
 * weights kept. What it does follows from its options and lessons alone (with `minutes` also from how fast the machine is); `progress` holds
 * all that a checkpoint needs to go on exactly.
 */
import type { Tensors } from "../tensor/tensors.ts";
import { type AdamState, adamFor } from "./adam.ts";
import type { NeuralConfig } from "./config.ts";
import { contextHider } from "./hidden-context.ts";
import { type Judgement, judgeLessons } from "./judge.ts";
import { canBeWritten, type Example, exampleOf, forgetter, type Lesson, sizeOfExample } from "./lesson.ts";
import { batchesOf, orderOf, windowBatches } from "./order.ts";
import { parameterSpecs, startWeights } from "./parameters.ts";
import { arraysOf, trainStep } from "./step.ts";
import { vocabularyOf } from "./vocabulary.ts";

export interface TrainingOptions {
  readonly config: NeuralConfig;
  readonly words: readonly string[];
  readonly seed: number;
  /** Infinity: no limit; then `minutes` has one. */
  readonly epochs: number;
  readonly minutes: number;
  readonly batchSize: number;
  /** Peak of the learning rate. */
  readonly rate: number;
  readonly warmup: number;
  /** Share of features dropped, and of known words read as unknown. */
  readonly dropped: number;
  readonly forgotten: number;
  /** Share of the episodes whose context is hidden. */
  readonly contextHidden: number;
  /** Batches between two looks at the held-out steps, and looks without a better one after which it ends. */
  readonly lookEvery: number;
  readonly patience: number;
}

export const trainingDefaults = {
  batchSize: 32,
  rate: 2e-3,
  warmup: 100,
  dropped: 0.1,
  forgotten: 0.08,
  contextHidden: 0.3,
  lookEvery: 250,
  patience: 6,
};

/** All that changes while it runs, but for weights and Adam's means. */
export interface Progress {
  epoch: number;
  /** Batches done of the epoch. */
  batch: number;
  batches: number;
  seconds: number;
  /** Exponential mean over about 30 batches. */
  loss: number;
  looks: { readonly batches: number; readonly seconds: number; readonly loss: number; readonly exact: number }[];
  best: { readonly exact: number; readonly batches: number };
  done: boolean;
}

export interface TrainingState {
  readonly progress: Progress;
  readonly weights: Map<string, Float32Array>;
  readonly best: Map<string, Float32Array>;
  readonly adam: AdamState;
}

export interface TrainingDeps {
  readonly tensors: Pick<Tensors, "tf" | "read">;
  /** Monotonic seconds. */
  seconds(): number;
  stopped(): boolean;
  /** After each batch; awaited, so that a checkpoint is written between two of them. */
  told(state: TrainingState, share: number): Promise<void>;
}

export function startTraining({ config, words, seed }: TrainingOptions): TrainingState {
  const weights = startWeights(parameterSpecs(config, vocabularyOf(words).size), seed);
  const progress: Progress = {
    epoch: 0,
    batch: 0,
    batches: 0,
    seconds: 0,
    loss: 0,
    looks: [],
    best: { exact: -1, batches: 0 },
    done: false,
  };
  return { progress, weights, best: copyOf(weights), adam: adamFor(weights) };
}

/** Goes on until it is done or stopped. Without held-out lessons the last weights are the best. */
export async function train(
  state: TrainingState,
  options: TrainingOptions,
  lessons: readonly Lesson[],
  held: readonly Lesson[],
  deps: TrainingDeps,
): Promise<void> {
  const { config, batchSize, seed } = options;
  const vocabulary = vocabularyOf(options.words);
  const specs = parameterSpecs(config, vocabulary.size);
  const { progress, weights, adam } = state;
  const { tf, read } = deps.tensors;
  const trained = { tf, config, specs, vocabularySize: vocabulary.size, weights, read };
  const perEpoch = Math.ceil(lessons.length / batchSize);
  const share = () =>
    Math.min(1, Math.max(progress.batches / (perEpoch * options.epochs), progress.seconds / (60 * options.minutes)));

  /** Too many looks without a better one. */
  const isStale = () => progress.looks.filter((one) => one.batches > progress.best.batches).length >= options.patience;
  // A training that was given all its time goes on where there is more.
  if (progress.done && share() < 1 && !isStale()) progress.done = false;

  async function learn(batch: readonly Example[]): Promise<void> {
    const started = deps.seconds();
    const rate = options.rate * Math.min(1, (progress.batches + 1) / options.warmup) * fallOf(share());
    const loss = await trainStep(
      trained,
      adam,
      ...arraysOf(batch, trained),
      rate,
      options.dropped > 0 ? { share: options.dropped, seed: seedOf(seed, progress.batches) } : null,
    );
    progress.batches += 1;
    progress.batch += 1;
    progress.loss =
      progress.batches === 1 ? loss : progress.loss + (loss - progress.loss) / Math.min(30, progress.batches);
    progress.seconds += deps.seconds() - started;
  }

  async function look(): Promise<Judgement | null> {
    const started = deps.seconds();
    const judged =
      held.length === 0 ? null : await judgeLessons(weights, config, vocabulary, specs, held, deps.tensors);
    progress.seconds += deps.seconds() - started;
    const exact = judged?.exact ?? 0;
    progress.looks.push({ batches: progress.batches, seconds: progress.seconds, loss: progress.loss, exact });
    if (judged === null || exact > progress.best.exact) {
      progress.best = { exact, batches: progress.batches };
      for (const [name, values] of weights) state.best.set(name, values.slice());
    }
    if (isStale()) progress.done = true;
    return judged;
  }

  const window = batchSize * windowBatches;
  while (!progress.done && !deps.stopped()) {
    const order = orderOf(lessons.length, seed, progress.epoch);
    const first = Math.floor(progress.batch / windowBatches);
    const shown = contextHider(seed, progress.epoch, options.contextHidden);
    for (let at = first; at * window < order.length && !progress.done && !deps.stopped(); at++) {
      const started = deps.seconds();
      const examples: Example[] = [];
      for (const index of order.subarray(at * window, (at + 1) * window)) {
        const lesson = lessons[index];
        const forget = forgetter(seedOf(seed, progress.epoch * lessons.length + index), options.forgotten);
        const example = lesson === undefined ? null : exampleOf(shown(lesson), config, vocabulary, forget);
        if (example !== null && canBeWritten(example, config.outputMax)) examples.push(example);
      }
      progress.seconds += deps.seconds() - started;
      const batches = batchesOf(examples, batchSize, seedOf(seed, at), sizeOfExample);
      // A window with lessons that cannot be learnt has fewer batches: the count stays that of the windows.
      for (const batch of batches.slice(progress.batch - at * windowBatches)) {
        await learn(batch);
        if (progress.batches % options.lookEvery === 0) await look();
        if (share() >= 1) progress.done = true;
        await deps.told(state, share());
        if (progress.done || deps.stopped()) break;
      }
      if (progress.done || deps.stopped()) break;
      progress.batch = (at + 1) * windowBatches;
    }
    if (progress.done || deps.stopped()) break;
    progress.epoch += 1;
    progress.batch = 0;
    if (progress.batches === 0)
      throw new Error(
        "no step of the data can be learnt from: every situation or answer is too long, or no word of the answers is known",
      );
  }
  if (progress.done && progress.looks.at(-1)?.batches !== progress.batches) await look();
}

/** Constant, then linear to a twentieth. */
function fallOf(share: number): number {
  return share < 0.5 ? 1 : Math.max(0.05, 2 * (1 - share));
}

export function seedOf(seed: number, at: number): number {
  return (Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(at + 1, 0x85ebca6b)) | 0;
}

export function copyOf(weights: ReadonlyMap<string, Float32Array>): Map<string, Float32Array> {
  return new Map([...weights].map(([name, values]) => [name, values.slice()]));
}
