/** The learning core on its own: no JSON. */
import { describe, expect, it } from "vitest";
import {
  calibrated,
  calibrationBins,
  curveOf,
  emptyCalibration,
  judge,
  logistic,
} from "../../../src/predictors/lifted/calibration.ts";
import type { Growing } from "../../../src/predictors/lifted/counter.ts";
import { coverOf } from "../../../src/predictors/lifted/cover.ts";
import { type Forest, vote } from "../../../src/predictors/lifted/forest.ts";
import { createGate } from "../../../src/predictors/lifted/gate.ts";
import { growForest } from "../../../src/predictors/lifted/grow.ts";
import { createRows, type Row } from "../../../src/predictors/lifted/rows.ts";
import type { Sample } from "../../../src/predictors/lifted/sample-table.ts";
import { blockOf, createTokenSet, families, tokenOf } from "../../../src/predictors/lifted/tokens.ts";
import { createRandom } from "../../../src/stats/random.ts";

const token = (name: number) => tokenOf(families.relation, name, 0);
const sample = (label: number, ...names: number[]): Sample => ({
  blocks: [blockOf(Int32Array.from(names, token))],
  label,
  at: 0,
});
const row = (...labels: number[]): Row => ({ blocks: [], labels, count: 1, at: 0 });

/** Label 1 exactly where both 1 and 2 are there; 3 to 9 are noise. */
function conjunction(count: number): readonly Sample[] {
  const random = createRandom(7);
  return Array.from({ length: count }, () => {
    const names = [1, 2, 3, 4, 5, 6, 7, 8, 9].filter(() => random.next() < 0.5);
    return sample(names.includes(1) && names.includes(2) ? 1 : 0, ...names);
  });
}

function saidOf(forest: Forest, samples: readonly Sample[]): readonly number[] {
  const set = createTokenSet();
  return samples.map(({ blocks }) => {
    set.clear();
    for (const block of blocks) for (const one of block.tokens) set.add(one);
    return vote(forest, [set], new Float64Array(forest.labels.length));
  });
}

describe("forest", () => {
  it("learns a conjunction among noise and says what it never saw", () => {
    const growth = growForest(conjunction(300), [0, 1], 1);
    while (!growth.advance(500));
    const forest = growth.forest();
    const set = createTokenSet();
    const shares = new Float64Array(2);
    for (const test of conjunction(600).slice(300)) {
      set.clear();
      for (const block of test.blocks) for (const one of block.tokens) set.add(one);
      expect(vote(forest, [set], shares)).toBe(test.label);
    }
  });

  it("is the same forest however its growth was sliced", () => {
    const grow = (budget: number) => {
      const growth = growForest(conjunction(3_000), [0, 1], 3);
      while (!growth.advance(budget));
      return growth.forest();
    };
    expect(grow(37)).toEqual(grow(10_000_000));
  });

  it("begins with many rows in slices, too", () => {
    const growth = growForest(conjunction(12_000), [0, 1], 3);
    let slices = 0;
    while (!growth.advance(1)) slices += 1;
    // What is put in a table is some 4.5 tokens a row, and the first split looks at each of 24 parts of the rows.
    expect(slices).toBeGreaterThan(5 + 24);
    expect(growth.forest().support).toBe(12_000);
  });

  it("takes what tells few rows apart for chance where it is told so, and still learns what tells many apart", () => {
    const uncertain: Growing = { trees: 15, share: 0.6, bits: 3, labelBits: 0.5, actionBits: 0 };
    const grown = (samples: readonly Sample[], growing?: Growing) => {
      const growth = growForest(samples, [0, 1], 1, growing);
      while (!growth.advance(500));
      return growth.forest();
    };
    const random = createRandom(3);
    /** One in four is 1, whatever else there is. */
    const drawn = Array.from({ length: 40 }, (_, at) =>
      sample(Number(at % 4 === 0), ...[1, 2, 3, 4, 5, 6].filter(() => random.next() < 0.5), 100 + at),
    );
    expect(saidOf(grown(drawn), drawn).filter((label) => label === 1).length).toBe(10);
    expect(saidOf(grown(drawn, uncertain), drawn)).toEqual(drawn.map(() => 0));
    const forest = grown(conjunction(300), uncertain);
    expect(forest.roots.length).toBe(15);
    const tests = conjunction(600).slice(300);
    expect(saidOf(forest, tests)).toEqual(tests.map(({ label }) => label));
  });
});

describe("forest and action", () => {
  const action = (name: number) => tokenOf(families.action, name, 0);
  /** Label 1 by the first action, but for every fourth row; a word by chance tells one more of them apart. */
  const rows = (count: number): readonly Sample[] =>
    Array.from({ length: count }, (_, at) => {
      const label = Number(at % 2 === 0 && at % 8 !== 0);
      const tokens = [action(at % 2), ...(label === 1 ? [token(1)] : [token(2)])];
      return { blocks: [blockOf(Int32Array.from(tokens))], label, at };
    });
  const first = (samples: readonly Sample[], actionBits: number) => {
    const growth = growForest(samples, [0, 1], 1, { trees: 1, share: 1, bits: 0, labelBits: 0, actionBits });
    while (!growth.advance(10_000));
    return growth.forest().nodes[0];
  };

  it("parts few rows by their action first, and many by what tells them apart best", () => {
    const isAction = (one: number | undefined) => one === action(0) || one === action(1);
    expect(isAction(first(rows(8), 10))).toBe(true);
    expect(isAction(first(rows(8), 0))).toBe(false);
    expect(isAction(first(rows(400), 10))).toBe(false);
  });
});

