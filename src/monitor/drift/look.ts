/** What the passages say when an alarm is raised: the cause, since when, and the evidence. Pure. */
import { type Evidence, evidenceOf } from "./alarm.ts";
import type { Frozen } from "./baseline.ts";
import { type Cause, diagnose, type Found } from "./cause.ts";
import { actionMix, agentMix, movedActions, movedFields } from "./moved.ts";
import type { Names } from "./names.ts";
import type { Passage } from "./passage.ts";
import { errorOf, profileOf } from "./profile.ts";
import type { News } from "./schema.ts";

export interface NamesOf {
  readonly actions: Names;
  readonly agents: Names;
  readonly places: Names;
}

export interface Looked {
  readonly cause: Cause;
  /** Index of the first passage of the drift. */
  readonly first: number;
  /** Event time of the first passage, epoch ms. */
  readonly since: number;
  readonly firstEpisode: string;
  readonly evidence: Evidence;
}

export function lookAt(
  { profile, error }: Frozen,
  passages: readonly Passage[],
  names: NamesOf,
  news: readonly News[],
  found: Found | null,
): Looked {
  const diagnosis = diagnose(profile, error, passages, found);
  const { cause, first } = diagnosis;
  const behind = passages.slice(first);
  const since = profileOf(behind);
  const firstEpisode = behind[0]?.episode ?? "";
  const evidence = evidenceOf({
    diagnosis,
    actions: movedActions(profile, since, names.actions),
    fields: movedFields(profile, since, names.places),
    actionMix: actionMix(profile, since, names.actions),
    agentMix: agentMix(profile, since, names.agents),
    news,
    episodes: behind.length,
    steps: since.steps,
    firstEpisode,
    baseline: { episodes: profile.passages, ...error },
    mean: errorOf(since).mean,
  });
  return { cause, first, since: behind[0]?.time ?? 0, firstEpisode, evidence };
}
