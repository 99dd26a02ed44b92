/**
 * A simulated arm against the real one, on the tasks that ran in both: which actions, how long, how new what was shown. The episode is the
 * unit, since steps of one episode depend on each other: tests deal the arms anew within each task, intervals are over tasks.
 */
import type { ArmComparison, ArmDifference } from "../../codec/records.ts";
import { meanOf } from "../../stats/mean-interval.ts";
import { permutationTest, type Stratified } from "../../stats/permutation.ts";
import type { ArmEpisode } from "./episodes.ts";
import { mixOf } from "./mix.ts";

/** What of a comparison does not say whom it compares. */
export type Compared = Omit<ArmComparison, "worldModel" | "agent" | "arm">;

/** Below so many episodes in an arm nothing is said. */
const episodesMin = 5;
/** Smallest p: 1 in 200. */
const deals = 199;
const seed = 1;

export function compareArms(real: readonly ArmEpisode[], simulated: readonly ArmEpisode[]): Compared {
  const tasks = new Set(real.map(({ task }) => task).filter((task) => simulated.some((one) => one.task === task)));
  const shared = (arm: readonly ArmEpisode[]) => arm.filter(({ task }) => tasks.has(task));
  const [reals, others] = [shared(real), shared(simulated)];
  const counts = { tasks: tasks.size, episodes: others.length, realEpisodes: reals.length };
  if (reals.length < episodesMin || others.length < episodesMin)
    return { ...counts, actions: null, steps: null, novelty: null };
  const all = [...reals, ...others];
  const layout: Stratified = {
    strata: [...tasks].map((task) => all.flatMap((one, at) => (one.task === task ? [at] : []))),
    second: all.map((_, at) => at >= reals.length),
  };
  return {
    ...counts,
    actions: mixOf(all, layout, deals, seed),
    steps: differenceOf(
      all.map(({ steps }) => steps),
      layout,
    ),
    novelty: withinShares(differenceOf(noveltyOf(reals, others), layout)),
  };
}

/** Per episode the share of its next states that no other real episode of these shows. */
function noveltyOf(reals: readonly ArmEpisode[], others: readonly ArmEpisode[]): readonly number[] {
  const times = new Map<string, number>();
  for (const { shown } of reals) for (const hash of shown) times.set(hash, (times.get(hash) ?? 0) + 1);
  const share = (shown: readonly string[], own: number) =>
    shown.length === 0 ? 0 : shown.filter((hash) => (times.get(hash) ?? 0) <= own).length / shown.length;
  return [...reals.map(({ shown }) => share(shown, 1)), ...others.map(({ shown }) => share(shown, 0))];
}

function differenceOf(values: readonly number[], layout: Stratified): ArmDifference {
  const perTask = layout.strata.map((stratum) => {
    const mean = (second: boolean) =>
      average(stratum.filter((at) => layout.second[at] === second).map((at) => values[at] ?? 0));
    return { real: mean(false), simulated: mean(true) };
  });
  const difference = meanOf(perTask.map(({ real, simulated }) => simulated - real));
  const distance = (second: readonly boolean[]) => {
    let sum = 0;
    for (const stratum of layout.strata) {
      let [a, b, n, m] = [0, 0, 0, 0];
      for (const at of stratum) {
        if (second[at] === true) {
          b += values[at] ?? 0;
          m += 1;
        } else {
          a += values[at] ?? 0;
          n += 1;
        }
      }
      sum += b / m - a / n;
    }
    return Math.abs(sum);
  };
  return {
    real: average(perTask.map(({ real }) => real)),
    simulated: average(perTask.map(({ simulated }) => simulated)),
    difference: difference?.value ?? 0,
    lower: difference?.interval?.lower ?? null,
    upper: difference?.interval?.upper ?? null,
    p: permutationTest(layout, distance, deals, seed),
  };
}

/** A difference of shares lies between -1 and 1; Student's interval does not know that. */
function withinShares(difference: ArmDifference): ArmDifference {
  const { lower, upper } = difference;
  return {
    ...difference,
    lower: lower === null ? null : Math.max(-1, lower),
    upper: upper === null ? null : Math.min(1, upper),
  };
}

function average(values: readonly number[]): number {
  return values.reduce((sum, one) => sum + one, 0) / Math.max(1, values.length);
}
