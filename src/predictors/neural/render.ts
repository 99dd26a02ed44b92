/**
 * JSON values as lines of words for the model to read: one line for each object or array whose members are simple, headed by its path; long
 * texts keep their own lines. Nothing has to come back from it; words are what matters.
 */
import type { Json } from "../../json/json.ts";

/** Deeper members are written as JSON: nobody reads that far. */
const depthMax = 12;

export function renderLines(value: Json): readonly string[] {
  const lines: string[] = [];
  if (typeof value === "string") lines.push(value);
  else write(value, "", 0, lines);
  return lines;
}

function write(value: Json, path: string, depth: number, lines: string[]): void {
  if (isLeaf(value) || depth > depthMax) {
    lines.push(`${path}: ${leaf(value)}`);
    return;
  }
  const members = Array.isArray(value)
    ? value.map((member, at): readonly [string, Json] => [String(at), member])
    : Object.entries(value ?? {});
  const simple: string[] = [];
  for (const [key, member] of members) {
    if (isPlain(member)) simple.push(Array.isArray(value) ? leaf(member) : `${key}: ${leaf(member)}`);
    else write(member, path === "" ? key : `${path} ${key}`, depth + 1, lines);
  }
  if (simple.length > 0 || members.length === 0) {
    lines.push(`${path === "" ? "" : `${path}: `}${simple.length === 0 ? "nothing" : simple.join(", ")}`);
  }
}

/** Simple enough for its parent's line: a leaf that is no long text, or a list of such. */
function isPlain(value: Json): boolean {
  if (isLeaf(value)) return typeof value !== "string" || value.length <= 200;
  return Array.isArray(value) && value.every((member) => isLeaf(member) && String(member).length <= 60);
}

function isLeaf(value: Json): boolean {
  return typeof value !== "object" || value === null;
}

function leaf(value: Json): string {
  if (Array.isArray(value)) return value.length === 0 ? "nothing" : value.map(leaf).join(", ");
  return typeof value === "string" ? value : JSON.stringify(value);
}
