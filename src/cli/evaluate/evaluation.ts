/** Trains on files, then predicts files: frozen, going on learning, or prequentially. The scores are those of the live job. */
import type { ScoreEntry } from "../../codec/records.ts";
import { bestOfName } from "../../codec/reference-name.ts";
import { hash16 } from "../../json/hash.ts";
import { isTeaching } from "../../learn/logic.ts";
import {
  isFor,
  type Learner,
  type Predictor,
  type PredictorFactory,
  type Situation,
} from "../../predictors/predictor.ts";
import { createStates } from "../../predictors/states.ts";
import { environmentOf, shapeOverridesOf } from "../../track/environment.ts";
import type { TrackOptions } from "../../track/options.ts";
import { createBestOf } from "../../track/predict/best-of.ts";
import { baselineOf } from "../../track/predict/logic.ts";
import { predictionIn } from "../../track/predict/recorded.ts";
import { withThreshold } from "../../track/predict/threshold.ts";
import { scoreEntry } from "../../track/score/entries.ts";
import { isDynamic } from "../../track/score/logic.ts";
import { actionName } from "../../track/steps.ts";
import type { RemoteChoice } from "../remote-flags.ts";
import { createMeasured, type Measured, type Result } from "./measure.ts";
import { openLoop } from "./open-loop.ts";
import { openRemotes, type Remotes, type RemotesDeps } from "./remote.ts";
import { type FoldSummary, foldFiles, type Step } from "./steps.ts";

export interface EvaluationOptions {
  readonly train: readonly string[];
  readonly test: readonly string[];
  /** Empty: all that are known. */
  readonly predictors: readonly string[];
  readonly context: boolean;
  /** What was tested teaches too, after it was predicted. */
  readonly learnFromTest: boolean;
  readonly openLoopLengths: readonly number[];
  /** Remote predictors to open, by name. */
  readonly remote?: Readonly<Record<string, RemoteChoice>>;
  /** Tested steps at most, the first ones; null: all. */
  readonly limit?: number | null;
}

export interface EvaluationDeps {
  readonly factories: readonly PredictorFactory[];
  readonly track: TrackOptions;
  /** Needed where there are remote predictors. */
  readonly remote?: Pick<RemotesDeps, "factories" | "host">;
  readonly seconds: () => number;
  readonly stopped: () => boolean;
  readonly progress: (what: "training" | "testing", done: number, total: number, events: number) => void;
}

export interface Evaluation {
  readonly results: readonly Result[];
  /** Predictors whose predictions were recorded in the tested files. */
  readonly others: readonly string[];
  readonly trained: FoldSummary | null;
  readonly tested: FoldSummary;
  /** Steps that were predicted. */
  readonly steps: number;
  /** What remote predictors did, and why they failed or abstained, by name. */
  readonly work: ReturnType<Remotes["work"]>;
  readonly reasons: ReturnType<Remotes["reasons"]>;
}

export async function evaluate(options: EvaluationOptions, deps: EvaluationDeps): Promise<Evaluation> {
  const { remote = {}, learnFromTest } = options;
  const measured = createMeasures();
  if (deps.remote === undefined || Object.keys(remote).length === 0) return evaluateWith(null, measured, options, deps);
  const result: RemotesDeps["result"] = (entry, { situation }, about) =>
    measured.of(situation.environment, entry.predictor).add(entry, about);
  const remotes = await openRemotes(remote, { ...deps.remote, teaching: learnFromTest, result });
  try {
    return await evaluateWith(remotes, measured, options, deps);
  } finally {
    await remotes.close();
  }
}

