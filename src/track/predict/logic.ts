/**
 * Inline prediction of one situation by every predictor that runs in its environment, each exactly once, in order (P2); a learnt one runs
 * twice where a reference is pinned, live and as `NAME@reference`. What a predictor is given cannot reach the next state (P1).
 */
import type { Kind } from "../../codec/records.ts";
import { referenceName } from "../../codec/reference-name.ts";
import {
  isFor,
  type Prediction,
  type Predictor,
  type PredictorFactory,
  type Situation,
  suits,
} from "../../predictors/predictor.ts";
import { environmentOf } from "../environment.ts";
import type { TrackOptions } from "../options.ts";
import type { Episode, InlineAnswer } from "../pair/episode.ts";
import type { Valued } from "../score/logic.ts";
import { aboveThreshold } from "./threshold.ts";
import type { InForce, Versions } from "./versions.ts";

/** The trivial baseline always runs (P5). */
export function baselineOf(kind: Kind): "persistence" | "recall" {
  return kind === "state" ? "persistence" : "recall";
}

/** A configured order, with the baseline of the kind in it. */
function namesFor(configured: readonly string[], kind: Kind): readonly string[] {
  const baseline = baselineOf(kind);
  return configured.includes(baseline) ? configured : [baseline, ...configured];
}

const untrained: Prediction = { status: "abstained", reason: "untrained" };
const gone: Prediction = { status: "abstained", reason: "version-gone" };

export interface Inline {
  /** Earlier steps that a predictor of such environments looks at. */
  historySteps(kind: Kind): number;
  predict(episode: Episode, step: number, state: Valued, action: Valued): readonly InlineAnswer[];
}

export function createInline(
  factories: readonly PredictorFactory[],
  { predictors: configured, environments }: Pick<TrackOptions, "predictors" | "environments">,
  versions: Versions,
  seconds: () => number,
): Inline {
  const builtins = new Map<string, Predictor>();
  const untrainedOnes = new Map<string, Predictor>();
  const byName = new Map(factories.map((factory) => [factory.name, factory]));
  for (const factory of factories) {
    const predictor = factory.builtin?.();
    if (predictor !== undefined) builtins.set(factory.name, predictor);
    const first = factory.untrained?.();
    if (first !== undefined) untrainedOnes.set(factory.name, first);
  }
  const running = (kind: Kind) =>
    namesFor(configured, kind).filter((name) => {
      const factory = factories.find((one) => one.name === name);
      return factory === undefined || isFor(factory, kind);
    });
  const names = { state: running("state"), observation: running("observation") };

  function isSuited(name: string, situation: Situation): boolean {
    const factory = byName.get(name);
    return factory === undefined || suits(factory, situation);
  }

  function answers(name: string, situation: Situation): readonly InlineAnswer[] {
    const builtin = builtins.get(name);
    if (builtin !== undefined) return [answered(name, builtin, situation)];
    const { environment } = situation;
    const live = versions.live(environment, name);
    const reference = versions.reference(environment, name);
    const first = live === undefined ? answerBeforeAny(name, situation) : answerBy(name, live, situation);
    return reference === undefined ? [first] : [first, answerBy(referenceName(name), reference, situation)];
  }

  function answerBeforeAny(name: string, situation: Situation): InlineAnswer {
    const predictor = untrainedOnes.get(name);
    return predictor === undefined ? answerOf(name, "none", untrained, 0) : answered(name, predictor, situation);
  }

  function answerBy(name: string, { version, predictor }: InForce, situation: Situation): InlineAnswer {
    return predictor === null ? answerOf(name, version, gone, 0) : answered(name, predictor, situation);
  }

  function answered(name: string, predictor: Predictor, situation: Situation): InlineAnswer {
    const start = seconds();
    const prediction = guarded(predictor, situation);
    return answerOf(name, predictor.version, prediction, seconds() - start);
  }

  const stepsFor = (kind: Kind) =>
    Math.max(
      0,
      ...factories
        .filter(({ name, historyKinds = [kind] }) => names[kind].includes(name) && historyKinds.includes(kind))
        .map(({ historySteps = 0 }) => historySteps),
    );
  const historySteps = { state: stepsFor("state"), observation: stepsFor("observation") };
  return {
    historySteps: (kind) => historySteps[kind],
    predict(episode, step, state, action) {
      const situation = situationOf(episode, step, state, action);
      const all = names[episode.kind]
        .filter((name) => isSuited(name, situation))
        .flatMap((name) => answers(name, situation));
      const confidenceMin = environmentOf({ environments }, episode.environment)?.confidenceMin ?? 0;
      return confidenceMin === 0 ? all : all.map((answer) => sureEnough(answer, episode.kind, confidenceMin));
    },
  };
}

export function situationOf(episode: Episode, step: number, state: Valued, action: Valued): Situation {
  return {
    environment: episode.environment,
    kind: episode.kind,
    episode: episode.id,
    step,
    task: episode.task,
    stateText: state.text,
    state: state.value,
    actionText: action.text,
    action: action.value,
    contextText: episode.context?.text ?? null,
    context: episode.context?.value ?? null,
    history: [...episode.history],
  };
}

/** The trivial baseline is what others are measured against: it always answers. */
function sureEnough(answer: InlineAnswer, kind: Kind, confidenceMin: number): InlineAnswer {
  if (answer.predictor === baselineOf(kind)) return answer;
  return { ...answer, prediction: aboveThreshold(answer.prediction, confidenceMin) };
}

function answerOf(predictor: string, version: string, prediction: Prediction, seconds: number): InlineAnswer {
  return { predictor, version, prediction, seconds };
}

/** A predictor that throws has failed; the episode goes on. */
function guarded(predictor: Predictor, situation: Situation): Prediction {
  try {
    return predictor.predict(situation);
  } catch (error) {
    return {
      status: "failed",
      reason: `threw: ${error instanceof Error ? error.message : String(error)}`.slice(0, 200),
    };
  }
}
