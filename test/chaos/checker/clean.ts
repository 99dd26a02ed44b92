/** Two runs of one workload, place and time apart: whatever does not depend on when something was learnt must be the same. */
import { distantName } from "../distant.ts";
import type { Decoded, Derived } from "./decode.ts";
import { canonical, difference, type Findings } from "./findings.ts";
import type { Outcome } from "./rest.ts";
import type { Score } from "./scores.ts";
import { stepKey, type Transition } from "./transitions.ts";

export interface Run {
  readonly transitions: readonly Decoded<Transition>[];
  readonly scores: readonly Decoded<Score>[];
  readonly outcomes: readonly Decoded<Outcome>[];
}

/** Where and when a record was made, and what learnt predictors say: versions come when they come. */
function timeless<T extends Derived>(body: T): object {
  const { source: _source, appendedAt: _at, ...rest } = body as T & { appendedAt?: number };
  return rest;
}
/** `best-of` answers as one of the learnt does; a remote answer comes before or after the truth. */
const dependsOnTime = (predictor: string) =>
  predictor === distantName || /^(recall|lifted-edits|text-edits|best-of)(@|$)/.test(predictor);

export function compareRuns(run: Run, clean: Run, findings: Findings): void {
  compare("transitions", run.transitions, clean.transitions, stepKey, timeless, findings);
  compare(
    "scores",
    withoutRemote(run.scores),
    withoutRemote(clean.scores),
    (score) => `${stepKey(score)} ${score.first}${score.first ? "" : score.entries.map((one) => one.predictor).join()}`,
    (score) => {
      // An example is kept where some predictor was wrong: a learnt one may be.
      const entries = score.entries.filter(({ predictor }) => !dependsOnTime(predictor));
      return timeless({ ...score, example: null, entries: entries.map((entry) => ({ ...entry, seconds: null })) });
    },
    findings,
  );
  compare(
    "outcomes",
    run.outcomes,
    clean.outcomes,
    ({ episode }) => episode,
    (outcome) => {
      const predictors = (outcome["predictors"] as readonly { predictor: string }[]).filter(
        ({ predictor }) => !dependsOnTime(predictor),
      );
      return timeless({ ...outcome, predictors });
    },
    findings,
  );
}

/** Without those of one remote answer that came after the truth. */
function withoutRemote(scores: readonly Decoded<Score>[]): readonly Decoded<Score>[] {
  return scores.filter(
    ({ body: { first, entries } }) => first || entries.some(({ predictor }) => predictor !== distantName),
  );
}

function compare<T extends Derived>(
  topic: string,
  found: readonly Decoded<T>[],
  clean: readonly Decoded<T>[],
  keyOf: (body: T) => string,
  comparable: (body: T) => object,
  findings: Findings,
): void {
  const wanted = new Map(clean.map(({ body }) => [keyOf(body), comparable(body)]));
  for (const { body } of found) {
    const other = wanted.get(keyOf(body));
    wanted.delete(keyOf(body));
    if (other === undefined) findings.wrong(topic, `${keyOf(body)} is not in the clean run`);
    else if (canonical(other) !== canonical(comparable(body)))
      findings.wrong(topic, `${keyOf(body)} is not as in the clean run: ${difference(comparable(body), other)}`);
  }
  for (const key of wanted.keys()) findings.lost(topic, `${key} of the clean run`);
}
