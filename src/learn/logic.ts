/**
 * One environment's learning by one predictor: predict, compare, learn. The comparison before learning is the learning curve; nothing that
 * was learnt from a step has predicted it.
 */
import type { Model, Transition } from "../codec/records.ts";
import { canonicalText } from "../json/canonical.ts";
import type { Json } from "../json/json.ts";
import { applyPatch } from "../json/patch.ts";
import type { Learner, Prediction, Situation } from "../predictors/predictor.ts";

export interface Learning {
  readonly environment: string;
  readonly predictor: string;
  readonly learner: Learner;
  /** Since the last version. */
  hits: number;
  tries: number;
  publishedAtMs: number;
  published: number;
  /** The newest version; empty before the first. */
  version: string;
}

/** Only what was seen whole and for real teaches (P6). */
export function isTeaching({ quality, arm }: Transition): boolean {
  return quality === "ok" && arm !== "world_model";
}

export function teach(learning: Learning, transition: Transition): void {
  const prediction = learning.learner.current().predict(situationOf(transition));
  learning.tries += 1;
  if (isHit(prediction, transition)) learning.hits += 1;
  learning.learner.learn(transition);
}

export function isDue(
  learning: Learning,
  nowMs: number,
  options: { readonly publishIntervalMs: number; readonly transitionsMin: number },
): boolean {
  const { learner, published, publishedAtMs } = learning;
  if (!learner.dirty() || learner.transitions < options.transitionsMin) return false;
  return published === 0 || nowMs - publishedAtMs >= options.publishIntervalMs;
}

export function publish(
  learning: Learning,
  put: (bytes: Uint8Array) => string,
  at: { readonly streamTime: number; readonly nowMs: number; readonly offsets: Model["offsets"] },
): Model {
  const { environment, predictor, learner, hits, tries } = learning;
  const { version, blobs, bytes, entries } = learner.publish(put);
  learning.hits = 0;
  learning.tries = 0;
  learning.published += 1;
  learning.version = version;
  learning.publishedAtMs = at.nowMs;
  return {
    environment,
    predictor,
    version,
    blobs,
    bytes,
    publishedAt: at.streamTime,
    transitions: learner.transitions,
    entries,
    hits,
    tries,
    offsets: at.offsets,
  };
}

/** The situation of a transition, its values parsed when a predictor looks at them. */
export function situationOf(transition: Transition): Situation {
  const { state, action, context } = transition;
  const stateText = state ?? "null";
  let value: Json | undefined;
  return {
    environment: transition.environment,
    kind: transition.kind,
    episode: transition.episode,
    step: transition.step,
    task: transition.task,
    stateText,
    get state(): Json {
      value ??= parsed(stateText);
      return value;
    },
    actionText: action,
    action: parsed(action),
    contextText: context,
    context: context === null ? null : parsed(context),
    history: [],
  };
}

function isHit(prediction: Prediction, transition: Transition): boolean {
  if (prediction.status !== "answered") return false;
  const { next } = prediction;
  if (next.form === "state") return sameText(next.stateText, transition.nextState);
  if (transition.patch === canonicalText(next.patch.map((operation) => ({ ...operation })))) return true;
  const patched = applyPatch(parsed(transition.state ?? "null"), next.patch);
  return patched.ok && canonicalText(patched.value) === transition.nextState;
}

/** Text states are compared trimmed, the paper's rule. */
function sameText(a: string, b: string): boolean {
  if (a === b) return true;
  const [left, right] = [parsed(a), parsed(b)];
  return typeof left === "string" && typeof right === "string" && left.trim() === right.trim();
}

function parsed(text: string): Json {
  return JSON.parse(text);
}
