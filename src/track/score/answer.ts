/**
 * Answers in text, as tools and services give them: their words, their kind, and whether two of them say the same where texts hold JSON. An
 * answer is a string, or a flat object of strings (`{"error":"","response":"…"}`); all else is a structured state. Pure.
 */
import { canonicalText } from "../../json/canonical.ts";
import type { Json } from "../../json/json.ts";
import { isArray, isObject } from "../../json/pointer.ts";

export type AnswerKind = "error" | "json" | "text" | "state";

/** Longer texts are not looked into for JSON. */
const jsonCharsMax = 262_144;
/** JSON within JSON within JSON: deeper is left as text. */
const nestingMax = 3;

/** The words of an answer are the words of this text; null for a structured state. */
export function answerText(value: Json): string | null {
  if (typeof value === "string") return value;
  return isFlat(value) ? Object.values(value).join("\n") : null;
}

/** An error: a member whose name speaks of one holds more than nothing. JSON: a text, or a member, holds an object or a list. */
export function answerKind(value: Json): AnswerKind {
  if (answerText(value) === null) return "state";
  const opened = typeof value === "string" ? jsonIn(value) : value;
  if (isObject(opened) && Object.entries(opened).some(([name, one]) => /error/i.test(name) && saysSomething(one)))
    return "error";
  if (typeof value === "string") return opened === null ? "text" : "json";
  return Object.values(value ?? {}).some((one) => typeof one === "string" && jsonIn(one) !== null) ? "json" : "text";
}

/** Equal where texts that hold JSON are read as what they hold; null where the truth is a structured state. */
export function isSameAsJson(truth: Json, predicted: Json): boolean | null {
  if (answerText(truth) === null) return null;
  return canonicalText(unfolded(truth, nestingMax)) === canonicalText(unfolded(predicted, nestingMax));
}

function unfolded(value: Json, nesting: number): Json {
  if (typeof value === "string") {
    const inner = nesting === 0 ? null : jsonIn(value);
    return inner === null ? value.trim() : unfolded(inner, nesting - 1);
  }
  if (isArray(value)) return value.map((one) => unfolded(one, nesting));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, unfolded(one, nesting)]));
}

/** The object or list that a text is, as JSON or as Python prints it; null for other texts. */
export function jsonIn(text: string): Json | null {
  if (text.length > jsonCharsMax || !/^\s*[[{]/.test(text)) return null;
  return parsed(text) ?? parsed(text.replace(pythonParts, asJson));
}

function parsed(text: string): Json | null {
  try {
    const value: Json = JSON.parse(text);
    // What canonical text cannot say (lone surrogates, `__proto__`, great depth) is left as it was written.
    canonicalText(value);
    return value;
  } catch {
    return null;
  }
}

/** A string without an end goes to the end of the text, so that each character is looked at once. */
const pythonParts = /'((?:[^'\\]|\\.?)*)(?:'|$)|"((?:[^"\\]|\\.?)*)(?:"|$)|\b(?:None|True|False)\b/gs;

/** One string or constant of Python (`repr`) as JSON. */
function asJson(whole: string, single: string | undefined, double: string | undefined): string {
  if (whole === "None") return "null";
  if (whole === "True" || whole === "False") return whole.toLowerCase();
  const inner = (single ?? double ?? "").replace(/\\x([0-9a-fA-F]{2})/g, "\\u00$1").replaceAll("\\'", "'");
  return `"${inner.replace(/\\.|"/gs, (one) => (one === '"' ? '\\"' : one))}"`;
}

function isFlat(value: Json): value is { readonly [key: string]: string } {
  if (!isObject(value)) return false;
  const members = Object.values(value);
  return members.length > 0 && members.every((one) => typeof one === "string");
}

function saysSomething(value: Json): boolean {
  return value !== null && value !== "" && value !== false && value !== 0;
}
