/** How a model's words become a prediction, or a failure with a name. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readAnswer } from "../../../src/predictors/chat/answer.ts";

const suffix = " [SUCCESS]";
const text = (written: string) => readAnswer("text", written, "before", suffix);
const patch = (written: string) => readAnswer("patch", written, { door: "closed" }, suffix);

describe("answers", () => {
  it("are trimmed texts; the literal suffix says success and is no part of the state", () => {
    expect(text(" The door is open.\n")).toEqual({
      ok: true,
      next: { form: "state", stateText: '"The door is open."' },
      success: false,
    });
    expect(text("You won. [SUCCESS]")).toMatchObject({ success: true, next: { stateText: '"You won."' } });
    expect(text("You won.[SUCCESS]")).toMatchObject({ success: false, next: { stateText: '"You won.[SUCCESS]"' } });
    expect(readAnswer("text", "x [SUCCESS]", "", "")).toMatchObject({ next: { stateText: '"x [SUCCESS]"' } });
  });

  it("are patches that apply, bare or in one fence", () => {
    const next = { form: "patch", patch: [{ op: "replace", path: "/door", value: "open" }] };
    const written = '[{"op":"replace","path":"/door","value":"open"}]';
    expect(patch(written)).toEqual({ ok: true, next, success: false });
    expect(patch(`\`\`\`json\n${written}\n\`\`\`\n`)).toMatchObject({ ok: true, next });
    expect(patch("[]")).toMatchObject({ ok: true, next: { patch: [] } });
  });

  it.each([
    ["", "the answer is empty"],
    ["Sure! []", "the answer is not JSON"],
    ['[{"op":"replace"', "the answer is not JSON"],
    ['{"door":"open"}', "the answer is not a JSON Patch: a patch is an array"],
    ['[{"op":"open","path":"/door"}]', "the answer is not a JSON Patch: operation 0"],
    ['[{"op":"remove","path":"/window"}]', "the patch does not apply: operation 0"],
    ['[{"op":"add","path":"/__proto__/x","value":1}]', "the patch does not apply"],
    [`["${"x".repeat(2_000_000)}"]`, "the answer is not JSON: larger"],
    ["\ud800", "the answer is not well-formed text"],
  ])("that cannot be used are failures with a reason: %#", (written, reason) => {
    const answer = patch(written);
    expect(answer).toMatchObject({ ok: false, reason: expect.stringContaining(reason) });
    expect(JSON.stringify(answer).length).toBeLessThan(260);
  });

  it("never throw, whatever is written", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.json()), (written) => {
        for (const form of ["text", "patch"] as const) readAnswer(form, written, { a: [1] }, suffix);
      }),
    );
  });
});
