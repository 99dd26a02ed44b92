/**
 * Grows a forest from rows: entropy trees whose split score is gain × prior of the token's family, each tree after the first with noise on
 * the score, so that the trees differ where the evidence does not decide. The work is sliced: `advance(budget)` visits about `budget`
 * tokens and comes back, so that growing never stalls what runs beside it. Same rows, same seed: same forest, however it was sliced.
 */

import { createRandom } from "../../stats/random.ts";
import { type Forest, leaf } from "./forest.ts";
import { type Block, priorOf } from "./tokens.ts";
import { turnOf } from "./turn.ts";

export interface Growth {
  /** True when done. */
  advance(budget: number): boolean;
  forest(): Forest;
}

/** Samples come in the order of their age, oldest first. */
export interface Sample {
  readonly blocks: readonly Block[];
  /** Index into `labels`. */
  readonly label: number;
}

export const treesCount = 5;
const noise = 0.5;
const depthMax = 30;

export function growForest(samples: readonly Sample[], labels: readonly number[], seed: number): Growth {
  const table = tableOf(samples);
  const [nodes, votes, roots]: [number[], number[], number[]] = [[], [], []];
  const counter = createCounter(table, labels, samples);
  const pending: Part[] = [];
  let random = createRandom(seed);

  function startTree(): void {
    random = createRandom(seed + 7919 * roots.length);
    roots.push(nodes.length);
    pending.push({ from: 0, to: samples.length, node: place(nodes), depth: 0 });
  }

  function growOne(part: Part): number {
    const split = part.depth < depthMax ? counter.bestSplit(part, roots.length === 1 ? 0 : noise, random) : null;
    if (split !== null && split < 0) {
      pending.push({ ...part, from: part.to + split });
      return counter.work;
    }
    if (split === null) {
      nodes[part.node] = leaf;
      nodes[part.node + 1] = votes.length;
      nodes[part.node + 2] = counter.writeVotes(part, votes);
      return part.to - part.from;
    }
    const middle = counter.partition(part, split);
    const [without, withIt] = [place(nodes), place(nodes)];
    nodes[part.node] = table.columns[split] ?? leaf;
    nodes[part.node + 1] = without;
    nodes[part.node + 2] = withIt;
    pending.push({ from: middle, to: part.to, node: withIt, depth: part.depth + 1 });
    pending.push({ from: part.from, to: middle, node: without, depth: part.depth + 1 });
    return counter.work;
  }

  return {
    advance(budget) {
      let left = budget;
      while (left > 0) {
        if (pending.length === 0) {
          if (roots.length === treesCount) return true;
          startTree();
        }
        const part = pending.pop();
        if (part !== undefined) left -= growOne(part);
      }
      return pending.length === 0 && roots.length === treesCount;
    },
    forest: () => ({
      nodes: Int32Array.from(nodes),
      roots: Int32Array.from(roots),
      votes: Int32Array.from(votes),
      labels,
      support: samples.length,
    }),
  };
}

interface Part {
  readonly from: number;
  readonly to: number;
  readonly node: number;
  readonly depth: number;
}

function place(nodes: number[]): number {
  nodes.push(leaf, 0, 0);
  return nodes.length - 3;
}

interface Table {
  /** Token by column; tokens that every row has are left out. */
  readonly columns: Int32Array;
  readonly priors: Float64Array;
  /** Columns of all rows, one row behind the other. */
  readonly cells: Int32Array;
  readonly starts: Int32Array;
}

function tableOf(samples: readonly Sample[]): Table {
  const columnOf = columnsOf(samples);
  const columns = Int32Array.from(columnOf.keys());
  let all = 0;
  for (const { blocks } of samples) for (const { tokens } of blocks) all += tokens.length;
  const cells = new Int32Array(all);
  const starts = new Int32Array(samples.length + 1);
  const known = new Map<Block, Int32Array>();
  let end = 0;
  for (const [at, { blocks }] of samples.entries()) {
    for (const block of blocks) {
      const own = known.get(block) ?? cellsOf(block, columnOf);
      known.set(block, own);
      cells.set(own, end);
      end += own.length;
    }
    starts[at + 1] = end;
  }
  return { columns, priors: Float64Array.from(columns, priorOf), cells: cells.slice(0, end), starts };
}

