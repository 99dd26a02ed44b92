/** What monitor says of baselines and alarms after a run, against the scores and outcomes themselves: every episode counts exactly once. */
import { codecs } from "../../src/codec/codecs.ts";
import type { Baseline } from "../../src/codec/records.ts";
import { type Readable, readTopic } from "./pipeline.ts";

/** Somebody's simulator in the crash runs: of one version, so that nothing restarts its baseline. */
const watched = "theirs";

interface Episode {
  readonly environment: string;
  steps: number;
  seen: number;
  wanted: number | null;
}

/** `scores` and `outcomes`: each record once. */
export async function baselineProblems(
  log: Readable,
  scores: readonly Uint8Array[],
  outcomes: readonly Uint8Array[],
  passageSteps: number,
): Promise<readonly string[]> {
  const episodes = new Map<string, Episode>();
  for (const value of scores) {
    const { arm, environment, episode, first, truth, entries } = codecs.score.decode(value);
    if (arm === "world_model") continue;
    const its = episodes.get(episode) ?? { environment, steps: 0, seen: 0, wanted: null };
    episodes.set(episode, its);
    if (first && truth !== "") its.seen += 1;
    its.steps += entries.filter(({ predictor, status }) => predictor === watched && status !== "missing").length;
  }
  for (const value of outcomes) {
    const { episode, scored } = codecs.outcome.decode(value);
    const its = episodes.get(episode);
    if (its !== undefined) its.wanted = scored;
  }
  const expected = new Map<string, number>();
  for (const { environment, steps, seen, wanted } of episodes.values()) {
    const isOver = wanted !== null && seen >= wanted;
    const passages = Math.floor(steps / passageSteps) + Number(isOver && steps % passageSteps > 0);
    expected.set(environment, (expected.get(environment) ?? 0) + passages);
  }
  const newest = new Map<string, Baseline>();
  for (const { value } of await readTopic(log, "baselines")) {
    if (value === null) continue;
    const baseline = codecs.baseline.decode(value);
    if (baseline.predictor === watched) newest.set(baseline.environment, baseline);
  }
  return [...expected].flatMap(([environment, passages]) => {
    const said = newest.get(environment)?.episodes ?? 0;
    return said === passages
      ? []
      : [`the baseline of ${environment} has ${said} episode means, the scores say ${passages}`];
  });
}
