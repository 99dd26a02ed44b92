/** The vectors of Kafka's own UtilsTest. */
import { describe, expect, it } from "vitest";
import { murmur2, partitionOf } from "../../src/log/murmur2.ts";

const vectors: readonly (readonly [string, number])[] = [
  ["21", -973932308],
  ["foobar", -790332482],
  ["a-little-bit-long-string", -985981536],
  ["a-little-bit-longer-string", -1486304829],
  ["lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971],
  ["abc", 479470107],
];

describe("murmur2", () => {
  it("hashes as Kafka's Java client does", () => {
    for (const [key, hash] of vectors) expect(murmur2(Buffer.from(key))).toBe(hash);
  });

  it("gives a partition in range for every key, the same each time", () => {
    for (const [key, hash] of vectors) expect(partitionOf(key, 7)).toBe((hash & 0x7fffffff) % 7);
  });
});
