/** The consistency ratio: counts equal a naive recount whatever the order and however often it restarts; what is shown of them. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { codecs } from "../../src/codec/codecs.ts";
import type { Outcome } from "../../src/codec/records.ts";
import { type ConsistencyStore, createConsistency } from "../../src/monitor/consistency/consistency.ts";
import { createMonitor } from "../../src/monitor/monitor.ts";
import type { Emit } from "../../src/run/stage.ts";
import { averagesOf, consistencyOf, noPairs } from "../../src/stats/consistency-ratio.ts";
import { createPrometheus } from "../../src/stats/prometheus.ts";
import { defaultsOf } from "../support/defaults.ts";
import { outcomeOf } from "../support/outcomes.ts";
import { scoreOf } from "../support/scores.ts";

const limits = { tasksMax: 10_000, cellsMax: 64 };
const simulator = { name: "simulator", version: "1" };
const agents = [
  { name: "a", version: null },
  { name: "b", version: "2" },
];
const runs = (total: number, successes: number, errors = 0) => ({ runs: total, successes, errors });
const counts = (transfer: [number, number], real: [number, number]) => ({
  transfer: runs(transfer[1], transfer[0]),
  real: runs(real[1], real[0]),
  pairs: noPairs,
});
function storeOf(outcomes: readonly Outcome[], limitsOf = limits): ConsistencyStore {
  const store = createConsistency(limitsOf);
  for (const outcome of outcomes) store.outcome(outcome);
  return store;
}
const again = (store: ConsistencyStore, limitsOf = limits) => {
  const other = createConsistency(limitsOf);
  other.restore(JSON.parse(JSON.stringify(store.snapshot())));
  return other;
};

/** Episodes of all arms; a transfer may leave out what its simulated episode says. */
const outcomes: fc.Arbitrary<readonly Outcome[]> = fc
  .array(
    fc.record({
      arm: fc.constantFrom("real", "world_model", "transfer"),
      agent: fc.nat(1),
      task: fc.nat(4),
      success: fc.constantFrom(true, true, false, null),
      bare: fc.boolean(),
      plan: fc.nat(30),
    }),
    { maxLength: 80 },
  )
  .map((list) =>
    list.map(({ arm, agent, task, success, bare, plan }, offset): Outcome => {
      const of = list[plan];
      const planned = arm === "transfer" && of?.arm === "world_model";
      const whole = { agent: agents[planned ? of.agent : agent] ?? null, task: `t${planned ? of.task : task}` };
      const told = planned && bare ? { agent: null, task: null } : whole;
      return outcomeOf(offset, {
        arm: arm as Outcome["arm"],
        ...told,
        success,
        worldModel: arm === "real" || (planned && bare) ? null : simulator,
        plan: planned ? `e${plan}` : null,
      });
    }),
  );

/** Straight from the definition, on the whole list. */
function naive(all: readonly Outcome[], agentName: string) {
  const complete = all.map((one) => {
    const plan = all.find(({ episode }) => one.plan === episode);
    return {
      ...one,
      agent: one.agent ?? plan?.agent ?? null,
      task: one.task ?? plan?.task ?? null,
      from: plan ?? null,
    };
  });
  const nameOf = (agent: Outcome["agent"]) => (agent?.version == null ? agent?.name : `${agent.name}@${agent.version}`);
  const mine = complete.filter(({ agent }) => nameOf(agent) === agentName);
  const arm = (name: string) => {
    const its = mine.filter((one) => one.arm === name);
    return runs(
      its.length,
      its.filter((one) => one.success === true).length,
      its.filter((one) => one.success === null).length,
    );
  };
  const pairs = { ...noPairs };
  for (const task of new Set(mine.map((one) => one.task))) {
    const share = (name: string) => {
      const its = mine.filter((one) => one.arm === name && one.task === task);
      return { n: its.length, share: its.filter((one) => one.success === true).length / its.length };
    };
    const [real, transfer] = [share("real"), share("transfer")];
    if (real.n === 0 || transfer.n === 0) continue;
    const keys = { "1 1": "both", "1 0": "transferOnly", "0 1": "realOnly", "0 0": "neither" } as const;
    const once = real.n === 1 && transfer.n === 1;
    Object.assign(pairs, {
      tasks: pairs.tasks + 1,
      repeated: pairs.repeated + Number(!once),
      numerator: pairs.numerator + transfer.share,
      denominator: pairs.denominator + real.share,
      numeratorSquared: pairs.numeratorSquared + transfer.share ** 2,
      denominatorSquared: pairs.denominatorSquared + real.share ** 2,
      product: pairs.product + transfer.share * real.share,
    });
    if (once) pairs[keys[`${transfer.share} ${real.share}` as keyof typeof keys]] += 1;
  }
  const plans = { both: 0, simulatedOnly: 0, transferOnly: 0, neither: 0 };
  for (const one of mine) {
    if (one.arm !== "transfer" || one.from === null) continue;
    const simulated = one.from.success === true;
    const real = one.success === true;
    plans[simulated ? (real ? "both" : "simulatedOnly") : real ? "transferOnly" : "neither"] += 1;
  }
  return { real: arm("real"), simulated: arm("world_model"), transfer: arm("transfer"), pairs, plans };
}

