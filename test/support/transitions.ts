/** Transitions for tests: `text` of a text world, `structured` of a world of objects. */
import type { Transition } from "../../src/codec/records.ts";
import { canonicalText } from "../../src/json/canonical.ts";
import { diffText } from "../../src/json/diff.ts";
import type { Json } from "../../src/json/json.ts";
import type { Situation } from "../../src/predictors/predictor.ts";

export function transitionOf(state: Json, action: Json, next: Json, more: Partial<Transition> = {}): Transition {
  const isText = typeof next === "string";
  return {
    source: { partition: 0, offset: 0, index: 0 },
    environment: "world",
    kind: isText ? "observation" : "state",
    episode: "e",
    step: 0,
    task: null,
    agent: null,
    arm: "real",
    worldModel: null,
    plan: null,
    time: 0,
    appendedAt: 0,
    quality: "ok",
    flags: [],
    state: canonicalText(state),
    action: canonicalText(action),
    nextState: canonicalText(next),
    patch: isText ? null : diffText(state, next),
    intermediatePatch: null,
    context: null,
    reward: null,
    done: null,
    trace: null,
    meta: null,
    ...more,
  };
}

/** Deeply frozen: a predictor that changes what it sees throws. */
export function situationOf(state: Json, action: Json, more: Partial<Situation> = {}): Situation {
  return frozen({
    environment: "world",
    kind: typeof state === "string" ? "observation" : "state",
    episode: "e",
    step: 0,
    task: null,
    stateText: canonicalText(state),
    state,
    actionText: canonicalText(action),
    action,
    contextText: null,
    context: null,
    history: [],
    ...more,
  });
}

export function situationOfTransition(transition: Transition): Situation {
  const { kind, episode, step, state, action } = transition;
  return situationOf(JSON.parse(state ?? "null"), JSON.parse(action), { kind, episode, step });
}

function frozen<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const child of Object.values(value)) frozen(child);
  }
  return value;
}
