/** An alarm over its life, as the record says it: open → acknowledged → recovered. Evidence is numbers that a person can check. */
import type { Alarm } from "../../codec/records.ts";
import { canonicalText } from "../../json/canonical.ts";
import type { Json } from "../../json/json.ts";
import type { Cause, Diagnosis } from "./cause.ts";
import type { MixTest, Moved } from "./moved.ts";
import type { News } from "./schema.ts";

/** What is said of an alarm; kept while it is open, so plain data. */
export interface OpenAlarm {
  readonly id: string;
  readonly detector: string;
  readonly version: string;
  status: "open" | "acknowledged";
  cause: Cause;
  /** Event time of the first episode of the drift, epoch ms. */
  since: number;
  /** Number of its first passage since the baseline was frozen, from 1. */
  first: number;
  /** Passages that had come when it was raised. */
  readonly openedAt: number;
  /** And how many must have come before its cause is looked at again. */
  lookNext: number;
  evidence: Evidence;
}

export interface Evidence {
  readonly [key: string]: Json;
}

export interface EvidenceOf {
  readonly diagnosis: Diagnosis;
  readonly actions: readonly Moved[];
  readonly fields: readonly Moved[];
  readonly actionMix: MixTest;
  readonly agentMix: MixTest;
  readonly news: readonly News[];
  readonly episodes: number;
  readonly steps: number;
  readonly firstEpisode: string;
  readonly baseline: { readonly episodes: number; readonly mean: number; readonly upper: number };
  /** Mean of the passage means since. */
  readonly mean: number;
}

export function evidenceOf(of: EvidenceOf): Evidence {
  const { diagnosis, actionMix, agentMix } = of;
  return {
    baseline: rounded({ ...of.baseline }),
    since: { ...rounded({ mean: of.mean }), episodes: of.episodes, steps: of.steps, firstEpisode: of.firstEpisode },
    steps: rounded({ before: diagnosis.before, after: diagnosis.after }),
    reweighted: diagnosis.reweighted === null ? null : round(diagnosis.reweighted),
    effects: rounded({ ...diagnosis.effects }),
    logEvidence: rounded({ ...diagnosis.evidence }),
    actions: of.actions.map(movedJson),
    fields: of.fields.map(movedJson),
    actionMix: mixJson(actionMix),
    agentMix: mixJson(agentMix),
    schema: of.news.map(({ kind, place, at, episodes }) => ({ kind, place, at, episodes })),
  };
}

export function alarmRecord(
  open: OpenAlarm,
  where: { readonly environment: string; readonly predictor: string },
  status: Alarm["status"],
  time: number,
  more: Evidence = {},
): Alarm {
  const { id, detector, cause, since, version, evidence } = open;
  return {
    ...where,
    detector,
    id,
    status,
    cause,
    since,
    time,
    evidence: canonicalText({ version, ...evidence, ...more }),
  };
}

function movedJson({ name, before, after, steps, p }: Moved): Json {
  return { name, ...rounded({ before, after, p }), steps };
}

function mixJson({ statistic, freedom, p, moved }: MixTest): Json {
  return { ...rounded({ statistic, p }), freedom, moved: moved.map(movedJson) };
}

function rounded(numbers: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, round(value)]));
}

/** Six digits: more would say nothing. */
function round(value: number): number {
  return Number.isFinite(value) ? Number(value.toPrecision(6)) : 0;
}
