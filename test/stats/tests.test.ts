/** Tests of hypotheses against values from tables and other programs. */
import { describe, expect, it } from "vitest";
import { benjaminiHochberg } from "../../src/stats/benjamini-hochberg.ts";
import { chiSquareTail, sameMix } from "../../src/stats/chi-square.ts";
import { proportionsDiffer } from "../../src/stats/two-proportions.ts";

describe("chi-square", () => {
  it("has the tail of the tables", () => {
    expect(chiSquareTail(3.841_458_820_694_124, 1)).toBeCloseTo(0.05, 10);
    expect(chiSquareTail(18.307_038_053_275_1, 10)).toBeCloseTo(0.05, 10);
    expect(chiSquareTail(2, 2)).toBeCloseTo(Math.exp(-1), 12);
    expect(chiSquareTail(300, 4)).toBeGreaterThan(0);
    expect(chiSquareTail(0, 3)).toBe(1);
    expect(chiSquareTail(5, 0)).toBe(1);
  });

  it("tells mixes apart, by hand: [10, 20] against [20, 10]", () => {
    const test = sameMix([10, 20], [20, 10]);
    expect(test.statistic).toBeCloseTo(6.6667, 3);
    expect(test.freedom).toBe(1);
    expect(test.p).toBeCloseTo(0.009823, 5);
    expect(sameMix([1, 2, 3], [2, 4, 6]).p).toBeCloseTo(1, 10);
    expect(sameMix([], [1])).toEqual({ statistic: 0, freedom: 0, p: 1 });
    expect(sameMix([5, 0, 5], [5, 0, 5]).freedom).toBe(1);
  });

  it("gives two proportions the same p as their table of four", () => {
    expect(proportionsDiffer(10, 30, 20, 30)).toBeCloseTo(sameMix([10, 20], [20, 10]).p, 10);
    expect(proportionsDiffer(0, 0, 1, 2)).toBe(1);
    expect(proportionsDiffer(0, 9, 0, 9)).toBe(1);
  });
});

describe("Benjamini–Hochberg", () => {
  it("keeps what the paper's example keeps", () => {
    // The 15 p-values of section 3.1 of the paper: the first four hold at 0.05.
    const ps = [
      0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528, 0.759, 1,
    ];
    expect(benjaminiHochberg(ps)).toEqual([0, 1, 2, 3]);
    expect(benjaminiHochberg([...ps].reverse())).toEqual([14, 13, 12, 11]);
    expect(benjaminiHochberg([])).toEqual([]);
    expect(benjaminiHochberg([0.5, 0.6])).toEqual([]);
  });
});
