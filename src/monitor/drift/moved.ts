/** Which actions, fields and agents moved most: tests over all of them, those kept that hold together (Benjamini–Hochberg), the largest first. Pure. */
import { benjaminiHochberg } from "../../stats/benjamini-hochberg.ts";
import { sameMix } from "../../stats/chi-square.ts";
import { proportionsDiffer } from "../../stats/two-proportions.ts";
import type { Names } from "./names.ts";
import { actionOf, agentOf, type Profile } from "./profile.ts";

/** As many as a person looks at. */
const shownMax = 5;

export interface Moved {
  readonly name: string;
  /** Of the steps there, the share that was wrong; or the share of all steps. */
  readonly before: number;
  readonly after: number;
  readonly steps: number;
  readonly p: number;
}
export interface MixTest {
  readonly statistic: number;
  readonly freedom: number;
  readonly p: number;
  /** Shares that moved most. */
  readonly moved: readonly Moved[];
}

/** Error rates by action. */
export function movedActions(baseline: Profile, since: Profile, names: Names): readonly Moved[] {
  const [before, after] = [totals(baseline, actionOf), totals(since, actionOf)];
  return kept(
    [...after].map(([action, [steps, wrong]]) => {
      const [stepsBefore, wrongBefore] = before.get(action) ?? [0, 0];
      return {
        name: names.name(action),
        before: ratio(wrongBefore, stepsBefore),
        after: ratio(wrong, steps),
        steps,
        p: stepsBefore === 0 ? 1 : proportionsDiffer(wrongBefore, stepsBefore, wrong, steps),
      };
    }),
  );
}

/** Shares of steps that are wrong at a place. */
export function movedFields(baseline: Profile, since: Profile, names: Names): readonly Moved[] {
  const places = new Set([...baseline.fields.keys(), ...since.fields.keys()]);
  return kept(
    [...places].map((place) => {
      const [wrongBefore, wrong] = [baseline.fields.get(place) ?? 0, since.fields.get(place) ?? 0];
      return {
        name: names.name(place),
        before: ratio(wrongBefore, baseline.steps),
        after: ratio(wrong, since.steps),
        steps: wrong,
        p: proportionsDiffer(wrongBefore, baseline.steps, wrong, since.steps),
      };
    }),
  ).filter(({ before, after }) => after > before);
}

export function actionMix(baseline: Profile, since: Profile, names: Names): MixTest {
  return mixOf(totals(baseline, actionOf), totals(since, actionOf), names);
}
export function agentMix(baseline: Profile, since: Profile, names: Names): MixTest {
  return mixOf(totals(baseline, agentOf), totals(since, agentOf), names);
}

function mixOf(before: Totals, after: Totals, names: Names): MixTest {
  const keys = [...new Set([...before.keys(), ...after.keys()])];
  const steps = (totals: Totals) => keys.map((key) => totals.get(key)?.[0] ?? 0);
  const [countsBefore, countsAfter] = [steps(before), steps(after)];
  const sum = (counts: readonly number[]) => counts.reduce((all, one) => all + one, 0);
  const [allBefore, allAfter] = [sum(countsBefore), sum(countsAfter)];
  const moved = keys.map((key, at) => {
    const [one = 0, other = 0] = [countsBefore[at], countsAfter[at]];
    return {
      name: names.name(key),
      before: ratio(one, allBefore),
      after: ratio(other, allAfter),
      steps: other,
      p: proportionsDiffer(one, allBefore, other, allAfter),
    };
  });
  return { ...sameMix(countsBefore, countsAfter), moved: kept(moved) };
}

type Totals = ReadonlyMap<number, readonly [steps: number, wrong: number]>;

function totals(profile: Profile, of: (key: number) => number): Totals {
  const sums = new Map<number, readonly [number, number]>();
  for (const [key, [steps, wrong]] of profile.cells) {
    const [s, w] = sums.get(of(key)) ?? [0, 0];
    sums.set(of(key), [s + steps, w + wrong]);
  }
  return sums;
}

function kept(all: readonly Moved[]): readonly Moved[] {
  return benjaminiHochberg(all.map(({ p }) => p))
    .flatMap((at) => all[at] ?? [])
    .sort((a, b) => Math.abs(b.after - b.before) - Math.abs(a.after - a.before))
    .slice(0, shownMax);
}

function ratio(part: number, whole: number): number {
  return whole > 0 ? part / whole : 0;
}
