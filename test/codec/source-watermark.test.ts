/** Repetitions of a crashed commit are dropped; nothing else is. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { createSourceWatermark } from "../../src/codec/source-watermark.ts";

it("takes every source once, whatever is repeated, also after a restart from its snapshot", () => {
  const source = fc.record({ partition: fc.nat(2), offset: fc.nat(5), index: fc.nat(2) });
  fc.assert(
    fc.property(fc.array(source), fc.nat(), (some, cut) => {
      const order = (one: { offset: number; index: number }) => one.offset * 10 + one.index;
      const sorted = [...some].sort((a, b) => order(a) - order(b));
      const repeated = sorted.flatMap((_one, at) => sorted.slice(Math.max(0, at - 2), at + 1));
      let watermark = createSourceWatermark();
      const taken = repeated.filter((one, at) => {
        if (at === cut % (repeated.length + 1)) {
          const again = createSourceWatermark();
          again.restore(watermark.snapshot());
          watermark = again;
        }
        return watermark.isNew(one);
      });
      const keys = taken.map((one) => `${one.partition}:${one.offset}:${one.index}`);
      expect(new Set(keys).size).toBe(keys.length);
      expect(new Set(keys)).toEqual(new Set(sorted.map((one) => `${one.partition}:${one.offset}:${one.index}`)));
    }),
  );
});

it("refuses a snapshot that it did not make", () => {
  for (const bad of [null, {}, [1], [[1, 2]], [["a", 1, 2]]]) {
    expect(() => createSourceWatermark().restore(bad)).toThrow(/snapshot/);
  }
});
