/**
 * Remote predictors: each step of the environments that they are for is asked about once, each question is answered, and of each such step
 * there is one word of them in the scores, which is as right as what they said.
 */
import { distantAnswer, distantName } from "../distant.ts";
import { type Item, rooms } from "../world.ts";
import type { Decoded, Derived } from "./decode.ts";
import { canonical, type Findings } from "./findings.ts";
import type { Input } from "./input.ts";
import type { Entry, Score } from "./scores.ts";
import { stepKey } from "./transitions.ts";

export interface Situation extends Derived {
  readonly episode: string;
  readonly step: number;
  readonly state: string;
  readonly action: string;
  readonly predictors: readonly string[];
}

export function checkRemote(
  situations: readonly Decoded<Situation>[],
  scores: readonly Decoded<Score>[],
  items: readonly Item[],
  input: Input,
  exactlyOnce: boolean,
  findings: Findings,
): void {
  const questions = new Map<string, Situation[]>();
  for (const { body } of situations) {
    const key = stepKey(body);
    questions.set(key, [...(questions.get(key) ?? []), body]);
  }
  const words = new Map<string, Entry[]>();
  for (const { body } of scores) {
    const own = body.entries.filter(({ predictor }) => predictor === distantName);
    if (own.length > 0) words.set(stepKey(body), [...(words.get(stepKey(body)) ?? []), ...own]);
  }
  for (const { episode, environment, expect } of items) {
    if (expect.kind !== "transition" || !rooms.includes(environment)) continue;
    const key = stepKey({ episode, step: expect.step });
    const [question, ...more] = questions.get(key) ?? [];
    questions.delete(key);
    if (question === undefined) {
      findings.lost("situations", key);
      continue;
    }
    if (more.length > 0) findings.doubled("situations", `${key} has ${more.length + 1} sources`);
    const asked = { state: canonical(expect.state), action: canonical(expect.action), predictors: [distantName] };
    const { state, action, predictors } = question;
    if (canonical({ state, action, predictors }) !== canonical(asked))
      findings.wrong("situations", `${key}: ${canonical({ state, action, predictors })} is not ${canonical(asked)}`);
    const answers = input.answers.get(key) ?? 0;
    if (answers === 0) findings.lost("interactions", `${key} was never answered`);
    if (answers > 1 && exactlyOnce) findings.doubled("interactions", `${key} was answered ${answers} times`);
    checkWords(key, words.get(key) ?? [], expect.nextState === distantAnswer, findings);
    words.delete(key);
  }
  for (const key of questions.keys()) findings.wrong("situations", `${key}: nobody is to be asked`);
  for (const key of words.keys()) findings.wrong("scores", `${key}: a word of ${distantName}, who was not asked`);
}

function checkWords(key: string, words: readonly Entry[], exact: boolean, findings: Findings): void {
  const [word, ...more] = words;
  if (word === undefined) return findings.lost("scores", `${key}: an answer of ${distantName}`);
  if (more.length > 0) findings.doubled("scores", `${key}: ${words.length} words of ${distantName}`);
  if (word.status !== "answered" || word.exact !== exact)
    findings.wrong(
      "scores",
      `${key} ${distantName}: ${word.status} ${word.reason}, exact ${word.exact} is not ${exact}`,
    );
}
