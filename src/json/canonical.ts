/**
 * Canonical JSON text (RFC 8785: keys in the order of their UTF-16 code units, ECMAScript number form, no white space) and the one
 * way in for JSON text. Equality of canonical texts is equality of values. Of doubled keys the last one counts, as in ECMAScript.
 */
import { inspect, type JsonLimits, JsonRejected, jsonLimits } from "./inspect.ts";
import type { Json, JsonObject, JsonText } from "./json.ts";

export { type JsonLimits, JsonRejected, type JsonRejection, jsonLimits } from "./inspect.ts";

/** For values of our own making: only what text cannot express is refused, and a depth that could exhaust the stack. */
const ownLimits: JsonLimits = {
  depthMax: 512,
  bytesMax: Number.MAX_SAFE_INTEGER,
  keysMax: Number.MAX_SAFE_INTEGER,
  keyLengthMax: Number.MAX_SAFE_INTEGER,
};

/** Throws `JsonRejected` for what is not JSON (NaN, undefined, lone surrogates, `__proto__`): never a silent `null`. */
export function canonicalText(value: Json): JsonText {
  return inspect(value, ownLimits).sorted ? JSON.stringify(value) : write(value);
}

/** The same for a value that must also keep limits: one walk for both. */
export function canonicalWithin(value: Json, limits: JsonLimits): JsonText {
  return inspect(value, limits).sorted ? JSON.stringify(value) : write(value);
}

/** Parses and checks; the value is fresh and belongs to the caller. Throws `JsonRejected`. */
export function parseJson(text: string, limits: JsonLimits = jsonLimits): Json {
  return parseCanonical(text, limits).value;
}

/** Value and canonical text in one go. `canonical` says that `text` was canonical already (the same string comes back). */
export function parseCanonical(
  text: string,
  limits: JsonLimits = jsonLimits,
): { readonly value: Json; readonly text: JsonText; readonly canonical: boolean } {
  const value = parse(text, limits);
  const { sorted, negativeZero } = inspect(value, limits);
  const canonical = sorted ? JSON.stringify(value) : write(value);
  if (canonical === text) return { value, text, canonical: true };
  // A -0 compares equal to 0 almost everywhere, but not everywhere: reading the canonical text again removes it.
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

/** Objects with unsorted keys. Rebuilding them sorted would not do: engines enumerate integer keys first, in the order of numbers. */
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
