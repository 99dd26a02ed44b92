/** Everything that is shown, from a tally: the one place of its formulas (DESIGN 7). Null where nothing is known. */
import type { Quality, Tally } from "../codec/records.ts";
import { confidenceSequence } from "../stats/confidence-sequence.ts";
import { type Interval, wilson } from "../stats/wilson.ts";

export interface Summary {
  /** Steps with a try; abstained, failed and late ones count as tries without a match. */
  readonly samples: number;
  readonly accuracy: number | null;
  /** Wilson, 95 %. */
  readonly interval: Interval | null;
  /** Valid however often it is looked at, 95 %. Only of a count that never shrinks: null in rolling windows. */
  readonly alwaysValid: Interval | null;
  readonly dynamicSamples: number;
  readonly dynamicAccuracy: number | null;
  readonly staticSamples: number;
  readonly staticAccuracy: number | null;
  /** (a - a0) / (1 - a0) over the steps that the baseline predicted too; null where the baseline is always right. */
  readonly skill: number | null;
  readonly fields: number | null;
  readonly changedPrecision: number | null;
  readonly changedRecall: number | null;
  readonly changedF1: number | null;
  readonly tokenF1: number | null;
  readonly brier: number | null;
}

export function summarise(tally: Tally, growsOnly: boolean): Summary {
  const { tries, match, dynamicTries, dynamicMatch, changedHit, changedPredicted, changedActual } = tally;
  return {
    samples: tries,
    accuracy: ratio(match, tries),
    interval: wilson(match, tries),
    alwaysValid: growsOnly ? confidenceSequence(match, tries) : null,
    dynamicSamples: dynamicTries,
    dynamicAccuracy: ratio(dynamicMatch, dynamicTries),
    staticSamples: tries - dynamicTries,
    staticAccuracy: ratio(match - dynamicMatch, tries - dynamicTries),
    skill: skillOf(tally),
    fields: ratio(tally.fieldsEqual, tally.fieldsTotal),
    changedPrecision: ratio(changedHit, changedPredicted),
    changedRecall: ratio(changedHit, changedActual),
    changedF1: ratio(2 * changedHit, changedPredicted + changedActual),
    tokenF1: ratio(tally.tokenF1Sum, tally.tokenTries),
    brier: ratio(tally.brierSum, tally.brierTries),
  };
}

/** Share of transitions that are fit to be scored. */
export function coverageOf(
  quality: readonly { readonly quality: Quality; readonly transitions: number }[],
): number | null {
  const all = quality.reduce((sum, one) => sum + one.transitions, 0);
  const ok = quality.find((one) => one.quality === "ok")?.transitions ?? 0;
  return ratio(ok, all);
}

function skillOf({ pairedTries, pairedMatch, pairedBaselineMatch }: Tally): number | null {
  if (pairedTries === 0 || pairedBaselineMatch === pairedTries) return null;
  return (pairedMatch - pairedBaselineMatch) / (pairedTries - pairedBaselineMatch);
}

function ratio(part: number, whole: number): number | null {
  return whole > 0 ? part / whole : null;
}
