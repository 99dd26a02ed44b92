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

/** `rows` by age; `labelOf`: by row; `counts`: rows by label; `keep`: the label of rows where nothing changed, −1 where there is none. */
export function turnOf(rows: Int32Array, labelOf: Int32Array, counts: Int32Array, keep: number): Turn | null {
  const changed: number[] = [];
  for (let label = 0; label < counts.length && changed.length < 3; label++)
    if (label !== keep && (counts[label] ?? 0) > 0) changed.push(label);
  const [one, other] = changed;
  if (one === undefined || other === undefined || changed.length > 2) return null;
  const bits = bitsOf(counts[one] ?? 0, counts[other] ?? 0);
  if (bits < bitsMin) return null;
  let now = -1;
  let newer = 0;
  for (let at = rows.length - 1; at >= 0; at--) {
    const label = labelOf[rows[at] ?? 0] ?? 0;
    if (label === keep) continue;
    if (now === -1) now = label;
    if (label === now) newer += 1;
    if (label !== now) break;
  }
  if (newer < newerMin || newer !== counts[now]) return null;
  return { old: now === one ? other : one, now, bits };
}

/** The entropy of so many rows of two labels, in bits, for all of them. */
export function bitsOf(a: number, b: number): number {
  return a === 0 || b === 0 ? 0 : (a + b) * Math.log2(a + b) - a * Math.log2(a) - b * Math.log2(b);
}