async function evaluateWith(
  remotes: Remotes | null,
  measured: Measures,
  options: EvaluationOptions,
  deps: EvaluationDeps,
): Promise<Evaluation> {
  const isWanted = (name: string) => options.predictors.length === 0 || options.predictors.includes(name);
  const factories = deps.factories.filter((one) => isWanted(one.name));
  const others = new Set<string>();
  const learners = createLearners(factories, deps.track);
  const states = createStates();
  const seen = new Set<string>();
  const { limit = null } = options;
  const historySteps = remotes?.historySteps ?? 0;
  const foldOptions = { track: deps.track, context: options.context, historySteps };
  const bestOf = createBestOf();
  let predicted = 0;

  function teach(step: Step): void {
    seen.add(pairOf(step));
    if (!isTeaching(step.transition)) return;
    const parsed = step.transition.kind === "state" ? states.of(step.transition) : undefined;
    for (const { learner } of learners.of(step.situation)) learner.learn(step.transition, parsed);
  }

  function test(step: Step): void {
    const { environment, kind } = step.situation;
    const entries: ScoreEntry[] = predictorsOf(step.situation).map((predictor) =>
      predictOne(predictor, step, deps.seconds),
    );
    for (const event of step.others) {
      const entry = otherEntry(event, step);
      others.add(entry.predictor);
      if (isWanted(entry.predictor)) entries.push(entry);
    }
    // Frozen, nothing was seen by which to choose.
    const name = actionName(step.situation.action);
    const best = options.learnFromTest ? bestOf.entry(environment, name, entries, isTeaching(step.transition)) : null;
    if (best !== null && isWanted(bestOfName)) entries.push(best);
    const baseline = entries.find((entry) => entry.predictor === baselineOf(kind));
    const about = {
      dynamic: isDynamic(step.truth),
      unseen: !seen.has(pairOf(step)),
      step: step.situation.step,
      baselineExact: baseline === undefined ? null : baseline.exact === true,
    };
    for (const entry of entries) measured.of(environment, entry.predictor).add(entry, about);
    remotes?.add(step, about);
    if (options.learnFromTest) teach(step);
  }

  function predictorsOf(situation: Pick<Situation, "environment" | "kind">): readonly Predictor[] {
    const builtins = factories.flatMap((factory) => factory.builtin?.() ?? []);
    const confidenceMin = environmentOf(deps.track, situation.environment)?.confidenceMin ?? 0;
    const own = learners.of(situation).map(({ learner, name }) => {
      const predictor = named(learner.current(), name);
      return name === baselineOf(situation.kind) ? predictor : withThreshold(predictor, confidenceMin);
    });
    return [...builtins, ...own];
  }

  const open = new Map<string, Step[]>();
  const trained =
    options.train.length === 0
      ? null
      : await foldFiles(options.train, foldOptions, {
          step: teach,
          ended() {},
          progress: (done, total, events) => deps.progress("training", done, total, events),
          stopped: deps.stopped,
        });
  for (const { learner } of learners.all()) learner.settle?.();
  const isFull = () => limit !== null && predicted >= limit;
  const tested = await foldFiles(options.test, foldOptions, {
    step(step) {
      if (isFull()) return;
      predicted += 1;
      test(step);
      if (options.learnFromTest || options.openLoopLengths.length === 0) return;
      const steps = open.get(step.situation.episode) ?? [];
      steps.push(step);
      open.set(step.situation.episode, steps);
    },
    ended(episode) {
      const steps = open.get(episode) ?? [];
      open.delete(episode);
      const [first] = steps;
      if (first === undefined) return;
      for (const predictor of predictorsOf(first.situation)) {
        const its = measured.of(first.situation.environment, predictor.name);
        openLoop(predictor, steps, options.openLoopLengths, (length, exact) => its.addOpenLoop(length, exact));
      }
    },
    progress: (done, total, events) =>
      limit === null
        ? deps.progress("testing", done, total, events)
        : deps.progress("testing", predicted, limit, predicted),
    stopped: () => deps.stopped() || isFull(),
    settle: async () => remotes?.settle(),
  });
  await remotes?.finish();
  return {
    results: measured.results(),
    others: [...others],
    trained,
    tested,
    steps: predicted,
    work: remotes?.work() ?? {},
    reasons: remotes?.reasons() ?? new Map(),
  };
}

/** What is measured of each predictor in each environment. */
interface Measures {
  of(environment: string, predictor: string): Measured;
  results(): readonly Result[];
}

function createMeasures(): Measures {
  const measures = new Map<
    string,
    { readonly environment: string; readonly predictor: string; readonly its: Measured }
  >();
  return {
    of(environment, predictor) {
      const key = JSON.stringify([environment, predictor]);
      const known = measures.get(key) ?? { environment, predictor, its: createMeasured() };
      measures.set(key, known);
      return known.its;
    },
    results: () => [...measures.values()].map(({ environment, predictor, its }) => its.result(environment, predictor)),
  };
}

function createLearners(factories: readonly PredictorFactory[], track: TrackOptions) {
  const byEnvironment = new Map<string, readonly { readonly name: string; readonly learner: Learner }[]>();
  return {
    all: () => [...byEnvironment.values()].flat(),
    of({ environment, kind }: Pick<Situation, "environment" | "kind">) {
      const known =
        byEnvironment.get(environment) ??
        factories
          .filter((factory) => isFor(factory, kind))
          .flatMap((factory) => {
            const learner = factory.learner?.(environment, { shape: shapeOverridesOf(track, environment) });
            return learner === undefined ? [] : [{ name: factory.name, learner }];
          });
      byEnvironment.set(environment, known);
      return known;
    },
  };
}

function named(predictor: Predictor, name: string): Predictor {
  return {
    name,
    version: predictor.version,
    deterministic: predictor.deterministic,
    predict: (situation) => predictor.predict(situation),
  };
}

function predictOne(predictor: Predictor, { situation, truth }: Step, seconds: () => number): ScoreEntry {
  const start = seconds();
  const prediction = predictor.predict(situation);
  const { name, version } = predictor;
  return scoreEntry(truth, { predictor: name, version, prediction, ahead: true, seconds: seconds() - start }, 256);
}

function otherEntry(event: Step["others"][number], { truth }: Step): ScoreEntry {
  const { predictor, model } = event.interaction;
  const scored = { predictor: predictor ?? "", version: model ?? "unversioned", ahead: true, seconds: null };
  return scoreEntry(truth, { ...scored, prediction: predictionIn(event) }, 256);
}

/** What a model could have copied: the action with its next state. */
function pairOf({ transition }: Step): string {
  return hash16(`${transition.action}\n${transition.nextState}`);
}
