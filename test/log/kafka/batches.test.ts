/** Record batches: what kafkajs encodes is read back, whole or cut off. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeBatches } from "../../../src/log/kafka/batches.ts";
import { batch, stamped } from "./batches.ts";

const text = fc.option(fc.string({ unit: "grapheme", maxLength: 300 }), { nil: null });
const place = { topic: "t", partition: 3, from: 0 };

describe("record batches", () => {
  it("reads what kafkajs writes", async () => {
    const any = fc.array(
      fc.record({ values: fc.array(fc.tuple(text, text), { minLength: 1, maxLength: 30 }), gzip: fc.boolean() }),
      { minLength: 1, maxLength: 4 },
    );
    await fc.assert(
      fc.asyncProperty(any, async (batches) => {
        let base = 0;
        const pieces: Buffer[] = [];
        const wanted: (readonly [number, string | null, string | null, number])[] = [];
        for (const { values, gzip } of batches) {
          const keys = values.map(([key]) => key);
          const texts = values.map(([, value]) => value);
          pieces.push(await batch({ base, values: texts, keys, producerId: -1, compression: gzip ? 1 : 0 }));
          values.forEach(([key, value], at) => void wanted.push([base + at, key, value, 1_000 + at]));
          base += values.length;
        }
        const { records, next } = decodeBatches(Buffer.concat(pieces), place, []);
        expect(
          records.map((one) => [one.offset, one.key, one.value === null ? null : String(one.value), one.timestamp]),
        ).toEqual(wanted);
        expect(next).toBe(base);
      }),
      { numRuns: 60, seed: 1 },
    );
  });

  it("gives the broker's append time to every record of a batch", async () => {
    const bytes = stamped(await batch({ base: 0, values: ["a", "b"], producerId: -1 }), 5_000);
    const { records } = decodeBatches(bytes, place, []);
    expect(records.map(({ timestamp }) => timestamp)).toEqual([5_000, 5_000]);
  });

  it("takes whole batches alone, and nothing before the offset that was asked for", async () => {
    const first = await batch({ base: 0, values: ["a", "b", "c"], producerId: -1 });
    const second = await batch({ base: 3, values: ["d"], producerId: -1 });
    for (let cut = 0; cut < second.length; cut++) {
      const bytes = Buffer.concat([first, second.subarray(0, cut)]);
      const { records, next } = decodeBatches(bytes, { ...place, from: 1 }, []);
      expect(records.map(({ offset }) => offset)).toEqual([1, 2]);
      expect(next).toBe(3);
    }
  });

  it("says what it cannot read", async () => {
    const old = await batch({ base: 0, values: ["a"], producerId: -1 });
    old[16] = 1;
    expect(() => decodeBatches(old, place, [])).toThrow(/old format/);
    for (const [compression, why] of [
      [1, /cannot be read \(incorrect header check/],
      [2, /cannot be read \(/],
      [3, /cannot be read \(invalid magic number/],
      [4, /cannot be read \(invalid zstd data/],
      [5, /cannot be read \(compression 5 is unknown/],
    ] as const) {
      const bytes = await batch({ base: 0, values: ["a"], producerId: -1 });
      bytes.writeInt16BE(compression, 21);
      expect(() => decodeBatches(bytes, place, [])).toThrow(why);
    }
  });
});
