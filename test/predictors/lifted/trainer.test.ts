/** When forests are grown anew, and in which order. */
import { expect, it } from "vitest";
import { blockOf, families, tokenOf } from "../../../src/predictors/lifted/tokens.ts";
import { createTrainer, type Trainer } from "../../../src/predictors/lifted/trainer.ts";
import { limits } from "./limits.ts";

const blocks = (n: number) => [blockOf(Int32Array.of(tokenOf(families.relation, n % 50, 0), 7_000_000 + 128 * n))];

function trainer() {
  const grown: (readonly [key: string, isRenewed: boolean])[] = [];
  const made = createTrainer({
    limits,
    weightOf: () => 1,
    grown: ({ key }, isRenewed) => grown.push([key, isRenewed]),
  });
  return { made, grown };
}

/** So many rows of two labels, the first of them wrong, and the forest grown from them. */
function filled(made: Trainer, key: string, count: number): void {
  for (let n = 0; n < count; n++) made.add(key, blocks(n), [n % 2 === 0 ? 0 : 3], n < 50);
  made.settle();
}

it("grows the forest of a path with few rows anew for one error, and that of a path with many for several", () => {
  const { made } = trainer();
  filled(made, "small", 100);
  filled(made, "large", 2_000);
  made.add("large", blocks(9_000), [4], true);
  expect(made.idle).toBe(true);
  made.add("small", blocks(9_000), [4], true);
  expect(made.idle).toBe(false);
  while (!made.idle) made.work(10_000);
  for (let n = 1; n < 9; n++) made.add("large", blocks(9_000 + n), [4], true);
  expect(made.idle).toBe(false);
});

it("grows a small forest while a large one is being grown", () => {
  const { made, grown } = trainer();
  for (let n = 0; n < 2_000; n++) made.add("large", blocks(n), [n % 2 === 0 ? 0 : 3], true);
  made.work(10);
  for (let n = 0; n < 20; n++) made.add("small", blocks(n), [n % 2 === 0 ? 0 : 3], true);
  while (!made.idle) made.work(1_000);
  expect(grown.map(([key]) => key).slice(0, 2)).toEqual(["small", "large"]);
});

it("takes a forest for another one where its rows have grown, not where it was mended for an error", () => {
  const { made, grown } = trainer();
  filled(made, "path", 100);
  for (let n = 0; n < 45; n++) {
    made.add("path", blocks(9_000 + n), [4], true);
    while (!made.idle) made.work(10_000);
  }
  expect(grown).toHaveLength(46);
  expect(grown.map(([, isRenewed]) => isRenewed).lastIndexOf(true)).toBe(40);
});

/** One row of four is by a label that comes again and again, the others are by labels of their own and by some that two rows share by chance. */
const noisy = (n: number) => (n % 4 === 0 ? [3] : [1_000 + n, 100_000 + (n % 500)]);

it("grows what is wrong whatever was learnt of it as its rows grow, and not for each error", () => {
  const timesGrown = (isWrong: (n: number) => boolean) => {
    const { made, grown } = trainer();
    for (let n = 0; n < 400; n++) made.add("path", blocks(n), noisy(n), isWrong(n));
    made.settle();
    for (let n = 400; n < 450; n++) {
      made.add("path", blocks(n), noisy(n), isWrong(n));
      while (!made.idle) made.work(1_000_000);
    }
    made.settle();
    return grown.length;
  };
  expect(timesGrown(() => true)).toBe(1);
  expect(timesGrown((n) => n % 4 !== 0)).toBeGreaterThan(10);
});

it("makes labels of few rows unknown where most rows are explained by none, and only there", () => {
  const labels = (labelsOf: (n: number) => readonly number[]) => {
    const { made } = trainer();
    for (let n = 0; n < 1_000; n++) made.add("path", blocks(n), labelsOf(n), n < 50);
    made.settle();
    return made.paths.get("path")?.forest?.labels;
  };
  expect(labels(noisy)).toEqual([3, -1]);
  expect(labels((n) => [n % 90])).toHaveLength(90);
});
