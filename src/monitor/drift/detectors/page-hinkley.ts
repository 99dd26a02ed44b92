/**
 * Page–Hinkley (Page 1954; Hinkley 1971) in the form of river's `PageHinkley`: the sum of what exceeds the running mean by more than delta,
 * faded by alpha, against its own extreme. It learns the mean by itself. For those who know it; never the default alarm: lambda is in units of
 * summed error, so what it means depends on the noise of the stream.
 */
import type { Json } from "../../../json/json.ts";
import { type Detector, type DetectorFactory, fitValue, numbersOf } from "./detector.ts";

export const pageHinkley: DetectorFactory = {
  name: "page-hinkley",
  needsBaseline: false,
  create: () => createPageHinkley(),
};

export interface PageHinkleyOptions {
  /** Values before anything can be found. */
  readonly valuesMin: number;
  readonly delta: number;
  readonly lambda: number;
  readonly alpha: number;
}
const usual: PageHinkleyOptions = { valuesMin: 30, delta: 0.005, lambda: 50, alpha: 0.9999 };

export function createPageHinkley({ valuesMin, delta, lambda, alpha }: PageHinkleyOptions = usual): Detector {
  let count = 0;
  let mean = 0;
  let rise = 0;
  let fall = 0;
  let riseMin = Number.MAX_VALUE;
  let fallMax = -1;

  function reset(): void {
    count = 0;
    mean = 0;
    rise = 0;
    fall = 0;
    riseMin = Number.MAX_VALUE;
    fallMax = -1;
  }

  const up = () => rise - riseMin;
  const down = () => fallMax - fall;

  return {
    take(value) {
      const x = fitValue(value);
      if (x === null) return null;
      count += 1;
      mean += (x - mean) / count;
      rise = alpha * rise + (x - mean - delta);
      fall = alpha * fall + (x - mean + delta);
      riseMin = Math.min(riseMin, rise);
      fallMax = Math.max(fallMax, fall);
      if (count < valuesMin || Math.max(up(), down()) <= lambda) return null;
      const found = up() > lambda ? "up" : "down";
      reset();
      return found;
    },
    get statistic() {
      return count === 0 ? 0 : Math.max(up(), down());
    },
    limit: lambda,
    reset,
    snapshot: () => [count, mean, rise, fall, riseMin, fallMax],
    restore(snapshot: Json) {
      const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = numbersOf(snapshot, 6);
      [count, mean, rise, fall, riseMin, fallMax] = [a, b, c, d, e, f];
    },
  };
}