describe("cover", () => {
  it("explains all rows by the fewest expressions", () => {
    const { labels, order } = coverOf([row(5, 9), row(6, 9), row(7, 9), row(8)], () => 1);
    expect(order).toEqual([9, 8]);
    expect([...labels]).toEqual([9, 9, 9, 8]);
  });

  it("prefers the greater weight where two explain as much", () => {
    expect(coverOf([row(1, 2), row(1, 2)], (label) => (label === 2 ? 1 : 0.9)).order).toEqual([2]);
  });
});

describe("rows", () => {
  const blocks = (n: number) => [blockOf(Int32Array.of(token(n)))];
  const taken = { hard: false, full: false, isFormer: false };

  it("counts what rows share once, and nothing when all are gone", () => {
    const [one, two] = [10, 10].map((max) => createRows({ changedMax: max, keptMin: max, keptMax: max, trustMax: 1 }));
    if (one === undefined || two === undefined) return expect.unreachable();
    const random = createRandom(1);
    const [shared] = blocks(1);
    if (shared === undefined) return expect.unreachable();
    one.add([shared, ...blocks(2)], [3], random, taken);
    const alone = one.bytes;
    two.add([shared, ...blocks(3)], [3], random, taken);
    expect(two.bytes).toBeLessThan(alone);
    one.clear();
    expect(one.bytes + two.bytes).toBeGreaterThan(0);
    two.clear();
    expect(one.bytes + two.bytes).toBe(0);
  });

  it("gives room back while there is none, and still learns what is new", () => {
    const rows = createRows({ changedMax: 100, keptMin: 100, keptMax: 100, trustMax: 1 });
    const random = createRandom(1);
    for (let n = 0; n < 100; n++) rows.add(blocks(n), [0], random, taken);
    const before = rows.bytes;
    for (let n = 200; n < 220; n++)
      expect(rows.add(blocks(n), [0], random, { ...taken, hard: true, full: true })).toBe(true);
    expect(rows.kept).toHaveLength(80);
    expect(rows.bytes).toBeLessThan(before);
  });

  it("never lets the many kept rows push out the changed ones, and stays bounded", () => {
    const rows = createRows({ changedMax: 10, keptMin: 20, keptMax: 20, trustMax: 1 });
    const random = createRandom(1);
    for (let n = 0; n < 5; n++) rows.add(blocks(n), [3], random, taken);
    for (let n = 100; n < 2_000; n++) rows.add(blocks(n), [0], random, taken);
    expect(rows.changed).toHaveLength(5);
    expect(rows.kept).toHaveLength(20);
  });

  it("always takes what rules had wrong, however many rows came before", () => {
    const random = createRandom(1);
    const rows = createRows({ changedMax: 10, keptMin: 20, keptMax: 20, trustMax: 1 });
    for (let n = 0; n < 5_000; n++) rows.add(blocks(n), [0], random, taken);
    for (let n = 9_000; n < 9_010; n++) expect(rows.add(blocks(n), [0], random, { ...taken, hard: true })).toBe(true);
    expect(rows.kept).toHaveLength(20);
  });

  it("holds the newest truth of the same tokens", () => {
    const rows = createRows({ changedMax: 10, keptMin: 10, keptMax: 10, trustMax: 1 });
    const random = createRandom(1);
    rows.add(blocks(1), [3], random, taken);
    expect(rows.add(blocks(1), [0], random, taken)).toBe(true);
    expect(rows.changed).toHaveLength(0);
    expect(rows.kept).toHaveLength(1);
    expect(rows.add(blocks(1), [0], random, taken)).toBe(false);
  });

  it("learns of former steps what is not known, and holds what is known against them", () => {
    const rows = createRows({ changedMax: 10, keptMin: 10, keptMax: 10, trustMax: 1 });
    const random = createRandom(1);
    rows.add(blocks(1), [3], random, taken);
    expect(rows.add(blocks(1), [0], random, { ...taken, isFormer: true })).toBe(false);
    expect(rows.add(blocks(2), [0], random, { ...taken, isFormer: true })).toBe(true);
    const [changed, kept] = [rows.changed[0], rows.kept[0]];
    expect(changed?.labels).toEqual([3]);
    expect(kept?.at).toBeLessThan(changed?.at ?? 0);
  });

  it("holds the truth of most where chance decides, and lets it go when the newest say otherwise", () => {
    const rows = createRows({ changedMax: 10, keptMin: 10, keptMax: 10, trustMax: 3 });
    const random = createRandom(1);
    const truth = () => rows.changed[0]?.labels;
    for (const labels of [[3, 5], [3, 4], [3]]) rows.add(blocks(1), labels, random, taken);
    expect(truth()).toEqual([3]);
    rows.add(blocks(1), [7], random, taken);
    expect(truth()).toEqual([3]);
    for (let n = 0; n < 2; n++) rows.add(blocks(1), [7], random, taken);
    expect(truth()).toEqual([7]);
  });
});

