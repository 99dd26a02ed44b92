/** What episodes begin with, as far as actions that name nothing are answered by it. */
import { describe, expect, it } from "vitest";
import { createBeginningCounts } from "../../../../src/predictors/text-edits/pages/study/study-beginnings.ts";
import { eventOfTest } from "./event.ts";

const grab = eventOfTest("grab", "pin");
const look = eventOfTest("view", "pin");
const rules = { edits: new Map([[`${grab.key}\u0003answer hands\u0003x`, "y"]]), moves: new Map<string, string>() };

function decided(...firsts: readonly (readonly [text: string, before: readonly (typeof grab)[]])[]) {
  const counts = createBeginningCounts();
  for (const [text, before] of firsts) {
    counts.begin();
    counts.add("hands", text, before);
    counts.add("hands", "Asked again.", before);
  }
  return counts.decided(rules);
}

describe("what episodes begin with", () => {
  it("is what was answered first where nothing was done that changes it", () => {
    const empty = ["Empty.", [look]] as const;
    expect(decided(empty, empty, empty, ["A pin.", [grab]], ["A pin.", [grab, look]])).toEqual(
      new Map([["hands", "Empty."]]),
    );
    expect(decided(empty, empty, ["A cup.", []], ["A hat.", []], ["A pin.", [grab]])).toEqual(new Map());
    expect(decided(empty, empty, empty, empty)).toEqual(new Map());
  });
});
