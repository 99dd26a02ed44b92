/** Intervals of ratios: published vectors, an independent recomputation, and the level that they promise. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bonettPrice, ratioByTask, type TaskSums } from "../../src/stats/paired-ratio.ts";
import { katzLog, koopman } from "../../src/stats/ratio-interval.ts";
import { seeded } from "../crash/random.ts";

const of = (successes: number, tries: number) => ({ successes, tries });
const ends = (interval: { lower: number; upper: number } | null) => [interval?.lower ?? NaN, interval?.upper ?? NaN];

describe("unpaired", () => {
  it("gives the published vectors", () => {
    const cases = [
      { interval: koopman(of(36, 40), of(16, 80)), wanted: [2.9396, 7.1522], digits: 3 },
      { interval: katzLog(of(36, 40), of(16, 80)), wanted: [2.8686, 7.0593], digits: 3 },
      { interval: koopman(of(18, 109), of(32, 109)), wanted: [0.337, 0.929], digits: 3 },
      { interval: katzLog(of(18, 109), of(32, 109)), wanted: [0.337, 0.939], digits: 3 },
    ];
    for (const { interval, wanted, digits } of cases)
      for (const [at, end] of ends(interval).entries()) expect(end).toBeCloseTo(wanted[at] ?? NaN, digits);
  });

  it("stands at the ends of the score test: the statistic there is z squared", () => {
    // Recomputed from the likelihood alone: the restricted maximum is searched, not solved.
    const statistic = (x1: number, n1: number, x0: number, n0: number, ratio: number) => {
      const likelihood = (p0: number) => {
        const p1 = ratio * p0;
        const term = (count: number, p: number) => (count === 0 ? 0 : count * Math.log(p));
        return term(x1, p1) + term(n1 - x1, 1 - p1) + term(x0, p0) + term(n0 - x0, 1 - p0);
      };
      let [low, high] = [1e-12, Math.min(1, 1 / ratio) - 1e-12];
      for (let at = 0; at < 200; at++) {
        const [a, b] = [low + (high - low) / 3, high - (high - low) / 3];
        if (likelihood(a) < likelihood(b)) low = a;
        else high = b;
      }
      const [p0, p1] = [low, ratio * low];
      return (x1 - n1 * p1) ** 2 / (n1 * p1 * (1 - p1)) + (x0 - n0 * p0) ** 2 / (n0 * p0 * (1 - p0));
    };
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 200 }),
        fc.integer({ min: 2, max: 200 }),
        fc.nat(),
        fc.nat(),
        (n1, n0, a, b) => {
          const [x1, x0] = [1 + (a % (n1 - 1)), 1 + (b % (n0 - 1))];
          for (const end of ends(koopman(of(x1, n1), of(x0, n0))))
            expect(statistic(x1, n1, x0, n0, end)).toBeCloseTo(1.959963984540054 ** 2, 3);
        },
      ),
      { numRuns: 100 },
    );
  });

  it("works at no success in the numerator, says infinity at none in the denominator, and nothing without tries", () => {
    const none = koopman(of(0, 50), of(20, 50));
    expect(none?.lower).toBe(0);
    expect(none?.upper).toBeGreaterThan(0.05);
    expect(none?.upper).toBeLessThan(0.4);
    expect(koopman(of(10, 50), of(0, 50))?.upper).toBe(Number.POSITIVE_INFINITY);
    expect(koopman(of(0, 50), of(0, 50))).toBeNull();
    expect(koopman(of(0, 0), of(5, 50))).toBeNull();
    expect(katzLog(of(0, 50), of(20, 50))).toBeNull();
    const certain = koopman(of(50, 50), of(50, 50));
    expect(certain?.lower).toBeLessThan(1);
    expect(certain?.upper).toBeGreaterThan(1);
  });
});

describe("paired", () => {
  it("gives the published table: .913 with .837-.997, where unpaired it is .752-1.110", () => {
    const counts = { both: 90, numeratorOnly: 5, denominatorOnly: 14, neither: 86 };
    const [lower, upper] = ends(bonettPrice(counts));
    expect([lower?.toFixed(3), upper?.toFixed(3)]).toEqual(["0.837", "0.997"]);
    const [wider, higher] = ends(katzLog(of(95, 195), of(104, 195)));
    expect([wider?.toFixed(3), higher?.toFixed(3)]).toEqual(["0.752", "1.110"]);
    for (const [at, end] of ends(koopman(of(95, 195), of(104, 195))).entries())
      expect(end).toBeCloseTo([0.751, 1.11][at] ?? NaN, 3);
    expect(bonettPrice({ both: 0, numeratorOnly: 5, denominatorOnly: 0, neither: 1 })).toBeNull();
  });

  it("by task agrees with a bootstrap over tasks that ran several times", () => {
    const random = seeded(7);
    const tasks = Array.from({ length: 120 }, () => {
      const ease = random.below(100) / 100;
      const share = (p: number, runs: number) =>
        Array.from({ length: runs }, () => Number(random.chance(p))).reduce((sum, one) => sum + one, 0) / runs;
      return [share(ease * 0.85, 1 + random.below(9)), share(ease, 1 + random.below(9))] as const;
    });
    const ratios = Array.from({ length: 4_000 }, () => {
      const drawn = tasks.map(() => random.pick(tasks));
      return drawn.reduce((sum, [a]) => sum + a, 0) / drawn.reduce((sum, [, b]) => sum + b, 0);
    }).sort((a, b) => a - b);
    const [lower, upper] = ends(ratioByTask(sumsOf(tasks)));
    expect(lower).toBeCloseTo(ratios[100] ?? NaN, 1.5);
    expect(upper).toBeCloseTo(ratios[3_900] ?? NaN, 1.5);
  });

  it("covers the true ratio about as often as it says (1,000 simulated studies of 60 tasks)", () => {
    const random = seeded(11);
    const covered = { paired: 0, byTask: 0, koopman: 0 };
    const studies = 1_000;
    for (let study = 0; study < studies; study++) {
      const counts = { both: 0, numeratorOnly: 0, denominatorOnly: 0, neither: 0 };
      const tasks: (readonly [number, number])[] = [];
      for (let task = 0; task < 60; task++) {
        // The transfer succeeds on 4 of 5 tasks that are done for real, and on 1 in 10 that are not.
        const real = random.chance(0.6);
        const transfer = random.chance(real ? 0.8 : 0.1);
        counts[real ? (transfer ? "both" : "denominatorOnly") : transfer ? "numeratorOnly" : "neither"] += 1;
        tasks.push([Number(transfer), Number(real)]);
      }
      const truth = (0.6 * 0.8 + 0.4 * 0.1) / 0.6;
      const holds = (interval: { lower: number; upper: number } | null) =>
        interval !== null && interval.lower <= truth && truth <= interval.upper;
      covered.paired += Number(holds(bonettPrice(counts)));
      covered.byTask += Number(holds(ratioByTask(sumsOf(tasks))));
      const sum = (at: 0 | 1) => tasks.reduce((total, one) => total + one[at], 0);
      covered.koopman += Number(holds(koopman(of(sum(0), 60), of(sum(1), 60))));
    }
    expect(covered.paired / studies).toBeGreaterThan(0.93);
    expect(covered.paired / studies).toBeLessThan(0.98);
    expect(covered.byTask / studies).toBeGreaterThan(0.92);
    // Ignoring the pairs is safe here, and wide.
    expect(covered.koopman / studies).toBeGreaterThan(covered.paired / studies);
  });
});

function sumsOf(tasks: readonly (readonly [number, number])[]): TaskSums {
  const sum = (value: (one: readonly [number, number]) => number) =>
    tasks.reduce((total, one) => total + value(one), 0);
  return {
    tasks: tasks.length,
    numerator: sum(([a]) => a),
    denominator: sum(([, b]) => b),
    numeratorSquared: sum(([a]) => a * a),
    denominatorSquared: sum(([, b]) => b * b),
    product: sum(([a, b]) => a * b),
  };
}
