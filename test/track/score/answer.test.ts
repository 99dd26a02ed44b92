/** Answers in text: their kind, their words, and sameness as JSON. */
import { describe, expect, it } from "vitest";
import { answerKind, answerText, isSameAsJson, jsonIn } from "../../../src/track/score/answer.ts";

const python = `{'name': "O'Neill \\"x\\"", 'on': True, 'of': None, 'n': [1, 2.5], 'low': 'it\\'s'}`;

describe("jsonIn", () => {
  it("reads JSON, and what Python prints", () => {
    expect(jsonIn('{"a":[1,null]}')).toEqual({ a: [1, null] });
    expect(jsonIn(python)).toEqual({ name: `O'Neill "x"`, on: true, of: null, n: [1, 2.5], low: "it's" });
    expect(jsonIn("{'a': 'None, True'}")).toEqual({ a: "None, True" });
  });

  it("takes time in proportion to the text", () => {
    const start = performance.now();
    for (const text of [`['${"\\'".repeat(100_000)}`, `["${'\\"'.repeat(100_000)}\\`]) expect(jsonIn(text)).toBeNull();
    expect(performance.now() - start).toBeLessThan(2_000);
  });

  it("leaves everything else as text", () => {
    for (const text of ["", "[unclosed", "{a: 1}", "plain", "7", '"x"', "[1,", `${"[".repeat(100_000)}`])
      expect(jsonIn(text), text.slice(0, 20)).toBeNull();
  });
});

describe("answers", () => {
  it("are errors, JSON, texts or structured states", () => {
    expect(answerKind({ error: "no such key", response: "" })).toBe("error");
    expect(answerKind({ error: "", response: "{'a': 1}" })).toBe("json");
    expect(answerKind({ error: "", response: "done" })).toBe("text");
    expect(answerKind("You see a lamp.")).toBe("text");
    expect(answerKind('{"error":"","response":"x"}')).toBe("json");
    expect(answerKind('{"error":"broken"}')).toBe("error");
    expect(answerKind({ things: ["lamp"] })).toBe("state");
    expect(answerKind({})).toBe("state");
    expect(answerKind(null)).toBe("state");
  });

  it("have words where they are texts", () => {
    expect(answerText({ error: "a b", response: "c" })).toBe("a b\nc");
    expect(answerText("a")).toBe("a");
    expect(answerText({ n: 1 })).toBeNull();
  });

  it("are the same as JSON whatever their spaces, quotes and order of keys are", () => {
    const truth = { error: "", response: '{"a": 1, "b": [true]}' };
    expect(isSameAsJson(truth, { error: "", response: "{'b': [True], 'a': 1}" })).toBe(true);
    expect(isSameAsJson(truth, '{"error":"","response":"{\\"b\\":[true],\\"a\\":1}"}')).toBe(true);
    expect(isSameAsJson(truth, { error: "", response: '{"a": 2, "b": [true]}' })).toBe(false);
    expect(isSameAsJson("one ", "one")).toBe(true);
    expect(isSameAsJson({ n: 1 }, { n: 1 })).toBeNull();
  });
});
