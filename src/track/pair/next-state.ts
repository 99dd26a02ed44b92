/** From a state and the event that brings the truth to the next state and what goes into the transition. Pure. */
import { canonicalWithin, JsonRejected, jsonLimits } from "../../json/canonical.ts";
import type { Json, Patch } from "../../json/json.ts";
import { applyPatch, patchBetween, shareJson, tryPatch } from "../../json/patch.ts";
import type { Event } from "../decode/logic.ts";
import type { Valued } from "../score/logic.ts";

export type Next =
  | { readonly ok: true; readonly value: Valued }
  | {
      readonly ok: false;
      readonly reason: "no-base-state" | "patch-failed" | "state-too-large" | "schema";
      readonly message: string;
    };

/** The state after the event. */
export function nextState(state: Valued | null, event: Event): Next {
  if (event.state !== undefined)
    return { ok: true, value: { value: event.state, text: event.interaction.state ?? "null" } };
  if (state === null) {
    return {
      ok: false,
      reason: "no-base-state",
      message: "the patch has nothing to apply to: send a full state first",
    };
  }
  const patched = tryPatch(state.value, event.patch ?? []);
  if (!patched.ok) return patched;
  try {
    return { ok: true, value: { value: patched.value, text: canonicalWithin(patched.value, jsonLimits) } };
  } catch (error) {
    if (!(error instanceof JsonRejected)) throw error;
    return { ok: false, reason: "state-too-large", message: `the patched state is ${error.message}` };
  }
}

/** The next state rebuilt on the state, so that what did not change is shared: comparisons then cost what differs, and so does memory. */
export function share(state: Valued | null, next: Valued): { readonly next: Valued; readonly patch: Patch | null } {
  if (state === null || isText(state.value) || isText(next.value)) return { next, patch: null };
  const value = shareJson(state.value, next.value);
  return { next: { value, text: next.text }, patch: patchBetween(state.value, value) };
}

function isText(value: Json): boolean {
  return typeof value === "string";
}

/** An intermediate patch that does not apply is left out and flagged: it is beside the point of the step. */
export function intermediateOf(
  state: Valued | null,
  event: Event,
): { readonly patch: Patch | null; readonly failed: boolean } {
  const { intermediatePatch } = event;
  if (intermediatePatch === null) return { patch: null, failed: false };
  if (state === null || !applyPatch(state.value, intermediatePatch).ok) return { patch: null, failed: true };
  return { patch: intermediatePatch, failed: false };
}
