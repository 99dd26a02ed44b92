/** Whose predictions files hold: asked before a run, which a misspelt name would cost. */
import { readLines } from "../../codec/event-lines.ts";

export async function recordedNames(files: readonly string[]): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  for (const file of files) {
    for await (const { line } of readLines(file)) {
      const name = line.includes('"prediction"') ? nameIn(line.toString("utf8")) : null;
      if (name !== null) names.add(name);
    }
  }
  return names;
}

/** Null where the line is no prediction; whether it is a good one is found out later. */
function nameIn(line: string): string | null {
  try {
    const event: unknown = JSON.parse(line);
    if (typeof event !== "object" || event === null || !("predictor" in event)) return null;
    return typeof event.predictor === "string" ? event.predictor : null;
  } catch {
    return null;
  }
}
