/** The inline predictors of an evaluation: one learner for each environment, as in the live job. */
import {
  type Learner,
  type Predictor,
  type PredictorFactory,
  type Situation,
  suits,
} from "../../predictors/predictor.ts";
import { environmentOf, shapeOverridesOf } from "../../track/environment.ts";
import type { TrackOptions } from "../../track/options.ts";
import { baselineOf } from "../../track/predict/logic.ts";
import { withThreshold } from "../../track/predict/threshold.ts";

/** What says which predictors are for an environment: its first situation. */
type About = Pick<Situation, "environment" | "kind" | "state" | "action" | "context">;

export interface NamedLearner {
  readonly name: string;
  readonly learner: Learner;
}

export interface Learners {
  all(): readonly NamedLearner[];
  of(about: About): readonly NamedLearner[];
  /** As they know now; with the least confidence that is configured. */
  predictorsOf(about: About): readonly Predictor[];
}

export function createLearners(factories: readonly PredictorFactory[], track: TrackOptions): Learners {
  const byEnvironment = new Map<string, readonly NamedLearner[]>();

  function of(about: About): readonly NamedLearner[] {
    const { environment } = about;
    const known =
      byEnvironment.get(environment) ??
      factories
        .filter((factory) => suits(factory, about))
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
