/** Counts of one predictor, as numbers in a fixed order so that adding up and storing them is cheap. */
import type { ScoreEntry, Tally } from "../codec/records.ts";

const tallyFields = [
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
  // In the order of `tallyFields`; written out, since this runs for every entry of every score.
  return [
    Number(tried),
    Number(match),
    Number(tried && dynamic),
    Number(match && dynamic),
    Number(entry.status === "abstained"),
    Number(entry.status === "failed"),
    Number(entry.status === "late"),
    Number(entry.status === "missing"),
    entry.fieldsEqual ?? 0,
    entry.fieldsTotal ?? 0,
    entry.changedHit ?? 0,
    entry.changedPredicted ?? 0,
    entry.changedActual ?? 0,
    finite(entry.tokenF1),
    Number(entry.tokenF1 !== null),
    finite(entry.brier),
    Number(entry.brier !== null),
    Number(paired),
    Number(paired && match),
    Number(paired && baselineExact === true),
  ];
}

/** A measure that is no number adds nothing. */
function finite(measure: number | null): number {
  return measure !== null && Number.isFinite(measure) ? measure : 0;
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
