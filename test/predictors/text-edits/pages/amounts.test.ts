/** Amounts: how they are told, what changes them, and whether there is enough. */
import { describe, expect, it } from "vitest";
import {
  amountsIn,
  amountsTold,
  ledgerOf,
  writtenAmounts,
} from "../../../../src/predictors/text-edits/pages/amounts/ledger.ts";
import { createAmountCounts } from "../../../../src/predictors/text-edits/pages/amounts/study-amounts.ts";
import { grammarOf, readPhrases } from "../../../../src/predictors/text-edits/pages/grammar.ts";
import { lift } from "../../../../src/predictors/text-edits/pages/text/lift.ts";
import { learnt, predictAll } from "../toy.ts";
import { sheds } from "./moved.ts";

describe("amounts", () => {
  it("are counted up and down as actions say, and asked whether they are enough", () => {
    const judged = predictAll(learnt(sheds(50, 1)).current(), sheds(12, 2));
    for (const verb of ["count", "use", "fetch"]) {
      const own = judged.filter(({ transition }) => transition.action.startsWith(`"${verb}`));
      expect(own.filter(({ right }) => right).length / own.length, verb).toBeGreaterThan(0.9);
    }
  });

  it("are read and written in the words of their world", () => {
    const texts = ["Got: [rope] (2) [nail] (30) [felt] (4) ;", "Got: [wire] (1) ;"];
    const ledger = ledgerOf("look", texts, "Got: nothing.");
    if (ledger === null) throw new Error("no ledger");
    for (const text of [...texts, "Got: nothing."])
      expect(writtenAmounts(ledger, amountsIn(ledger, text) ?? new Map())).toBe(text);
    expect(amountsIn(ledger, "Got: [rope] (two) ;")).toBeNull();
    expect(amountsIn(ledger, "You got: [rope] (2) ;")).toBeNull();
    expect(ledgerOf("look", ["A 2 b 3.", "C 4 d 5!"], "")).toBeNull();
    expect(ledgerOf("look", ["It is 4."], "")).toBeNull();
  });

  it("are told from numbers of names by whether an episode asks for other numbers of the same", () => {
    const counts = createAmountCounts();
    for (let at = 0; at < 30; at++)
      counts.add(["take 2 figs", "put 2 figs in bowl", `take ${at} pears`, `put ${at} pears in bowl`]);
    expect(counts.decided()).toBe(false);
    for (let at = 0; at < 30; at++) counts.add(["take 2 figs", "take 3 figs"]);
    expect(counts.decided()).toBe(true);
    const figs = grammarOf(["take 2 figs", "take 3 figs"]);
    expect(readPhrases(figs, "take 2 ripe figs")?.args).toEqual(["2 ripe figs"]);
    expect(amountsTold(figs, ["2", "figs"])).toEqual([]);
    expect(lift("Pick 7 of 9.", ["7"], [])).toBe("Pick 7 of 9.");
  });

  it("are arguments of their own, not of a verb's form", () => {
    const things = ["rope", "nails", "felt", "wire", "glue", "oak", "tar", "hemp", "wax", "lime", "sand"];
    const actions = things.flatMap((one) => [1, 2, 3].map((amount) => `fetch ${amount} ${one}`));
    const made = things.flatMap((one, at) => [
      `make ${at} ${one} of 2 ${things[(at + 1) % 11]}, 1 ${things[(at + 2) % 11]}`,
    ]);
    const grammar = grammarOf([...actions, ...made], true);
    expect(readPhrases(grammar, "fetch 4 red paint")).toEqual({
      template: "fetch \u00010\u0002 \u00011\u0002",
      args: ["4", "red paint"],
    });
    expect(readPhrases(grammar, "make 3 tar of 2 oak, 1 wax")).toEqual({
      template: "make \u00010\u0002 \u00011\u0002 of \u00012\u0002 \u00013\u0002, \u00014\u0002 \u00015\u0002",
      args: ["3", "tar", "2", "oak", "1", "wax"],
    });
  });
});
