/**
 * The confidence of weights that a round moved: the curve of the trained file holds for its weights, and held-out answers of the new ones are
 * few. So the curve is kept and moved in log-odds, a + b · logit (Platt 1999), by as much as the answers speak for: a and b are the most likely
 * ones under normal priors around 0 and 1, which without answers leave the curve as it is. What earlier rounds held out counts with, a
 * quarter less each round, because it was answered by other weights.
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
const fade = 0.75;
/** Standard deviations of a and b: what a round does to the confidence of a model, about. */
const shiftSpread = 1;
const slopeSpread = 0.25;
const [shiftWeight, slopeWeight] = [shiftSpread ** -2, slopeSpread ** -2];
/** A curve that falls would say that the surest are the wrong ones: chance, among few. */
const slopeMin = 0.1;
/** Shares of the curve are kept this far from 0 and 1. */
const edge = 1e-3;
/** Newton's method on two numbers needs a handful of steps; one that goes too far is halved. */
const stepsMax = 50;
const halvingsMax = 20;
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

/** Of shift and slope the most likely ones: Newton's method on a convex loss. */
function moved(logits: readonly number[], judged: readonly number[]): readonly [shift: number, slope: number] {
  let [shift, slope] = [0, 1];
  let loss = lossOf(logits, judged, shift, slope);
  for (let count = 0; count < stepsMax; count++) {
    const [byShift, bySlope] = newtonStep(logits, judged, shift, slope);
    let [share, next] = [1, lossOf(logits, judged, shift - byShift, slope - bySlope)];
    for (let halvings = 0; next > loss && halvings < halvingsMax; halvings++) {
      share /= 2;
      next = lossOf(logits, judged, shift - share * byShift, slope - share * bySlope);
    }
    if (next > loss) break;
    shift -= share * byShift;
    slope -= share * bySlope;
    const gained = loss - next;
    loss = next;
    if (gained < precise) break;
  }
  return [shift, Math.max(slopeMin, slope)];
}

/** Minus the logarithm of how likely the answers are, and shift and slope under their priors. */
function lossOf(logits: readonly number[], judged: readonly number[], shift: number, slope: number): number {
  return logits.reduce(
    (sum, logit, bin) => {
      const [hits, tries] = [judged[2 * bin] ?? 0, judged[2 * bin + 1] ?? 0];
      const moved = shift + slope * logit;
      return sum + hits * softplus(-moved) + (tries - hits) * softplus(moved);
    },
    (shift ** 2 * shiftWeight + (slope - 1) ** 2 * slopeWeight) / 2,
  );
}

function newtonStep(
  logits: readonly number[],
  judged: readonly number[],
  shift: number,
  slope: number,
): readonly [byShift: number, bySlope: number] {
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
  return [
    (secondSecond * first - firstSecond * second) / determinant,
    (firstFirst * second - firstSecond * first) / determinant,
  ];
}

/** log(1 + eˣ), also where eˣ is too large for a number. */
function softplus(x: number): number {
  return Math.max(0, x) + Math.log1p(Math.exp(-Math.abs(x)));
}
