/** What is not looked at, and why. Cheap checks first: the length of the text, then the lengths of arrays as they are met. */
import type { Json } from "../../../json/json.ts";
import { isArray, isObject } from "../../../json/pointer.ts";
import type { LiftedOptions } from "../options.ts";

/** The reason to abstain; null for a state within the limits. */
export function reasonToAbstain(state: Json, stateChars: number, options: LiftedOptions): string | null {
  if (!isObject(state) && !isArray(state)) return "not-structured";
  if (stateChars > options.stateCharsMax) return "state-too-large";
  return hasLongArray(state, options.arrayMax, 0) ? "array-too-long" : null;
}

const checkedDepth = 3;

/** Long arrays stand near the top; deeper ones are bounded by the size of the text. */
function hasLongArray(value: Json, max: number, depth: number): boolean {
  if (isArray(value)) return value.length >= max;
  if (!isObject(value) || depth >= checkedDepth || checked.has(value)) return false;
  for (const key of Object.keys(value)) if (hasLongArray(value[key] ?? null, max, depth + 1)) return true;
  if (depth > 0) checked.add(value);
  return false;
}

/** What was found short: states share what did not change. */
const checked = new WeakSet<object>();
