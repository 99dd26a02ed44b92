/** How good confidences are: do they rank what is right before what is wrong, and do they say the share that is right? */
export interface Judged {
  /** 0 to 1. */
  readonly confidence: number;
  readonly right: boolean;
}

/**
 * The area under the receiver operating characteristic: the chance that something right had more confidence than something wrong, ties half
 * (Mann–Whitney). Null where all were right or all were wrong.
 */
export function areaUnderRoc(judged: readonly Judged[]): number | null {
  const sorted = [...judged].sort((a, b) => a.confidence - b.confidence);
  let [ranks, rights] = [0, 0];
  for (let from = 0, to = 0; from < sorted.length; from = to) {
    while (to < sorted.length && sorted[to]?.confidence === sorted[from]?.confidence) to += 1;
    const rank = (from + to + 1) / 2;
    for (let at = from; at < to; at++) {
      if (sorted[at]?.right !== true) continue;
      ranks += rank;
      rights += 1;
    }
  }
  const wrongs = sorted.length - rights;
  return rights === 0 || wrongs === 0 ? null : (ranks - (rights * (rights + 1)) / 2) / (rights * wrongs);
}

const bins = 15;

/**
 * Expected calibration error (Naeini, Cooper, Hauskrecht 2015): over 15 bins of equal width, the mean distance of mean confidence and share
 * of right ones, weighted by how many there are. Null without any.
 */
export function calibrationError(judged: readonly Judged[]): number | null {
  if (judged.length === 0) return null;
  const differences = new Float64Array(bins);
  for (const { confidence, right } of judged) {
    const bin = Math.min(bins - 1, Math.max(0, Math.floor(confidence * bins)));
    differences[bin] = (differences[bin] ?? 0) + confidence - Number(right);
  }
  return differences.reduce((sum, difference) => sum + Math.abs(difference), 0) / judged.length;
}

/**
 * The share that is right of the `coverage` that are surest, of `count` in all: those without confidence (abstentions) come last and are wrong.
 * What is equally sure at the edge counts in part. Null without any.
 */
export function rightAtCoverage(judged: readonly Judged[], count: number, coverage: number): number | null {
  const wanted = coverage * count;
  if (judged.length === 0 || wanted <= 0) return null;
  const sorted = [...judged].sort((a, b) => b.confidence - a.confidence);
  let rights = 0;
  for (let from = 0, to = 0; from < sorted.length && from < wanted; from = to) {
    let its = 0;
    for (; to < sorted.length && sorted[to]?.confidence === sorted[from]?.confidence; to++)
      its += Number(sorted[to]?.right);
    rights += its * Math.min(1, (wanted - from) / (to - from));
  }
  return rights / wanted;
}

/** The surest predictions that are as often right as is wanted. */
export interface SureEnough {
  readonly answered: number;
  readonly right: number;
  /** What has less confidence abstains: the shortest number that parts the two. */
  readonly confidenceMin: number;
}

/** As many as there can be, the surest first; what is equally sure belongs together. Null where not even the very surest are so often right. */
export function sureEnough(judged: readonly Judged[], wanted: number): SureEnough | null {
  const sorted = [...judged].sort((a, b) => b.confidence - a.confidence);
  let [rights, best]: [number, SureEnough | null] = [0, null];
  for (const [at, { confidence, right }] of sorted.entries()) {
    rights += Number(right);
    const next = sorted[at + 1]?.confidence ?? Number.NEGATIVE_INFINITY;
    if (next === confidence || rights < wanted * (at + 1)) continue;
    best = { answered: at + 1, right: rights, confidenceMin: between(next, confidence) };
  }
  return best;
}

function between(below: number, above: number): number {
  for (let digits = 1; digits < 12; digits++) {
    const rounded = Math.floor(above * 10 ** digits) / 10 ** digits;
    if (rounded > below && rounded <= above) return rounded;
  }
  return above;
}
