/** One prediction from a memory: of the levels that know the situation, the one that has been right most often answers. */
import { canonicalText } from "../../json/canonical.ts";
import type { Json, Patch } from "../../json/json.ts";
import { parsePatch, tryPatch } from "../../json/patch.ts";
import type { NextState, Prediction, Situation } from "../predictor.ts";
import { type Keys, keysOf, type Level, levels, recallText } from "./levels.ts";
import { cellOf, type Entry, type Precision, precisionOf } from "./precision.ts";

export interface Memory {
  get(key: string): Entry | null;
  readonly precision: Precision;
}

export interface Candidate {
  readonly level: Level;
  readonly cell: number;
  readonly text: string;
}

const noSupport: Prediction = { status: "abstained", reason: "no-support" };

export function predictFrom(memory: Memory, situation: Situation): Prediction {
  const chosen = chosenFrom(memory, situation);
  if (chosen === null) return noSupport;
  const confidence = precisionOf(memory.precision, chosen.candidate.cell);
  return { status: "answered", next: chosen.next, confidence };
}

/** The best candidate that can be applied here. */
export function chosenFrom(
  memory: Memory,
  situation: Situation,
): { readonly candidate: Candidate; readonly next: NextState } | null {
  const keys = keysOf(situation.kind, situation.stateText, situation.actionText, situation.action);
  const candidates = candidatesOf(memory, situation.kind, keys).sort(
    (a, b) => precisionOf(memory.precision, b.cell) - precisionOf(memory.precision, a.cell) || a.level - b.level,
  );
  for (const candidate of candidates) {
    const next =
      situation.kind === "observation" ? textState(candidate.text) : patchState(candidate.text, situation.state);
    if (next !== null) return { candidate, next };
  }
  return null;
}

/** What every level that knows the situation would say, finest first. */
export function candidatesOf(memory: Memory, kind: Situation["kind"], keys: Keys): Candidate[] {
  const found: Candidate[] = [];
  for (const level of levels) {
    const entry = memory.get(keys.keys[level]);
    if (entry === null) continue;
    const text = recallText(level, kind, keys, entry.next);
    if (text !== null) found.push({ level, cell: cellOf(level, entry), text });
  }
  return found;
}

/** Filled slots may have made the text something else than canonical JSON: then it is no answer. */
function textState(text: string): NextState | null {
  const value = parse(text);
  return value === undefined ? null : { form: "state", stateText: canonicalText(value) };
}

function patchState(text: string, state: Json): NextState | null {
  const patch = patchOf(text);
  if (patch === null) return null;
  return patch.length === 0 || tryPatch(state, patch).ok ? { form: "patch", patch } : null;
}

/** Patches by their text: the same few are recalled again and again. */
const patches = new Map<string, Patch | null>();
const patchesMax = 10_000;
const patchCharsMax = 4_096;

function patchOf(text: string): Patch | null {
  const known = patches.get(text);
  if (known !== undefined) return known;
  const value = parse(text);
  const parsed = value === undefined ? null : parsePatch(value);
  const patch = parsed?.ok === true ? parsed.patch : null;
  if (text.length > patchCharsMax) return patch;
  patches.set(text, patch);
  if (patches.size > patchesMax) {
    const oldest = patches.keys().next().value;
    if (oldest !== undefined) patches.delete(oldest);
  }
  return patch;
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
