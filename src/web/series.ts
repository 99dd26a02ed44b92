/** From a window's buckets to the lines of the chart. */
import type { PredictorView, WindowView } from "../serve/views.ts";
import { wilson } from "../stats/wilson.ts";

export interface Line {
  readonly predictor: string;
  readonly values: readonly (number | null)[];
  readonly lower: readonly (number | null)[];
  readonly upper: readonly (number | null)[];
}

export interface Series {
  /** Ends of the points' spans, epoch seconds. */
  readonly times: readonly number[];
  readonly lines: readonly Line[];
}

/** Buckets per point: single buckets hold too few steps to say anything. */
const bucketsPerPoint = 3;

/** A point without a step is null: a gap in the line, never a zero. */
export function seriesOf({ bucketMs, end, predictors }: WindowView): Series {
  const buckets = predictors[0]?.tries.length ?? 0;
  const points = Math.floor(buckets / bucketsPerPoint);
  const times = Array.from(
    { length: points },
    (_, at) => (end - (points - 1 - at) * bucketsPerPoint * bucketMs) / 1_000,
  );
  return { times, lines: predictors.map((view) => lineOf(view, points)) };
}

function lineOf({ predictor, tries, matches }: PredictorView, points: number): Line {
  const first = tries.length - points * bucketsPerPoint;
  const sums = Array.from({ length: points }, (_, at) => {
    const from = first + at * bucketsPerPoint;
    return { n: sum(tries, from), k: sum(matches, from) };
  });
  const intervals = sums.map(({ k, n }) => wilson(k, n));
  return {
    predictor,
    values: sums.map(({ k, n }) => (n === 0 ? null : k / n)),
    lower: intervals.map((one) => one?.lower ?? null),
    upper: intervals.map((one) => one?.upper ?? null),
  };
}

function sum(values: readonly number[], from: number): number {
  return values.slice(from, from + bucketsPerPoint).reduce((total, value) => total + value, 0);
}

export interface StepPoint {
  /** `0`, `1`, … and for the last place `50+`. */
  readonly label: string;
  readonly accuracy: number;
  readonly samples: number;
}

/** Accuracy by step index; places that hold no step are left out. */
export function stepPoints({ stepTries, stepMatches }: PredictorView): readonly StepPoint[] {
  return stepTries.flatMap((samples, at) => {
    if (samples === 0) return [];
    const label = at === stepTries.length - 1 ? `${at}+` : `${at}`;
    return [{ label, accuracy: (stepMatches[at] ?? 0) / samples, samples }];
  });
}
