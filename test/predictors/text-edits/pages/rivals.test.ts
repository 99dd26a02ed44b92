/** What other episodes were answered after the same text, judged apart. */
import { describe, expect, it } from "vitest";
import { readAsked } from "../../../../src/predictors/text-edits/pages/asked.ts";
import { beginPages } from "../../../../src/predictors/text-edits/pages/belief.ts";
import {
  carryRivals,
  learnRivals,
  rivalFor,
  rivalsOf,
} from "../../../../src/predictors/text-edits/pages/choice/rivals.ts";
import { observePage } from "../../../../src/predictors/text-edits/pages/observe.ts";
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
    learnRivals(remembered, one.belief, one.asked, { body: "Two cogs.", tail: "" }, null, 100);
    expect(rivalsOf(remembered, one.belief, one.asked)).toEqual([]);
    const fellow = askedIn("Three cogs.", 2);
    const [way, text, ...others] = rivalsOf(remembered, fellow.belief, fellow.asked);
    expect([way, text, others]).toMatchObject([{ text: "Two cogs.", tail: "" }, { text: "Two cogs." }, []]);
  });

  it("is said where nothing else is once it was right, and against the forest where it beat it", () => {
    const remembered = createRemembered(10_000);
    const { belief, asked } = askedIn("Three cogs.", 0);
    const learn = (text: string, isWrong: boolean | null, times: number) => {
      for (let time = 0; time < times; time++)
        learnRivals(remembered, belief, { ...asked, episode: 1 + time }, { body: text, tail: "" }, isWrong, 1_000);
    };
    const said = (isElse: boolean) => rivalFor(remembered, rivalsOf(remembered, belief, asked), isElse)?.text;
    learn("Two cogs.", null, 8);
    expect(said(false)).toBe("Two cogs.");
    expect(said(true)).toBeUndefined();
    learn("Two cogs.", false, 8);
    expect(said(true)).toBeUndefined();
    learn("Two cogs.", true, 8);
    expect(said(true)).toBe("Two cogs.");
    const next = createRemembered(10_000);
    carryRivals(remembered, next);
    expect(next.sources.size).toBe(2);
    for (let time = 0; time < 8; time++) learn(`It breaks ${time}.`, false, 1);
    expect(said(true)).toBeUndefined();
  });

  it("is what followed the same way, ends and all, rather than what followed the same text", () => {
    const remembered = createRemembered(10_000);
    const crank = (answers: readonly string[], episode: number) => {
      const { belief, asked } = askedIn("Three cogs.", episode);
      for (const answer of answers) observePage(noPages, belief, "turn crank", asked.action, answer);
      return { belief, asked };
    };
    // How often the crank was turned no text shows.
    for (let episode = 1; episode < 10; episode++)
      for (const turns of [0, 1, 2]) {
        const { belief, asked } = crank(
          Array.from({ length: turns }, () => "It turns."),
          episode,
        );
        const tail = turns === 2 ? "\n\n\nDone." : "";
        learnRivals(
          remembered,
          belief,
          asked,
          { body: turns === 2 ? "It breaks." : "It turns.", tail },
          turns === 2,
          1_000,
        );
      }
    const said = (answers: readonly string[]) => {
      const { belief, asked } = crank(answers, 99);
      return rivalFor(remembered, rivalsOf(remembered, belief, asked), true);
    };
    expect(said(["It turns."])).toMatchObject({ text: "It turns.", tail: "" });
    expect(said(["It turns.", "It turns."])).toMatchObject({ text: "It breaks.", tail: "\n\n\nDone." });
    expect(said(["It hums.", "It turns."])).toBeNull();
  });
});
