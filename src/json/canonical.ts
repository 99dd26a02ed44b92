/**
 * Canonical JSON text (RFC 8785: keys in the order of their UTF-16 code units, ECMAScript number form, no white space) and the one
 * way in for JSON text. Equality of canonical texts is equality of values. Of doubled keys the last one counts, as in ECMAScript.
 */
import { inspect, type JsonLimits, JsonRejected, jsonLimits } from "./inspect.ts";
import type { Json, JsonObject, JsonText } from "./json.ts";

export { type JsonLimits, JsonRejected, jsonLimits } from "./inspect.ts";

/** For values of our own making: only what text cannot express is refused, and a depth that could exhaust the stack. */
const ownLimits: JsonLimits = {
  depthMax: 512,
  bytesMax: Number.MAX_SAFE_INTEGER,
  keysMax: Number.MAX_SAFE_INTEGER,
  keyLengthMax: Number.MAX_SAFE_INTEGER,
};

/** Throws `JsonRejected` for what is not JSON (NaN, undefined, lone surrogates, `__proto__`): never a silent `null`. */
export function canonicalText(value: Json): JsonText {
  return textOf(value, inspect(value, ownLimits).sorted);
}

/** The same for what must also keep limits: one walk for both. */
export function canonicalWithin(value: unknown, limits: JsonLimits): JsonText {
  const { sorted } = inspect(value, limits);
  return textOf(value as Json, sorted);
}

/** Parses and checks; the value is fresh and belongs to the caller. Throws `JsonRejected`. */
export function parseJson(text: string, limits: JsonLimits = jsonLimits): Json {
  const value = parse(text, limits);
  // A -0 compares equal to 0 almost everywhere, but not everywhere: text of ours has none.
  return inspect(value, limits).negativeZero ? JSON.parse(JSON.stringify(value)) : value;
}

/** Value and canonical text in one go. `canonical` says that `text` was canonical already (the same string comes back). */
export function parseCanonical(
  text: string,
  limits: JsonLimits = jsonLimits,
): { readonly value: Json; readonly text: JsonText; readonly canonical: boolean } {
  const value = parse(text, limits);
  const { sorted, negativeZero } = inspect(value, limits);
  const canonical = textOf(value, sorted);
  if (canonical === text) return { value, text, canonical: true };
  // Reading the canonical text again removes a -0.
  return { value: negativeZero ? JSON.parse(canonical) : value, text: canonical, canonical: false };
}

function parse(text: string, limits: JsonLimits): Json {
  const { bytesMax } = limits;
  if (text.length > bytesMax || (text.length * 3 > bytesMax && Buffer.byteLength(text) > bytesMax)) {
    throw new JsonRejected("too-large", `larger than ${bytesMax} bytes`);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const hint = text.startsWith("\uFEFF") ? "the text starts with a byte order mark; send plain UTF-8" : error.message;
    throw new JsonRejected("syntax", `not JSON: ${hint}`);
  }
}

function textOf(value: Json, isSorted: boolean): JsonText {
  if (isSorted) return JSON.stringify(value);
  const rebuilt = sortedCopy(value);
  return rebuilt === undefined ? write(value) : JSON.stringify(rebuilt);
}

/** The value with sorted keys, sharing what has them already; undefined where a key may be an integer: engines enumerate those first, by number. */
function sortedCopy(value: Json): Json | undefined {
  if (typeof value !== "object" || value === null) return value;
  return isArray(value) ? sortedArray(value) : sortedObject(value);
}

function sortedArray(value: readonly Json[]): Json | undefined {
  let copy: Json[] | null = null;
  for (let index = 0; index < value.length; index++) {
    const child = value[index] ?? null;
    const sorted = sortedCopy(child);
    if (sorted === undefined) return undefined;
    if (sorted !== child) copy ??= value.slice();
    if (copy !== null) copy[index] = sorted;
  }
  return copy ?? value;
}

function sortedObject(value: JsonObject): Json | undefined {
  const keys = Object.keys(value);
  let same = true;
  for (let index = 0; index < keys.length; index++) {
    const key = keys[index] ?? "";
    if (startsWithDigit(key)) return undefined;
    if (index > 0 && key < (keys[index - 1] ?? "")) same = false;
  }
  if (!same) keys.sort();
  const copy: Record<string, Json> = {};
  for (const key of keys) {
    const child = value[key] ?? null;
    const sorted = sortedCopy(child);
    if (sorted === undefined) return undefined;
    if (sorted !== child) same = false;
    copy[key] = sorted;
  }
  return same ? value : copy;
}

function startsWithDigit(key: string): boolean {
  const code = key.charCodeAt(0);
  return code >= 48 && code <= 57;
}

/** Where keys may be integers. */
function write(value: Json): JsonText {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (isArray(value)) {
    let text = "[";
    for (let index = 0; index < value.length; index++) {
      if (index > 0) text += ",";
      text += write(value[index] ?? null);
    }
    return `${text}]`;
  }
  return writeObject(value);
}

function writeObject(value: JsonObject): JsonText {
  let text = "{";
  for (const key of Object.keys(value).sort()) {
    if (text.length > 1) text += ",";
    text += `${JSON.stringify(key)}:${write(value[key] ?? null)}`;
  }
  return `${text}}`;
}

function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
