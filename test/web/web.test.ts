/** The pure parts of the page: differences, series, formats. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { changeLines, plainText } from "../../src/web/changes.ts";
import { bytes, count, percent, percentRange, rate, span, version } from "../../src/web/format.ts";
import { seriesOf, stepPoints } from "../../src/web/series.ts";
import { wordDiff } from "../../src/web/words.ts";

describe("the word difference", () => {
  it("shows what was predicted wrongly and what is missing", () => {
    expect(wordDiff("You see a red pen.", "You see a blue pen.")).toEqual([
      { kind: "same", text: "You see a " },
      { kind: "wrong", text: "red " },
      { kind: "missing", text: "blue " },
      { kind: "same", text: "pen." },
    ]);
  });

  it("holds both texts whole, whatever they are", () => {
    const text = fc.array(fc.constantFrom("a", "b", " ", "\n", "ü")).map((parts) => parts.join(""));
    fc.assert(
      fc.property(text, text, (predicted, actual) => {
        const pieces = wordDiff(predicted, actual);
        const join = (not: string) =>
          pieces
            .filter(({ kind }) => kind !== not)
            .map((one) => one.text)
            .join("");
        expect(join("missing")).toBe(predicted);
        expect(join("wrong")).toBe(actual);
      }),
    );
  });

  it("is bounded for long texts", () => {
    const words = (word: string) => Array.from({ length: 20_000 }, (_, at) => `${word}${at}`).join(" ");
    expect(wordDiff(words("a"), words("b")).map(({ kind }) => kind)).toEqual(["wrong", "missing"]);
  });
});

describe("the change lines", () => {
  const patch = (...operations: object[]) => JSON.stringify(operations);
  it("put prediction and truth side by side, path by path", () => {
    const predicted = patch({ op: "replace", path: "/a", value: 1 }, { op: "remove", path: "/b" });
    const truth = patch({ op: "replace", path: "/a", value: 2 }, { op: "add", path: "/c", value: [0] });
    expect(changeLines(predicted, truth)).toEqual([
      { path: "/a", predicted: "1", actual: "2", kind: "different" },
      { path: "/b", predicted: "removed", actual: null, kind: "wrong" },
      { path: "/c", predicted: null, actual: "[0]", kind: "missing" },
    ]);
  });

  it("give way to the text where one side is no patch", () => {
    expect(changeLines('"cut …"', "[]")).toBeNull();
    expect(changeLines("[1]", "[]")).toBeNull();
    expect(changeLines("not JSON", "[]")).toBeNull();
    expect(plainText('"a\\nb"')).toBe("a\nb");
    expect(plainText("not JSON")).toBe("not JSON");
  });
});

describe("the series", () => {
  const view = {
    predictor: "p",
    version: "v",
    tries: Array.from({ length: 60 }, (_, at) => (at >= 57 ? 2 : 0)),
    matches: Array.from({ length: 60 }, (_, at) => (at === 59 ? 2 : 0)),
    stepTries: [4, 0, 2],
    stepMatches: [1, 0, 2],
    abstentions: [],
  };
  it("gathers buckets into points; a point without a step is a gap", () => {
    const { times, lines } = seriesOf({
      window: "1m",
      bucketMs: 1_000,
      end: 60_000,
      transitions: 6,
      episodes: 1,
      coverage: 1,
      quality: [],
      predictors: [{ ...view, summary: null as never }],
    });
    expect(times).toHaveLength(20);
    expect(times.at(-1)).toBe(60);
    expect(times[1]).toBe((times[0] ?? 0) + 3);
    expect(lines[0]?.values.slice(-2)).toEqual([null, 1 / 3]);
    expect(lines[0]?.lower.at(-1)).toBeLessThan(1 / 3);
  });

  it("shows a step index only where there was a step", () => {
    expect(stepPoints({ ...view, summary: null as never })).toEqual([
      { label: "0", accuracy: 0.25, samples: 4 },
      { label: "2+", accuracy: 1, samples: 2 },
    ]);
  });
});

it("formats numbers for readers", () => {
  expect([percent(null), percent(0.4567), percentRange({ lower: 0.1, upper: 1 })]).toEqual([
    "–",
    "45.7 %",
    "10.0 – 100.0 %",
  ]);
  expect([count(1234567), rate(3.123), rate(1234.5), bytes(10), bytes(2_048), bytes(3_145_728)]).toEqual([
    "1,234,567",
    "3.1",
    "1,235",
    "10 B",
    "2 KiB",
    "3.0 MiB",
  ]);
  expect([span(-5), span(60_000), span(600_000), span(7_200_000), span(400_000_000)]).toEqual([
    "0 s",
    "60 s",
    "10 min",
    "2 h",
    "5 d",
  ]);
  expect([version("builtin"), version("ab".repeat(32))]).toEqual(["builtin", "abababab"]);
});
