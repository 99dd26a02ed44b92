/** Toy worlds with known dynamics, to be learnt from a few dozen steps. */
import type { Transition } from "../../../src/codec/records.ts";
import { equalJson } from "../../../src/json/diff.ts";
import type { Json } from "../../../src/json/json.ts";
import { tryPatch } from "../../../src/json/patch.ts";
import { createLiftedLearner } from "../../../src/predictors/lifted-edits/learning/learner.ts";
import { liftedOptions } from "../../../src/predictors/lifted-edits/options.ts";
import type { Learner, Predictor } from "../../../src/predictors/predictor.ts";
import { createRandom } from "../../../src/stats/random.ts";
import { situationOfTransition, transitionOf } from "../../support/transitions.ts";

export type Step<S> = (state: S, random: { below(n: number): number }) => readonly [action: Json, next: S];

/** `count` steps in episodes of twelve, by a seeded walk. */
export function walk<S extends Json>(
  start: (episode: number) => S,
  step: Step<S>,
  count: number,
  seed = 1,
): Transition[] {
  const random = createRandom(seed);
  const transitions: Transition[] = [];
  let state = start(0);
  for (let at = 0; at < count; at++) {
    if (at % 12 === 0) state = start(Math.floor(at / 12) + seed);
    const [action, next] = step(state, random);
    transitions.push(transitionOf(state, action, next, { episode: `e${Math.floor(at / 12)}`, step: at % 12 }));
    state = next;
  }
  return transitions;
}

export function learnt(transitions: readonly Transition[], options = liftedOptions): Learner {
  const learner = createLiftedLearner(options);
  for (const transition of transitions) learner.learn(transition);
  learner.settle?.();
  return learner;
}

/** Share of steps whose whole next state is foretold. */
export function exactness(predictor: Predictor, transitions: readonly Transition[]): number {
  return transitions.filter((transition) => isExact(predictor, transition)).length / transitions.length;
}

export function isExact(predictor: Predictor, transition: Transition): boolean {
  const situation = situationOfTransition(transition);
  const prediction = predictor.predict(situation);
  if (prediction.status !== "answered" || prediction.next.form !== "patch") return false;
  const next = tryPatch(situation.state, prediction.next.patch);
  const truth: Json = JSON.parse(transition.nextState);
  return next.ok && equalJson(next.value, truth);
}

export type Call = readonly [action: Json, next: Json];

/** Each step predicted, then learnt: which were right. */
export function hits(start: Json, calls: readonly Call[], options = liftedOptions): readonly boolean[] {
  const learner = createLiftedLearner(options);
  let state = start;
  return calls.map(([action, next], step) => {
    const transition = transitionOf(state, action, next, { step });
    const isRight = isExact(learner.current(), transition);
    learner.learn(transition);
    state = next;
    return isRight;
  });
}
