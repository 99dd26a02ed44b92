/** What the learning core does when the dynamics is another than before: strain, and turns. */
import { describe, expect, it } from "vitest";
import { vote } from "../../../src/predictors/lifted/forest.ts";
import { growForest } from "../../../src/predictors/lifted/grow.ts";
import type { Sample } from "../../../src/predictors/lifted/sample-table.ts";
import { createStrain, isStrained, noteStrain, relax } from "../../../src/predictors/lifted/strain.ts";
import { blockOf, createTokenSet, families, tokenOf } from "../../../src/predictors/lifted/tokens.ts";
import { createTrainer } from "../../../src/predictors/lifted/trainer.ts";
import { createRandom } from "../../../src/stats/random.ts";
import { limits } from "./limits.ts";

const token = (name: number) => tokenOf(families.relation, name, 0);
const noise = (name: number) => tokenOf(families.number, 1_000 + name, 0);
/** Some tokens that mean something, and some that are there by chance. */
const blocksOf = (random: { next(): number }, ...names: number[]) => {
  const chance = Array.from({ length: 12 }, (_, name) => name).filter(() => random.next() < 0.5);
  return [blockOf(Int32Array.from([...names.map(token), ...chance.map(noise)]))];
};

describe("turn", () => {
  const verb = 1;
  const other = 2;
  /** Under the verb the label was 1 and is 2; under the other it is 3; label 0 where nothing changes. */
  function samples(old: number, newer: number, isTold: boolean): readonly Sample[] {
    const random = createRandom(3);
    const all: Sample[] = [];
    for (let at = 0; at < old + newer; at++) {
      const isNew = at >= old;
      const told = isNew && isTold ? [verb, 9] : [verb];
      all.push({ blocks: blocksOf(random, ...told), label: isNew ? 2 : 1, at: 4 * at });
      all.push({ blocks: blocksOf(random, other), label: 3, at: 4 * at + 1 });
      if (!isNew) all.push({ blocks: blocksOf(random), label: 0, at: 4 * at + 2 });
    }
    // In any order: age is what is told.
    return all.sort((a, b) => a.label - b.label);
  }

  function answer(all: readonly Sample[], ...names: number[]): number {
    const growth = growForest(all, [0, 1, 2, 3], 5);
    while (!growth.advance(10_000));
    const [random, set] = [createRandom(99), createTokenSet()];
    const counts = [0, 0, 0, 0];
    const shares = new Float64Array(4);
    for (let n = 0; n < 40; n++) {
      set.clear();
      for (const block of blocksOf(random, ...names)) for (const one of block.tokens) set.add(one);
      const best = vote(growth.forest(), [set], shares);
      counts[best] = (counts[best] ?? 0) + 1;
    }
    return counts.indexOf(Math.max(...counts)) * Number(Math.max(...counts) === 40);
  }

  it("lets four new truths outweigh sixty old ones that nothing but age tells from them", () => {
    const all = samples(60, 4, false);
    expect(answer(all, verb)).toBe(2);
    expect(answer(all, other)).toBe(3);
    expect(answer(all)).toBe(0);
  });

  it("keeps both where a token tells them apart", () => {
    const all = samples(60, 4, true);
    expect(answer(all, verb)).toBe(1);
    expect(answer(all, verb, 9)).toBe(2);
  });

  it("takes two new truths for chance", () => {
    expect(answer(samples(60, 2, false), verb)).not.toBe(2);
  });
});

describe("strain", () => {
  it("comes of a few errors where there were none, and of no noise that was always there", () => {
    const random = createRandom(2);
    const [calm, noisy] = [createStrain(), createStrain()];
    for (let n = 0; n < 1_500; n++) {
      noteStrain(calm, false);
      noteStrain(noisy, random.next() < 0.3);
      if (n % 500 === 499) for (const one of [calm, noisy]) relax(one);
    }
    for (let n = 0; n < 60; n++) noteStrain(noisy, random.next() < 0.3);
    for (let n = 0; n < 4; n++) noteStrain(calm, true);
    expect(isStrained(noisy)).toBe(false);
    expect(isStrained(calm)).toBe(true);
  });

  it("takes twice the excess each time that growing anew was not enough, and forgets that when rows have grown", () => {
    const strain = createStrain();
    for (let n = 0; n < 1_500; n++) noteStrain(strain, false);
    relax(strain);
    const errors = () => {
      let count = 0;
      for (; !isStrained(strain) && count < 1_000; count++) noteStrain(strain, true);
      relax(strain);
      return count;
    };
    const counts = [errors(), errors(), errors()];
    expect(counts[0]).toBeLessThan(10);
    expect(counts[1]).toBeGreaterThan(counts[0] ?? 0);
    expect(counts[2]).toBeGreaterThan(counts[1] ?? 0);
    relax(strain);
    expect(strain.excess).toBeLessThan(24);
  });

  it("has a path grown anew long before its rows have grown by two fifths", () => {
    const trainer = createTrainer({ limits, weightOf: () => 1, grown: () => {} });
    const [random, set, shares] = [createRandom(4), createTokenSet(), new Float64Array(8)];
    let at = 0;
    const step = (label: number) => {
      const blocks = blocksOf(random, 1, 100 + at++);
      const forest = trainer.paths.get("p")?.forest ?? null;
      set.clear();
      for (const block of blocks) for (const one of block.tokens) set.add(one);
      const wrong = forest === null || forest.labels[vote(forest, [set], shares)] !== label;
      trainer.add("p", blocks, [label], wrong);
      trainer.work(1_000_000);
      return !wrong;
    };
    for (let n = 0; n < 1_000; n++) step(5);
    let rights = 0;
    for (let n = 0; n < 60; n++) rights += Number(step(6));
    expect(rights).toBeGreaterThan(45);
  });
});
