/**
 * What a run must have left behind, whatever happened to it: every derived record exactly once, byte for byte what one uninterrupted fold of
 * the same input gives, and no model that the log does not know. Latencies are the one thing that may differ (T5).
 */

import type { Blobs } from "../../src/blobs/port.ts";
import { codecs } from "../../src/codec/codecs.ts";
import type { ComposeDeps } from "../../src/compose.ts";
import { composeStages } from "../../src/compose.ts";
import type { LogRecord } from "../../src/log/port.ts";
import { noMetrics } from "../../src/stats/prometheus.ts";
import { baselineProblems } from "./baselines.ts";
import { isOfLearn, pinProblems } from "./pins.ts";
import { type Readable, readTopic } from "./pipeline.ts";
import { moodyFactory, remoteName, remoteProblems } from "./remote.ts";

const trackOutputs = ["transitions", "scores", "outcomes", "situations", "dead-letters"] as const;

/** What is compared: a finished run on any log, with the options that it ran under. */
export interface Finished {
  readonly log: Readable;
  readonly blobs: Blobs;
  readonly options: ComposeDeps["options"];
  readonly partitions: number;
  readonly defects: readonly unknown[];
}

/** Problems, empty where there are none. */
export async function problemsOf(run: Finished, atLeastOnce = false): Promise<readonly string[]> {
  const problems: string[] = [];
  if (run.defects.length > 0) problems.push(`a defect: ${String(run.defects[0])}`);
  problems.push(...(await trackProblems(run, atLeastOnce)));
  // Where outputs may be written twice, so may announcements.
  if (!atLeastOnce) problems.push(...(await modelProblems(run)));
  problems.push(...(await learnProblems(run)));
  problems.push(...(await pinProblems(run.log, run.partitions, atLeastOnce)));
  problems.push(...(await monitorProblems(run)));
  problems.push(...(await consistencyProblems(run)));
  const [scores, outcomes] = [await distinct(run.log, "scores"), await distinct(run.log, "outcomes")];
  if (Object.hasOwn(run.options.predictRemote.predictors, remoteName))
    problems.push(...(await remoteProblems(run.log, atLeastOnce)));
  problems.push(...(await baselineProblems(run.log, scores, outcomes, run.options.monitor.drift.passageSteps)));
  return problems;
}

/** Track's outputs against one bare fold per partition of the final input. */
async function trackProblems(
  { log, blobs, options, partitions }: Finished,
  atLeastOnce: boolean,
): Promise<readonly string[]> {
  const [track] = composeStages(
    {
      options,
      blobs,
      log,
      metrics: noMetrics,
      partitions,
      now: () => 0,
      seconds: () => 0,
      remoteFactories: [moodyFactory],
    },
    ["track"],
  );
  const expected = new Map<string, string[]>(trackOutputs.map((topic) => [topic, []]));
  for (let partition = 0; partition < partitions; partition++) {
    const task = track?.task(partition);
    const input = (await readTopic(log, "interactions")).filter((record) => record.partition === partition);
    for (const record of input) {
      await task?.prepare?.([record]);
      task?.fold(
        record,
        { record: (topic, key, value) => void expected.get(topic)?.push(shown(topic, key, value)), blob: () => "" },
        true,
      );
    }
  }
  const problems: string[] = [];
  for (const topic of trackOutputs) {
    const own = (await readTopic(log, topic)).filter(
      ({ value }) => topic !== "dead-letters" || value === null || !isOfLearn(value),
    );
    const all = own.map((record) => shown(topic, record.key, record.value));
    const found = (atLeastOnce ? [...new Set(all)] : all).sort();
    const wanted = (expected.get(topic) ?? []).sort();
    problems.push(...differences(topic, found, wanted));
  }
  return problems;
}

/** Announcements reach all partitions or none, of a version that `models` and the blobs know, whose blobs are there. */
async function modelProblems({ log, blobs, partitions }: Finished): Promise<readonly string[]> {
  const problems: string[] = [];
  const known = new Set(
    (await readTopic(log, "models")).flatMap(({ value }) =>
      value === null ? [] : [codecs.model.decode(value).version],
    ),
  );
  const seen = new Map<string, number[]>();
  for (const record of await readTopic(log, "interactions")) {
    if (record.key !== null || record.value === null) continue;
    const { announcement, reference } = codecs.interaction.decode(record.value);
    const model = announcement ?? reference;
    if (model === null) continue;
    const { environment, predictor, version, transitions } = model;
    const key = `${environment} ${predictor} ${version} ${transitions} ${JSON.stringify(model.reference)}`;
    const times = seen.get(key) ?? new Array<number>(partitions).fill(0);
    seen.set(key, times);
    times[record.partition] = (times[record.partition] ?? 0) + 1;
    if (!known.has(version)) problems.push(`announced but not in models: ${key}`);
    for (const hash of model.blobs) if ((await blobs.get(hash)) === null) problems.push(`a blob of ${key} is gone`);
  }
  // A learner that restarts from before its last version may announce the same version again: the swap is to what is in force.
  for (const [key, times] of seen) {
    if (new Set(times).size !== 1) problems.push(`announced ${times.join(", ")} times in the partitions: ${key}`);
  }
  return problems;
}

