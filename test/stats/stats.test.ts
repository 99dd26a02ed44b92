/** Intervals against published vectors and against simulation; labels stay bounded. */
import { describe, expect, it } from "vitest";
import { createBoundedLabels } from "../../src/stats/bounded-labels.ts";
import {
  areaUnderRoc,
  calibrationError,
  type Judged,
  rightAtCoverage,
  sureEnough,
} from "../../src/stats/confidence-quality.ts";
import { confidenceSequence } from "../../src/stats/confidence-sequence.ts";
import { logBeta, logGamma } from "../../src/stats/log-gamma.ts";
import { createPrometheus } from "../../src/stats/prometheus.ts";
import { createRandom } from "../../src/stats/random.ts";
import { wilson } from "../../src/stats/wilson.ts";

describe("Wilson's interval", () => {
  /** Newcombe 1998, "Two-sided confidence intervals for the single proportion", table I, method 3. */
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])("of %d in %d is the published one", (k, n, lower, upper) => {
    const interval = wilson(k, n);
    expect(interval?.lower).toBeCloseTo(lower, 4);
    expect(interval?.upper).toBeCloseTo(upper, 4);
  });

  it("knows nothing without tries, and stays within 0 and 1", () => {
    expect(wilson(0, 0)).toBeNull();
    expect(wilson(0, 1)?.lower).toBe(0);
    expect(wilson(1, 1)?.upper).toBe(1);
  });
});

describe("the quality of confidences", () => {
  const random = createRandom(17);
  const judged: readonly Judged[] = Array.from({ length: 300 }, () => {
    const confidence = Math.round(random.next() * 20) / 20;
    return { confidence, right: random.next() < confidence };
  });

  it("has the area that counting all pairs gives, ties half", () => {
    let [wins, pairs] = [0, 0];
    for (const good of judged.filter(({ right }) => right)) {
      for (const bad of judged.filter(({ right }) => !right)) {
        pairs += 1;
        wins += good.confidence > bad.confidence ? 1 : good.confidence === bad.confidence ? 0.5 : 0;
      }
    }
    expect(areaUnderRoc(judged)).toBeCloseTo(wins / pairs, 10);
  });

  it("has no error where confidence is the share of hits, and the distance where it is not", () => {
    const share = (confidence: number, right: number, of: number): Judged[] =>
      Array.from({ length: of }, (_, at) => ({ confidence, right: at < right }));
    expect(calibrationError([...share(0.75, 3, 4), ...share(0.25, 1, 4)])).toBeCloseTo(0, 10);
    expect(calibrationError([...share(1, 1, 2), ...share(0.5, 3, 6)])).toBeCloseTo(0.125, 10);
  });

  it("is unknown without right and wrong ones", () => {
    expect(areaUnderRoc([{ confidence: 0.5, right: true }])).toBeNull();
    expect(calibrationError([])).toBeNull();
  });

  it("gives the share that is right of the surest, ties in part, abstentions last", () => {
    const judged = (confidence: number, right: boolean): Judged => ({ confidence, right });
    const some = [judged(0.2, false), judged(0.9, true), judged(0.9, false), judged(0.5, true)];
    expect(rightAtCoverage(some, 4, 0.5)).toBeCloseTo(0.5, 10);
    expect(rightAtCoverage(some, 4, 0.75)).toBeCloseTo(2 / 3, 10);
    expect(rightAtCoverage(some, 4, 0.25)).toBeCloseTo(0.5, 10);
    expect(rightAtCoverage(some, 8, 0.75)).toBeCloseTo(2 / 6, 10);
    expect(rightAtCoverage([], 8, 0.75)).toBeNull();
  });

  it("finds how many of the surest are right so often, and what parts them from the others", () => {
    const of = (pairs: readonly (readonly [number, boolean])[]): Judged[] =>
      pairs.map(([confidence, right]) => ({ confidence, right }));
    const some = of([
      [0.61, false],
      [0.97, true],
      [0.734, true],
      [0.9, true],
      [0.9, false],
      [0.7312, true],
    ]);
    expect(sureEnough(some, 1)).toEqual({ answered: 1, right: 1, confidenceMin: 0.97 });
    // The two of 0.9 come together: two of three are right, then three of four, four of five.
    expect(sureEnough(some, 0.75)).toEqual({ answered: 5, right: 4, confidenceMin: 0.7 });
    expect(sureEnough(some, 0.7)).toMatchObject({ answered: 5 });
    expect(sureEnough(some, 0.6)).toEqual({ answered: 6, right: 4, confidenceMin: 0.6 });
    expect(sureEnough(of([[0.9, false]]), 0.5)).toBeNull();
    expect(sureEnough([], 0.5)).toBeNull();
    expect(
      sureEnough(
        of([
          [0.7345, true],
          [0.734, false],
        ]),
        1,
      ),
    ).toEqual({ answered: 1, right: 1, confidenceMin: 0.7345 });
  });
});

