/** What form a step's states and action have, as its score says it: all places once an episode, afterwards what changes. Pure. */
import type { StepShape } from "../../codec/records.ts";
import type { Json } from "../../json/json.ts";
import { placesBeyond, placesOf } from "../../json/places.ts";
import type { LeafChanges } from "./compare.ts";
import { liftedPath } from "./lifted-paths.ts";
import type { Truth } from "./logic.ts";

/** Words that a step wrote: enough to see a new status, little enough to carry. */
const valuesMax = 8;
/** A word of a closed set looks like this; names, numbers and sentences do not. */
const wordText = /^"([A-Za-z][A-Za-z _-]{0,31})"$/;

/** Null for texts and for steps that are not scored. `whole`: all places are said. */
export function shapeOfStep(truth: Truth | null, action: Json, whole: boolean): StepShape | null {
  if (truth === null || typeof truth.next.value !== "object" || truth.next.value === null) return null;
  const before = placesOf(truth.state.value);
  const next = placesOf(truth.next.value);
  const beyond = placesBeyond(next, before);
  return {
    version: next.version,
    whole,
    added: whole ? [...before.list, ...beyond] : beyond,
    gone: placesBeyond(before, next),
    action: typeof action === "object" && action !== null ? placesOf(action).list : [],
    values: wordsOf(truth.actual),
  };
}

function wordsOf(changes: LeafChanges): readonly string[] {
  const words = new Set<string>();
  for (const [path, { to }] of changes) {
    if (words.size >= valuesMax) break;
    const word = to === null ? null : wordText.exec(to);
    if (word !== null) words.add(`${liftedPath(path)}=${word[1]}`);
  }
  return [...words];
}