/** Columns for tokens that some rows have and others not. */
function columnsOf(samples: readonly Sample[]): ReadonlyMap<number, number> {
  const uses = new Map<Block, number>();
  for (const { blocks } of samples) for (const block of blocks) uses.set(block, (uses.get(block) ?? 0) + 1);
  const counts = new Map<number, number>();
  for (const [{ tokens }, rows] of uses) {
    for (let at = 0; at < tokens.length; at++) {
      const token = tokens[at] ?? 0;
      counts.set(token, (counts.get(token) ?? 0) + rows);
    }
  }
  const columnOf = new Map<number, number>();
  for (const [token, count] of counts) if (count < samples.length) columnOf.set(token, columnOf.size);
  return columnOf;
}

function cellsOf({ tokens }: Block, columnOf: ReadonlyMap<number, number>): Int32Array {
  const cells = new Int32Array(tokens.length);
  let end = 0;
  for (let at = 0; at < tokens.length; at++) {
    const column = columnOf.get(tokens[at] ?? 0);
    if (column !== undefined) cells[end++] = column;
  }
  return cells.slice(0, end);
}

interface Counter {
  /** Tokens visited by the last call. */
  readonly work: number;
  /** The column; below zero: so many of the newest rows alone hold (a turn); null where nothing is left to split. */
  bestSplit(part: Part, noise: number, random: { next(): number }): number | null;
  /** Rows without the column first; returns where those with it begin. */
  partition(part: Part, column: number): number;
  writeVotes(part: Part, votes: number[]): number;
}

function createCounter(table: Table, meant: readonly number[], samples: readonly Sample[]): Counter {
  const labels = meant.length;
  const keep = meant.indexOf(0);
  const { cells, starts, priors } = table;
  const order = Int32Array.from(samples.keys());
  const spare = new Int32Array(samples.length);
  const labelOf = Int32Array.from(samples, (sample) => sample.label);
  const counts = new Int32Array(table.columns.length * labels);
  const totals = new Int32Array(table.columns.length);
  const touched = new Int32Array(table.columns.length);
  const here = new Int32Array(labels);
  /** The labels that the rows of the part have: deep in a tree, few of many. */
  const present = new Int32Array(labels);
  const logs = Float64Array.from({ length: samples.length + 1 }, (_, n) => (n === 0 ? 0 : n * Math.log2(n)));
  const log = (n: number) => logs[n] ?? 0;
  let work = 0;
  let touchedCount = 0;
  let presentCount = 0;

  function count({ from, to }: Part): void {
    here.fill(0);
    touchedCount = 0;
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
    presentCount = 0;
    for (let label = 0; label < labels; label++) if ((here[label] ?? 0) > 0) present[presentCount++] = label;
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
      const label = present[at] ?? 0;
      const all = here[label] ?? 0;
      const some = counts[start + label] ?? 0;
      sum -= log(some) + log(all - some);
    }
    return sum;
  }

  return {
    get work() {
      const done = work;
      work = 0;
      return done;
    },
    bestSplit(part, noiseShare, random) {
      count(part);
      const n = part.to - part.from;
      let before = log(n);
      for (let label = 0; label < labels; label++) before -= log(here[label] ?? 0);
      let best: number | null = null;
      let bestScore = 0;
      let bestPlain = 0;
      for (let at = 0; before > 1e-9 && at < touchedCount; at++) {
        const column = touched[at] ?? 0;
        if (totals[column] === n) continue;
        const gain = (before - after(column, n)) / n;
        if (gain <= 1e-9) continue;
        const plain = gain * (priors[column] ?? 0);
        if (plain > bestPlain) bestPlain = plain;
        const score = plain * (noiseShare === 0 ? 1 : 1 - noiseShare * random.next());
        if (score > bestScore) {
          bestScore = score;
          best = column;
        }
      }
      clear();
      const turned = before > 1e-9 ? turnOf((back) => labelOf[order[part.to - back] ?? 0] ?? 0, here, keep, bestPlain) : 0;
      return turned > 0 ? -turned : best;
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
