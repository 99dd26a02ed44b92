/**
 * One environment's learning by one predictor: predict, compare, learn. The comparison before learning is the learning curve; nothing that
 * was learnt from a step has predicted it.
 */

import type { Kind, Model, Transition } from "../codec/records.ts";
import type { Json } from "../json/json.ts";
import { equalJson, tryPatch } from "../json/patch.ts";
import type { Learner, Prediction, Put } from "../predictors/predictor.ts";
import { situationOf } from "../predictors/situation.ts";
import type { StepStates } from "../predictors/states.ts";
import { havePassed } from "../run/passed.ts";
import { type Curve, extended } from "./curve.ts";

export interface Learning {
  readonly environment: string;
  /** Of its first transition. */
  readonly kind: Kind;
  readonly predictor: string;
  readonly learner: Learner;
  /** Since the last version. */
  hits: number;
  tries: number;
  publishedAtMs: number;
  published: number;
  /** The newest version; empty before the first. */
  version: string;
  /** Hashes of its blobs. */
  blobs: readonly string[];
  /** How right it was before learning, version by version. */
  curve: Curve;
}

export function newLearning(of: Pick<Learning, "environment" | "kind" | "predictor" | "learner">): Learning {
  return { ...of, hits: 0, tries: 0, publishedAtMs: 0, published: 0, version: "", blobs: [], curve: [] };
}

/** Only what was seen whole and for real teaches (P6). */
export function isTeaching({ quality, arm }: Transition): boolean {
  return quality === "ok" && arm !== "world_model";
}

/** `states`: of structured worlds, where they were parsed for all who look at the step. */
export function teach(learning: Learning, transition: Transition, states: StepStates | undefined): void {
  const { learner } = learning;
  const history = learner.historyOf?.(transition) ?? [];
  const situation = situationOf(transition, transition.context, states && (() => states.before), history);
  const prediction = learner.current().predict(situation);
  learning.tries += 1;
  if (isHit(prediction, transition, situation.state, states?.after)) learning.hits += 1;
  learner.learn(transition, states);
}

export function isDue(
  learning: Learning,
  nowMs: number,
  options: { readonly publishIntervalMs: number; readonly transitionsMin: number },
): boolean {
  const { learner, published, publishedAtMs } = learning;
  if (!learner.dirty() || learner.transitions < options.transitionsMin) return false;
  return published === 0 || havePassed(options.publishIntervalMs, publishedAtMs, nowMs);
}

export function publish(
  learning: Learning,
  put: Put,
  at: { readonly streamTime: number; readonly nowMs: number; readonly offsets: Model["offsets"] },
): Model {
  const { environment, predictor, learner, hits, tries } = learning;
  const { version, blobs, bytes, entries } = learner.publish(put);
  learning.curve = extended(learning.curve, { versions: 1, hits, tries });
  learning.hits = 0;
  learning.tries = 0;
  learning.published += 1;
  learning.version = version;
  learning.blobs = blobs;
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
    reference: null,
  };
}

/** Any patch that leads to the same state is right. */
function isHit(prediction: Prediction, { nextState }: Transition, state: Json, after: Json | undefined): boolean {
  if (prediction.status !== "answered") return false;
  const { next } = prediction;
  if (next.form === "state") return sameText(next.stateText, nextState);
  const patched = tryPatch(state, next.patch);
  return patched.ok && equalJson(patched.value, after ?? parsed(nextState));
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
