/**
 * RFC 6902 patches as the model writes them: a line for each operation, its members between tabs, values as canonical JSON. A third of the
 * tokens of the JSON form, and nothing that has to match.
 */
import { canonicalText } from "../../json/canonical.ts";
import type { Json, Patch } from "../../json/json.ts";
import { parsePatch } from "../../json/patch.ts";

const tab = "\t";
const line = "\n";

export function writePatch(patch: Patch): string {
  return patch
    .map((operation) => {
      const members: Record<string, unknown> = { ...operation };
      const parts = [String(members["op"]), plain(String(members["path"]))];
      if (typeof members["from"] === "string") parts.push(plain(members["from"]));
      if (members["value"] !== undefined) parts.push(canonicalText(members["value"] as Json));
      return parts.join(tab);
    })
    .join(line);
}

/** Null: it is no patch. */
export function readPatch(text: string): Patch | null {
  try {
    const operations: Json[] = text === "" ? [] : text.split(line).map(operationOf);
    const parsed = parsePatch(operations);
    return parsed.ok ? parsed.patch : null;
  } catch {
    return null;
  }
}

function operationOf(text: string): Json {
  const [op = "", path = "", third] = text.split(tab);
  const operation: Record<string, Json> = { op, path: exact(path) };
  if (third === undefined) return operation;
  if (op === "move" || op === "copy") operation["from"] = exact(third);
  else operation["value"] = JSON.parse(third);
  return operation;
}

/** A pointer may hold anything: tabs and line ends are escaped as in JSON. */
function plain(pointer: string): string {
  return JSON.stringify(pointer).slice(1, -1);
}

function exact(text: string): string {
  return JSON.parse(`"${text}"`);
}
