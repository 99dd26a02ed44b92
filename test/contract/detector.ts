/** What every drift detector keeps. Run for each file of the detectors' folder, so a new one is under contract as soon as it is there. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Detector, DetectorFactory } from "../../src/monitor/drift/detectors/detector.ts";
import { seeded } from "../crash/random.ts";

const baseline = { mean: 0.05, upper: 0.06 };
const value = fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true }));
const values = fc.array(value, { maxLength: 200 });

/** Means of episodes of 20 steps with independent errors. */
function means(seed: number, count: number, error: number): readonly number[] {
  const random = seeded(seed);
  return Array.from({ length: count }, () => {
    let wrong = 0;
    for (let step = 0; step < 20; step++) if (random.chance(error)) wrong += 1;
    return wrong / 20;
  });
}

function finds(detector: Detector, all: readonly number[]): readonly (readonly [number, "up" | "down"])[] {
  return all.flatMap((one, at) => {
    const found = detector.take(one);
    return found === null ? [] : [[at, found] as const];
  });
}

export function detectorContract(factory: DetectorFactory): void {
  const create = () => factory.create(baseline);

  describe(`detector ${factory.name}`, () => {
    it("finds a large rise, and says that it is one", () => {
      const detector = create();
      const found = finds(detector, [...means(1, 1_000, 0.05), ...means(2, 2_000, 0.6)]);
      expect(found.map(([at]) => at).filter((at) => at < 1_000)).toEqual([]);
      expect(found[0]?.[1]).toBe("up");
    });

    it("finds nothing where nothing changes", () => {
      expect(finds(create(), means(3, 5_000, 0.05))).toEqual([]);
      expect(finds(create(), new Array<number>(2_000).fill(0))).toEqual([]);
    });

    it("goes on from a snapshot as if it had not been interrupted, at any place", () => {
      fc.assert(
        fc.property(values, values, (before, after) => {
          const one = create();
          for (const x of before) one.take(x);
          const other = create();
          other.restore(JSON.parse(JSON.stringify(one.snapshot())));
          expect(other.statistic).toBe(one.statistic);
          for (const x of after) {
            expect(other.take(x)).toBe(one.take(x));
            expect(other.statistic).toBe(one.statistic);
          }
          expect(other.snapshot()).toEqual(one.snapshot());
        }),
        { numRuns: 100 },
      );
    });

    it("is as new after a reset", () => {
      fc.assert(
        fc.property(values, values, (before, after) => {
          const [used, fresh] = [create(), create()];
          for (const x of before) used.take(x);
          used.reset();
          expect(finds(used, after)).toEqual(finds(fresh, after));
        }),
        { numRuns: 50 },
      );
    });

    it("passes over what is no number, and stays finite whatever comes", () => {
      const detector = create();
      const odd = [Number.NaN, 1, 0, Number.NaN, 1, 1e-300, 1, 0.999_999];
      for (let round = 0; round < 500; round++) for (const x of odd) detector.take(x);
      expect(Number.isFinite(detector.statistic)).toBe(true);
      expect(JSON.stringify(detector.snapshot())).not.toContain("null");
      const [plain, holed] = [create(), create()];
      for (const x of means(5, 300, 0.3)) {
        plain.take(x);
        holed.take(Number.NaN);
        holed.take(x);
      }
      expect(holed.snapshot()).toEqual(plain.snapshot());
    });

    it("refuses the snapshot of another detector", () => {
      for (const other of [null, {}, [], "x", [1, 2, 3, 4, 5, 6, 7, 8, 9]]) {
        expect(() => create().restore(other)).toThrow();
      }
    });

    it("holds no more after 200,000 values than a few kilobytes", () => {
      const detector = create();
      const random = seeded(9);
      for (let at = 0; at < 200_000; at++) detector.take(random.chance(0.05) ? 1 : 0);
      expect(JSON.stringify(detector.snapshot()).length).toBeLessThan(8_000);
    });

    it("says below its limit that nothing was found", () => {
      const detector = create();
      for (const x of means(8, 500, 0.05))
        if (detector.take(x) === null) expect(detector.statistic).toBeLessThan(detector.limit);
    });
  });
}
