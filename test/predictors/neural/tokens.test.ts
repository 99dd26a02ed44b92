/** Tokens: the exact text comes back; words are the same tokens wherever they stand; pieces are lines, sentences and fields. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { glue, join, pieceStarts, tokenise } from "../../../src/predictors/neural/tokens.ts";

const texts = [
  "You open the drawer 1. The drawer 1 is open. In it, you see nothing.",
  "  two  spaces ,odd( brackets )and\n\n\ta list\n\tof lines ",
  "Price: $309.9 [SEP] Rating: N.A. [SEP] a01#black, 54-Inch (Green)",
  '[{"op":"replace","path":"/a/b~1c","value":-1.5e3},{"op":"remove","path":"/x"}]',
  "-= Bedroom =-\nYou don't like doors? Why not try going east.Then west",
  "",
  " ",
  "ﬁ ünïcode – “quoted” 日本語 🙂",
];

describe("tokens", () => {
  it("bring the exact text back", () => {
    for (const text of texts) expect(join(tokenise(text))).toBe(text);
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'ab1 .,\n\t([)]"$-_/[SEP]é') }), (text) => {
        expect(join(tokenise(text))).toBe(text);
      }),
      { numRuns: 2_000 },
    );
  });

  it("are the same for a word at the start, in the middle and in a list", () => {
    const word = "lamp";
    for (const text of ["lamp", "a lamp", "(lamp)", "a, lamp, b", "lamp."]) expect(tokenise(text)).toContain(word);
  });

  it("say a missing space and need none for an expected one", () => {
    expect(tokenise("a b, c")).toEqual(["a", "b", ",", "c"]);
    expect(tokenise("a,b")).toEqual(["a", ",", glue, "b"]);
  });

  it("cut a text into lines, sentences and fields", () => {
    const cut = (text: string) => {
      const tokens = tokenise(text);
      const starts = pieceStarts(tokens);
      return starts.map((start, at) => join(tokens.slice(start, starts[at + 1])));
    };
    expect(cut("It is dark. You see:\n\ta lamp\n\ta pen")).toEqual([
      "It is dark.",
      "You see:",
      "\n\ta lamp",
      "\n\ta pen",
    ]);
    expect(cut("One [SEP] two [SEP] 3.5")).toEqual(["One [SEP]", "two [SEP]", "3.5"]);
  });
});
