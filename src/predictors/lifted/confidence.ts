/**
 * How sure? The votes alone do not say: where nothing was learnt yet, nothing disagrees. So what a prediction rests on (votes, the gate's
 * precision, the track records of its action and of its pattern of decisions) is weighed by a logistic regression that learns from every
 * prequential hit and miss (AdaGrad: Duchi, Hazan, Singer 2011), and the weighed score is calibrated by isotonic regression.
 */
import { type Calibration, calibrated, curveOf, emptyCalibration, judge, logistic, logOdds } from "./calibration.ts";
import { createRecords, type Records, rateOf, seenMax } from "./records.ts";

/** What a prediction rests on. */
export interface Evidence {
  /** Product of the shares of all rows. */
  readonly raw: number;
  /** The least share of a row. */
  readonly least: number;
  /** Rows with less than nine tenths of the vote. */
  readonly unsure: number;
  /** Decisions that passed the gate, and those that did not. */
  readonly kept: number;
  readonly rejected: number;
  /** The least precision of those that passed, by the gate; 1 where there are none. */
  readonly precision: number;
  /** The greatest precision, times share, of those that did not; 0 where there are none. */
  readonly missed: number;
  /** Kinds, for track records: the action's template; with the types of what it names; the pattern of decisions; both. */
  readonly template: number;
  readonly named: number;
  readonly pattern: number;
  readonly whole: number;
}

export interface Confidence {
  readonly calibration: Calibration;
  /** The same of rules whenever they were settled. */
  readonly settled: Calibration;
  /** The rules have not learnt since. */
  isSettled: boolean;
  readonly records: Records;
  readonly weights: Float64Array;
  /** AdaGrad's sums of squared gradients. */
  readonly squares: Float64Array;
  /** Hits and tries of all predictions, faded. */
  readonly overall: { hits: number; tries: number };
  /** The calibration's curve; null until it is asked for again. */
  curve: Float64Array | null;
}

const weightsCount = 22;
const rate = 0.3;
/** Keeps weights of what never happens near nothing. */
const decay = 1e-4;
const overallFade = 0.998;
const fades = { template: 0.98, named: 0.95, pattern: 0.95, whole: 0.9 } as const;
/** Fewer meetings of a pattern are none. */
const familiarMin = 3;

export function createConfidence(): Confidence {
  const weights = new Float64Array(weightsCount);
  weights[0] = 1;
  return {
    calibration: emptyCalibration(),
    settled: emptyCalibration(),
    isSettled: false,
    records: createRecords(),
    weights,
    squares: new Float64Array(weightsCount).fill(1),
    overall: { hits: 8, tries: 10 },
    curve: null,
  };
}

/** The share of such predictions that are right, as far as is known. */
export function confidenceOf(confidence: Confidence, evidence: Evidence): number {
  const score = scoreOf(confidence, inputsOf(confidence, evidence));
  confidence.curve ??= curveOf(calibrationOf(confidence));
  return calibrated(confidence.curve, score);
}

export function learnHit(confidence: Confidence, evidence: Evidence, hit: boolean): void {
  const { weights, squares, records, overall } = confidence;
  const inputs = inputsOf(confidence, evidence);
  const score = scoreOf(confidence, inputs);
  judge(confidence.calibration, score, hit);
  confidence.isSettled = false;
  confidence.curve = null;
  const miss = Number(hit) - logistic(score);
  for (let at = 0; at < weightsCount; at++) {
    const slope = miss * (inputs[at] ?? 0) - decay * (weights[at] ?? 0);
    const square = (squares[at] ?? 1) + slope * slope;
    squares[at] = square;
    weights[at] = (weights[at] ?? 0) + (rate * slope) / Math.sqrt(square);
  }
  records.note(evidence.template, hit, fades.template);
  records.note(evidence.named, hit, fades.named);
  records.note(evidence.pattern, hit, fades.pattern);
  records.note(evidence.whole, hit, fades.whole);
  overall.hits = overall.hits * overallFade + Number(hit);
  overall.tries = overall.tries * overallFade + 1;
}

export interface Judged {
  readonly evidence: Evidence;
  readonly hit: boolean;
}

/**
 * Settled rules are better than those that were judged while they learnt: what they say of steps that they did not learn from is counted apart,
 * and counts until they learn on.
 */
