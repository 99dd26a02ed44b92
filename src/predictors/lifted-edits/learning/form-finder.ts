/**
 * Whether states are facts alone. The first of them may not show it: nothing need be said in two ways there. So the first steps are kept until it
 * is known, and are then learnt again as facts.
 */
import type { Transition } from "../../../codec/records.ts";
import type { Json } from "../../../json/json.ts";
import { type FactsForm, formOf, formsOf } from "../state/facts.ts";

export interface Found {
  readonly form: FactsForm;
  /** All steps so far, the newest last. */
  readonly steps: readonly Transition[];
}

export interface FormFinder {
  /** Null where the form is not known yet, or was told before. `count`: steps that were learnt, with this one. */
  find(transition: Transition, before: Json, after: Json, count: number): Found | null;
}

/** What is no fact until then is none. */
const stepsMax = 64;
const charactersMax = 4_000_000;

export function createFormFinder(): FormFinder {
  let possible: readonly FactsForm[] | null = null;
  let steps: Transition[] = [];
  let characters = 0;

  function end(): null {
    possible = [];
    steps = [];
    return null;
  }

  return {
    find(transition, before, after, count) {
      if (possible?.length === 0) return null;
      const now = formsOf(after);
      possible = (possible ?? formsOf(before)).filter((form) => now.includes(form));
      characters += (transition.state?.length ?? 0) + transition.nextState.length;
      if (possible.length === 0 || count > stepsMax || characters > charactersMax) return end();
      steps.push(transition);
      const form = formOf(before) ?? formOf(after);
      if (form === null || !possible.includes(form)) return null;
      const found = { form, steps };
      end();
      return found;
    },
  };
}
