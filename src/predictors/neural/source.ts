/**
 * A situation as one token sequence with marks of place: context, earlier steps, state, action. It is cut into pieces (a line, a sentence);
 * what is least likely to matter is left out where the source is full. Every state also has a mark that stands for the whole of it, every piece one
 * that stands for the piece: the model copies the text by pointing at the mark.
 */
import type { Json } from "../../json/json.ts";
import type { History } from "../predictor.ts";
import { kinds, type NeuralConfig } from "./config.ts";
import { renderLines } from "./render.ts";
import { chooseUnits } from "./relevance.ts";
import { pieceStarts, tokenise } from "./tokens.ts";

/** What stands at a place of the source: a word, or a mark with the tokens that it stands for. */
export type Entry =
  | { readonly form: "word"; readonly word: string }
  | { readonly form: "whole" | "piece"; readonly tokens: readonly string[]; readonly key: string }
  | { readonly form: "step" };

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

/** Words of a piece that are read: enough to know it by; copying takes all of it. */
const pieceTokensMax = 44;
const actionTokensMax = 48;
const contextPiecesMax = 400;
const statePiecesMax = 400;
const resultPiecesMax = 60;

/** Null: the action alone is longer than what is read. */
export function sourceOf(given: Given, config: NeuralConfig): Source | null {
  const action = tokenise(textOf(given.action));
  if (action.length > Math.min(actionTokensMax, config.sourceMax - 16)) return null;
  const actionUnit: Unit = { kind: kinds.action, age: 0, piece: 0, base: 0, entries: [{ form: "step" }, ...words(action)] };
  const history = given.history.slice(-config.historySteps);
  const candidates = [
    ...(config.context && given.context !== null ? contextUnits(given.context) : []),
    ...historyUnits(given, history),
    ...(given.kind === "observation" ? stateUnits(given.stateText, given.state) : structureUnits(given.state)),
  ];
  const units = chooseUnits(candidates, action, config.sourceMax - actionUnit.entries.length);
  const read = new Set(units.map((unit) => unit.age));
  const earlier = history.filter((_, at) => !read.has(history.length - at)).length;
  const all = [...units, actionUnit];
  return {
    units: all,
    length: all.reduce((sum, unit) => sum + unit.entries.length, 0),
    stepsDropped: earlier,
  };
}

/** Pieces of the context, none of which matters unless the action speaks of it. */
function contextUnits(context: Json): readonly Unit[] {
  const lines = renderLines(context).flatMap((line) => piecesOf(tokensOf(line)));
  return lines.slice(0, contextPiecesMax).map((tokens, piece) => ({
    kind: kinds.context,
    age: 0,
    piece,
    base: -0.01 * Math.min(piece, 50),
    entries: pieceEntries(tokens),
  }));
}

/**
 * Earlier steps, oldest first: what was done, a mark for what came of it, and its text in pieces, unless a later step has the same text. What
 * came of the last one is the state.
 */
function historyUnits({ kind, stateText }: Given, history: History): readonly Unit[] {
  const units: Unit[] = [];
  const shown = new Set(kind === "observation" ? [stateText] : []);
  for (let at = history.length - 1; at >= -1; at--) {
    const age = history.length - at;
    const action = at < 0 ? [] : words(tokenise(textOf(JSON.parse(history[at]?.actionText ?? "null"))).slice(0, actionTokensMax));
    const result = at === history.length - 1 || kind === "state" ? null : (history[at + 1]?.stateText ?? null);
    const tokens = result === null ? [] : tokensOf(JSON.parse(result));
    const mark = tokens.length === 0 ? [] : [wholeEntry(tokens)];
    const base = 1.4 - 0.06 * age;
    const units_: Unit[] = [];
    if (action.length + mark.length > 0)
      units_.push({ kind: kinds.earlierAction, age, piece: 0, base, entries: [{ form: "step" }, ...action, ...mark] });
    if (result !== null && !shown.has(result)) {
      shown.add(result);
      const pieces = piecesOf(tokens).slice(0, resultPiecesMax);
      for (const [piece, one] of pieces.entries()) {
        const entries = pieces.length === 1 ? words(one.slice(0, pieceTokensMax)) : pieceEntries(one);
        units_.push({ kind: kinds.earlierResult, age, piece, base: base - 0.3 - 0.04 * piece, entries });
      }
    }
    units.unshift(...units_);
  }
  return units;
}

/** The state that the agent was shown last: a mark for the whole, then its pieces. */
function stateUnits(stateText: string, state: Json): readonly Unit[] {
  const tokens = typeof state === "string" ? tokensOf(state) : tokensOf(stateText);
  const pieces = piecesOf(tokens).slice(0, statePiecesMax);
  const mark: Unit = { kind: kinds.state, age: 0, piece: 0, base: 100, entries: [wholeEntry(tokens)] };
  return [
    mark,
    ...pieces.map((one, piece): Unit => ({
      kind: kinds.state,
      age: 0,
      piece,
      base: 2 - 0.05 * piece,
      entries: pieces.length === 1 ? words(one.slice(0, pieceTokensMax)) : pieceEntries(one),
    })),
  ];
}

/** A structured state: its lines; nothing of it is copied whole, because the answer is a patch. */
function structureUnits(state: Json): readonly Unit[] {
  return renderLines(state)
    .slice(0, statePiecesMax)
    .map((line, piece) => ({
      kind: kinds.state,
      age: 0,
      piece,
      base: 1 - 0.02 * Math.min(piece, 50),
      entries: pieceEntries(tokensOf(line)),
    }));
}

export function piecesOf(tokens: readonly string[]): readonly (readonly string[])[] {
  const starts = pieceStarts(tokens);
  return starts.map((start, at) => tokens.slice(start, starts[at + 1]));
}

function tokensOf(text: Json): readonly string[] {
  return tokenise(textOf(text));
}

export function textOf(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** What a mark that stands for these tokens is known by. */
export function keyOf(tokens: readonly string[]): string {
  return tokens.join("\0");
}

function wholeEntry(tokens: readonly string[]): Entry {
  return { form: "whole", tokens, key: keyOf(tokens) };
}

function pieceEntries(tokens: readonly string[]): readonly Entry[] {
  return [{ form: "piece", tokens, key: keyOf(tokens) }, ...words(tokens.slice(0, pieceTokensMax))];
}

function words(tokens: readonly string[]): readonly Entry[] {
  return tokens.map((word) => ({ form: "word", word }));
}