/** The training memory holds each fit transition exactly once. */
async function learnProblems({ log }: Finished): Promise<readonly string[]> {
  const wanted = new Map<string, number>();
  for (const value of await distinct(log, "transitions")) {
    const { environment, quality, arm } = codecs.transition.decode(value);
    if (quality === "ok" && arm !== "world_model") wanted.set(environment, (wanted.get(environment) ?? 0) + 1);
  }
  const newest = new Map<string, number>();
  for (const { value } of await readTopic(log, "models")) {
    if (value === null) continue;
    const { environment, transitions } = codecs.model.decode(value);
    newest.set(environment, Math.max(newest.get(environment) ?? 0, transitions));
  }
  const problems: string[] = [];
  for (const [environment, count] of wanted) {
    const learnt = newest.get(environment);
    if (learnt !== undefined && learnt > count)
      problems.push(`${environment}: learnt from ${learnt} transitions, there are ${count}`);
    // The last version is published when everything has been learnt and its interval is over.
    if (learnt !== undefined && learnt < count)
      problems.push(`${environment}: learnt from ${learnt} transitions of ${count}`);
  }
  return problems;
}

/** The last rollup of `all` against a count over all scores. */
async function monitorProblems({ log }: Finished): Promise<readonly string[]> {
  const tries = new Map<string, string>();
  const counts = new Map<string, { tries: number; match: number }>();
  for (const value of await distinct(log, "scores")) {
    const score = codecs.score.decode(value);
    if (score.arm === "world_model") continue;
    for (const entry of score.entries) {
      const key = `${score.environment} ${entry.predictor}`;
      const one = counts.get(key) ?? { tries: 0, match: 0 };
      counts.set(key, one);
      if (entry.status !== "missing") one.tries += 1;
      if (entry.exact === true) one.match += 1;
    }
  }
  for (const { value } of await readTopic(log, "rollups")) {
    if (value === null) continue;
    const rollup = codecs.rollup.decode(value);
    if (rollup.window !== "all") continue;
    for (const { predictor, tally } of rollup.predictors)
      tries.set(`${rollup.environment} ${predictor}`, `${tally.match}/${tally.tries}`);
  }
  const problems: string[] = [];
  for (const [key, { tries: n, match }] of counts) {
    if (tries.get(key) !== `${match}/${n}`)
      problems.push(`monitor says ${tries.get(key)} of ${key}, the scores say ${match}/${n}`);
  }
  return problems;
}

/** The last counts of the consistency ratio against a count over all outcomes. */
async function consistencyProblems({ log }: Finished): Promise<readonly string[]> {
  const outcomes = (await distinct(log, "outcomes")).map((value) => codecs.outcome.decode(value));
  const ended = new Set(outcomes.map(({ episode }) => episode));
  const wanted = new Map<string, string>();
  for (const environment of new Set(outcomes.map((one) => one.environment))) {
    const mine = outcomes.filter((one) => one.environment === environment && one.agent === null);
    const counts = (["real", "world_model", "transfer"] as const).map((arm) => {
      // A transfer that leaves its world model to its plan counts when that has ended, too.
      const its = mine.filter((one) => one.arm === arm && (one.plan === null || ended.has(one.plan)));
      const successes = its.filter(({ success }) => success === true).length;
      return `${successes}/${its.length} ${its.filter(({ success }) => success === null).length}`;
    });
    if (mine.some(({ arm }) => arm !== "real")) wanted.set(environment, counts.join(", "));
  }
  const found = new Map<string, string>();
  for (const { value } of await readTopic(log, "rollups")) {
    if (value === null) continue;
    const { environment, window, consistency } = codecs.rollup.decode(value);
    const [cell] = consistency;
    if (window !== "all" || cell === undefined) continue;
    const shownRuns = [cell.real, cell.simulated, cell.transfer].map(
      ({ runs, successes, errors }) => `${successes}/${runs} ${errors}`,
    );
    found.set(environment, shownRuns.join(", "));
  }
  return [...wanted].flatMap(([environment, counts]) =>
    found.get(environment) === counts
      ? []
      : [`monitor counts the arms of ${environment} as ${found.get(environment)}, the outcomes are ${counts}`],
  );
}

/** Values by identity: a record written twice counts once. */
async function distinct(log: Readable, topic: string): Promise<readonly Uint8Array[]> {
  const records = await readTopic(log, topic);
  return [...new Map(records.map(({ key, value }) => [shown(topic, key, value), value ?? new Uint8Array()])).values()];
}

function differences(topic: string, found: readonly string[], wanted: readonly string[]): readonly string[] {
  const problems: string[] = [];
  const left = new Map<string, number>();
  for (const one of wanted) left.set(one, (left.get(one) ?? 0) + 1);
  for (const one of found) left.set(one, (left.get(one) ?? 0) - 1);
  for (const [one, times] of left) {
    if (times > 0) problems.push(`${topic}: missing ${one.slice(0, 300)}`);
    if (times < 0) problems.push(`${topic}: too many ${one.slice(0, 300)}`);
  }
  return problems.slice(0, 3);
}

function shown(topic: string, key: string | null, value: Uint8Array | null): string {
  if (topic !== "scores" || value === null) return `${key} ${Buffer.from(value ?? []).toString("base64")}`;
  const score = codecs.score.decode(value);
  return JSON.stringify({ ...score, entries: score.entries.map((entry) => ({ ...entry, seconds: null })) });
}

/** What two runs must have in common although their inputs were delivered differently: the transitions, in order, without their places. */
export async function essenceOf(log: Readable): Promise<readonly string[]> {
  const transitions = (await readTopic(log, "transitions")).flatMap(({ value }: LogRecord) =>
    value === null ? [] : [codecs.transition.decode(value)],
  );
  const byEpisode = new Map<string, string[]>();
  for (const { episode, step, quality, state, action, nextState } of transitions) {
    const list = byEpisode.get(episode) ?? [];
    byEpisode.set(episode, list);
    list.push(JSON.stringify([episode, step, quality, state, action, nextState]));
  }
  return [...byEpisode.values()].flat().sort();
}