describe("gate", () => {
  const verdict = (key: string, share = 1, support = 9, expression = "x") => ({
    key,
    template: "t",
    expression,
    share,
    support,
  });

  it("is shut at the start, opens with wins, and shuts with losses", () => {
    const gate = createGate();
    expect(gate.stand(verdict("a"))).not.toBe("open");
    for (let n = 0; n < 3; n++) gate.judge(verdict("a"), true);
    expect(gate.stand(verdict("a"))).toBe("open");
    for (let n = 0; n < 9; n++) gate.judge(verdict("a"), false);
    expect(gate.stand(verdict("a"))).toBe("shut");
  });

  it("trusts a new path as far as its like were right", () => {
    const gate = createGate();
    for (let n = 0; n < 20; n++) gate.judge(verdict("a"), true);
    for (let n = 0; n < 20; n++) gate.judge(verdict("a", 0.5, 1), false);
    expect(gate.stand(verdict("b"))).toBe("open");
    expect(gate.stand(verdict("b", 0.5, 1))).not.toBe("open");
  });

  it("stays open for what was right when the same rule comes to rest on more steps, whatever it does under other actions", () => {
    const gate = createGate();
    const under = (template: string, support: number) => ({
      key: "a",
      template,
      expression: "x",
      share: 1,
      support,
    });
    for (let n = 0; n < 20; n++) gate.judge(under("open", 1), true);
    // Grown anew, it is in another bin, in which it had nothing but losses: under other actions, before it was right again.
    for (let n = 0; n < 9; n++) gate.judge(under("take", 9), false);
    expect(gate.stand(under("open", 9))).toBe("open");
    expect(gate.stand(under("take", 9))).toBe("shut");
  });
});

describe("gate and what always changes", () => {
  const verdict = { key: "0 a", template: "t", expression: "x", share: 1, support: 1 };

  it("is open where a path changed in each of the first steps, though nothing was said of it", () => {
    const gate = createGate();
    for (let n = 0; n < 4; n++) {
      expect(gate.stand(verdict)).not.toBe("open");
      gate.judgeChange({ key: "0 a", template: `other ${n}` }, true);
    }
    expect(gate.stand(verdict)).toBe("open");
    gate.judgeChange(verdict, false);
    expect(gate.stand(verdict)).not.toBe("open");
  });
});

describe("gate and rules", () => {
  const verdict = (expression: string) => ({ key: "0 a", template: "t", expression, share: 1, support: 9 });

  it("lets a rule that was right speak where another of its path is wrong", () => {
    const gate = createGate();
    for (let n = 0; n < 20; n++) gate.judgeRule(verdict("good"), true);
    for (let n = 0; n < 20; n++) {
      gate.judge(verdict("bad"), false);
      gate.judgeRule(verdict("bad"), false);
    }
    expect(gate.stand(verdict("good"))).toBe("open");
    expect(gate.stand(verdict("bad"))).toBe("shut");
  });

  it("holds half of its losses against a path that was grown anew, and nothing against another", () => {
    const gates = [createGate(), createGate()];
    for (const gate of gates)
      for (let n = 0; n < 20; n++) {
        gate.judge(verdict("x"), n < 11);
        gate.judgeRule(verdict("x"), n < 11);
      }
    const [renewed, other] = gates;
    const restored = createGate();
    for (const [name, tally] of renewed?.entries() ?? []) restored.restore(name, tally);
    renewed?.renew("0 a");
    restored.renew("0 a");
    other?.renew("1 a");
    expect(other?.stand(verdict("x"))).toBe("shut");
    expect(renewed?.stand(verdict("x"))).toBe("open");
    expect(restored.stand(verdict("x"))).toBe("open");
  });
});

describe("calibration", () => {
  it("is monotone and near the share of hits", () => {
    const calibration = emptyCalibration();
    const random = createRandom(5);
    for (let n = 0; n < 8_000; n++) {
      const score = random.next() * 12 - 4;
      judge(calibration, score, random.next() < logistic(score) ** 2);
    }
    const curve = curveOf(calibration);
    for (let bin = 1; bin < calibrationBins; bin++) expect(curve[bin]).toBeGreaterThanOrEqual(curve[bin - 1] ?? 0);
    for (const score of [-3, -1, 0, 1, 3, 6])
      expect(Math.abs(calibrated(curve, score) - logistic(score) ** 2)).toBeLessThan(0.07);
    expect(calibrated(curve, -1e9)).toBe(curve[0]);
    expect(calibrated(curve, 1e9)).toBe(curve[calibrationBins - 1]);
  });
});
