/**
 * The states of transitions, parsed. The next state of a step is the state of the following one, and patching is cheaper than parsing; what
 * did not change between them is the same object, so that whoever looks at both need not look twice.
 */
import type { Transition } from "../codec/records.ts";
import type { Json } from "../json/json.ts";
import { parsePatch, tryPatch } from "../json/patch.ts";

export interface StepStates {
  readonly before: Json;
  readonly after: Json;
  /** After the action, before the world's own tick; null where the step does not tell. */
  readonly middle: Json | null;
}

export interface States {
  of(transition: Transition): StepStates;
  clear(): void;
}

/** About as many as episodes run at one time; beyond it states are parsed. */
const statesMax = 256;

export function createStates(): States {
  const values = new Map<string, Json>();
  return {
    of({ state, nextState, patch, intermediatePatch }) {
      const before = state === null ? null : (values.get(state) ?? parsed(state));
      if (state !== null) values.delete(state);
      const after = patched(before, patch) ?? parsed(nextState);
      values.set(nextState, after);
      if (values.size > statesMax) {
        const oldest = values.keys().next().value;
        if (oldest !== undefined) values.delete(oldest);
      }
      return { before, after, middle: patched(before, intermediatePatch) };
    },
    clear: () => values.clear(),
  };
}

function patched(state: Json, text: string | null): Json | null {
  if (text === null) return null;
  const patch = parsePatch(parsed(text));
  const result = patch.ok ? tryPatch(state, patch.patch) : null;
  return result?.ok === true ? result.value : null;
}

function parsed(text: string): Json {
  return JSON.parse(text);
}
