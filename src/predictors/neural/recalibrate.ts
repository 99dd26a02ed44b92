/**
 * The confidence of weights that a round moved: the curve of the trained file holds for its weights, and held-out answers of the new ones are
 * few. So the file's curve counts for some answers in every bin, and isotonic regression is made over these and the held-out ones: where few
 * were held out, the curve stays what it was. What earlier rounds held out counts with, a quarter less each round, because it was answered by
 * other weights.
 */
import { curveOf, emptyCalibration, judge } from "../lifted/calibration.ts";
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
/** Answers that the file's curve counts for, in each bin. */
const originTries = 4;

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
  const curve = curveOf(
    { counts: Float64Array.from(judged) },
    { tries: originTries, share: (bin) => origin[bin] ?? 0 },
  );
  return { calibration: Array.from(curve, (share) => Number(share.toFixed(4))), judged };
}
