/**
 * Warm starts: of each tested episode the first K real observations are given. They are not scored, and the predictor has observed them.
 * Two questions, for each K: is the next step right, when every step before it is known as it really was; and is a step of the rest of the
 * episode right, when the predictor goes on alone with its own predictions. Each over all steps after the K-th, and over those that come
 * after the largest K: the same steps for every K.
 */
import type { Predictor } from "../../predictors/predictor.ts";
import { isUnbroken, rollout } from "./open-loop.ts";
import type { Step } from "./steps.ts";

export interface WarmShare {
  readonly n: number;
  /** 0 to 1; null without steps. */
  readonly exact: number | null;
}

/** `after`: the steps after the given ones. `common`: those after the largest number of given ones. */
export interface WarmResult {
  readonly given: number;
  readonly next: { readonly after: WarmShare; readonly common: WarmShare };
  /** No rollouts where what is tested is learnt from. */
  readonly rest: { readonly after: WarmShare; readonly common: WarmShare };
}

export interface WarmCurve {
  next(step: number, exact: boolean): void;
  rest(given: number, step: number, exact: boolean): void;
  result(): readonly WarmResult[];
}

export function createWarmCurve(givens: readonly number[]): WarmCurve {
  const most = Math.max(0, ...givens);
  const counts = new Map(givens.map((given) => [given, { next: both(), rest: both() }]));
  function add({ after, common }: ReturnType<typeof both>, step: number, exact: boolean): void {
    for (const share of step >= most ? [after, common] : [after]) {
      share.n += 1;
      share.match += Number(exact);
    }
  }
  return {
    next(step, exact) {
      for (const [given, { next }] of counts) if (step >= given) add(next, step, exact);
    },
    rest(given, step, exact) {
      const known = counts.get(given);
      if (known !== undefined) add(known.rest, step, exact);
    },
    result: () => [...counts].map(([given, { next, rest }]) => ({ given, next: shares(next), rest: shares(rest) })),
  };
}

/** The rest of an episode, predicted alone after each number of given observations. */
export function warmStarts(
  predictor: Predictor,
  steps: readonly Step[],
  givens: readonly number[],
  result: (given: number, step: number, exact: boolean) => void,
): void {
  if (!isUnbroken(steps)) return;
  for (const given of givens) {
    const rest = steps.filter(({ situation }) => situation.step >= given);
    const rights = rollout(predictor, rest);
    for (const [at, { situation }] of rest.entries()) result(given, situation.step, rights[at] === true);
  }
}

const both = () => ({ after: { n: 0, match: 0 }, common: { n: 0, match: 0 } });

function shares({ after, common }: ReturnType<typeof both>) {
  const share = ({ n, match }: typeof after): WarmShare => ({ n, exact: n === 0 ? null : match / n });
  return { after: share(after), common: share(common) };
}
