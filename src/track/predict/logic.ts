/**
 * Inline prediction of one situation by every predictor that runs in its environment, each exactly once, in order (P2). What a predictor
 * is given cannot reach the next state (P1).
 */
import type { Kind } from "../../codec/records.ts";
import {
  isFor,
  type Prediction,
  type Predictor,
  type PredictorFactory,
  type Situation,
} from "../../predictors/predictor.ts";
import type { Episode, InlineAnswer } from "../pair/episode.ts";
import type { Valued } from "../score/logic.ts";
import type { Versions } from "./versions.ts";

/** The trivial baseline always runs (P5). */
export function baselineOf(kind: Kind): "persistence" | "recall" {
  return kind === "state" ? "persistence" : "recall";
}

/** A configured order, with the baseline of the kind in it. */
export function namesFor(configured: readonly string[], kind: Kind): readonly string[] {
  const baseline = baselineOf(kind);
  return configured.includes(baseline) ? configured : [baseline, ...configured];
}

const untrained: Prediction = { status: "abstained", reason: "untrained" };
const gone: Prediction = { status: "abstained", reason: "version-gone" };

export interface Inline {
  readonly usesHistory: boolean;
  predict(episode: Episode, step: number, state: Valued, action: Valued): readonly InlineAnswer[];
}

export function createInline(
  factories: readonly PredictorFactory[],
  configured: readonly string[],
  versions: Versions,
  seconds: () => number,
): Inline {
  const builtins = new Map<string, Predictor>();
  const untrainedOnes = new Map<string, Predictor>();
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

  function answer(name: string, situation: Situation): InlineAnswer {
    const builtin = builtins.get(name);
    const inForce = builtin === undefined ? versions.inForce(situation.environment, name) : undefined;
    const first = inForce === undefined ? untrainedOnes.get(name) : undefined;
    const predictor = builtin ?? first ?? inForce?.predictor ?? null;
    if (predictor === null) {
      const prediction = inForce === undefined ? untrained : gone;
      return { predictor: name, version: inForce?.version ?? "none", prediction, seconds: 0 };
    }
    const start = seconds();
    const prediction = guarded(predictor, situation);
    return { predictor: name, version: predictor.version, prediction, seconds: seconds() - start };
  }

  const all = new Set([...names.state, ...names.observation]);
  return {
    usesHistory: factories.some((factory) => factory.usesHistory === true && all.has(factory.name)),
    predict(episode, step, state, action) {
      const situation = situationOf(episode, step, state, action);
      return names[episode.kind].map((name) => answer(name, situation));
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