describe("the counts", () => {
  it("equal a naive recount in any order, also after a restart in between", () => {
    fc.assert(
      fc.property(outcomes, fc.nat(), fc.nat(), (list, cut, seed) => {
        // Simulated and transferred runs may end in any order.
        const shuffled = list
          .map((one, at) => ({ one, rank: Math.imul(at + 1, (seed * 2 + 1) | 0) >>> 0 }))
          .sort((a, b) => a.rank - b.rank)
          .map(({ one }) => one);
        let store = createConsistency(limits);
        shuffled.forEach((outcome, at) => {
          if (at === cut % shuffled.length) store = again(store);
          store.outcome(outcome);
        });
        expect(store.snapshot()).toEqual(storeOf(shuffled).snapshot());
        expect(store.waiting()).toBe(0);
        for (const cell of store.cells()) {
          const { pairs, ...rest } = naive(list, cell.agent);
          expect(cell).toMatchObject({ worldModel: "simulator@1", ...rest });
          for (const key of Object.keys(pairs) as (keyof typeof pairs)[])
            expect(cell.pairs[key], key).toBeCloseTo(pairs[key], 9);
        }
      }),
      { numRuns: 200 },
    );
  });

  it("would notice a plan that is not followed (the naive recount can differ)", () => {
    const simulated = outcomeOf(0, { arm: "world_model", worldModel: simulator, task: "t" });
    const transfer = outcomeOf(1, { arm: "transfer", plan: "e0", success: false, agent: null });
    expect(naive([simulated, transfer], "agent").plans.simulatedOnly).toBe(1);
    expect(naive([simulated, { ...transfer, plan: null }], "agent").plans.simulatedOnly).toBe(0);
  });

  it("count an episode once, however often its outcome comes", () => {
    const store = createConsistency(limits);
    const outcome = outcomeOf(1, { arm: "transfer", worldModel: simulator });
    expect(store.outcome(outcome)).toEqual([]);
    expect(store.outcome({ ...outcome, source: { partition: 1, offset: 7, index: 0 } })).toEqual(["doubled-episode"]);
    expect(store.cells()[0]?.transfer).toEqual(runs(1, 1));
  });

  it("name what they leave out: no world model, a plan that never came, too many cells", () => {
    const small = { tasksMax: 2, cellsMax: 2 };
    const store = createConsistency(small);
    expect(store.outcome(outcomeOf(1, { arm: "world_model" }))).toEqual(["no-world-model"]);
    expect(store.outcome(outcomeOf(2, { arm: "transfer" }))).toEqual(["no-world-model"]);
    expect(store.outcome(outcomeOf(3, { arm: "transfer", plan: "x" }))).toEqual([]);
    expect(store.waiting()).toBe(1);
    expect(store.outcome(outcomeOf(4, { arm: "transfer", plan: "y" }))).toEqual([]);
    expect(store.outcome(outcomeOf(5, { arm: "transfer", plan: "z" }))).toEqual(["plan-unknown"]);
    for (const name of ["m1", "m2"])
      expect(
        store.outcome(outcomeOf(10 + Number(name[1]), { arm: "transfer", worldModel: { name, version: null } })),
      ).toEqual([]);
    expect(store.outcome(outcomeOf(20, { arm: "transfer", worldModel: { name: "m3", version: null } }))).toEqual([
      "consistency-cells",
    ]);
    // A transfer whose plan is unknown counts at once where it says itself whose it is; the one that makes room for it is named.
    expect(
      store.outcome(outcomeOf(21, { arm: "transfer", worldModel: { name: "m1", version: null }, plan: "q" })),
    ).toEqual(["plan-unknown"]);
    expect(store.cells().map(({ worldModel, transfer }) => [worldModel, transfer.runs])).toEqual([
      ["m1", 2],
      ["m2", 1],
    ]);
  });

  it("hold a task that repeats a thousand times in both arms as one pair", () => {
    const all = Array.from({ length: 2_000 }, (_, at) =>
      outcomeOf(at, {
        task: "t",
        arm: at % 2 === 0 ? "real" : "transfer",
        worldModel: at % 2 === 0 ? null : simulator,
        success: at % 4 < 2,
      }),
    );
    const [cell] = storeOf(all).cells();
    expect(cell).toMatchObject({ real: runs(1_000, 500), transfer: runs(1_000, 500) });
    expect(cell?.pairs).toMatchObject({ tasks: 1, repeated: 1, numerator: 0.5, denominator: 0.5 });
  });

  it("forget the oldest tasks from the pairs beyond the bound, never from the runs", () => {
    const all = Array.from({ length: 60 }, (_, at) =>
      outcomeOf(at, {
        task: `t${Math.floor(at / 2)}`,
        arm: at % 2 === 0 ? "real" : "transfer",
        worldModel: at % 2 === 0 ? null : simulator,
      }),
    );
    const store = storeOf(all, { tasksMax: 10, cellsMax: 4 });
    expect(store.cells()[0]).toMatchObject({
      real: { runs: 30 },
      transfer: { runs: 30 },
      pairs: { tasks: 10, both: 10 },
    });
    expect(JSON.stringify(store.snapshot()).length).toBeLessThan(3_000);
  });
});

