/** Trains on files, then predicts files: frozen, going on learning, or prequentially. The scores are those of the live job. */

import { bestOfVersion } from "../../codec/best-of-version.ts";
import type { ScoreEntry } from "../../codec/records.ts";
import { bestOfName } from "../../codec/reference-name.ts";
import { hash16 } from "../../json/hash.ts";
import { isTeaching } from "../../learn/logic.ts";
import type { Prediction, Predictor, PredictorFactory } from "../../predictors/predictor.ts";
import { createStates } from "../../predictors/states.ts";
import { actionFormOf } from "../../track/action-form.ts";
import type { TrackOptions } from "../../track/options.ts";
import { createBestOf } from "../../track/predict/best-of.ts";
import { baselineOf } from "../../track/predict/logic.ts";
import { predictionIn } from "../../track/predict/recorded.ts";
import { scoreEntry } from "../../track/score/entries.ts";
import { isDynamic } from "../../track/score/logic.ts";
import type { RemoteChoice } from "../remote-flags.ts";
import { answerMeasures } from "./answers.ts";
import { type Grouping, groupNames } from "./groups.ts";
import { createLearners } from "./learners.ts";
import { type About, type AnswerMeasures, createMeasured, type Measured, type Result } from "./measure.ts";
import { openLoop, type RunLength } from "./open-loop.ts";
import { openRemotes, type Remotes, type RemotesDeps } from "./remote.ts";
import { type FoldSummary, foldFiles, type Step } from "./steps.ts";
import { warmStarts } from "./warm.ts";

export interface EvaluationOptions {
  readonly train: readonly string[];
  readonly test: readonly string[];
  /** Empty: all that are known. */
  readonly predictors: readonly string[];
  readonly context: boolean;
  /** What was tested teaches too, after it was predicted. */
  readonly learnFromTest: boolean;
  readonly openLoopLengths: readonly RunLength[];
  /**
   * Real observations given of each tested episode before its steps are scored, ascending. The first number is that of all figures; where
   * there are several they make a curve. Absent: none is given.
   */
  readonly warm?: readonly number[];
  /** Properties of steps by which exact match is counted apart. */
  readonly by?: readonly Grouping[];
  /** How often answers are to be right, 0 to 1: how many are, the surest first? */
  readonly sure?: readonly number[];
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
  const { remote = {}, learnFromTest, warm = [] } = options;
  const measured = createMeasures(warm.length > 1 ? warm : [], options.sure ?? []);
  if (deps.remote === undefined || Object.keys(remote).length === 0) return evaluateWith(null, measured, options, deps);
  const result: RemotesDeps["result"] = (entry, step, about, prediction) =>
    measured.of(step.situation.environment, entry.predictor).add(entry, about, answerMeasures(step, prediction, entry));
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
  const { limit = null, warm = [] } = options;
  const firstScored = warm[0] ?? 0;
  const isRolledOut = options.openLoopLengths.length > 0 || warm.length > 1;
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
    const given = step.situation.step < firstScored;
    // What is given is looked at where somebody chooses by it alone, or where the curve begins before.
    const scored: Scored[] =
      given && !options.learnFromTest
        ? []
        : learners.predictorsOf(step.situation).map((predictor) => predictOne(predictor, step, deps.seconds));
    for (const event of step.others) {
      const other = otherEntry(event, step);
      others.add(other.entry.predictor);
      if (isWanted(other.entry.predictor)) scored.push(other);
    }
    // Frozen, nothing was seen by which to choose.
    const best = options.learnFromTest ? bestOfScored(step, scored) : null;
    if (best !== null && isWanted(bestOfName)) scored.push(best);
    const baseline = scored.find(({ entry }) => entry.predictor === baselineOf(kind))?.entry;
    const about: About = {
      dynamic: isDynamic(step.truth),
      unseen: !seen.has(pairOf(step)),
      step: step.situation.step,
      baselineExact: baseline === undefined ? null : baseline.exact === true,
      groups: groupNames(step, options.by ?? []),
      given,
    };
    for (const { entry, answer } of scored) measured.of(environment, entry.predictor).add(entry, about, answer);
    if (!given) remotes?.add(step, about);
    if (options.learnFromTest) teach(step);
  }

  /** Its answer is that of the one that was chosen. */
  function bestOfScored({ situation, transition }: Step, scored: readonly Scored[]): Scored | null {
    const entries = scored.map(({ entry }) => entry);
    const form = () => actionFormOf(situation.action, situation.kind, situation.state);
    const entry = bestOf.entry(situation.environment, form, entries, isTeaching(transition));
    if (entry === null) return null;
    const chosen = scored.find((one) => bestOfVersion(one.entry) === entry.version) ?? scored[0];
    return chosen === undefined ? null : { entry, answer: chosen.answer };
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
      if (options.learnFromTest || !isRolledOut) return;
      const steps = open.get(step.situation.episode) ?? [];
      steps.push(step);
      open.set(step.situation.episode, steps);
    },
    ended(episode) {
      const steps = open.get(episode) ?? [];
      open.delete(episode);
      const [first] = steps;
      if (first === undefined) return;
      for (const predictor of learners.predictorsOf(first.situation)) {
        const its = measured.of(first.situation.environment, predictor.name);
        openLoop(predictor, steps, options.openLoopLengths, its.addOpenLoop);
        if (warm.length > 1) warmStarts(predictor, steps, warm, its.addWarmRest);
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

function createMeasures(warm: readonly number[], sure: readonly number[]): Measures {
  const measures = new Map<
    string,
    { readonly environment: string; readonly predictor: string; readonly its: Measured }
  >();
  return {
    of(environment, predictor) {
      const key = JSON.stringify([environment, predictor]);
      const known = measures.get(key) ?? { environment, predictor, its: createMeasured(warm, sure) };
      measures.set(key, known);
      return known.its;
    },
    results: () => [...measures.values()].map(({ environment, predictor, its }) => its.result(environment, predictor)),
  };
}

interface Scored {
  readonly entry: ScoreEntry;
  readonly answer: AnswerMeasures;
}

function predictOne(predictor: Predictor, step: Step, seconds: () => number): Scored {
  const start = seconds();
  const prediction = predictor.predict(step.situation);
  const { name, version } = predictor;
  return scoredOf(step, prediction, { predictor: name, version, seconds: seconds() - start });
}

function otherEntry(event: Step["others"][number], step: Step): Scored {
  const { predictor, model } = event.interaction;
  return scoredOf(step, predictionIn(event), {
    ...{ predictor: predictor ?? "", version: model ?? "unversioned", seconds: null },
  });
}

function scoredOf(
  step: Step,
  prediction: Prediction,
  by: { readonly predictor: string; readonly version: string; readonly seconds: number | null },
): Scored {
  const entry = scoreEntry(step.truth, { ...by, prediction, ahead: true }, 256);
  return { entry, answer: answerMeasures(step, prediction, entry) };
}

/** What a model could have copied: the action with its next state. */
function pairOf({ transition }: Step): string {
  return hash16(`${transition.action}\n${transition.nextState}`);
}
