/**
 * A turn: the newest rows of a node all have one label, which none before them had, and no token tells the two apart nearly as well as their
 * age does. Then the dynamics is another now, and what was before says nothing any more. Where a token does tell them apart, both hold.
 * Rows where nothing changed are a sample that grows thinner with time, so that the newest are seldom among them: where some are older than
 * the newest, age says nothing.
 */

/** Fewer newest rows may be chance. */
const newestMin = 3;
/** Bits that the age must save: three rows after some twenty of others. */
const bitsMin = 12;
/** What age explains counts so much: less than what any token explains as well. */
const prior = 0.4;

/**
 * How many of the newest rows hold; 0 where there is no turn. `labelOf`: of the newest row (1), of the one before (2) and so on; `counts`:
 * rows by label; `keep`: the label of rows where nothing changed, −1 where there is none; `best`: the gain of the best token, times its
 * prior, in bits a row.
 */
export function turnOf(labelOf: (back: number) => number, counts: Int32Array, keep: number, best: number): number {
  const label = labelOf(1);
  if (label !== keep && (counts[keep] ?? 0) > 0) return 0;
  const newest = counts[label] ?? 0;
  if (newest < newestMin) return 0;
  for (let back = 2; back <= newest; back++) if (labelOf(back) !== label) return 0;
  let all = 0;
  let [before, after] = [0, 0];
  for (const count of counts) {
    all += count;
    before -= bits(count);
  }
  before += bits(all);
  for (const [other, count] of counts.entries()) if (other !== label) after -= bits(count);
  after += bits(all - newest);
  const gain = before - after;
  return gain >= bitsMin && (gain / all) * prior > best ? newest : 0;
}

function bits(count: number): number {
  return count === 0 ? 0 : count * Math.log2(count);
}
