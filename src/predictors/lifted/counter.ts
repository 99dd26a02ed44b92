/** Which token splits the rows of a part best, by how often each token comes with each label there. */
import { leaf } from "./forest.ts";
import type { Sample, Table } from "./sample-table.ts";
import { families, familyOf } from "./tokens.ts";
import { bitsOf, type Turn, turnOf, turnPrior } from "./turn.ts";

/** How a forest is grown. */
export interface Growing {
  readonly trees: number;
  /** Of the rows, the share that each tree after the first is grown from, chosen at random. */
  readonly share: number;
  /** A split that saves fewer bits, times its prior, is chance: so many, and so many more for each label that its rows have. */
  readonly bits: number;
  readonly labelBits: number;
  /**
   * So many bits more is worth what the action tells of few rows, at most as many as it saves: of thousands of other tokens one tells few rows
   * apart by chance. Where none saves more than the best of so many does by chance, rows are parted by their action: what decides by one may be the
   * opposite by another. 0: the action is as good as anything else.
   */
  readonly actionBits: number;
}

/** Where what follows is certain, few rows are enough. */
export const certain: Growing = { trees: 5, share: 1, bits: 0, labelBits: 0, actionBits: 0 };

/** Bits beyond those that the best of all columns saves by chance. */
const chanceBits = 4;
const fewRowsMax = 256;
/** Rows counted with one call. */
const rowsAtOnce = 500;
/** Fewer rows of one action are not looked at apart. */
const apartMin = 4;

export interface Part {
  readonly from: number;
  readonly to: number;
  readonly node: number;
  readonly depth: number;
}

/** Filled anew with each part. */
interface Scores {
  readonly columns: Int32Array;
  readonly scores: Float64Array;
  readonly size: number;
  /** A lower score is chance. */
  readonly least: number;
  /** The label whose rows hold no longer; null where all do. */
  readonly old: number | null;
  /** Where nothing saves enough: the column of the action that parts the rows most evenly; −1 for none. */
  readonly apart: number;
}

function kept(found: Scores): Scores {
  return { ...found, columns: found.columns.slice(0, found.size), scores: found.scores.slice(0, found.size) };
}

type Split = { readonly column: number } | { readonly dropped: number };

export interface Counter {
  /** Tokens visited by the last call. */
  readonly work: number;
  /** Looks at the rows of a part before it is split, some with each call; true when it has seen all. */
  count(part: Part): boolean;
  /** Of the part that was counted last. Null where nothing is left to split. `dropped`: so many rows, the first now, hold no longer. */
  bestSplit(part: Part, noise: number, random: { next(): number }): Split | null;
  /** Rows without the column first; returns where those with it begin. */
  partition(part: Part, column: number): number;
  /** The rows of a part are those that come first then. */
  shuffle(random: { next(): number }): void;
  writeVotes(part: Part, votes: number[]): number;
}

