/**
 * Who learns in an environment: begun by its first transition, and where a later one is of another kind, those for that kind beside them. So
 * one text that came before the first state keeps nobody from learning the states.
 */
import type { Kind, Transition } from "../codec/records.ts";
import { isFor, type LearnerConfig, type PredictorFactory, suits } from "../predictors/predictor.ts";
import type { RuleOrder } from "../predictors/rule-orders.ts";
import { situationOf } from "../predictors/situation.ts";
import { type Learning, newLearning } from "./logic.ts";
import type { PlainLearning } from "./snapshot.ts";

export interface LearnersDeps {
  /** Those that learn. */
  readonly factories: readonly PredictorFactory[];
  readonly configOf: (environment: string) => LearnerConfig | undefined;
  readonly ordersOf: (environment: string, predictor: string) => readonly RuleOrder[];
  readonly environmentsMax: number;
}

export interface Learners {
  all(): readonly Learning[];
  /** Null beyond the bound of environments. */
  of(transition: Transition): readonly Learning[] | null;
  find(environment: string, predictor: string): Learning | undefined;
  /** Begins anew those that a snapshot names; undefined for one that nobody here knows. */
  begin(learnings: readonly PlainLearning[]): readonly (Learning | undefined)[];
}

export function createLearners({ factories, configOf, ordersOf, environmentsMax }: LearnersDeps): Learners {
  const learnings = new Map<string, readonly Learning[]>();
  const byName = new Map(factories.map((factory) => [factory.name, factory]));

  function start(
    environment: string,
    kind: Kind,
    isWanted: (factory: PredictorFactory) => boolean,
  ): readonly Learning[] {
    return factories
      .filter((factory) => isFor(factory, kind) && isWanted(factory))
      .flatMap((factory) => {
        const learner = factory.learner?.(environment, configOf(environment));
        if (learner === undefined) return [];
        learner.obey?.(ordersOf(environment, factory.name));
        return [newLearning({ environment, kind, predictor: factory.name, learner })];
      });
  }

  function add(environment: string, kind: Kind, isWanted: (factory: PredictorFactory) => boolean) {
    const known = learnings.get(environment) ?? [];
    const isNew = ({ name }: PredictorFactory) => !known.some(({ predictor }) => predictor === name);
    const all = [...known, ...start(environment, kind, (factory) => isNew(factory) && isWanted(factory))];
    learnings.set(environment, all);
    return all;
  }

  function isForKind({ predictor }: Learning, kind: Kind): boolean {
    const factory = byName.get(predictor);
    return factory !== undefined && isFor(factory, kind);
  }

  return {
    all: () => [...learnings.values()].flat(),
    of(transition) {
      const { environment, kind } = transition;
      let known = learnings.get(environment);
      if (known === undefined && learnings.size >= environmentsMax) return null;
      if (known === undefined || !known.some((one) => one.kind === kind)) {
        const first = situationOf(transition, transition.context);
        known = add(environment, kind, (factory) => suits(factory, first));
      }
      return known.filter((one) => isForKind(one, kind));
    },
    find: (environment, predictor) => learnings.get(environment)?.find((one) => one.predictor === predictor),
    begin(all) {
      learnings.clear();
      return all.map(({ environment, kind, predictor }) => {
        const isKept = ({ name }: PredictorFactory) =>
          all.some((one) => one.environment === environment && one.predictor === name);
        if (!learnings.has(environment))
          add(environment, kind, (factory) => factory.fits === undefined || isKept(factory));
        return add(environment, kind, ({ name }) => name === predictor).find((one) => one.predictor === predictor);
      });
    },
  };
}
