/**
 * What is known about each episode beside its states. The first transition of an episode carries it, learners are given it with every step,
 * as predictors are. Bounded: beyond the limits the episode whose context came first is forgotten.
 */
import type { Transition } from "../codec/records.ts";

export interface Contexts {
  /** The transition with its episode's context. */
  complete(transition: Transition): Transition;
  snapshot(): readonly (readonly [episode: string, context: string])[];
  restore(rows: readonly (readonly [episode: string, context: string])[]): void;
}

/** About as many episodes as run at one time in the environments of one partition. */
const episodesMax = 10_000;
const charsMax = 32 * 1_048_576;

export function createContexts(): Contexts {
  const contexts = new Map<string, string>();
  let chars = 0;

  function remember(episode: string, context: string): void {
    chars += context.length - (contexts.get(episode)?.length ?? 0);
    contexts.set(episode, context);
    for (const [oldest, its] of contexts) {
      if (contexts.size <= episodesMax && chars <= charsMax) break;
      contexts.delete(oldest);
      chars -= its.length;
    }
  }

  return {
    complete(transition) {
      const { episode, context } = transition;
      if (context !== null) {
        remember(episode, context);
        return transition;
      }
      const known = contexts.get(episode);
      return known === undefined ? transition : { ...transition, context: known };
    },
    snapshot: () => [...contexts],
    restore(rows) {
      contexts.clear();
      chars = 0;
      for (const [episode, context] of rows) remember(episode, context);
    },
  };
}
