/** Simulated arms against the real one: episodes are whole whatever comes first, what differs is found, what does not is not. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Arm, Outcome, Score } from "../../src/codec/records.ts";
import { type Arms, createArms } from "../../src/monitor/arms/arms.ts";
import { createEnvironment } from "../../src/monitor/environment.ts";
import { createRandom } from "../../src/stats/random.ts";
import { defaultsOf } from "../support/defaults.ts";
import { outcomeOf } from "../support/outcomes.ts";
import { entryOf, scoreOf } from "../support/scores.ts";

const now = 1_700_000_000_000;
type Record = { readonly score: Score } | { readonly outcome: Outcome };

interface Run {
  readonly arm: Arm;
  readonly task: string;
  readonly actions: readonly string[];
  readonly shown: readonly string[];
}

/** The records of an episode: its scores, then its outcome. */
function recordsOf({ arm, task, actions, shown }: Run, number: number): readonly Record[] {
  const episode = `e${number}`;
  const scores = actions.map((actionName, step): Record => {
    return {
      score: scoreOf(number * 100 + step, now, [], { episode, step, arm, actionName, truth: shown[step] ?? "" }),
    };
  });
  const worldModel = arm === "real" ? null : { name: "simulator", version: null };
  return [...scores, { outcome: outcomeOf(number, { episode, arm, task, worldModel, steps: actions.length }) }];
}

function take(arms: Arms, record: Record): void {
  if ("score" in record) arms.score(record.score);
  else arms.outcome(record.outcome);
}

function comparisonOf(runs: readonly Run[]) {
  const arms = createArms();
  for (const [number, run] of runs.entries()) for (const record of recordsOf(run, number)) take(arms, record);
  const [comparison] = arms.comparisons(now);
  if (comparison === undefined) throw new Error("no comparison");
  return comparison;
}

/** Twenty tasks, one run in each arm; in the simulation `other` replaces some of the actions, steps are added, states are new. */
function study(other: number, moreSteps: number, novel: number, seed = 3): readonly Run[] {
  const random = createRandom(seed);
  return Array.from({ length: 20 }, (_, task) =>
    (["real", "world_model"] as const).map((arm): Run => {
      const simulated = arm === "world_model";
      const steps = 6 + (task % 5) + Math.floor(3 * random.next()) + (simulated ? moreSteps : 0);
      return {
        arm,
        task: `t${task}`,
        actions: Array.from({ length: steps }, () =>
          simulated && random.next() < other ? "open" : (["go", "look", "take"][Math.floor(3 * random.next())] ?? ""),
        ),
        shown: Array.from({ length: steps }, (_, step) =>
          simulated && random.next() < novel ? `new${task}.${step}` : `room${Math.floor(8 * random.next())}`,
        ),
      };
    }),
  ).flat();
}

describe("the comparison", () => {
  it("finds other actions, longer episodes and states that are never shown for real", () => {
    const actions = comparisonOf(study(0.4, 0, 0));
    expect(actions).toMatchObject({ arm: "world_model", tasks: 20, episodes: 20, realEpisodes: 20 });
    expect(actions.actions?.distance).toBeGreaterThan(0.3);
    expect(actions.actions?.p).toBeLessThan(0.01);
    expect(actions.actions?.lower).toBeGreaterThan(0.2);
    expect(actions.actions?.lower).toBeLessThan(actions.actions?.distance ?? 0);
    expect(actions.actions?.upper).toBeGreaterThan(actions.actions?.distance ?? 1);
    expect(actions.actions?.upper).toBeLessThan(0.6);
    expect(actions.actions?.moved[0]).toMatchObject({ name: "open", real: 0 });
    const longer = comparisonOf(study(0, 4, 0));
    expect(longer.steps?.difference).toBeGreaterThan(3);
    expect(longer.steps?.lower).toBeGreaterThan(2);
    expect(longer.steps?.p).toBeLessThan(0.01);
    const newer = comparisonOf(study(0, 0, 0.4));
    expect(newer.novelty?.difference).toBeGreaterThan(0.25);
    expect(newer.novelty?.lower).toBeGreaterThan(0.15);
    expect(newer.novelty?.p).toBeLessThan(0.01);
  });

  it("holds its level: of what does not differ it says so about once in twenty", () => {
    const low = { steps: 0, novelty: 0, actions: 0, ofOthers: 0 };
    const studies = 120;
    for (let seed = 100; seed < 100 + studies; seed++) {
      const { actions, steps, novelty } = comparisonOf(study(0, 0, 0, seed));
      low.actions += Number((actions?.p ?? 0) <= 0.05);
      low.steps += Number((steps?.p ?? 0) <= 0.05);
      low.novelty += Number((novelty?.p ?? 0) <= 0.05);
      // Other states alone move neither actions nor lengths.
      low.ofOthers += Number((comparisonOf(study(0, 0, 0.4, seed)).actions?.p ?? 0) <= 0.05);
    }
    for (const [measure, count] of Object.entries(low)) expect(count / studies, measure).toBeLessThan(0.12);
    expect(low.actions + low.steps + low.novelty).toBeGreaterThan(0);
  });

  it("compares only tasks of both arms, and says nothing of a few episodes", () => {
    const apart = study(0, 0, 0).map((run) => (run.arm === "real" ? run : { ...run, task: `other ${run.task}` }));
    expect(comparisonOf(apart)).toMatchObject({ tasks: 0, episodes: 0, actions: null, steps: null, novelty: null });
    expect(comparisonOf(study(0, 0, 0).slice(0, 8))).toMatchObject({ tasks: 4, actions: null });
  });
});

