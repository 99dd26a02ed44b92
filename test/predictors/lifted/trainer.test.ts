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

/** So many rows of two labels, and the forest grown from them. */
function filled(made: Trainer, key: string, count: number): void {
  for (let n = 0; n < count; n++) made.add(key, blocks(n), [n % 2 === 0 ? 0 : 3], true);
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
