/** Which actions two arms do: total variation between their shares, its interval over tasks, and whether chance makes it. */
import type { ArmMix } from "../../codec/records.ts";
import { permutationTest, type Stratified } from "../../stats/permutation.ts";
import { createRandom } from "../../stats/random.ts";
import type { ArmEpisode } from "./episodes.ts";

const actionsShown = 5;
/** Draws of the bootstrap: its ends are the sixth from either side. */
const draws = 200;

/** Steps by action (index of its name) of both arms. */
type Counts = readonly [Float64Array, Float64Array];

/** `deals` and `seed` are of the permutation test. */
export function mixOf(all: readonly ArmEpisode[], layout: Stratified, deals: number, seed: number): ArmMix {
  const names = [...new Set(all.flatMap(({ actions }) => actions.map(([name]) => name)))].sort();
  const place = new Map(names.map((name, at) => [name, at]));
  const counts = all.map(({ actions }) => actions.map(([name, steps]) => [place.get(name) ?? 0, steps] as const));

  function countsOf(second: readonly boolean[], episodes: Iterable<number>): Counts {
    const sums: Counts = [new Float64Array(names.length), new Float64Array(names.length)];
    for (const episode of episodes) {
      const sum = sums[second[episode] === true ? 1 : 0];
      for (const [name, steps] of counts[episode] ?? []) sum[name] = (sum[name] ?? 0) + steps;
    }
    return sums;
  }

  const every = all.map((_, at) => at);
  const [real, simulated] = countsOf(layout.second, every).map(sharesOf);
  const moved = names.map((name, at) => ({ name, real: real?.[at] ?? 0, simulated: simulated?.[at] ?? 0 }));
  const interval = bootstrap(
    layout.strata.map((stratum) => countsOf(layout.second, stratum)),
    seed,
  );
  return {
    distance: distanceOf(countsOf(layout.second, every)),
    lower: interval?.lower ?? null,
    upper: interval?.upper ?? null,
    p: permutationTest(layout, (second) => distanceOf(countsOf(second, every)), deals, seed),
    moved: moved.sort((a, b) => Math.abs(b.simulated - b.real) - Math.abs(a.simulated - a.real)).slice(0, actionsShown),
  };
}

/** Percentiles over tasks that are drawn with replacement. */
function bootstrap(tasks: readonly Counts[], seed: number): { readonly lower: number; readonly upper: number } | null {
  if (tasks.length < 2) return null;
  const random = createRandom(seed);
  const size = tasks[0]?.[0].length ?? 0;
  const distances = Array.from({ length: draws }, () => {
    const sums: Counts = [new Float64Array(size), new Float64Array(size)];
    for (let drawn = 0; drawn < tasks.length; drawn++) {
      const task = tasks[random.below(tasks.length)];
      for (const arm of [0, 1] as const)
        for (let name = 0; name < size; name++) sums[arm][name] = (sums[arm][name] ?? 0) + (task?.[arm][name] ?? 0);
    }
    return distanceOf(sums);
  }).sort((a, b) => a - b);
  const cut = Math.round(draws * 0.025);
  return { lower: distances[cut] ?? 0, upper: distances[draws - 1 - cut] ?? 1 };
}

/** The least share of steps that would have to be others for both arms to do the same. */
function distanceOf(counts: Counts): number {
  const [real, simulated] = counts.map(sharesOf);
  let sum = 0;
  for (let name = 0; name < counts[0].length; name++) sum += Math.abs((simulated?.[name] ?? 0) - (real?.[name] ?? 0));
  return sum / 2;
}

function sharesOf(counts: Float64Array): Float64Array {
  const all = counts.reduce((sum, steps) => sum + steps, 0);
  return counts.map((steps) => steps / Math.max(1, all));
}
