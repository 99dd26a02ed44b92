/** Two patches against the same state side by side, path by path: what was predicted to change and what did. */
import type { Json } from "../json/json.ts";

export interface ChangeLine {
  readonly path: string;
  /** The value after the step as JSON text; `removed`, or null where this side changes nothing there. */
  readonly predicted: string | null;
  readonly actual: string | null;
  readonly kind: "same" | "wrong" | "missing" | "different";
}

/** Null where the texts are not patches (they were cut, or the environment is one of observations). */
export function changeLines(prediction: string, truth: string): readonly ChangeLine[] | null {
  const predicted = changesOf(prediction);
  const actual = changesOf(truth);
  if (predicted === null || actual === null) return null;
  const paths = [...new Set([...predicted.keys(), ...actual.keys()])].sort();
  return paths.map((path) => {
    const mine = predicted.get(path) ?? null;
    const real = actual.get(path) ?? null;
    return { path, predicted: mine, actual: real, kind: kindOf(mine, real) };
  });
}

function kindOf(predicted: string | null, actual: string | null): ChangeLine["kind"] {
  if (predicted === actual) return "same";
  if (actual === null) return "wrong";
  return predicted === null ? "missing" : "different";
}

function changesOf(text: string): Map<string, string> | null {
  const value = parsed(text);
  if (!Array.isArray(value)) return null;
  const changes = new Map<string, string>();
  for (const operation of value) {
    if (typeof operation !== "object" || operation === null || typeof operation.path !== "string") return null;
    const change = operation.op === "remove" ? "removed" : JSON.stringify(operation.value);
    changes.set(operation.path === "" ? "(whole state)" : operation.path, change ?? "");
  }
  return changes;
}

/** A JSON string is shown as its text, anything else as it is. */
export function plainText(json: string): string {
  const value = parsed(json);
  return typeof value === "string" ? value : json;
}

function parsed(text: string): Json | undefined | { op?: unknown; path?: unknown; value?: unknown }[] {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