describe("the confidence sequence", () => {
  it("is where the mixture's likelihood ratio is 1/alpha", () => {
    const { lower, upper } = confidenceSequence(30, 100) ?? { lower: 0, upper: 0 };
    for (const p of [lower, upper]) {
      const ratio = logBeta(30.5, 70.5) - logBeta(0.5, 0.5) - 30 * Math.log(p) - 70 * Math.log1p(-p);
      expect(ratio).toBeCloseTo(Math.log(20), 8);
    }
  });

  it("is wider than Wilson's interval and holds it", () => {
    for (const [k, n] of [
      [0, 5],
      [3, 10],
      [99, 100],
      [500, 1_000],
    ] as const) {
      const sequence = confidenceSequence(k, n);
      const fixed = wilson(k, n);
      expect(sequence?.lower).toBeLessThanOrEqual(fixed?.lower ?? 0);
      expect(sequence?.upper).toBeGreaterThanOrEqual(fixed?.upper ?? 1);
    }
  });

  it("misses the truth at any time in less than 5 % of runs, where Wilson's misses it far oftener", () => {
    const random = createRandom(7);
    const misses = { sequence: 0, fixed: 0 };
    const runs = 400;
    for (let run = 0; run < runs; run++) {
      const p = 0.3;
      let k = 0;
      let [sequence, fixed] = [false, false];
      for (let n = 1; n <= 400; n++) {
        if (random.next() < p) k++;
        const outside = (one: { lower: number; upper: number } | null) =>
          one !== null && (p < one.lower || p > one.upper);
        if (n % 5 === 0) sequence ||= outside(confidenceSequence(k, n));
        fixed ||= outside(wilson(k, n));
      }
      misses.sequence += Number(sequence);
      misses.fixed += Number(fixed);
    }
    expect(misses.sequence / runs).toBeLessThan(0.05);
    expect(misses.fixed / runs).toBeGreaterThan(0.15);
  });
});

it("logGamma agrees with factorials and with ln Γ(1/2) = ln √π", () => {
  let factorial = 0;
  for (let n = 1; n <= 50; n++) {
    expect(logGamma(n)).toBeCloseTo(factorial, 9);
    factorial += Math.log(n);
  }
  expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.sqrt(Math.PI)), 12);
});

it("label values beyond the bound share one, and known ones stay", () => {
  const label = createBoundedLabels(2);
  expect(["a", "b", "c", "a", "d"].map(label)).toEqual(["a", "b", "other", "a", "other"]);
});

it("a gauge of several readers is gathered at scrape, and a removed reader exports nothing", async () => {
  const prometheus = createPrometheus();
  const read = (value: number) => () => [{ labels: { part: String(value) }, value }];
  const remove = prometheus.metrics.gauge("driftline_test", "Help.", ["part"], read(1));
  prometheus.metrics.gauge("driftline_test", "Help.", ["part"], read(2));
  expect(await prometheus.text()).toContain('driftline_test{part="1"} 1\ndriftline_test{part="2"} 2');
  remove();
  expect(await prometheus.text()).not.toContain('part="1"');
});
