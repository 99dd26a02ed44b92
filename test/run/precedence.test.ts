import { describe, expect, it } from "vitest";
import { createFolding, createGiveWay, createGoFirst } from "../../src/run/precedence.ts";

/** Learning on a clock of its own: `work` passes time, and so does every sleep. */
function learning() {
  let now = 0;
  const folding = createFolding(2);
  const breaths: number[] = [];
  const { begin, breathe } = createGiveWay(folding, {
    seconds: () => now,
    async sleep(ms) {
      now += ms / 1_000;
    },
    breathe() {
      breaths.push(now);
      return null;
    },
  });
  return {
    folding,
    begin,
    breaths,
    now: () => now,
    /** Works for so long, and says for how long it waited then. */
    async work(ms: number): Promise<number> {
      now += ms / 1_000;
      const from = now;
      await breathe();
      return Math.round((now - from) * 1_000);
    },
  };
}

describe("giving way", () => {
  it("waits for nobody where nobody folds", async () => {
    const { work, breaths } = learning();
    expect(await work(5)).toBe(0);
    expect(breaths).toHaveLength(1);
  });

  it("waits while another thread folds, and no longer", async () => {
    const { folding, now, work } = learning();
    const done = createGoFirst(folding, 1)(0);
    expect(await work(5)).toBe(20);
    done();
    expect(await work(5)).toBe(0);
    expect(now()).toBeCloseTo(0.03);
  });

  it("keeps a fifth of the time, whatever the others do", async () => {
    const { folding, work } = learning();
    createGoFirst(folding, 0)(0);
    let waited = 0;
    for (let at = 0; at < 100; at++) waited += await work(2);
    expect(waited).toBeGreaterThanOrEqual(800);
    expect(waited).toBeLessThanOrEqual(810);
  });

  it("takes no idle time for work: a wait is bounded", async () => {
    const { folding, work } = learning();
    createGoFirst(folding, 0)(0);
    expect(await work(60_000)).toBeLessThanOrEqual(81);
  });

  it("does not wait for work of less than a millisecond", async () => {
    const { folding, work, breaths } = learning();
    createGoFirst(folding, 0)(0);
    expect(await work(0.5)).toBe(0);
    expect(breaths).toHaveLength(1);
  });

  it("waits for nobody where it is far behind, until it has caught up", async () => {
    const { folding, begin, work } = learning();
    createGoFirst(folding, 0)(0);
    begin(39)();
    expect(await work(2)).toBe(8);
    begin(40)();
    expect(await work(2)).toBe(0);
    begin(0)();
    expect(await work(2)).toBe(8);
  });

  it("waits until the last of several batches is done", async () => {
    const { folding, work } = learning();
    const first = createGoFirst(folding, 0);
    const [one, other] = [first(0), first(0)];
    one();
    expect(await work(2)).toBe(8);
    other();
    expect(await work(2)).toBe(0);
  });

  it("does not wait for a thread that died in a batch, once it is made anew", async () => {
    const { folding, work } = learning();
    createGoFirst(folding, 1)(0);
    createGoFirst(folding, 1);
    expect(await work(2)).toBe(0);
  });
});
