/** The confidence of a round's version: the file's where little was held out, what held-out answers say where there was much. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { calibrated, logistic } from "../../../src/predictors/lifted/calibration.ts";
import type { Scored } from "../../../src/predictors/neural/judge.ts";
import { recalibrate } from "../../../src/predictors/neural/recalibrate.ts";
import { calibrationError } from "../../../src/stats/confidence-quality.ts";
import { createRandom } from "../../../src/stats/random.ts";

/** The file's curve: scores say what they mean, a little too surely. */
const origin = Array.from({ length: 24 }, (_, bin) => logistic(0.8 * (-4 + (bin + 0.5) * 0.5)));
const curveOf = (values: readonly number[]) => Float64Array.from(values);

/** Answers of a model whose true log-odds are `move` of what the file's curve says. */
function answers(count: number, seed: number, move: (logit: number) => number): readonly Scored[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => {
    const score = -3 + 10 * random.next();
    const said = calibrated(curveOf(origin), score);
    return { score, hit: random.next() < logistic(move(Math.log(said / (1 - said)))) };
  });
}

function errorOf(curve: readonly number[], scored: readonly Scored[]): number {
  const judged = scored.map(({ score, hit }) => ({ confidence: calibrated(curveOf(curve), score), right: hit }));
  return calibrationError(judged) ?? Number.NaN;
}

describe("recalibration", () => {
  const worse = (logit: number) => 0.7 * logit - 1.5;
  const many = answers(4_000, 1, worse);

  it("takes a part of the error away by what one round holds out, most of it by what eight do", () => {
    const before = errorOf(origin, many);
    expect(before).toBeGreaterThan(0.2);
    for (let seed = 10; seed < 20; seed++) {
      let made = recalibrate(origin, undefined, answers(96, seed, worse));
      expect(errorOf(made.calibration, many), `seed ${seed}`).toBeLessThan(0.8 * before);
      for (let round = 1; round < 8; round++)
        made = recalibrate(origin, made.judged, answers(96, 100 * round + seed, worse));
      expect(errorOf(made.calibration, many), `seed ${seed}`).toBeLessThan(0.45 * before);
    }
  });

  it("spoils little where the file's curve holds still", () => {
    const same = answers(4_000, 2, (logit) => logit);
    expect(errorOf(origin, same)).toBeLessThan(0.03);
    const errors = Array.from({ length: 10 }, (_, at) => {
      const { calibration } = recalibrate(
        origin,
        undefined,
        answers(96, 30 + at, (logit) => logit),
      );
      return errorOf(calibration, same);
    });
    expect(Math.max(...errors), errors.join()).toBeLessThan(0.1);
    expect(errors.reduce((sum, error) => sum + error, 0) / errors.length).toBeLessThan(0.05);
  });

  it("keeps the file's curve where too few answers were held out, and remembers them for the next round", () => {
    const first = recalibrate(
      origin,
      undefined,
      answers(15, 3, () => -9),
    );
    expect(first.calibration).toEqual(origin);
    expect(recalibrate(origin, undefined, []).calibration).toEqual(origin);
    // Eleven and a quarter of fifteen are left, ten are new.
    const second = recalibrate(
      origin,
      first.judged,
      answers(10, 4, () => -9),
    );
    expect(second.calibration[20]).toBeLessThan(0.95 * (origin[20] ?? 0));
  });

  it("counts what earlier rounds held out, less with each round", () => {
    const earlier = recalibrate(origin, undefined, answers(96, 5, worse));
    const tries = (judged: readonly number[]) => judged.reduce((sum, count, at) => sum + (at % 2) * count, 0);
    const few = answers(16, 6, worse);
    const next = recalibrate(origin, earlier.judged, few);
    expect(tries(next.judged)).toBeCloseTo(72 + 16, 3);
    expect(errorOf(next.calibration, many)).toBeLessThan(
      errorOf(recalibrate(origin, undefined, few).calibration, many),
    );
    // Always from the file's curve: what a round made of it is not moved again.
    expect(recalibrate(origin, earlier.judged, []).calibration).not.toEqual(earlier.calibration);
  });

  it("is a curve that never falls, between 0 and 1, whatever was held out", () => {
    const scored = fc.array(fc.record({ score: fc.double({ min: -12, max: 12, noNaN: true }), hit: fc.boolean() }), {
      maxLength: 200,
    });
    const shares = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 24, maxLength: 24 });
    fc.assert(
      fc.property(shares, scored, (some, all) => {
        const curve = some.sort((a, b) => a - b);
        const { calibration } = recalibrate(curve, undefined, all);
        for (const [at, share] of calibration.entries()) {
          expect(share).toBeGreaterThanOrEqual(Math.max(0, calibration[at - 1] ?? 0));
          expect(share).toBeLessThanOrEqual(1);
        }
      }),
    );
  });
});
