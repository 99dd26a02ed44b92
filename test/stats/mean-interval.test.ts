/** Student's quantiles against the printed table, and permutation tests against full enumeration. */
import { expect, it } from "vitest";
import { meanOf, student95 } from "../../src/stats/mean-interval.ts";
import { permutationTest } from "../../src/stats/permutation.ts";
import { createRandom } from "../../src/stats/random.ts";

it("has Student's quantiles of the printed table", () => {
  const table = {
    1: 12.706,
    2: 4.303,
    3: 3.182,
    4: 2.776,
    5: 2.571,
    8: 2.306,
    10: 2.228,
    20: 2.086,
    30: 2.042,
    120: 1.98,
    10000: 1.96,
  };
  for (const [degrees, wanted] of Object.entries(table))
    expect(Math.abs(student95(Number(degrees)) - wanted), degrees).toBeLessThan(0.002);
});

it("gives a mean with its interval, and none where there is nothing to know", () => {
  expect(meanOf([])).toBeNull();
  expect(meanOf([3])).toEqual({ value: 3, interval: null });
  const mean = meanOf([1, 2, 3, 4]);
  expect(mean?.value).toBe(2.5);
  expect(mean?.interval?.lower).toBeCloseTo(2.5 - 3.182 * Math.sqrt(5 / 3 / 4), 2);
});

it("finds the p of a permutation test that full enumeration gives", () => {
  const values = [1, 5, 2, 8, 3, 9, 4, 4];
  const strata = [
    [0, 1],
    [2, 3],
    [4, 5],
    [6, 7],
  ];
  const second = [false, true, false, true, false, true, false, true];
  const distance = (labels: readonly boolean[]) =>
    Math.abs(values.reduce((sum, value, at) => sum + (labels[at] === true ? value : -value), 0));
  let asFar = 0;
  for (let bits = 0; bits < 16; bits++) {
    const labels = second.map((_, at) => ((bits >> (at >> 1)) & 1) === at % 2);
    if (distance(labels) >= distance(second)) asFar += 1;
  }
  expect(permutationTest({ strata, second }, distance, 4_000, 1)).toBeCloseTo(asFar / 16, 1);
  expect(permutationTest({ strata, second }, distance, 99, 1)).toBe(
    permutationTest({ strata, second }, distance, 99, 1),
  );
});

it("holds its level: arms that do not differ give p below .05 about once in twenty", () => {
  const random = createRandom(5);
  let low = 0;
  for (let study = 0; study < 400; study++) {
    // Ten tasks of different lengths, two episodes in each arm.
    const values = Array.from({ length: 40 }, (_, at) => 10 * Math.floor(at / 4) + 5 * random.next());
    const strata = Array.from({ length: 10 }, (_, task) => [0, 1, 2, 3].map((at) => task * 4 + at));
    const second = values.map((_, at) => at % 4 > 1);
    const distance = (labels: readonly boolean[]) =>
      Math.abs(values.reduce((sum, value, at) => sum + (labels[at] === true ? value : -value), 0));
    if (permutationTest({ strata, second }, distance, 99, study) <= 0.05) low += 1;
  }
  expect(low / 400).toBeGreaterThan(0.02);
  expect(low / 400).toBeLessThan(0.085);
});