export function createCounter(
  table: Table,
  meant: readonly number[],
  samples: readonly Sample[],
  { bits, labelBits, actionBits }: Growing,
): Counter {
  const labels = meant.length;
  const keep = meant.indexOf(0);
  const ofAction = samples.length > fewRowsMax ? 0 : actionBits / samples.length;
  const { cells, starts, priors } = table;
  const order = Int32Array.from(samples.keys());
  const spare = new Int32Array(samples.length);
  const labelOf = Int32Array.from(samples, (sample) => sample.label);
  const ages = Float64Array.from(samples, (sample) => sample.at);
  const counts = new Int32Array(table.columns.length * labels);
  const totals = new Int32Array(table.columns.length);
  const touched = new Int32Array(table.columns.length);
  const here = new Int32Array(labels);
  /** The labels that the rows of the part have: deep in a tree, few of many. */
  const present = new Int32Array(labels);
  /** How many rows have it, and n log n of that: most columns have no row of most labels. */
  const presentRows = new Int32Array(labels);
  const presentLogs = new Float64Array(labels);
  const told = new Int32Array(table.columns.length);
  const scores = new Float64Array(table.columns.length);
  let ofAll: Scores | null = null;
  const logs = Float64Array.from({ length: samples.length + 1 }, (_, n) => (n === 0 ? 0 : n * Math.log2(n)));
  const log = (n: number) => logs[n] ?? 0;
  let work = 0;
  let touchedCount = 0;
  let presentCount = 0;
  /** Where counting goes on; −1: with the next part. */
  let countedTo = -1;

  function count({ from, to }: Part): boolean {
    if (to - from === samples.length && ofAll !== null) return true;
    if (countedTo < 0) {
      here.fill(0);
      touchedCount = 0;
      countedTo = from;
    }
    const end = Math.min(to, countedTo + rowsAtOnce);
    countRows(countedTo, end);
    countedTo = end === to ? -1 : end;
    if (end < to) return false;
    notePresent();
    return true;
  }

  function countRows(from: number, to: number): void {
    for (let at = from; at < to; at++) {
      const row = order[at] ?? 0;
      const label = labelOf[row] ?? 0;
      here[label] = (here[label] ?? 0) + 1;
      const end = starts[row + 1] ?? 0;
      for (let cell = starts[row] ?? 0; cell < end; cell++) {
        const column = cells[cell] ?? 0;
        if (totals[column] === 0) touched[touchedCount++] = column;
        totals[column] = (totals[column] ?? 0) + 1;
        const place = column * labels + label;
        counts[place] = (counts[place] ?? 0) + 1;
      }
      work += end - (starts[row] ?? 0);
    }
  }

  function notePresent(): void {
    presentCount = 0;
    for (let label = 0; label < labels; label++) {
      const rows = here[label] ?? 0;
      if (rows === 0) continue;
      presentRows[presentCount] = rows;
      presentLogs[presentCount] = log(rows);
      present[presentCount++] = label;
    }
  }

  function clear(): void {
    for (let at = 0; at < touchedCount; at++) {
      const column = touched[at] ?? 0;
      totals[column] = 0;
      for (let one = 0; one < presentCount; one++) counts[column * labels + (present[one] ?? 0)] = 0;
    }
  }

  /** n times the conditional entropy after the split. */
  function after(column: number, n: number): number {
    const withIt = totals[column] ?? 0;
    let sum = log(withIt) + log(n - withIt);
    const start = column * labels;
    for (let at = 0; at < presentCount; at++) {
      const some = counts[start + (present[at] ?? 0)] ?? 0;
      sum -= some === 0 ? (presentLogs[at] ?? 0) : log(some) + log((presentRows[at] ?? 0) - some);
    }
    return sum;
  }

  /** Bits that the best token saves, times its prior, where only the rows of the two labels are looked at. */
  function bestBetween({ old, now }: Turn): number {
    const [a, b] = [here[old] ?? 0, here[now] ?? 0];
    let best = 0;
    for (let at = 0; at < touchedCount; at++) {
      const column = touched[at] ?? 0;
      const [withA, withB] = [counts[column * labels + old] ?? 0, counts[column * labels + now] ?? 0];
      const left = bitsOf(withA, withB) + bitsOf(a - withA, b - withB);
      best = Math.max(best, (bitsOf(a, b) - left) * (priors[column] ?? 0));
    }
    return best;
  }

  /** What each column that tells rows of the part apart is worth: its gain times its prior. */
  function scoresOf(part: Part): Scores {
    const n = part.to - part.from;
    let before = log(n);
    for (let at = 0; at < presentCount; at++) before -= presentLogs[at] ?? 0;
    let size = 0;
    let most = 0;
    for (let at = 0; before > 1e-9 && at < touchedCount; at++) {
      const column = touched[at] ?? 0;
      if (totals[column] === n) continue;
      const gain = (before - after(column, n)) / n;
      most = Math.max(most, gain);
      if (gain <= 1e-9) continue;
      told[size] = column;
      scores[size++] = gain * (priors[column] ?? 0) + (isOfAction(column) ? Math.min(gain, ofAction) : 0);
    }
    const turn = before > 1e-9 ? turnOf(order.subarray(part.from, part.to), labelOf, ages, here, keep) : null;
    const old = turn !== null && bestBetween(turn) < turn.bits * turnPrior ? turn.old : null;
    const isChance = actionBits > 0 && before > 1e-9 && most * n < chanceBits + Math.log2(touchedCount);
    const apart = isChance ? mostEven(n) : -1;
    clear();
    return { columns: told, scores, size, least: (bits + labelBits * presentCount) / n, old, apart };
  }

  function isOfAction(column: number): boolean {
    return familyOf(table.columns[column] ?? leaf) === families.action;
  }

  /** What happens by one action is another matter than what happens by others: within it, what tells rows apart is seen. */
  function mostEven(n: number): number {
    let [best, fewest] = [-1, apartMin - 1];
    for (let at = 0; at < touchedCount; at++) {
      const column = touched[at] ?? 0;
      if (!isOfAction(column)) continue;
      const fewer = Math.min(totals[column] ?? 0, n - (totals[column] ?? 0));
      if (fewer <= fewest) continue;
      [best, fewest] = [column, fewer];
    }
    return best;
  }

  /** Every tree begins with the same rows. */
  function scoresOfAll(): Scores {
    ofAll ??= kept(scoresOf({ from: 0, to: samples.length, node: 0, depth: 0 }));
    return ofAll;
  }

  /** Puts the rows of the label first; returns how many. */
  function drop({ from, to }: Part, label: number): number {
    const rows = order.slice(from, to);
    const old = rows.filter((row) => labelOf[row] === label);
    order.set(old, from);
    order.set(
      rows.filter((row) => labelOf[row] !== label),
      from + old.length,
    );
    return old.length;
  }

  return {
    get work() {
      const done = work;
      work = 0;
      return done;
    },
    count,
    bestSplit(part, noiseShare, random) {
      const { columns, scores, size, least, old, apart } =
        part.to - part.from === samples.length ? scoresOfAll() : scoresOf(part);
      work += size;
      const dropped = old === null ? 0 : drop(part, old);
      if (dropped > 0) return { dropped };
      if (apart >= 0) return { column: apart };
      let best = -1;
      let bestScore = 0;
      for (let at = 0; at < size; at++) {
        const own = scores[at] ?? 0;
        const score = own * (noiseShare === 0 ? 1 : 1 - noiseShare * random.next());
        if (own < least || score <= bestScore) continue;
        bestScore = score;
        best = columns[at] ?? -1;
      }
      return best < 0 ? null : { column: best };
    },
    shuffle(random) {
      for (let at = order.length - 1; at > 0; at--) {
        const other = Math.floor(random.next() * (at + 1));
        [order[at], order[other]] = [order[other] ?? 0, order[at] ?? 0];
      }
    },
    partition({ from, to }, column) {
      let [left, kept] = [from, 0];
      for (let at = from; at < to; at++) {
        const row = order[at] ?? 0;
        if (cells.subarray(starts[row], starts[row + 1]).includes(column)) spare[kept++] = row;
        else order[left++] = row;
      }
      order.set(spare.subarray(0, kept), left);
      return left;
    },
    writeVotes(part, votes) {
      here.fill(0);
      for (let at = part.from; at < part.to; at++) {
        const label = labelOf[order[at] ?? 0] ?? 0;
        here[label] = (here[label] ?? 0) + 1;
      }
      let written = 0;
      for (let label = 0; label < labels; label++) {
        if ((here[label] ?? 0) === 0) continue;
        votes.push(label, here[label] ?? 0);
        written += 1;
      }
      return written;
    },
  };
}