export function settleOn(confidence: Confidence, judged: readonly Judged[]): void {
  for (const { evidence, hit } of judged)
    judge(confidence.settled, scoreOf(confidence, inputsOf(confidence, evidence)), hit);
  confidence.isSettled = true;
  confidence.curve = null;
}

/** What the curve is made of now. Of settled rules little is known where they are seldom asked: the shares of before count as one step there. */
export function calibrationOf({ calibration, settled, isSettled }: Confidence): Calibration {
  let judged = 0;
  for (let at = 1; at < settled.counts.length; at += 2) judged += settled.counts[at] ?? 0;
  if (!isSettled || judged < judgedMin) return calibration;
  const counts = Float64Array.from(settled.counts);
  for (let at = 0; at < counts.length; at += 2) {
    const [hits, tries] = [calibration.counts[at] ?? 0, calibration.counts[at + 1] ?? 0];
    const weight = Math.min(1, formerTries / Math.max(tries, 1));
    counts[at] = (counts[at] ?? 0) + hits * weight;
    counts[at + 1] = (counts[at + 1] ?? 0) + tries * weight;
  }
  return { counts };
}

/** Fewer steps say too little. */
const judgedMin = 50;
const formerTries = 1;

function scoreOf({ weights }: Confidence, inputs: Float64Array): number {
  let score = 0;
  for (let at = 0; at < weightsCount; at++) score += (weights[at] ?? 0) * (inputs[at] ?? 0);
  return score;
}

/** Filled anew by each call. */
const shared = new Float64Array(weightsCount);

/** All of about the same size, about −3 to 3. Shares of doubt count by how often they halve, shares of hits by their log-odds. */
function inputsOf({ records, overall }: Confidence, evidence: Evidence): Float64Array {
  const { raw, least, kept, rejected } = evidence;
  const [template, named, pattern, whole] = [
    records.of(evidence.template),
    records.of(evidence.named),
    records.of(evidence.pattern),
    records.of(evidence.whole),
  ];
  const ofAll = overall.hits / overall.tries;
  const ofTemplate = rateOf(template, ofAll);
  const ofNamed = rateOf(named, ofTemplate);
  const ofPattern = rateOf(pattern, ofAll);
  // A pattern that is new for what is named is as good as both are.
  const ofWhole = rateOf(whole, logistic((logOdds(ofNamed, 0.01) + logOdds(ofPattern, 0.01)) / 2));
  const familiar = Math.min(1, pattern.seen / 20);
  const doubt = doubtOf(raw);
  const inputs = shared;
  inputs[0] = 1;
  inputs[1] = doubt;
  inputs[2] = doubtOf(least);
  inputs[3] = Math.min(8, evidence.unsure) / 4;
  inputs[4] = Number(kept > 0);
  inputs[5] = Number(rejected > 0);
  inputs[6] = logOdds(evidence.precision, 0.01) / 4;
  inputs[7] = rejected > 0 ? logOdds(evidence.missed, 0.01) / 4 + 1 : 0;
  inputs[8] = logOdds(ofAll, 0.01) / 4;
  inputs[9] = logOdds(ofTemplate, 0.005) / 4;
  inputs[10] = logOdds(ofNamed, 0.005) / 4;
  inputs[11] = logOdds(ofPattern, 0.005) / 4;
  inputs[12] = logOdds(ofWhole, 0.005) / 4;
  inputs[13] = oftenness(template.seen);
  inputs[14] = oftenness(named.seen);
  inputs[15] = oftenness(pattern.seen);
  inputs[16] = oftenness(whole.seen);
  // Votes say more where the pattern is known.
  inputs[17] = familiar * doubt;
  inputs[18] = familiar * doubtOf(least);
  inputs[19] = Math.min(1, named.seen / 10) * doubt;
  inputs[20] = Number(kept > 0 && whole.seen < familiarMin);
  inputs[21] = Number(kept > 0 && pattern.seen < familiarMin);
  return inputs;
}

function doubtOf(share: number): number {
  return Math.log2(Math.max(1 - share, 1e-4)) / 4;
}

function oftenness(seen: number): number {
  return Math.log2(1 + Math.min(seenMax, seen)) / 4;
}
