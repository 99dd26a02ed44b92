/** Answers that are the text before, changed here and there: numbers that move, sentences that go, words that go elsewhere. */
import { describe, expect, it } from "vitest";
import {
  becomes,
  goes,
  outcomesOf,
  outcomeWords,
  stays,
} from "../../../../src/predictors/text-edits/pages/moved/outcomes.ts";
import { areAlike, paired, piecesOf, rewritten } from "../../../../src/predictors/text-edits/pages/moved/pieces.ts";
import { shifted, shiftIn } from "../../../../src/predictors/text-edits/pages/moved/shift.ts";
import { explainAll, learnt, piecesFrom, predictAll } from "../toy.ts";
import { boards, boardText, streets } from "./moved.ts";

const street = learnt(streets(50, 1)).current();
const rightShare = (judged: readonly { readonly right: boolean }[]) =>
  judged.filter(({ right }) => right).length / judged.length;

describe("a text that is the state", () => {
  it("is foretold with its numbers moved, in streets that were never walked", () => {
    const judged = predictAll(street, streets(15, 2));
    expect(rightShare(judged)).toBeGreaterThan(0.9);
    const paid = judged.filter(({ transition }) => transition.action.includes("pay"));
    expect(rightShare(paid)).toBeGreaterThan(0.8);
  });

  it("is explained piece by piece", () => {
    const steps = explainAll(street, streets(4, 3)).filter(({ transition }) => transition.action.includes("step"));
    const details = steps.flatMap((one) => piecesFrom(one, "counted").map(({ detail }) => detail ?? ""));
    expect(
      details.some((detail) => /^"The street ends \d+ paces from here\." its number 1 falls by 1$/.test(detail)),
    ).toBe(true);
    expect(street.rules?.().some(({ says }) => says === "a sentence of the text before goes")).toBe(true);
  });

  it("is foretold where a word goes from square to square", () => {
    const judged = predictAll(learnt(boards(60, 1)).current(), boards(12, 2));
    expect(rightShare(judged)).toBeGreaterThan(0.8);
  });
});

describe("what becomes of pieces", () => {
  const around = { args: ["7", "red box"], told: [], text: "", seen: new Map([["You are at ", "4"]]) };
  const said = (piece: string, now: string | null, its = around) =>
    outcomesOf(piece, now, its).map((outcome) => becomes(outcome, piece, its));

  it("gives the later text again, whatever has come and gone", () => {
    const old = "A gate is 2 paces off. A well is 0 paces off. The end.";
    for (const now of [
      "A gate is 1 paces off. The end.",
      "The end. More comes.",
      "Ha! A gate is 2 paces off. A well is 3 paces off. A cow is 1 paces off. The end.",
    ]) {
      const became = paired(piecesOf(old) ?? [], now);
      expect(became === null ? null : rewritten(became)).toBe(now);
    }
    expect(areAlike(old, "A gate is 1 paces off. The end.")).toBe(true);
    expect(areAlike(old, old)).toBe(false);
    expect(areAlike(old, "You are in a hall. It is cold.")).toBe(false);
    expect(piecesOf("x".repeat(5_000))).toBeNull();
    expect(piecesOf("x\n".repeat(60))).toBeNull();
  });

  it("can be said in several ways, each of which gives it", () => {
    expect(outcomesOf("a", "a", around)).toEqual([stays]);
    expect(outcomesOf("a", null, around)).toEqual([goes]);
    expect(new Set(said("It is 9 and 2.", "It is 2 and 2."))).toEqual(new Set(["It is 2 and 2."]));
    expect(outcomesOf("It is 9 and 2.", "It is 2 and 2.", around).map(outcomeWords)).toContain(
      "its number 1 falls by <0>",
    );
    expect(new Set(said("You rest.", "You are at 5 with a red box."))).toEqual(
      new Set(["You are at 5 with a red box."]),
    );
    const text = "There is a blue key in front of you. You hold nothing.";
    expect(new Set(said("You hold nothing.", "You hold a blue key.", { ...around, text }))).toEqual(
      new Set(["You hold a blue key."]),
    );
  });

  it("is not said of what has no such number, nor below nothing", () => {
    const [less = ""] = outcomesOf("It is 2.", "It is 1.", around);
    expect(becomes(less, "It is 0.", around)).toBeNull();
    expect(becomes(less, "It is bare.", around)).toBeNull();
    expect(becomes(less, "There are 5 of 6.", around)).toBe("There are 4 of 6.");
    expect(becomes(less, `It is ${"9".repeat(30)}.`, around)).toBeNull();
    expect(becomes(less, "It is 10.", around)).toBe("It is 9.");
    expect(becomes(less, "It is 010.", around)).toBe("It is 009.");
    expect(outcomesOf("It is 4.0.", "It is 5.0.", around)).toEqual(["It is 5.0."]);
  });
});

describe("a word that goes elsewhere", () => {
  const text = boardText({ row: 1, column: 1, stones: new Set([6]) });
  const pieces = piecesOf(text) ?? [];

  it("is found by the columns where it stood and stands, with what it covers", () => {
    const now = boardText({ row: 1, column: 2, stones: new Set([6]) });
    const shift = shiftIn(paired(pieces, now) ?? []);
    expect(shift).toEqual({ word: "X", down: 0, right: 4 });
    const done = shifted(pieces, shift);
    expect(done.onto).toBe("o");
    expect(rewritten(done.pieces.map((piece) => ({ piece, now: piece.text })))).toBe(now);
    expect(shiftIn(paired(pieces, boardText({ row: 0, column: 1, stones: new Set() })) ?? [])).toBeNull();
  });

  it("stays where it would leave the board or stand on its frame", () => {
    expect(shifted(pieces, { word: "X", down: 0, right: 2 })).toEqual({ pieces, onto: null });
    expect(shifted(pieces, { word: "X", down: 9, right: 0 })).toEqual({ pieces, onto: null });
    expect(shifted(pieces, { word: "Q", down: 1, right: 0 })).toEqual({ pieces, onto: null });
  });
});