describe("what is shown", () => {
  it("gives the ratios of the published tables from their counts, with intervals", () => {
    const webshop = consistencyOf(counts([18, 109], [32, 109]));
    expect(webshop.ratio?.value.toFixed(2)).toBe("0.56");
    expect([webshop.ratio?.interval.lower.toFixed(2), webshop.ratio?.interval.upper.toFixed(2)]).toEqual([
      "0.34",
      "0.93",
    ]);
    // Denominators of the arms differ there: 200 real tasks against 195 transfers.
    const wide = consistencyOf(counts([36, 40], [16, 80])).ratio;
    expect(wide?.value).toBeCloseTo(4.5, 12);
    const table = { tasks: 195, repeated: 0, both: 90, transferOnly: 5, realOnly: 14, neither: 86 };
    const sums = { numerator: 95, denominator: 104, numeratorSquared: 95, denominatorSquared: 104, product: 90 };
    const paired = consistencyOf({ real: runs(195, 104), transfer: runs(195, 95), pairs: { ...table, ...sums } });
    expect(paired.paired).toMatchObject({ tasks: 195, method: "bonett-price" });
    expect(paired.paired?.value.toFixed(3)).toBe("0.913");
    expect([paired.paired?.interval.lower.toFixed(3), paired.paired?.interval.upper.toFixed(3)]).toEqual([
      "0.837",
      "0.997",
    ]);
  });

  it("keeps the ratio of means and the mean of ratios apart", () => {
    const averages = averagesOf([counts([40, 100], [80, 100]), counts([18, 20], [10, 20]), counts([1, 9], [4, 9])]);
    expect(averages?.agents).toBe(2);
    expect(averages?.ratioOfMeans).toBeCloseTo((0.4 + 0.9) / 2 / ((0.8 + 0.5) / 2), 12);
    expect(averages?.meanOfRatios).toBeCloseTo((0.5 + 1.8) / 2, 12);
    expect(averagesOf([counts([1, 9], [4, 9])])).toBeNull();
  });

  it("keeps errors in the denominators, and gives the variant without them beside it", () => {
    const shown = consistencyOf({ real: runs(100, 50, 20), transfer: runs(100, 40, 50), pairs: noPairs });
    expect(shown.ratio?.value).toBeCloseTo(0.4 / 0.5, 12);
    expect(shown.withoutErrors?.value).toBeCloseTo(40 / 50 / (50 / 80), 12);
  });

  it("withholds the ratio below five real successes, and says why", () => {
    expect(consistencyOf(counts([9, 10], [4, 10]))).toMatchObject({ ratio: null, withheld: "few-real-successes" });
    expect(consistencyOf(counts([9, 10], [5, 10])).withheld).toBeNull();
    expect(consistencyOf(counts([0, 0], [9, 10])).withheld).toBe("no-transfer-runs");
    expect(consistencyOf(counts([9, 10], [0, 0])).withheld).toBe("no-real-runs");
  });
});

