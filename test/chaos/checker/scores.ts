/**
 * Scores against the truth of the workload, and against the input: what each learnt predictor says is by the version that was in force at
 * that place of the partition, and the same version says the same of the same situation.
 */
import type { Item } from "../world.ts";
import type { Decoded, Derived } from "./decode.ts";
import { canonical, type Findings } from "./findings.ts";
import type { Input } from "./input.ts";
import { stepKey } from "./transitions.ts";

export interface Entry {
  readonly predictor: string;
  readonly version: string;
  readonly status: string;
  readonly reason: string | null;
  readonly exact: boolean | null;
  readonly seconds: number | null;
  readonly prediction: string | null;
  readonly confidence: number | null;
}
export interface Score extends Derived {
  readonly environment: string;
  readonly episode: string;
  readonly step: number;
  readonly first: boolean;
  readonly dynamic: boolean;
  readonly situation: string;
  readonly entries: readonly Entry[];
}

/** All but latencies. */
export function comparableScore(score: Score): object {
  return { ...score, entries: score.entries.map((entry) => ({ ...entry, seconds: null })) };
}

export function checkScores(
  found: readonly Decoded<Score>[],
  items: readonly Item[],
  input: Input,
  findings: Findings,
): void {
  const topic = "scores";
  const firsts = new Map<string, Score[]>();
  const foreign = new Map<string, number>();
  for (const { body } of found) {
    const key = stepKey(body);
    if (body.first) firsts.set(key, [...(firsts.get(key) ?? []), body]);
    const theirs = body.entries.filter(({ predictor, status }) => predictor === "theirs" && status === "answered");
    foreign.set(key, (foreign.get(key) ?? 0) + theirs.length);
    if (body.first) for (const entry of body.entries) checkVersion(body, entry, input, items, findings);
  }
  for (const { episode, environment, expect } of items) {
    // Behind a patch that did not apply the step is not fit to be scored.
    if (expect.kind !== "transition" || expect.state === null) continue;
    const key = stepKey({ episode, step: expect.step });
    const [score, ...more] = firsts.get(key) ?? [];
    if (score === undefined) {
      findings.lost(topic, key);
      continue;
    }
    if (more.length > 0) findings.doubled(topic, `${key} has ${more.length + 1} sources`);
    const same = canonical(expect.state) === canonical(expect.nextState);
    if (score.environment !== environment) findings.wrong(topic, `${key} is of ${score.environment}`);
    if (score.dynamic === same) findings.wrong(topic, `${key} dynamic: ${score.dynamic}`);
    const persistence = score.entries.find(({ predictor }) => predictor === "persistence");
    if (persistence?.status !== "answered" || persistence.exact !== same)
      findings.wrong(topic, `${key} persistence: ${canonical(persistence ?? null)}`);
    if ((foreign.get(key) ?? 0) !== expect.predictions)
      (foreign.get(key) ?? 0) < expect.predictions
        ? findings.lost(topic, `${key}: a prediction by others was not scored`)
        : findings.doubled(topic, `${key}: a prediction by others was scored ${foreign.get(key)} times`);
  }
  checkAlike(found, findings);
}

/** The version in force where the action came: the newest that was announced in the partition before it. */
function checkVersion(score: Score, entry: Entry, input: Input, items: readonly Item[], findings: Findings): void {
  if (entry.predictor !== "recall") return;
  const at = actionPlace(score, input, items);
  if (at === null) return;
  const newest = inForce(input, score.environment, entry.predictor, at.partition, at.offset);
  const says = `${stepKey(score)} ${entry.predictor} at ${at.partition}/${at.offset}`;
  if (entry.reason === "version-gone") findings.wrong("scores", `${says}: version ${entry.version} is gone`);
  if (newest === null ? entry.status === "answered" : entry.version !== newest)
    findings.wrong("scores", `${says} is by ${entry.version}, in force is ${newest}`);
}

const actions = new WeakMap<readonly Item[], ReadonlyMap<string, number>>();

/** Where the event with the step's action lies. */
function actionPlace({ episode, step, source }: Score, { places }: Input, items: readonly Item[]) {
  let numbers = actions.get(items);
  if (numbers === undefined) {
    const made = new Map<string, number>();
    for (const { n, episode: of, value } of items) {
      const found = /"type":"action".*?"step":(\d+)/.exec(value)?.[1];
      if (found !== undefined) made.set(stepKey({ episode: of, step: Number(found) }), n);
    }
    numbers = made;
    actions.set(items, made);
  }
  const n = numbers.get(stepKey({ episode, step }));
  return n === undefined ? source : (places.get(n)?.[0] ?? null);
}

const indices = new WeakMap<
  Input,
  ReadonlyMap<string, readonly { readonly offset: number; readonly version: string }[]>
>();

function inForce(
  input: Input,
  environment: string,
  predictor: string,
  partition: number,
  offset: number,
): string | null {
  let index = indices.get(input);
  if (index === undefined) {
    const made = new Map<string, { offset: number; version: string }[]>();
    for (const one of input.announcements) {
      const key = `${one.partition} ${one.environment} ${one.predictor}`;
      const list = made.get(key) ?? [];
      made.set(key, list);
      list.push(one);
    }
    index = made;
    indices.set(input, made);
  }
  const known = index.get(`${partition} ${environment} ${predictor}`) ?? [];
  return known.findLast((one) => one.offset < offset)?.version ?? null;
}

/** One version, one situation, one answer: whichever process gave it, and however often it was restarted. */
function checkAlike(found: readonly Decoded<Score>[], findings: Findings): void {
  const answers = new Map<string, string>();
  for (const { body } of found) {
    for (const entry of body.entries) {
      if (!entry.predictor.startsWith("recall")) continue;
      const key = `${entry.predictor} ${entry.version} ${body.situation}`;
      const answer = canonical([entry.status, entry.reason, entry.confidence]);
      const before = answers.get(key);
      if (before !== undefined && before !== answer)
        findings.wrong("scores", `${stepKey(body)}: ${entry.predictor} answers ${answer}, and ${before} elsewhere`);
      answers.set(key, answer);
    }
  }
}
