/**
 * Earlier steps of an open episode, bounded in number and in bytes. The oldest go together, half of what is kept at a time: whoever goes on
 * from what it saw at the step before must begin anew only then.
 */
import type { History } from "../../predictors/predictor.ts";

type EarlierStep = History[number];

/** Of the texts of one episode, in UTF-16 units: 50,000 open episodes of a partition seldom are as long. */
export const historyCharsMax = 262_144;

/** Keeps at least `stepsMin` steps, where their texts are within the bound, and at most twice as many. */
export function rememberStep(history: EarlierStep[], step: EarlierStep, stepsMin: number): void {
  history.push(step);
  if (history.length > 2 * stepsMin) history.splice(0, history.length - stepsMin);
  if (charsOf(history) <= historyCharsMax) return;
  let left = historyCharsMax / 2;
  const from = history.findLastIndex((one) => {
    left -= charsOf([one]);
    return left < 0;
  });
  history.splice(0, from + 1);
}

export function charsOf(history: History): number {
  let chars = 0;
  for (let at = 0; at < history.length; at++)
    chars += (history[at]?.stateText.length ?? 0) + (history[at]?.actionText.length ?? 0);
  return chars;
}
