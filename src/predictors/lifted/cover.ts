/**
 * Which expression explains a change? Several do; the one meant is the one that explains many. A greedy minimal cover picks, again and
 * again, the expression that explains most of the rows that are left (greedy set cover: Chvátal 1979). Ties go to the better weight
 * (relations before constants), then to the smaller label, so the choice depends on nothing but the rows.
 */
import type { Row } from "./rows.ts";

export interface Cover {
  /** By row, in the order of the rows. */
  readonly labels: Int32Array;
  /** The chosen labels, the one that explains most first. */
  readonly order: readonly number[];
}

/** `weightOf` scales what a label explains: constants count a little less than relations. At most `labelsMax` labels are chosen. */
export function coverOf(
  rows: readonly Row[],
  weightOf: (label: number) => number,
  labelsMax = Number.POSITIVE_INFINITY,
): Cover {
  const labels = new Int32Array(rows.length).fill(-1);
  const explains = new Map<number, number[]>();
  for (let at = 0; at < rows.length; at++) {
    for (const label of rows[at]?.labels ?? []) {
      const list = explains.get(label);
      if (list === undefined) explains.set(label, [at]);
      else list.push(at);
    }
  }
  const counts = new Map<number, number>();
  for (const [label, list] of explains) counts.set(label, list.length);
  const order: number[] = [];
  let left = rows.length;
  while (left > 0 && order.length < labelsMax) {
    const best = bestOf(counts, weightOf);
    if (best === null) break;
    order.push(best);
    for (const at of explains.get(best) ?? []) {
      if (labels[at] !== -1) continue;
      labels[at] = best;
      left -= 1;
      for (const label of rows[at]?.labels ?? []) counts.set(label, (counts.get(label) ?? 1) - 1);
    }
    counts.delete(best);
  }
  return { labels, order };
}

function bestOf(counts: ReadonlyMap<number, number>, weightOf: (label: number) => number): number | null {
  let best: number | null = null;
  let bestScore = 0;
  for (const [label, count] of counts) {
    const score = count * weightOf(label);
    if (score > bestScore || (score === bestScore && score > 0 && best !== null && label < best)) {
      best = label;
      bestScore = score;
    }
  }
  return best;
}
