/** Word measures: what texts have in common at both ends is not cut into words, and the measures are those of all words. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { isSpace, tokenMeasures } from "../../../src/track/score/tokens.ts";

/** Straight from the definition. */
function naive(truth: string, prediction: string) {
  const [expected, given] = [truth.match(/\S+/g) ?? [], prediction.match(/\S+/g) ?? []];
  if (expected.length + given.length === 0) return { f1: 1, aligned: 1 };
  const left = [...expected];
  let common = 0;
  for (const word of given) {
    const at = left.indexOf(word);
    if (at < 0) continue;
    left.splice(at, 1);
    common += 1;
  }
  const aligned = expected.filter((word, at) => given[at] === word).length;
  return {
    f1: (2 * common) / (expected.length + given.length),
    aligned: aligned / Math.max(expected.length, given.length),
  };
}

it("are those of the whole texts, whatever these have in common", () => {
  const part = fc
    .array(fc.constantFrom("a", "b", "ab", "é", "词", " ", "  ", "\n", "\t", "\u00a0", "\u3000"), { maxLength: 8 })
    .map((parts) => parts.join(""));
  const pair = fc
    .tuple(part, part, part, part)
    .map(([head, a, b, tail]) => [head + a + tail, head + b + tail] as const);
  fc.assert(
    fc.property(pair, ([truth, prediction]) => {
      expect(tokenMeasures(truth, prediction)).toEqual(naive(truth, prediction));
    }),
    { numRuns: 5_000 },
  );
});

it("take for white space what regular expressions do", () => {
  const wrong = Array.from({ length: 65_536 }, (_, code) => code).filter(
    (code) => isSpace(code) !== /\s/.test(String.fromCharCode(code)),
  );
  expect(wrong).toEqual([]);
});
