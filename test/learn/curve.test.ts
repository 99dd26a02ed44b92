/** The rule by which a first reference is pinned. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Curve, extended, isFlat } from "../../src/learn/curve.ts";

const options = { pinTransitionsMin: 200, pinVersionsMin: 4, pinGainMax: 0.02 };
/** One version per accuracy, each tried so often. */
const curveOf = (accuracies: readonly number[], tries: number): Curve =>
  accuracies.map((accuracy) => ({ versions: 1, hits: Math.round(accuracy * tries), tries }));

describe("a curve", () => {
  it("is flat where the newer half is hardly better than the older one", () => {
    expect(isFlat(curveOf([0.8, 0.8, 0.81, 0.81], 100), options)).toBe(true);
    expect(isFlat(curveOf([0.1, 0.4, 0.7, 0.8, 0.8, 0.81, 0.81], 100), options)).toBe(true);
  });

  it("is not flat while it rises, even where the intervals overlap", () => {
    expect(isFlat(curveOf([0.5, 0.6, 0.7, 0.8], 100), options)).toBe(false);
    const slowly = curveOf([0.7, 0.7, 0.74, 0.74], 100);
    expect(isFlat(slowly, options)).toBe(false);
    expect(isFlat(slowly, { ...options, pinGainMax: 0.05 })).toBe(true);
  });

  it("is not flat where it falls: the world is changing", () => {
    expect(isFlat(curveOf([0.9, 0.9, 0.5, 0.5], 100), options)).toBe(false);
    expect(isFlat(curveOf([0.81, 0.81, 0.8, 0.8], 100), options)).toBe(true);
  });

  it("says nothing before it has versions and tries enough", () => {
    expect(isFlat([], options)).toBe(false);
    expect(isFlat(curveOf([0.8, 0.8, 0.8], 1_000), options)).toBe(false);
    expect(isFlat(curveOf([0.8, 0.8, 0.8, 0.8], 49), options)).toBe(false);
    expect(isFlat(curveOf([0.8, 0.8, 0.8, 0.8], 50), options)).toBe(true);
    expect(isFlat(curveOf([0.8, 0, 0, 0], 0), options)).toBe(false);
  });

  it("never grows beyond its bound, loses no try, and is judged alike when neighbours are one", () => {
    const accuracy = fc.constantFrom(0.2, 0.8);
    fc.assert(
      fc.property(fc.array(accuracy, { minLength: 1, maxLength: 1_200 }), (accuracies) => {
        const points = curveOf(accuracies, 10);
        const curve = points.reduce<Curve>((longer, point) => extended(longer, point), []);
        expect(curve.length).toBeLessThanOrEqual(256);
        const sumOf = (some: Curve, key: "versions" | "hits" | "tries") => some.reduce((sum, one) => sum + one[key], 0);
        for (const key of ["versions", "hits", "tries"] as const) expect(sumOf(curve, key)).toBe(sumOf(points, key));
      }),
      { numRuns: 50 },
    );
    const long = curveOf(new Array<number>(1_000).fill(0.8), 10);
    const curve = long.reduce<Curve>((longer, point) => extended(longer, point), []);
    expect(isFlat(curve, options)).toBe(true);
  });
});
