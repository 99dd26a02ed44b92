/** The version of an entry of `best-of`: who was chosen, and with which version. */
import type { ScoreEntry } from "./records.ts";

export function bestOfVersion({ predictor, version }: Pick<ScoreEntry, "predictor" | "version">): string {
  return `${predictor} ${version}`;
}

/** Who was chosen: names have no spaces where they are ours; of others' the first word. */
export function chosenIn({ version }: Pick<ScoreEntry, "version">): string {
  return version.split(" ", 1)[0] ?? "";
}
