/** What other episodes were answered after the same text, judged apart. */
import { describe, expect, it } from "vitest";
import { readAsked } from "../../../../src/predictors/text-edits/pages/asked.ts";
import { beginPages } from "../../../../src/predictors/text-edits/pages/belief.ts";
import {
  carryRivals,
  learnRival,
  rivalFor,
  rivalOf,
} from "../../../../src/predictors/text-edits/pages/choice/rivals.ts";
import { noPages } from "../../../../src/predictors/text-edits/pages/structure.ts";
import { createRemembered } from "../../../../src/predictors/text-edits/remembered.ts";

function askedIn(first: string, episode: number) {
  const belief = beginPages(noPages, null, first);
  const read = readAsked(noPages, belief, "turn crank");
  if (read === null) throw new Error("it cannot be read");
  return { belief, asked: { action: read.action, actionText: read.text, episode } };
}

describe("what followed this text in other episodes", () => {
  it("is not told by the episode itself, and rather by its own world than by others", () => {
    const remembered = createRemembered(1_000);
    const one = askedIn("Three cogs.", 1);
    learnRival(remembered, one.belief, one.asked, "Two cogs.", null, 100);
    expect(rivalOf(remembered, one.belief, one.asked)).toBeNull();
    const fellow = askedIn("Three cogs.", 2);
    expect(rivalOf(remembered, fellow.belief, fellow.asked)).toMatchObject({ text: "Two cogs." });
  });

  it("is said where nothing else is once it was right, and against the forest where it beat it", () => {
    const remembered = createRemembered(10_000);
    const { belief, asked } = askedIn("Three cogs.", 0);
    const learn = (text: string, isWrong: boolean | null, times: number) => {
      for (let time = 0; time < times; time++)
        learnRival(remembered, belief, { ...asked, episode: 1 + time }, text, isWrong, 1_000);
    };
    const said = (isElse: boolean) => rivalFor(remembered, rivalOf(remembered, belief, asked), asked, isElse)?.text;
    learn("Two cogs.", null, 8);
    expect(said(false)).toBe("Two cogs.");
    expect(said(true)).toBeUndefined();
    learn("Two cogs.", false, 8);
    expect(said(true)).toBeUndefined();
    learn("Two cogs.", true, 8);
    expect(said(true)).toBe("Two cogs.");
    const next = createRemembered(10_000);
    carryRivals(remembered, next);
    expect(next.sources.size).toBe(1);
    for (let time = 0; time < 8; time++)
      learnRival(remembered, belief, { ...asked, episode: 50 + time }, `It breaks ${time}.`, false, 1_000);
    expect(said(true)).toBeUndefined();
  });
});
