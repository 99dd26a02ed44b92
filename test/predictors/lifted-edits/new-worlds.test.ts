/** Worlds that were never seen: what few steps say, and that what other worlds taught does not stand in the way. */
import { describe, expect, it } from "vitest";
import { createNews } from "../../../src/predictors/lifted-edits/learning/news.ts";
import { liftedOptions } from "../../../src/predictors/lifted-edits/options.ts";
import { type Call, hits } from "./toy.ts";

describe("news", () => {
  it("are the first steps, and some after a form of action that is new, unless nearly all are", () => {
    const news = createNews({ ...liftedOptions, youngSteps: 10, youngSlices: 7, newsSteps: 3 });
    const slices = (from: number, forms: readonly number[]) => forms.map((count, at) => news.slices(from + at, count));
    expect(slices(1, [1, 1])).toEqual([7, 7]);
    expect(slices(50, [2, 3, 3, 3, 3, 3])).toEqual([7, 7, 7, 7, 7, 7]);
    expect(slices(70, [3, 3, 3])).toEqual([7, 1, 1]);
    expect(slices(80, [30, 31])).toEqual([1, 1]);
  });

  it("are learnt in time though much was learnt of another world before", () => {
    const missesOf = (newsSteps: number) => {
      const options = { ...liftedOptions, youngSteps: 50, growBudget: 2_000, newsSteps };
      const first = Array.from({ length: 300 }, (_, at): Call => {
        const kind = ["oak", "elm", "fir", "ash"][(at * 7) % 4] ?? "";
        return [{ name: `plant ${at % 6}`, arguments: { kind, row: at % 11 } }, { result: { [kind]: (at * 5) % 9 } }];
      });
      const other = Array.from({ length: 60 }, (_, at): Call => {
        const town = `town ${(at * 3) % 7}`;
        return [
          { name: at % 2 === 0 ? "ask" : "tell", arguments: { town } },
          { result: at % 2 === 0 ? town : "thanks" },
        ];
      });
      return hits({ result: null }, [...first, ...other], options)
        .slice(first.length)
        .filter((isRight) => !isRight).length;
    };
    const [much, little] = [missesOf(50), missesOf(0)];
    expect(much).toBeLessThan(little / 2);
  });
});
