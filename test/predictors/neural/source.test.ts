/** Sources and patches: what is left out first, what marks stand for, how unknown words are written, and that patches come back. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalText } from "../../../src/json/canonical.ts";
import type { Patch } from "../../../src/json/json.ts";
import { profiles } from "../../../src/predictors/neural/config.ts";
import { encodeSource, encodeTarget, tokensOfId } from "../../../src/predictors/neural/encode.ts";
import { readPatch, writePatch } from "../../../src/predictors/neural/patch-text.ts";
import { type Given, type Source, sourceOf } from "../../../src/predictors/neural/source.ts";
import { vocabularyOf } from "../../../src/predictors/neural/vocabulary.ts";

const config = { ...profiles.tiny, sourceMax: 64 };

function given(more: Partial<Given>): Given {
  const state = more.state ?? "It is dark.";
  return {
    kind: typeof state === "string" ? "observation" : "state",
    state,
    stateText: canonicalText(state),
    action: "look",
    context: null,
    history: [],
    ...more,
  };
}

function wordsOf(source: Source | null): string {
  const entries = source?.units.flatMap((unit) => unit.entries) ?? [];
  return entries.map((entry) => (entry.form === "word" ? entry.word : `<${entry.form}>`)).join(" ");
}

const steps = Array.from({ length: 30 }, (_, at) => ({
  stateText: canonicalText(`The thing ${at} is here.`),
  actionText: canonicalText(`push thing ${at}`),
}));

describe("a source", () => {
  it("leaves out the oldest earlier steps first, but for those that speak of what the action speaks of", () => {
    const source = sourceOf(given({ action: "pull thing 3", history: steps }), config);
    const words = wordsOf(source);
    expect(source?.length).toBeLessThanOrEqual(64);
    expect(words).toContain("push thing 29");
    expect(words).toContain("push thing 3 ");
    expect(words).not.toContain("push thing 7 ");
    expect(source?.stepsDropped).toBeGreaterThan(15);
    expect(words).toMatch(/<whole> It is dark \. <step> pull thing 3$/);
  });

  it("takes of a long context what the action speaks of", () => {
    const boxes = Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`box ${at}`, { holds: [`pen ${at}`] }]));
    const words = wordsOf(sourceOf(given({ action: "open box 41", context: { boxes } }), config));
    expect(words).toContain("boxes box 41 : holds : pen 41");
    expect(
      wordsOf(sourceOf(given({ action: "open box 41", context: { boxes } }), { ...config, context: false })),
    ).not.toContain("holds");
  });

  it("is none where the action alone is too long", () => {
    expect(sourceOf(given({ action: "push ".repeat(60) }), config)).toBeNull();
  });

  it("lets unknown words and long texts be copied, and writes short ones", () => {
    const long = "The zarquon hums. The zarquon glows in all of the colours that there are.";
    const vocabulary = vocabularyOf(["the", "The", "is", "on", "."]);
    const source = sourceOf(given({ state: long, action: "press zarquon" }), config);
    if (source === null) throw new Error("no source");
    const encoded = encodeSource(source, vocabulary);
    const said = (text: string) =>
      [...encodeTarget(text, encoded, vocabulary).ids].map(
        (id) => tokensOfId(id, encoded, vocabulary)?.join(" ") ?? id,
      );
    expect(said("The zarquon is on.")).toEqual(["The", "zarquon", "is", "on", ".", 1]);
    expect(said(long)).toHaveLength(2);
    expect(said("The zarquon hums. The zarquon is on.")).toEqual([
      "The zarquon hums .",
      "The",
      "zarquon",
      "is",
      "on",
      ".",
      1,
    ]);
    expect([...encodeTarget("The florb is on.", encoded, vocabulary).ids][1]).toBe(-1);
  });
});

describe("a patch as text", () => {
  it("comes back as it was, whatever its pointers and values hold", () => {
    const pointer = fc
      .array(fc.string().map((key) => key.replaceAll("~", "~0").replaceAll("/", "~1")))
      .map((keys) => keys.map((key) => `/${key}`).join(""));
    const value = fc.jsonValue({ maxDepth: 2 }).map((one) => JSON.parse(JSON.stringify(one)));
    const operation = fc.oneof(
      fc.record({ op: fc.constantFrom("add", "replace", "test"), path: pointer, value }),
      fc.record({ op: fc.constant("remove"), path: pointer }),
      fc.record({ op: fc.constantFrom("move", "copy"), path: pointer, from: pointer }),
    );
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 4 }), (operations) => {
        const patch = operations as unknown as Patch;
        expect(readPatch(writePatch(patch))).toEqual(JSON.parse(JSON.stringify(patch)));
      }),
    );
  });

  it("is none where it is something else", () => {
    for (const text of ["hello", "replace\t/a", "replace\t/a\t{", "move\t/a\tb", "\n"])
      expect(readPatch(text)).toBeNull();
    expect(readPatch("")).toEqual([]);
  });
});
