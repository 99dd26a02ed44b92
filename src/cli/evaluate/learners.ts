/** The inline predictors of an evaluation: one learner for each environment, as in the live job. */
import {
  isFor,
  type Learner,
  type Predictor,
  type PredictorFactory,
  type Situation,
} from "../../predictors/predictor.ts";
import { environmentOf, shapeOverridesOf } from "../../track/environment.ts";
import type { TrackOptions } from "../../track/options.ts";
import { baselineOf } from "../../track/predict/logic.ts";
import { withThreshold } from "../../track/predict/threshold.ts";

export interface NamedLearner {
  readonly name: string;
  readonly learner: Learner;
}

export interface Learners {
  all(): readonly NamedLearner[];
  of(about: Pick<Situation, "environment" | "kind">): readonly NamedLearner[];
  /** As they know now; with the least confidence that is configured. */
  predictorsOf(about: Pick<Situation, "environment" | "kind">): readonly Predictor[];
}

export function createLearners(factories: readonly PredictorFactory[], track: TrackOptions): Learners {
  const byEnvironment = new Map<string, readonly NamedLearner[]>();

  function of({ environment, kind }: Pick<Situation, "environment" | "kind">): readonly NamedLearner[] {
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
  }

  return {
    all: () => [...byEnvironment.values()].flat(),
    of,
    predictorsOf(about) {
      const builtins = factories.flatMap((factory) => factory.builtin?.() ?? []);
      const confidenceMin = environmentOf(track, about.environment)?.confidenceMin ?? 0;
      const own = of(about).map(({ learner, name }) => {
        const predictor = named(learner.current(), name);
        return name === baselineOf(about.kind) ? predictor : withThreshold(predictor, confidenceMin);
      });
      return [...builtins, ...own];
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
