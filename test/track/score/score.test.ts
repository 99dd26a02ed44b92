/** Every measure of a single score against the slow and obvious reference, and by hand. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Kind } from "../../../src/codec/records.ts";
import { canonicalText } from "../../../src/json/canonical.ts";
import type { Json } from "../../../src/json/json.ts";
import { compileComparison } from "../../../src/track/score/comparison.ts";
import { isDynamic, measure, prepareTruth } from "../../../src/track/score/logic.ts";
import type { ComparisonRules } from "../../../src/track/score/options.ts";
import { referenceMeasures } from "../../support/score-reference.ts";

function measured(rules: ComparisonRules, kind: Kind, state: Json, next: Json, prediction: Json) {
  const valued = (value: Json) => ({ value, text: canonicalText(value) });
  const truth = prepareTruth(compileComparison(rules, kind), kind, valued(state), valued(next));
  const { wrongFields: _, ...measures } = measure(truth, prediction);
  return { dynamic: isDynamic(truth), ...measures };
}

const scalar = fc.constantFrom<Json>(
  null,
  true,
  0,
  1,
  1.05,
  2,
  "",
  "a",
  " A ",
  "b  c",
  "at 2026-01-01T00:00:00Z",
  "at 2026-02-01T10:00:00Z",
);
const key = fc.constantFrom("a", "b", "id", "0", "x/y", "m~n", "[0]");
const { value } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    scalar,
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(key, tie("value"), { maxKeys: 4 }).map((object): Json => ({ ...object })),
  ),
}));
const pattern = fc.constantFrom(
  "/a",
  "/b",
  "/*",
  "/**",
  "/a/*",
  "/*/b",
  "/**/id",
  "/**/a/*",
  "/a/0",
  "/x~1y",
  "/**/b/**",
  "/a/*/id",
);
const anywhere = fc.oneof(pattern, fc.constant(""));
const rules: fc.Arbitrary<ComparisonRules> = fc.record(
  {
    ignore: fc.uniqueArray(
      pattern.filter((one) => one !== "/**"),
      { maxLength: 2 },
    ),
    unordered: fc.uniqueArray(anywhere, { maxLength: 2 }),
    tolerance: fc.dictionary(
      anywhere,
      fc.constantFrom({ absolute: 0.06 }, { relative: 0.5 }, { absolute: 1, relative: 0.1 }),
      { maxKeys: 2 },
    ),
    keyed: fc.dictionary(anywhere, fc.constantFrom("id", "a"), { maxKeys: 2 }),
    normalise: fc.dictionary(
      anywhere,
      fc.uniqueArray(fc.constantFrom("trim", "lowercase", "collapse-whitespace", "timestamp"), {
        minLength: 1,
        maxLength: 3,
      }),
      { maxKeys: 2 },
    ),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<ComparisonRules>;

/** Mostly small changes of one value, so that leaves are shared and differ here and there. */
const triple = fc.oneof(
  fc.tuple(value, value, value),
  fc
    .tuple(value, fc.nat(), fc.nat(), scalar)
    .map(([one, a, b, to]): [Json, Json, Json] => [one, changed(one, a, to), changed(one, b, to)]),
);

describe("the measures", () => {
  it("are those of the reference for structured states under any rules", () => {
    fc.assert(
      fc.property(rules, triple, (some, [state, next, prediction]) => {
        expect(measured(some, "state", state, next, prediction)).toEqual(
          referenceMeasures(some, "state", state, next, prediction),
        );
      }),
      { numRuns: 6_000 },
    );
  });

  it("are those of the reference where the prediction is that nothing changes", () => {
    fc.assert(
      fc.property(rules, triple, (some, [state, next]) => {
        expect(measured(some, "state", state, next, state)).toEqual(
          referenceMeasures(some, "state", state, next, state),
        );
      }),
      { numRuns: 3_000 },
    );
  });

  it("take an array whose only position is ignored for an empty one", () => {
    // Found by a property run: only objects were looked at for members that are ignored.
    const rules = { ignore: ["/a/0"] };
    const [state, next, prediction] = [null, { a: [null] }, { a: [null, null] }];
    expect(measured(rules, "state", state, next, prediction)).toEqual(
      referenceMeasures(rules, "state", state, next, prediction),
    );
  });

  it("are those of the reference for texts", () => {
    const text = fc
      .array(fc.constantFrom("a", "b", "You", "see", " ", "\n", "  ", "A"), { maxLength: 8 })
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(rules, text, text, text, (some, state, next, prediction) => {
        expect(measured(some, "observation", state, next, prediction)).toEqual(
          referenceMeasures(some, "observation", state, next, prediction),
        );
      }),
      { numRuns: 2_000 },
    );
  });

  it("would notice a wrong count (the comparison with the reference can fail)", () => {
    const reference = referenceMeasures({}, "state", { a: 1 }, { a: 2 }, { a: 1 });
    expect(measured({ ignore: ["/a"] }, "state", { a: 1, b: 0 }, { a: 2, b: 0 }, { a: 1, b: 0 })).not.toEqual(
      reference,
    );
  });

  it("count a step by hand: two leaves change, one is predicted, one change is invented", () => {
    const state = { door: "closed", lamp: { on: false }, held: [] };
    const next = { door: "open", lamp: { on: true }, held: [] };
    const prediction = { door: "open", lamp: { on: false }, held: ["pen"] };
    expect(measured({}, "state", state, next, prediction)).toEqual({
      dynamic: true,
      exact: false,
      fieldsEqual: 1,
      fieldsTotal: 4,
      changedHit: 1,
      changedPredicted: 3,
      changedActual: 2,
      tokenF1: null,
      tokenAligned: null,
    });
  });

  it("compare texts trimmed, as the paper does, and their words", () => {
    const { exact, tokenF1, tokenAligned } = measured({}, "observation", "x", "You see a pen.", "  You see a pen.\n");
    expect({ exact, tokenF1, tokenAligned }).toEqual({ exact: true, tokenF1: 1, tokenAligned: 1 });
    expect(measured({}, "observation", "x", "a b c", "b c").tokenF1).toBeCloseTo(0.8, 12);
    expect(measured({}, "observation", "x", "a b c", "b c").tokenAligned).toBe(0);
  });
});

describe("the comparison rules", () => {
  it("have a hash that depends on what they say, not on how", () => {
    const hash = (some: ComparisonRules, kind: Kind = "state") => compileComparison(some, kind).hash;
    expect(hash({})).toBe(hash({ ignore: [] }));
    expect(hash({})).not.toBe(hash({ ignore: ["/a"] }));
    expect(hash({})).not.toBe(hash({}, "observation"));
    expect(hash({ ignore: ["/a"], unordered: ["/b"] })).toBe(hash({ unordered: ["/b"], ignore: ["/a"] }));
  });

  it("may not ignore everything", () => {
    expect(() => compileComparison({ ignore: [""] }, "state")).toThrow(/everything would be equal/);
    expect(() => compileComparison({ ignore: ["/**"] }, "state")).toThrow(/everything would be equal/);
  });
});

/** The value with its nth scalar replaced. */
function changed(of: Json, place: number, to: Json): Json {
  let at = 0;
  const total = count(of);
  const target = total === 0 ? -1 : place % total;
  return visit(of);
  function visit(one: Json): Json {
    if (typeof one !== "object" || one === null) return at++ === target ? to : one;
    if (Array.isArray(one)) return one.map(visit);
    return Object.fromEntries(Object.entries(one).map(([name, child]) => [name, visit(child)]));
  }
}

function count(of: Json): number {
  if (typeof of !== "object" || of === null) return 1;
  return Object.values(of).reduce((sum: number, child) => sum + count(child), 0);
}
