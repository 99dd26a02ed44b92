/**
 * One prediction against the truth: every measure of a single score. Pure. Three comparisons of leaves carry all of them: state → truth
 * (once per step), state → prediction and truth → prediction; the first alone where the prediction is the state.
 */
import type { Kind } from "../../codec/records.ts";
import { canonicalText } from "../../json/canonical.ts";
import { hash16 } from "../../json/hash.ts";
import type { Json, JsonText } from "../../json/json.ts";
import { tryPatch } from "../../json/patch.ts";
import type { NextState } from "../../predictors/predictor.ts";
import { compareLeaves, countLeaves, type LeafChanges, textUnderRules } from "./compare.ts";
import type { Comparison } from "./comparison.ts";
import { liftedPaths } from "./lifted-paths.ts";
import { tokenMeasures } from "./tokens.ts";

/** A JSON value with its canonical text. */
export interface Valued {
  readonly value: Json;
  readonly text: JsonText;
}

/** A step's truth, prepared for any number of predictions. */
export interface Truth {
  readonly comparison: Comparison;
  readonly kind: Kind;
  readonly state: Valued;
  readonly next: Valued;
  /** Leaves that the truth changes. */
  readonly actual: LeafChanges;
  readonly leaves: number;
}

export interface Measures {
  readonly exact: boolean;
  readonly fieldsEqual: number;
  readonly fieldsTotal: number;
  readonly changedHit: number;
  readonly changedPredicted: number;
  readonly changedActual: number;
  /** Null unless truth and prediction are texts. */
  readonly tokenF1: number | null;
  readonly tokenAligned: number | null;
  /** Places that are wrong, lifted, bounded; empty for texts. */
  readonly wrongFields: readonly string[];
}

export function prepareTruth(comparison: Comparison, kind: Kind, state: Valued, next: Valued): Truth {
  return {
    comparison,
    kind,
    state,
    next,
    actual: compareLeaves(state.value, next.value, comparison.root),
    leaves: countLeaves(next.value, comparison.root),
  };
}

/** Of more leaves, which change is found out again for each answer: an episode keeps many steps, and a step may change a hundred thousand leaves. */
const actualKeptMax = 1_000;

/**
 * A truth to be kept for answers that come later. States keep their values alone, which share with the following states what did not change; a
 * text is made again in the rare case that somebody asks for it, and so are very many changes.
 */
export function withoutTexts(truth: Truth): Truth {
  const { comparison, kind, leaves, actual } = truth;
  const [state, next] = [valueAlone(truth.state, comparison), valueAlone(truth.next, comparison)];
  if (actual.size <= actualKeptMax) return { ...truth, state, next };
  return {
    ...{ comparison, kind, state, next, leaves },
    get actual() {
      return compareLeaves(state.value, next.value, comparison.root);
    },
  };
}

function valueAlone(valued: Valued, comparison: Comparison): Valued {
  const { value } = valued;
  const alone: Valued = {
    value,
    get text() {
      return canonicalText(value);
    },
  };
  hashes.set(alone, { comparison, hash: hashUnderRules(valued, comparison) });
  return alone;
}

/** What the prediction says the next state is, or why that cannot be said: a patch that does not apply is a failed prediction. */
export function predictedValue(
  state: Json,
  next: NextState,
): { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly message: string } {
  if (next.form === "state") return { ok: true, value: JSON.parse(next.stateText) };
  return next.patch.length === 0 ? { ok: true, value: state } : tryPatch(state, next.patch);
}

export function measure(truth: Truth, predicted: Json): Measures {
  const { actual } = truth;
  const { root } = truth.comparison;
  const predictedChanges = compareLeaves(truth.state.value, predicted, root);
  // That nothing changes is wrong just where something did.
  const isKept = predicted === truth.state.value;
  const wrong = isKept ? actual : compareLeaves(truth.next.value, predicted, root);
  let missing = 0;
  for (const { from, to } of wrong.values()) if ((isKept ? to : from) !== null) missing += 1;
  let hits = 0;
  const [fewer, more] = actual.size < predictedChanges.size ? [actual, predictedChanges] : [predictedChanges, actual];
  for (const path of fewer.keys()) if (more.has(path) && !wrong.has(path)) hits += 1;
  const tokens =
    typeof truth.next.value === "string" && typeof predicted === "string"
      ? tokenMeasures(truth.next.value, predicted)
      : null;
  return {
    exact: wrong.size === 0,
    fieldsEqual: truth.leaves - missing,
    fieldsTotal: truth.leaves + (wrong.size - missing),
    changedHit: hits,
    changedPredicted: predictedChanges.size,
    changedActual: actual.size,
    tokenF1: tokens?.f1 ?? null,
    tokenAligned: tokens?.aligned ?? null,
    wrongFields: tokens === null && wrong.size > 0 ? liftedPaths(wrong.keys()) : none,
  };
}

const none: readonly string[] = [];

export function isDynamic(truth: Truth): boolean {
  return truth.actual.size > 0;
}

/** Equal hashes say: equal under the rules (tolerances apart, which no hash can hold). */
export function hashUnderRules(valued: Valued, comparison: Comparison): string {
  const known = hashes.get(valued);
  if (known?.comparison === comparison) return known.hash;
  const { value, text } = valued;
  const hash = hash16(comparison.identity && typeof value !== "string" ? text : textUnderRules(value, comparison.root));
  hashes.set(valued, { comparison, hash });
  return hash;
}

/** The truth of a step is the state of the next one: it is hashed once. */
const hashes = new WeakMap<Valued, { readonly comparison: Comparison; readonly hash: string }>();

/** Of (state, action, context): steps with equal hashes should have equal truths, or no model can be right about all of them. */
export function situationHash(state: Valued, action: JsonText, context: Valued | null, comparison: Comparison): string {
  return hash16(`${hashUnderRules(state, comparison)}\n${action}\n${context === null ? "" : contextHash(context)}`);
}

/** A context is that of all steps of its episode: it is hashed once. */
const contextHashes = new WeakMap<Valued, string>();

function contextHash(context: Valued): string {
  const hash = contextHashes.get(context) ?? hash16(context.text);
  contextHashes.set(context, hash);
  return hash;
}