describe("in the monitor", () => {
  const now = 1_700_000_000_000;
  const noEmit = { record() {}, blob: () => "" };
  const started = (some: Partial<ReturnType<typeof defaultsOf>["monitor"]> = {}) => {
    const prometheus = createPrometheus();
    const options = { ...defaultsOf().monitor, ...some };
    return {
      prometheus,
      task: createMonitor({ options, own: new Set(), metrics: prometheus.metrics, now: () => now }).task(0),
    };
  };
  const fold = (task: ReturnType<typeof started>["task"], outcome: Outcome) =>
    task.fold(
      {
        topic: "outcomes",
        partition: 0,
        offset: outcome.source.offset,
        timestamp: now,
        key: "world",
        value: codecs.outcome.encode(outcome),
      },
      noEmit,
      true,
    );

  it("is exported with both counts, and simulated episodes count in nothing else (P6)", async () => {
    const { prometheus, task } = started();
    for (let at = 0; at < 40; at++)
      fold(
        task,
        outcomeOf(at, {
          task: `t${at % 10}`,
          success: at % 4 !== 0,
          arm: at < 20 ? "real" : "transfer",
          worldModel: at < 20 ? null : simulator,
        }),
      );
    for (let at = 40; at < 50; at++)
      fold(task, outcomeOf(at, { arm: "world_model", worldModel: simulator, success: at % 2 === 0 }));
    fold(task, {
      ...outcomeOf(49, { arm: "world_model", worldModel: simulator }),
      source: { partition: 1, offset: 1, index: 0 },
    });
    task.committed?.();
    const text = await prometheus.text();
    const labels = 'environment="world",world_model="simulator@1",agent="agent"';
    const value = (series: string) =>
      Number(
        text
          .split("\n")
          .find((line) => line.startsWith(`${series} `))
          ?.split(" ")
          .at(-1),
      );
    expect(value(`driftline_consistency_ratio{${labels}}`)).toBe(1);
    expect(value(`driftline_consistency_ratio_samples{${labels}}`)).toBe(40);
    expect(value(`driftline_consistency_ratio_lower{${labels}}`)).toBeLessThan(1);
    expect(value(`driftline_consistency_ratio_upper{${labels}}`)).toBeGreaterThan(1);
    expect(value(`driftline_consistency_paired_ratio_samples{${labels}}`)).toBe(10);
    expect(value(`driftline_consistency_runs{${labels},arm="world_model"}`)).toBe(10);
    expect(value(`driftline_consistency_successes{${labels},arm="transfer"}`)).toBe(15);
    expect(value(`driftline_consistency_ratio_of_means{environment="world",world_model="simulator@1"}`)).toBe(1);
    expect(value('driftline_monitor_skipped_total{reason="doubled-episode"}')).toBe(1);
    expect(text).not.toContain("driftline_consistency_withheld{");
    const rollups: Uint8Array[] = [];
    const record: Emit["record"] = (_topic, _key, bytes) => void (bytes !== null && rollups.push(bytes));
    task.poll?.(now, { record, blob: () => "" }, () => null);
    const all = rollups.map((bytes) => codecs.rollup.decode(bytes));
    expect(all.find(({ window }) => window === "all")).toMatchObject({
      episodes: 40,
      consistency: [{ agent: "agent" }],
    });
    expect(all.filter(({ consistency }) => consistency.length > 0)).toHaveLength(1);
  });

  it("exports bounded labels for 10,000 environments, and drops those that were silent for longest", async () => {
    const { prometheus, task } = started({ environmentsMax: 300 });
    for (let at = 0; at < 10_000; at++) {
      const environment = at % 2 === 0 ? "busy" : `e${at}`;
      const score = scoreOf(at, now, [], { environment, quality: "gap" });
      task.fold(
        {
          topic: "scores",
          partition: 0,
          offset: at,
          timestamp: now,
          key: environment,
          value: codecs.score.encode(score),
        },
        noEmit,
        true,
      );
      fold(task, outcomeOf(at, { environment, arm: "transfer", worldModel: simulator }));
    }
    task.committed?.();
    const text = await prometheus.text();
    const names = new Set([...text.matchAll(/environment="([^"]+)"/g)].map(([, name]) => name));
    expect(names.size).toBe(200);
    expect(names).toContain("busy");
    expect(text).toContain('driftline_monitor_skipped_total{reason="environments"} 4701');
    expect(text).toContain("driftline_environments_unexported 100");
    expect(text).not.toContain('"other"');
    // The task's own line, the environments', and what drift detection knows.
    expect([...task.snapshot()].length).toBe(302);
    // Newer environments take their place.
    for (let at = 20_000; at < 20_300; at++)
      fold(task, outcomeOf(at, { environment: `later${at}`, arm: "transfer", worldModel: simulator }));
    task.committed?.();
    expect(await prometheus.text()).toContain('environment="later20299"');
  });
});
