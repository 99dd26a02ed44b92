/** What topics hold after a clean run of a workload, made from the workload alone: the checker must find nothing in it. */
import { distantAnswer, distantName } from "../distant.ts";
import { type Item, rooms } from "../world.ts";
import { encode } from "./decode.ts";
import type { Dump, Raw } from "./dump.ts";
import { canonical } from "./findings.ts";

export interface Synthetic {
  readonly topics: Map<string, Raw[]>;
  readonly dump: () => Dump;
}

interface Total {
  tries: number;
  match: number;
  theirs: number;
  asked: number;
  right: number;
  episodes: number;
}

const appendedAt = 1_700_000_000_000;
const agent = null;
const answer = { type: "prediction", predictor: distantName, model: "1", state: JSON.stringify(distantAnswer) };

/** One partition of everything. */
export function synthetic(items: readonly Item[]): Synthetic {
  const topics = new Map<string, Raw[]>();
  function append(topic: string, key: string, value: Buffer): number {
    const records = topics.get(topic) ?? [];
    topics.set(topic, records);
    records.push({ partition: 0, offset: records.length, timestamp: appendedAt, key, value });
    return records.length - 1;
  }
  const steps = new Map<string, number>();
  const totals = new Map<string, Total>();
  const predicted = new Map<string, number>();
  for (const { episode, environment, value, expect } of items) {
    const offset = append("interactions", episode, Buffer.from(value));
    const source = { partition: 0, offset, index: 0 };
    const head = { source, environment, episode, arm: "real", kind: "state", time: appendedAt, appendedAt, agent };
    const total = totals.get(environment) ?? { tries: 0, match: 0, theirs: 0, asked: 0, right: 0, episodes: 0 };
    if (environment !== "") totals.set(environment, total);
    if (expect.kind === "dead-letter") {
      const letter = { source, topic: "interactions", key: episode, stage: "pair", reason: expect.reason };
      const rest = { message: "", environment: null, episode: null, time: appendedAt, value: Buffer.from(value) };
      append("dead-letters", episode, encode("dead-letter", { ...letter, ...rest }));
    } else if (expect.kind === "transition") {
      const { step, state, action, nextState, predictions } = expect;
      steps.set(episode, (steps.get(episode) ?? 0) + 1);
      const quality = state === null ? "broken" : "ok";
      const values = { state: state === null ? null : canonical(state), action: canonical(action) };
      const body = { ...head, step, quality, flags: [], ...values, nextState: canonical(nextState) };
      append("transitions", environment, encode("transition", body));
      if (state === null) continue;
      const exact = canonical(state) === canonical(nextState);
      total.tries += 1;
      if (exact) total.match += 1;
      total.theirs += predictions;
      const entries = [entry("persistence", exact), ...(predictions > 0 ? [entry("theirs", false)] : [])];
      if (rooms.includes(environment)) {
        const asked = { ...head, step, state: canonical(state), action: canonical(action), history: [], task: null };
        append("situations", episode, encode("situation", { ...asked, deadline: 0, predictors: [distantName] }));
        append("interactions", episode, encode("interaction", { ...answer, episode, step }));
        const right = nextState === distantAnswer;
        entries.push(entry(distantName, right));
        total.asked += 1;
        if (right) total.right += 1;
      }
      predicted.set(episode, (predicted.get(episode) ?? 0) + predictions);
      const score = { ...head, source: { ...source, index: 1 }, step, quality, first: true, actionName: "", entries };
      const hashes = { dynamic: !exact, comparison: "", situation: "s", truth: "t", baseline: "persistence" };
      append("scores", environment, encode("score", { ...score, ...hashes }));
    } else if (expect.kind === "outcome") {
      total.episodes += 1;
      const { success, reward } = expect;
      const count = steps.get(episode) ?? 0;
      const rest = { startedAt: appendedAt, ending: "end", success, reward, reason: null, steps: count, scored: count };
      const none = { task: null, worldModel: null, plan: null, predictors: [] };
      append("outcomes", environment, encode("outcome", { ...head, ...none, ...rest }));
    }
  }
  for (const [environment, { tries, match, theirs, asked, right, episodes }] of totals) {
    const head = { environment, window: "all", kind: "state", at: 0, bucketMs: 0, end: 0, baseline: "persistence" };
    const predictors = [rollup("persistence", tries, match)];
    if (theirs > 0) predictors.push(rollup("theirs", theirs, 0));
    if (asked > 0) predictors.push(rollup(distantName, asked, right));
    const rest = { transitions: tries, quality: [], episodes, ceiling: null, ceilingSamples: 0, predictors };
    append("rollups", environment, encode("rollup", { ...head, ...rest }));
  }
  return { topics, dump: () => dumpOf(topics) };
}

/** As the log ends: everything is read by everybody. */
function dumpOf(topics: ReadonlyMap<string, readonly Raw[]>): Dump {
  const committed = new Map<string, number>();
  const readers = {
    interactions: "track",
    situations: `predict-remote.${distantName}`,
    transitions: "learn",
    scores: "monitor",
    outcomes: "monitor",
  };
  for (const [topic, group] of Object.entries(readers)) {
    const end = (topics.get(topic)?.at(-1)?.offset ?? -1) + 1;
    committed.set(`driftline-${group} ${topic}/0`, end);
  }
  const ends = new Map(
    [...topics].map(([topic, records]) => {
      const high = (records.at(-1)?.offset ?? -1) + 1;
      return [`${topic}/0`, { stable: high, high }] as const;
    }),
  );
  return { topics, ends, committed };
}

function entry(predictor: string, exact: boolean) {
  const none = { reason: null, fieldsEqual: null, fieldsTotal: null, changedHit: null, changedPredicted: null };
  const more = { changedActual: null, tokenF1: null, tokenAligned: null, confidence: null, brier: null };
  return { predictor, version: "v", status: "answered", exact, ahead: false, seconds: null, ...none, ...more };
}

function rollup(predictor: string, tries: number, match: number) {
  const zeros = [
    ...["dynamicTries", "dynamicMatch", "abstained", "failed", "late", "missing", "fieldsEqual", "fieldsTotal"],
    ...["changedHit", "changedPredicted", "changedActual", "tokenF1Sum", "tokenTries", "brierSum", "brierTries"],
    ...["pairedTries", "pairedMatch", "pairedBaselineMatch"],
  ];
  const tally = { tries, match, ...Object.fromEntries(zeros.map((name) => [name, 0])) };
  return { predictor, version: "v", tally, tries: [], matches: [], stepTries: [], stepMatches: [], abstentions: [] };
}
