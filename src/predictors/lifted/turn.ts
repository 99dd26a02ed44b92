/**
 * A turn: of the rows of a node in which something changed, the older all have one label and the newer another. Where no token tells the two
 * apart nearly as well as their age does, the dynamics is another now, and the older say nothing any more. Where a token does, both hold.
 * Rows where nothing changed take no part: they are a sample that grows thinner with time, so that age would speak against them.
 */
export interface Turn {
  readonly old: number;
  readonly now: number;
  /** What age saves. */
  readonly bits: number;
}

/** Fewer newer rows may be chance. */
const newerMin = 3;
/** Bits that age must save: three rows after some twenty of the other label. */
const bitsMin = 12;
/** What age explains counts so much: less than what any token explains as well. */
export const turnPrior = 0.4;

/** `labelOf`, `ages`: by row; `counts`: rows by label; `keep`: the label of rows where nothing changed, −1 where there is none. */
export function turnOf(
  rows: Int32Array,
  labelOf: Int32Array,
  ages: Float64Array,
  counts: Int32Array,
  keep: number,
): Turn | null {
  const changed: number[] = [];
  for (let label = 0; label < counts.length && changed.length < 3; label++)
    if (label !== keep && (counts[label] ?? 0) > 0) changed.push(label);
  const [one, other] = changed;
  if (one === undefined || other === undefined || changed.length > 2) return null;
  const bits = bitsOf(counts[one] ?? 0, counts[other] ?? 0);
  if (bits < bitsMin) return null;
  const [first, second] = [spanOf(rows, one, labelOf, ages), spanOf(rows, other, labelOf, ages)];
  const [old, now] = first.last < second.first ? [one, other] : second.last < first.first ? [other, one] : [-1, -1];
  return (counts[now] ?? 0) < newerMin ? null : { old, now, bits };
}

function spanOf(rows: Int32Array, label: number, labelOf: Int32Array, ages: Float64Array) {
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const row of rows) {
    if (labelOf[row] !== label) continue;
    first = Math.min(first, ages[row] ?? 0);
    last = Math.max(last, ages[row] ?? 0);
  }
  return { first, last };
}

/** The entropy of so many rows of two labels, in bits, for all of them. */
export function bitsOf(a: number, b: number): number {
  return a === 0 || b === 0 ? 0 : (a + b) * Math.log2(a + b) - a * Math.log2(a) - b * Math.log2(b);
}
