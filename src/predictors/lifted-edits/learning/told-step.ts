/** A transition as a step to be learnt: parsed, and told as things where states are facts. */
import type { Transition } from "../../../codec/records.ts";
import type { Json } from "../../../json/json.ts";
import type { StepStates } from "../../states.ts";
import type { LiftedOptions } from "../options.ts";
import { type FactsForm, readFacts } from "../state/facts.ts";
import { reasonToAbstain } from "../state/limits.ts";
import type { RecentStep } from "./recent.ts";

/** Null where the transition has no state, or a larger one than is looked at. */
export function stepOf(
  { kind, state, nextState, action, context }: Transition,
  { before, after, middle }: StepStates,
  options: LiftedOptions,
): RecentStep | null {
  if (kind !== "state" || state === null) return null;
  if (reasonToAbstain(before, Math.max(state.length, nextState.length), options) !== null) return null;
  return { before, after, middle, action: parsed(action), context: context === null ? null : parsed(context) };
}

export function asThings(step: RecentStep, form: FactsForm | null): RecentStep {
  const [before, after] = [readFacts(step.before, form), readFacts(step.after, form)];
  return { ...step, before, after, middle: step.middle === null ? null : readFacts(step.middle, form) };
}

function parsed(text: string): Json {
  return JSON.parse(text);
}
