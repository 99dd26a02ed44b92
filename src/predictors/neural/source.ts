/**
 * A situation as one token sequence with marks of place: context, earlier steps, state, action. It is cut into pieces (a line, a sentence);
 * what is least likely to matter is left out where the source is full. Every text also has a mark that stands for the whole of it, every
 * piece one that stands for the piece: the model copies the text by pointing at the mark.
 */
import type { Json } from "../../json/json.ts";
import type { History } from "../predictor.ts";
import { kinds, type NeuralConfig } from "./config.ts";
import { type Entry, pieceEntries, piecesOf, type Reading, readingOf } from "./reading.ts";
import { chooseUnits } from "./relevance.ts";
import { renderLines } from "./render.ts";
import { tokenise } from "./tokens.ts";

/** Tokens that are read together or not at all. */
export interface Unit {
  readonly kind: number;
  /** Steps ago: 0 for state and action. */
  readonly age: number;
  /** Which piece of its text. */
  readonly piece: number;
  readonly entries: readonly Entry[];
  /** The higher, the earlier it is taken. */
  readonly base: number;
}

export interface Source {
  readonly units: readonly Unit[];
  readonly length: number;
  /** Earlier steps of which nothing is read for want of room. */
  readonly stepsDropped: number;
}

export interface Given {
  readonly kind: "state" | "observation";
  readonly state: Json;
  readonly stateText: string;
  readonly action: Json;
  readonly context: Json | null;
  readonly history: History;
}

const actionTokensMax = 48;
/** Pieces of one text or value that are looked at. */
const piecesMax = 400;
const resultPiecesMax = 60;
const step: Entry = { form: "step" };

/** Null: the action alone is longer than what is read. */
export function sourceOf(given: Given, config: NeuralConfig): Source | null {
  const action = readingOf(textOf(given.action)).words;
  if (action.length > Math.min(actionTokensMax, config.sourceMax - 16)) return null;
  const actionUnit: Unit = { kind: kinds.action, age: 0, piece: 0, base: 0, entries: [step, ...action] };
  const history = given.history.slice(-config.historySteps);
  const candidates = [
    ...(config.context && given.context !== null ? contextUnits(given.context) : []),
    ...(config.historySteps === 0 ? [] : historyUnits(given, history)),
    ...(given.kind === "observation" ? textUnits(given.state, given.stateText) : structureUnits(given.state)),
  ];
  const units = chooseUnits(candidates, action, config.sourceMax - actionUnit.entries.length);
  const read = new Set(units.map((unit) => unit.age));
  return {
    units: [...units, actionUnit],
    length: units.reduce((sum, unit) => sum + unit.entries.length, actionUnit.entries.length),
    stepsDropped: history.filter((_, at) => !read.has(history.length - at)).length,
  };
}

const contexts = new WeakMap<object, readonly Unit[]>();

/** Pieces of the context, none of which matters unless the action speaks of it. Made once an episode. */
function contextUnits(context: Json): readonly Unit[] {
  if (typeof context !== "object" || context === null) return linesOf(context, kinds.context, 0, 0.01);
  const units = contexts.get(context) ?? linesOf(context, kinds.context, 0, 0.01);
  contexts.set(context, units);
  return units;
}

/** A structured state: its lines; nothing of it is copied whole, because the answer is a patch. */
function structureUnits(state: Json): readonly Unit[] {
  return linesOf(state, kinds.state, 1, 0.02);
}

function linesOf(value: Json, kind: number, base: number, fall: number): readonly Unit[] {
  return renderLines(value)
    .flatMap((line) => piecesOf(tokenise(line)))
    .slice(0, piecesMax)
    .map((tokens, piece) => ({
      kind,
      age: 0,
      piece,
      base: base - fall * Math.min(piece, 50),
      entries: pieceEntries(tokens),
    }));
}

/**
 * Earlier steps, oldest first: what was done, a mark for what came of it, and its text in pieces, unless a later step has the same text. What
 * came of the last one is the state.
 */
function historyUnits({ kind, stateText }: Given, history: History): readonly Unit[] {
  const steps: (readonly Unit[])[] = [];
  const shown = new Set(kind === "observation" ? [stateText] : []);
  for (let at = history.length - 1; at >= -1; at--) {
    const age = history.length - at;
    const isTold = at === history.length - 1 || kind === "state";
    const result = isTold ? undefined : history[at + 1]?.stateText;
    const isNew = result !== undefined && !shown.has(result);
    if (result !== undefined) shown.add(result);
    const reading = result === undefined ? null : readingOf(parsedText(result));
    steps.push(stepUnits(history[at]?.actionText ?? null, reading, isNew, age));
  }
  return steps.reverse().flat();
}

/** `isNew`: the text is shown and not only its mark. */
function stepUnits(actionText: string | null, result: Reading | null, isNew: boolean, age: number): readonly Unit[] {
  const action = actionText === null ? [] : readingOf(parsedText(actionText)).words.slice(0, actionTokensMax);
  const base = 1.4 - 0.06 * age;
  const first = { kind: kinds.earlierAction, age, piece: 0, base };
  const units: Unit[] = [{ ...first, entries: [step, ...action, ...(result === null ? [] : [result.whole])] }];
  if (result === null || !isNew) return units;
  for (const [piece, entries] of result.pieces.slice(0, resultPiecesMax).entries())
    units.push({ kind: kinds.earlierResult, age, piece, base: base - 0.3 - 0.04 * piece, entries });
  return units;
}

/** The state that the agent was shown last: a mark for the whole, which is always read, then its pieces. */
function textUnits(state: Json, stateText: string): readonly Unit[] {
  const { whole, pieces } = readingOf(typeof state === "string" ? state : stateText);
  const first = { kind: kinds.state, age: 0 };
  return [
    { ...first, piece: 0, base: 100, entries: [whole] },
    ...pieces.slice(0, piecesMax).map((entries, piece): Unit => ({ ...first, piece, base: 2 - 0.05 * piece, entries })),
  ];
}

export function textOf(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function parsedText(text: string): string {
  return text.startsWith('"') ? textOf(JSON.parse(text)) : text;
}
