/** Counts of one predictor, as numbers in a fixed order so that adding up and storing them is cheap. */
import type { ScoreEntry, Tally } from "../codec/records.ts";

export const tallyFields = [
  "tries",
  "match",
  "dynamicTries",
  "dynamicMatch",
  "abstained",
  "failed",
  "late",
  "missing",
  "fieldsEqual",
  "fieldsTotal",
  "changedHit",
  "changedPredicted",
  "changedActual",
  "tokenF1Sum",
  "tokenTries",
  "brierSum",
  "brierTries",
  "pairedTries",
  "pairedMatch",
  "pairedBaselineMatch",
] as const satisfies readonly (keyof Tally)[];

/** One number per field of `tallyFields`. */
export type Counts = number[];

export function emptyCounts(): Counts {
  return new Array<number>(tallyFields.length).fill(0);
}

export function addCounts(to: Counts, from: Counts): void {
  for (let at = 0; at < from.length; at++) to[at] = (to[at] ?? 0) + (from[at] ?? 0);
}

/** What one entry adds. `baselineExact` is null where the step has no entry of the baseline in the same record. */
export function countsOf(entry: ScoreEntry, dynamic: boolean, baselineExact: boolean | null): Counts {
  const tried = entry.status !== "missing";
  const match = entry.exact === true;
  const paired = tried && baselineExact !== null;
  const tally: Tally = {
    tries: Number(tried),
    match: Number(match),
    dynamicTries: Number(tried && dynamic),
    dynamicMatch: Number(match && dynamic),
    abstained: Number(entry.status === "abstained"),
    failed: Number(entry.status === "failed"),
    late: Number(entry.status === "late"),
    missing: Number(entry.status === "missing"),
    fieldsEqual: entry.fieldsEqual ?? 0,
    fieldsTotal: entry.fieldsTotal ?? 0,
    changedHit: entry.changedHit ?? 0,
    changedPredicted: entry.changedPredicted ?? 0,
    changedActual: entry.changedActual ?? 0,
    tokenF1Sum: entry.tokenF1 ?? 0,
    tokenTries: Number(entry.tokenF1 !== null),
    brierSum: entry.brier ?? 0,
    brierTries: Number(entry.brier !== null),
    pairedTries: Number(paired),
    pairedMatch: Number(paired && match),
    pairedBaselineMatch: Number(paired && baselineExact === true),
  };
  return tallyFields.map((field) => tally[field]);
}

export function tallyOf(counts: Counts): Tally {
  const at = (field: keyof Tally) => counts[tallyFields.indexOf(field)] ?? 0;
  return {
    tries: at("tries"),
    match: at("match"),
    dynamicTries: at("dynamicTries"),
    dynamicMatch: at("dynamicMatch"),
    abstained: at("abstained"),
    failed: at("failed"),
    late: at("late"),
    missing: at("missing"),
    fieldsEqual: at("fieldsEqual"),
    fieldsTotal: at("fieldsTotal"),
    changedHit: at("changedHit"),
    changedPredicted: at("changedPredicted"),
    changedActual: at("changedActual"),
    tokenF1Sum: at("tokenF1Sum"),
    tokenTries: at("tokenTries"),
    brierSum: at("brierSum"),
    brierTries: at("brierTries"),
    pairedTries: at("pairedTries"),
    pairedMatch: at("pairedMatch"),
    pairedBaselineMatch: at("pairedBaselineMatch"),
  };
}
