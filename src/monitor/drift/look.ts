/** What the passages behind a change point say: the cause and its evidence. Pure. */
import { type Evidence, evidenceOf } from "./alarm.ts";
import type { Frozen } from "./baseline.ts";
import { type Cause, diagnose } from "./cause.ts";
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
  /** Event time of the first passage, epoch ms. */
  readonly since: number;
  readonly firstEpisode: string;
  readonly passages: number;
  readonly evidence: Evidence;
}

export function lookAt(
  { profile, error }: Frozen,
  passages: readonly Passage[],
  names: NamesOf,
  news: readonly News[],
): Looked {
  const since = profileOf(passages);
  const diagnosis = diagnose(profile, since);
  const first = passages[0];
  const firstEpisode = first?.episode ?? "";
  const evidence = evidenceOf({
    diagnosis,
    actions: movedActions(profile, since, names.actions),
    fields: movedFields(profile, since, names.places),
    actionMix: actionMix(profile, since, names.actions),
    agentMix: agentMix(profile, since, names.agents),
    news,
    episodes: passages.length,
    steps: since.steps,
    firstEpisode,
    baseline: { episodes: profile.passages, ...error },
    mean: errorOf(since).mean,
  });
  return { cause: diagnosis.cause, since: first?.time ?? 0, firstEpisode, passages: passages.length, evidence };
}
