/** What a score shows of a wrong prediction: bounded, so that scores stay small whatever the states are. */
import { canonicalText } from "../../json/canonical.ts";
import type { Json, JsonText, PatchOperation } from "../../json/json.ts";
import { diffPatch } from "../../json/patch.ts";
import type { Truth } from "./logic.ts";

/** The predicted next state: a patch against the state (structured) or the text itself. */
export function shownPrediction(truth: Truth, predicted: Json, bytesMax: number): JsonText {
  return shownNext(truth.state.value, predicted, bytesMax);
}

export function shownExample(truth: Truth, action: JsonText, bytesMax: number) {
  return {
    state: boundedValue(truth.state.value, () => truth.state.text, bytesMax),
    action: bounded(action, bytesMax),
    truth: shownNext(truth.state.value, truth.next.value, bytesMax),
  };
}

function shownNext(state: Json, next: Json, bytesMax: number): JsonText {
  if (state === next && typeof state !== "string") return "[]";
  if (typeof next === "string" || typeof state === "string")
    return boundedValue(next, () => canonicalText(next), bytesMax);
  const operations: PatchOperation[] = [];
  let size = 2;
  for (const operation of diffPatch(state, next)) {
    const text = canonicalText({ ...operation });
    size += text.length + 1;
    // The rest of a long patch is left out rather than cut in the middle of a value.
    if (size > bytesMax) break;
    operations.push(operation);
  }
  return canonicalText(operations.map((operation) => ({ ...operation })));
}

/** `text`: the value's, which is not made of a text that is too long anyway. */
function boundedValue(value: Json, text: () => JsonText, bytesMax: number): JsonText {
  if (typeof value === "string" && value.length > bytesMax) return cut(value, bytesMax);
  return bounded(text(), bytesMax);
}

/** Text beyond the bound becomes a JSON string of its beginning. */
function bounded(text: JsonText, bytesMax: number): JsonText {
  if (text.length <= bytesMax) return text;
  // Only a string's text is read again: a large state's would be read for its first few characters.
  const value: Json = text.startsWith('"') ? JSON.parse(text) : text;
  return cut(typeof value === "string" ? value : text, bytesMax);
}

function cut(text: string, bytesMax: number): JsonText {
  return canonicalText(`${text.slice(0, bytesMax - 1).toWellFormed()}…`);
}
