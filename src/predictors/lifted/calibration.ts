/**
 * From raw confidence to the share of hits: hits and tries per bin of raw confidence, made monotone by pool-adjacent-violators (isotonic
 * regression, Barlow et al. 1972), each bin with two pseudo-observations at its own centre. Older evidence fades, so that the map follows.
 */
export interface Calibration {
  /** Hits and tries, two a bin. */
  readonly counts: Float64Array;
}

export const calibrationBins = 16;
/** Evidence beyond this many tries per bin is halved: the map stays able to move. */
const triesMax = 2_000;

export function emptyCalibration(): Calibration {
  return { counts: new Float64Array(2 * calibrationBins) };
}

/** Bins are fine near 1, where predictions crowd: each halves the doubt of the one before. */
export function binOf(raw: number): number {
  const doubt = Math.max(1 - raw, 2 ** -calibrationBins);
  return Math.min(calibrationBins - 1, Math.floor(-Math.log2(doubt)));
}

export function judge({ counts }: Calibration, raw: number, hit: boolean): void {
  const at = 2 * binOf(raw);
  counts[at] = (counts[at] ?? 0) + Number(hit);
  counts[at + 1] = (counts[at + 1] ?? 0) + 1;
  if ((counts[at + 1] ?? 0) < triesMax) return;
  counts[at] = (counts[at] ?? 0) / 2;
  counts[at + 1] = (counts[at + 1] ?? 0) / 2;
}

/** The calibrated confidence of each bin. */
export function calibrated({ counts }: Calibration): Float64Array {
  const blocks: { hits: number; tries: number; bins: number }[] = [];
  for (let bin = 0; bin < calibrationBins; bin++) {
    const centre = 1 - 0.75 * 2 ** -bin;
    let block = { hits: (counts[2 * bin] ?? 0) + 2 * centre, tries: (counts[2 * bin + 1] ?? 0) + 2, bins: 1 };
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