describe("the memory", () => {
  it("makes an episode whole whatever order its scores and its outcome come in, also after a restart", () => {
    const runs = study(0.3, 2, 0.2).slice(0, 24);
    const records = runs.flatMap(recordsOf);
    const wanted = new Set(recordsAll(runs));
    fc.assert(
      fc.property(fc.nat(), fc.nat(), (seed, cut) => {
        const random = createRandom(seed);
        const shuffled = records.map((record) => ({ record, rank: random.next() })).sort((a, b) => a.rank - b.rank);
        let arms = createArms();
        const straight = createArms();
        for (const [at, { record }] of shuffled.entries()) {
          if (at === cut % shuffled.length) {
            const again = createArms();
            again.restore(JSON.parse(JSON.stringify(arms.snapshot())));
            arms = again;
          }
          take(arms, record);
          take(straight, record);
        }
        expect(arms.snapshot()).toEqual(straight.snapshot());
        expect(arms.comparisons(now)).toEqual(straight.comparisons(now));
        expect(new Set(recordsHeld(arms))).toEqual(wanted);
      }),
      { numRuns: 30 },
    );
  });

  it("is bounded: episodes that never end, and episodes without end", () => {
    const arms = createArms();
    for (let at = 0; at < 20_000; at++)
      arms.score(scoreOf(at, now, [], { episode: `open${at}`, truth: `t${at}`, actionName: `a${at}` }));
    for (let at = 0; at < 2_000; at++) {
      arms.score(scoreOf(at, now, [], { episode: `e${at}` }));
      arms.outcome(
        outcomeOf(at, { episode: `e${at}`, task: `t${at}`, steps: 1, agent: { name: `a${at % 50}`, version: null } }),
      );
    }
    for (let step = 0; step < 5_000; step++)
      arms.score(scoreOf(step, now, [], { episode: "long", truth: `t${step}`, actionName: `a${step}` }));
    expect(JSON.stringify(arms.snapshot()).length).toBeLessThan(400_000);
  });

  it("compares again some seconds after the last episode came, though nothing else comes", () => {
    const arms = createArms();
    const runs = study(0.3, 0, 0);
    const takeAll = (some: readonly Run[], from: number) => {
      for (const [at, run] of some.entries()) for (const record of recordsOf(run, from + at)) take(arms, record);
    };
    takeAll(runs.slice(0, 20), 0);
    expect(arms.comparisons(now)).toMatchObject([{ tasks: 10 }]);
    takeAll(runs.slice(20), 20);
    expect(arms.comparisons(now + 1_000)).toMatchObject([{ tasks: 10 }]);
    expect([arms.due(now + 1_000), arms.due(now + 5_000)]).toEqual([false, true]);
    expect(arms.comparisons(now + 5_000)).toMatchObject([{ tasks: 20 }]);
    expect(arms.due(now + 60_000)).toBe(false);
  });

  it("leaves the accuracy as it is: simulated steps count in comparisons alone (P6)", () => {
    const environment = createEnvironment("world", defaultsOf().monitor);
    const entries = [entryOf("persistence", true)];
    for (let at = 0; at < 10; at++)
      environment.score(scoreOf(at, now, entries, { arm: at < 4 ? "real" : "world_model" }), now);
    const window = environment.windows.find(({ name }) => name === "all");
    if (window === undefined) throw new Error("no window");
    expect(environment.rollup(window, now)).toMatchObject({ transitions: 4, predictors: [{ tally: { tries: 4 } }] });
  });
});

const textOf = (arm: string, task: string, steps: number) => `${arm} ${task} ${steps}`;
const recordsAll = (runs: readonly Run[]) => runs.map(({ arm, task, actions }) => textOf(arm, task, actions.length));
function recordsHeld(arms: Arms): readonly string[] {
  const { lists } = arms.snapshot() as unknown as {
    lists: readonly (readonly [string, readonly { arm: string; task: string; steps: number }[]])[];
  };
  return lists.flatMap(([, list]) => list.map(({ arm, task, steps }) => textOf(arm, task, steps)));
}
