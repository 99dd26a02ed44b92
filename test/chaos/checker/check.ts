/**
 * The checker: whole topics of a finished run against its workload and against a clean run of the same workload. It knows the schemas and
 * the workload, and nothing of the product.
 */
import { readdirSync } from "node:fs";
import { distantName } from "../distant.ts";
import type { Item } from "../world.ts";
import { compareRuns, type Run } from "./clean.ts";
import { decodeTopic } from "./decode.ts";
import type { Dump } from "./dump.ts";
import { createFindings, type Finding } from "./findings.ts";
import { firstsOf } from "./identities.ts";
import { readInput } from "./input.ts";
import { checkAlarms, checkBaselines, checkBlobs } from "./kept.ts";
import { checkRemote, type Situation } from "./remote.ts";
import {
  checkDeadLetters,
  checkOffsets,
  checkOutcomes,
  checkRollups,
  type DeadLetter,
  type Outcome,
  type Rollup,
} from "./rest.ts";
import { checkScores, comparableScore, type Score } from "./scores.ts";
import { checkTransitions, type Transition } from "./transitions.ts";

export interface Verdict {
  readonly findings: readonly Finding[];
  /** Records written again, equal in identity and body. */
  readonly repeated: Readonly<Record<string, number>>;
  readonly counts: Readonly<Record<string, number>>;
  readonly run: Run;
}

/** Which topics each group must have read to their ends. */
export const reads: Readonly<Record<string, readonly string[]>> = {
  "driftline-track": ["interactions"],
  [`driftline-predict-remote.${distantName}`]: ["situations"],
  "driftline-learn": ["commands", "transitions"],
  "driftline-monitor": ["commands", "scores", "outcomes"],
};
export const topicsRead = readdirSync(new URL("../../../topics/", import.meta.url))
  .filter((file) => file.endsWith(".json"))
  .map((file) => file.slice(0, -".json".length));

export function check(dump: Dump, all: readonly Item[], exactlyOnce: boolean, clean: Run | null): Verdict {
  const findings = createFindings();
  const numbers = new Set<number>();
  // What is delivered again has the number that it had.
  const items = all.filter(({ n }) => !numbers.has(n) && numbers.add(n));
  const input = readInput(dump, items, findings);
  const transitions = firstsOf(
    "transitions",
    decodeTopic<Transition>(dump, "transitions", "transition"),
    exactlyOnce,
    (body) => body,
    true,
    findings,
  );
  const scores = firstsOf(
    "scores",
    decodeTopic<Score>(dump, "scores", "score"),
    exactlyOnce,
    comparableScore,
    true,
    findings,
  );
  const outcomes = firstsOf(
    "outcomes",
    decodeTopic<Outcome>(dump, "outcomes", "outcome"),
    exactlyOnce,
    (body) => body,
    true,
    findings,
  );
  const letters = firstsOf(
    "dead-letters",
    decodeTopic<DeadLetter>(dump, "dead-letters", "dead-letter"),
    exactlyOnce,
    (body) => body,
    false,
    findings,
  );
  const situations = firstsOf(
    "situations",
    decodeTopic<Situation>(dump, "situations", "situation"),
    exactlyOnce,
    (body) => body,
    true,
    findings,
  );
  checkTransitions(transitions.firsts, items, input, findings);
  checkScores(scores.firsts, items, input, findings);
  checkRemote(situations.firsts, scores.firsts, items, input, exactlyOnce, findings);
  checkOutcomes(outcomes.firsts, transitions.firsts, items, findings);
  checkDeadLetters(letters.firsts, items, input, findings);
  const rollups = decodeTopic<Rollup & { readonly source: null }>(dump, "rollups", "rollup").map(({ body }) => body);
  checkRollups(rollups, scores.firsts, outcomes.firsts, findings);
  checkOffsets(dump, reads, findings);
  const alarms = checkAlarms(dump, exactlyOnce, findings);
  const baselines = checkBaselines(dump, findings);
  const blobs = checkBlobs(dump, findings);
  const run: Run = { transitions: transitions.firsts, scores: scores.firsts, outcomes: outcomes.firsts };
  if (clean !== null) compareRuns(run, clean, findings);
  return {
    findings: findings.all,
    repeated: {
      transitions: transitions.repeated,
      scores: scores.repeated,
      outcomes: outcomes.repeated,
      situations: situations.repeated,
      answers: [...input.answers.values()].reduce((sum, count) => sum + count - 1, 0),
      "dead-letters": letters.repeated,
    },
    counts: {
      events: items.length,
      interactions: dump.topics.get("interactions")?.length ?? 0,
      "events delivered again": input.numbers.size - input.places.size,
      announcements: input.announcements.length,
      ticks: input.ticks,
      transitions: transitions.firsts.length,
      scores: scores.firsts.length,
      outcomes: outcomes.firsts.length,
      situations: situations.firsts.length,
      "dead letters": letters.firsts.length,
      "words on alarms": alarms,
      baselines,
      "blobs in use": blobs,
    },
    run,
  };
}
