/**
 * From a score (log-odds) to the share of hits: hits and tries per bin, made monotone by pool-adjacent-violators (isotonic regression,
 * Barlow et al. 1972), each bin with two pseudo-observations at its own centre, straight lines between the bins. Older evidence fades.
 */
export interface Calibration {
  /** Hits and tries, two a bin. */
  readonly counts: Float64Array;
}

export const calibrationBins = 24;
/** The first bin's lower end, and the width of all, in log-odds: from 2 % to 99.97 %. */
const lowest = -4;
const width = 0.5;
/** Evidence beyond this many tries per bin is halved: the map stays able to move. */
const triesMax = 1_000;

export function emptyCalibration(): Calibration {
  return { counts: new Float64Array(2 * calibrationBins) };
}

export function judge({ counts }: Calibration, score: number, hit: boolean): void {
  const at = 2 * Math.max(0, Math.min(calibrationBins - 1, Math.floor((score - lowest) / width)));
  counts[at] = (counts[at] ?? 0) + Number(hit);
  counts[at + 1] = (counts[at + 1] ?? 0) + 1;
  if ((counts[at + 1] ?? 0) < triesMax) return;
  counts[at] = (counts[at] ?? 0) / 2;
  counts[at + 1] = (counts[at + 1] ?? 0) / 2;
}

/** What is known before anything is judged: of each bin its share of hits, as if so many had been tried. */
export interface Prior {
  readonly tries: number;
  readonly share: (bin: number) => number;
}

const centres: Prior = { tries: 2, share: (bin) => logistic(lowest + (bin + 0.5) * width) };

/** The share of hits at the centre of each bin, never falling, where the prior's shares never fall. */
export function curveOf({ counts }: Calibration, prior = centres): Float64Array {
  const blocks: { hits: number; tries: number; bins: number }[] = [];
  for (let bin = 0; bin < calibrationBins; bin++) {
    const [hits, tries] = [counts[2 * bin] ?? 0, counts[2 * bin + 1] ?? 0];
    let block = { hits: hits + prior.tries * prior.share(bin), tries: tries + prior.tries, bins: 1 };
    for (
      let last = blocks.at(-1);
      last !== undefined && last.hits * block.tries >= block.hits * last.tries;
      last = blocks.at(-1)
    ) {
      blocks.pop();
      block = { hits: last.hits + block.hits, tries: last.tries + block.tries, bins: last.bins + block.bins };
    }
    blocks.push(block);
  }
  const values = new Float64Array(calibrationBins);
  let bin = 0;
  for (const block of blocks) for (let at = 0; at < block.bins; at++) values[bin++] = block.hits / block.tries;
  return values;
}

/** The curve at a score: beyond the centres of the outer bins as there. */
export function calibrated(curve: Float64Array, score: number): number {
  const place = Math.max(0, Math.min(calibrationBins - 1, (score - lowest) / width - 0.5));
  const below = Math.floor(place);
  const [from, to] = [curve[below] ?? 0, curve[Math.min(calibrationBins - 1, below + 1)] ?? 0];
  return from + (to - from) * (place - below);
}

export function logistic(score: number): number {
  return 1 / (1 + Math.exp(-score));
}

/** Log-odds, kept off the ends by `edge`. */
export function logOdds(share: number, edge: number): number {
  const kept = Math.min(1 - edge, Math.max(edge, share));
  return Math.log(kept / (1 - kept));
}
