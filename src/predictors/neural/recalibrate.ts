/**
 * The confidence of weights that a round moved: the curve of the trained file holds for its weights, and held-out answers of the new ones are
 * few. So the curve is kept and moved in log-odds, a + b · logit (Platt 1999), by as much as the answers speak for: a and b are the most likely
 * ones under normal priors around 0 and 1, which without answers leave the curve as it is. What earlier rounds held out counts with, half as
 * much each round, because it was answered by other weights.
 */
import { calibrationBins, emptyCalibration, judge, logistic, logOdds } from "../lifted/calibration.ts";
import type { Scored } from "./judge.ts";

export interface Recalibrated {
  /** Share of hits by bin, as in the file. */
  readonly calibration: readonly number[];
  /** Hits and tries, two a bin, that it rests on: the next round's `earlier`. */
  readonly judged: readonly number[];
}

/** Fewer answers, faded ones in part, move nothing. */
const judgedMin = 16;
const fade = 0.5;
/** Standard deviations of a and b: what a round does to the confidence of a model, about. */
const shiftSpread = 1;
const slopeSpread = 0.5;
/** A curve that falls would say that the surest are the wrong ones: chance, among few. */
const slopeMin = 0.1;
/** Shares of the curve are kept this far from 0 and 1. */
const edge = 1e-3;
/** Newton's method on two numbers needs a handful. */
const iterationsMax = 30;
const precise = 1e-9;

/** `origin`: the curve of the trained file, whatever version the round went on from. `earlier`: of the version that it went on from. */
export function recalibrate(
  origin: readonly number[],
  earlier: readonly number[] | undefined,
  scored: readonly Scored[],
): Recalibrated {
  const now = emptyCalibration();
  for (const { score, hit } of scored) judge(now, score, hit);
  const judged = Array.from(now.counts, (count, at) => Number((count + fade * (earlier?.[at] ?? 0)).toFixed(4)));
  const tries = judged.reduce((sum, count, at) => sum + (at % 2 === 1 ? count : 0), 0);
  if (tries < judgedMin) return { calibration: origin, judged };
  const logits = Array.from({ length: calibrationBins }, (_, bin) => logOdds(origin[bin] ?? 0, edge));
  const [shift, slope] = moved(logits, judged);
  const calibration = logits.map((logit) => Number(logistic(shift + slope * logit).toFixed(4)));
  return { calibration, judged };
}

/** Of shift and slope the most likely ones, by Newton's method on a convex loss. */
function moved(logits: readonly number[], judged: readonly number[]): readonly [shift: number, slope: number] {
  const [shiftWeight, slopeWeight] = [shiftSpread ** -2, slopeSpread ** -2];
  let [shift, slope] = [0, 1];
  for (let iteration = 0; iteration < iterationsMax; iteration++) {
    let [first, second] = [shift * shiftWeight, (slope - 1) * slopeWeight];
    let [firstFirst, firstSecond, secondSecond] = [shiftWeight, 0, slopeWeight];
    for (const [bin, logit] of logits.entries()) {
      const [hits, tries] = [judged[2 * bin] ?? 0, judged[2 * bin + 1] ?? 0];
      const share = logistic(shift + slope * logit);
      const [error, weight] = [tries * share - hits, tries * share * (1 - share)];
      first += error;
      second += error * logit;
      firstFirst += weight;
      firstSecond += weight * logit;
      secondSecond += weight * logit * logit;
    }
    const determinant = firstFirst * secondSecond - firstSecond ** 2;
    const byShift = (secondSecond * first - firstSecond * second) / determinant;
    const bySlope = (firstFirst * second - firstSecond * first) / determinant;
    shift -= byShift;
    slope -= bySlope;
    if (Math.abs(byShift) + Math.abs(bySlope) < precise) break;
  }
  return [shift, Math.max(slopeMin, slope)];
}
