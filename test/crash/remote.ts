/**
 * A remote predictor of the crash runs, and what must hold of it: whoever kills whom, every situation is answered, once (or, where commits may be
 * lost, again under the same identity), and every step that is scored has exactly one word of it.
 */
import { Type } from "@sinclair/typebox";
import { isAnswerId } from "../../src/codec/answer-id.ts";
import { codecs } from "../../src/codec/codecs.ts";
import type { RemoteWorld } from "../../src/predict-remote/predict-remote.ts";
import type { Prediction } from "../../src/predictors/predictor.ts";
import type { RemoteFactory, RemoteSituation } from "../../src/predictors/remote.ts";
import { type Readable, readTopic } from "./pipeline.ts";
import { seeded } from "./random.ts";

export const remoteName = "slow";
export const remoteOptions = {
  predictors: { [remoteName]: { kind: "moody", environments: ["house"], batchMax: 3, concurrency: 2 } },
};

/** Never answers twice alike; at times it fails, abstains, or is lost in the middle of a call. */
export const moodyFactory: RemoteFactory = {
  kind: "moody",
  optionsSchema: Type.Object({}, { additionalProperties: false }),
  batching: { max: 1, waitMs: 0, concurrency: 1 },
  historySteps: () => 3,
  isolated: false,
  async open() {
    const random = seeded(7);
    let answers = 0;
    function predictionOf({ stateText }: RemoteSituation): Prediction {
      answers += 1;
      if (random.chance(0.1)) return { status: "failed", reason: `mood ${answers}` };
      if (random.chance(0.1)) return { status: "abstained", reason: `mood ${answers}` };
      if (random.chance(0.5)) return { status: "answered", next: { form: "state", stateText }, confidence: 0.5 };
      return { status: "answered", next: { form: "state", stateText: JSON.stringify(`${answers}`) }, confidence: null };
    }
    return {
      version: "1",
      deterministic: false,
      backend: { name: "cpu", device: "none" },
      async predict(situations) {
        if (random.chance(0.05)) throw new Error("lost");
        return situations.map(predictionOf);
      },
      async close() {},
    };
  },
};

/** Nothing is ever late here: its clock stands still, and what is not answered is missed. */
export const stillWorld: RemoteWorld = {
  env: {},
  now: () => 0,
  seconds: () => 0,
  sleep: (_, signal) => new Promise((resolve) => signal?.addEventListener("abort", () => resolve(), { once: true })),
  log() {},
};

export async function remoteProblems(log: Readable, atLeastOnce: boolean): Promise<readonly string[]> {
  const problems: string[] = [];
  const answers = new Map<string, number>();
  for (const { value } of await readTopic(log, "interactions")) {
    if (value === null || value[0] === 0x7b) continue;
    const { id, episode, step } = codecs.interaction.decode(value);
    if (isAnswerId(id)) answers.set(`${episode} ${step}`, (answers.get(`${episode} ${step}`) ?? 0) + 1);
  }
  const asked = new Set<string>();
  const inTime = new Set<string>();
  for (const { value, timestamp } of await readTopic(log, "situations")) {
    if (value === null) continue;
    const { environment, episode, step, deadline } = codecs.situation.decode(value);
    if (environment !== "house") continue;
    asked.add(`${episode} ${step}`);
    // Else track itself was behind: nobody can be in time.
    if (deadline >= timestamp) inTime.add(`${episode} ${step}`);
  }
  for (const key of inTime) {
    const count = answers.get(key) ?? 0;
    if (count === 0 || (count > 1 && !atLeastOnce)) problems.push(`the situation ${key} was answered ${count} times`);
  }
  for (const key of answers.keys()) if (!inTime.has(key)) problems.push(`nobody asked for the answer to ${key}`);
  return [...problems, ...(await wordProblems(log, asked)), ...(await conflictProblems(log))];
}

/** One entry for each step with a truth that it was asked about, over all its score records. */
async function wordProblems(log: Readable, asked: ReadonlySet<string>): Promise<readonly string[]> {
  const words = new Map<string, number>();
  const seen = new Set<string>();
  for (const { value } of await readTopic(log, "scores")) {
    if (value === null) continue;
    const { source, environment, episode, step, truth, entries } = codecs.score.decode(value);
    const identity = `${source.partition}/${source.offset}/${source.index}`;
    if (environment !== "house" || truth === "" || seen.has(identity)) continue;
    seen.add(identity);
    const own = entries.filter(({ predictor }) => predictor === remoteName).length;
    words.set(`${episode} ${step}`, (words.get(`${episode} ${step}`) ?? 0) + own);
  }
  return [...words].flatMap(([key, count]) =>
    count === (asked.has(key) ? 1 : 0) ? [] : [`the step ${key} has ${count} words of ${remoteName}`],
  );
}

/** An answer that was made again is no conflict. */
async function conflictProblems(log: Readable): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const { value } of await readTopic(log, "dead-letters")) {
    if (value === null) continue;
    const letter = codecs.deadLetter.decode(value);
    if (letter.topic !== "interactions" || letter.value[0] === 0x7b) continue;
    const { id } = codecs.interaction.decode(letter.value);
    if (isAnswerId(id)) problems.push(`the answer ${id} is a dead letter: ${letter.reason}`);
  }
  return problems;
}
