/**
 * Examples from recorded events (jsonl, plain or gzip), so that a predictor starts warm. Episode by episode, steps in order: whatever is
 * misplaced, unknown or of arm `world_model` is left out and counted, as is a line that is no event.
 */
import { existsSync } from "node:fs";
import { readLines } from "../../codec/event-lines.ts";
import { validateEvent } from "../../codec/events.ts";
import type { Interaction } from "../../codec/records.ts";
import { canonicalText } from "../../json/canonical.ts";
import type { Json } from "../../json/json.ts";
import { parsePatch, tryPatch } from "../../json/patch.ts";
import type { Example } from "./chat.ts";

export interface ExampleFile {
  /** Lines that are no event or do not fit into their episode. */
  readonly unusable: number;
  readonly transitions: number;
}

interface Open {
  readonly environment: string;
  readonly teaches: boolean;
  step: number;
  /** Null: not known, or lost with a patch that did not apply. */
  stateText: string | null;
  actionText: string | null;
}

/** Episodes of a file that may run side by side; beyond it the oldest is taken as ended. */
const openMax = 10_000;

/** Throws where the file is missing or cannot be read, naming it. */
export async function readExamples(path: string, add: (example: Example) => void): Promise<ExampleFile> {
  if (!existsSync(path)) throw new Error(`the file of examples ${path} does not exist`);
  const open = new Map<string, Open>();
  let unusable = 0;
  let transitions = 0;
  for await (const line of linesOf(path)) {
    if (line.trim() === "") continue;
    const event = eventOf(line);
    const example = event === null ? "unusable" : take(event, open);
    if (example === "unusable") unusable += 1;
    else if (example !== null) {
      transitions += 1;
      add(example);
    }
  }
  return { unusable, transitions };
}

async function* linesOf(path: string): AsyncGenerator<string> {
  try {
    for await (const { line } of readLines(path)) yield line.toString();
  } catch (error) {
    throw new Error(`the file of examples ${error instanceof Error ? error.message : String(error)}`);
  }
}

function eventOf(line: string): Interaction | null {
  try {
    const verdict = validateEvent(JSON.parse(line));
    return verdict.ok ? verdict.interaction : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Null: the event makes no transition. */
function take(event: Interaction, open: Map<string, Open>): Example | "unusable" | null {
  const { type, episode, environment, arm, state } = event;
  if (type === "reset") {
    if (environment === null) return "unusable";
    open.set(episode, { environment, teaches: arm !== "world_model", step: 0, stateText: state, actionText: null });
    const [oldest] = open.keys();
    if (open.size > openMax && oldest !== undefined) open.delete(oldest);
    return null;
  }
  if (type === "prediction") return null;
  const episodeOpen = open.get(episode);
  if (episodeOpen === undefined) return "unusable";
  switch (type) {
    case "end":
      open.delete(episode);
      return null;
    case "action":
      return acted(event, episodeOpen) ? null : "unusable";
    case "step":
      return acted(event, episodeOpen) ? observed(event, episodeOpen) : "unusable";
    default:
      return observed(event, episodeOpen);
  }
}

/** False: the step was seen before. Where steps are missing the state is not known. */
function acted({ action, step }: Interaction, open: Open): boolean {
  if (step !== null && step < open.step) return false;
  if (step !== null && step > open.step) open.stateText = null;
  open.step = step ?? open.step;
  open.actionText = action;
  return true;
}

function observed(event: Interaction, open: Open): Example | "unusable" | null {
  const { stateText: before, actionText, environment, step } = open;
  const nextText = event.state ?? patched(before, event.patch);
  open.stateText = nextText;
  open.actionText = null;
  open.step = step + 1;
  if (nextText === null) return "unusable";
  if (before === null || actionText === null || !open.teaches) return null;
  return { environment, episode: event.episode, step, stateText: before, actionText, nextText };
}

function patched(stateText: string | null, patchText: string | null): string | null {
  if (stateText === null || patchText === null) return null;
  const patch = parsePatch(parsed(patchText));
  const result = patch.ok ? tryPatch(parsed(stateText), patch.patch) : null;
  return result?.ok === true ? canonicalText(result.value) : null;
}

function parsed(text: string): Json {
  return JSON.parse(text);
}
