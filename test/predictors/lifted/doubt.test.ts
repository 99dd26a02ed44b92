/** Forests hang on what the rows say, and not on how they came. */
import { describe, expect, it } from "vitest";
import { treesOf, trustsOf } from "../../../src/predictors/lifted/doubt.ts";
import { type Forest, vote } from "../../../src/predictors/lifted/forest.ts";
import { growForest } from "../../../src/predictors/lifted/grow.ts";
import type { Sample } from "../../../src/predictors/lifted/sample-table.ts";
import { blockOf, createTokenSet, families, tokenOf } from "../../../src/predictors/lifted/tokens.ts";
import { createRandom } from "../../../src/stats/random.ts";

const names = Array.from({ length: 60 }, (_, name) => name);
const token = (name: number) => tokenOf(families.relation, name, 0);
const world = (name: number) => tokenOf(families.action, 900 + name, 0);

/** Rows of one world: a handful in which something changed, and many tokens that tell them apart by chance. */
function rowsOf(of: number, count: number): readonly Sample[] {
  const random = createRandom(of);
  return Array.from({ length: count }, (_, at) => {
    const own = names.filter(() => random.next() < 0.5).map(token);
    return { blocks: [blockOf(Int32Array.from([world(of), ...own]))], label: at < 6 ? 1 : 0, at: of * 1_000 + at };
  });
}

function grown(samples: readonly Sample[], labels: readonly number[] = [0, 7]): Forest {
  const growth = growForest(samples, labels, 5);
  while (!growth.advance(100_000));
  return growth.forest();
}

function answers(forest: Forest, of: number): readonly number[] {
  const [set, shares] = [createTokenSet(), new Float64Array(4)];
  return rowsOf(of, 40).map((_, at) => {
    const random = createRandom(5_000 + at);
    set.clear();
    set.add(world(of));
    for (const name of names) if (random.next() < 0.5) set.add(token(name));
    return vote(forest, [set], shares);
  });
}

describe("forest", () => {
  it("is the same whatever the order of its rows", () => {
    const rows = rowsOf(1, 40);
    const random = createRandom(8);
    const shuffled = [...rows].sort(() => random.next() - 0.5);
    expect(shuffled).not.toEqual(rows);
    expect(grown(shuffled)).toEqual(grown(rows));
  });

  it("goes on to say of one world what it said before rows of another came", () => {
    const first = rowsOf(1, 40);
    // Nothing changes in the other, so that one question parts the two.
    const other = rowsOf(2, 300).map((row) => ({ ...row, label: 2 }));
    const [before, after] = [grown(first, [0, 7, 9]), grown([...first, ...other], [0, 7, 9])];
    const [was, is] = [answers(before, 1), answers(after, 1)];
    expect(new Set(was)).toEqual(new Set([0, 1]));
    expect(is).toEqual(was);
  });
});

describe("trees", () => {
  it("are more for few rows than for many", () => {
    expect([10, 90, 125, 5_000].map(treesOf)).toEqual([11, 11, 8, 5]);
  });

  it("trust tokens each in its own way, the first tree all alike", () => {
    const columns = Int32Array.from(names, token);
    expect(new Set(trustsOf(columns, 1, 0))).toEqual(new Set([1]));
    const [one, two] = [trustsOf(columns, 1, 1), trustsOf(columns, 1, 2)];
    expect(one).not.toEqual(two);
    expect(Math.min(...one, ...two)).toBeGreaterThanOrEqual(0.5);
    expect(Math.max(...one)).toBeGreaterThan(0.9);
  });
});
