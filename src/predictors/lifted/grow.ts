/**
 * Grows a forest from rows: entropy trees whose split score is gain × prior of the token's family, each tree after the first with noise on
 * the score, so that the trees differ where the evidence does not decide. The work is sliced: `advance(budget)` visits about `budget`
 * tokens and comes back, so that growing never stalls what runs beside it. Same rows, same seed: same forest, however it was sliced.
 */

import { createRandom } from "../../stats/random.ts";
import { type Counter, certain, createCounter, type Growing, type Part } from "./counter.ts";
import { type Forest, leaf } from "./forest.ts";
import { type Sample, type Table, tabulate } from "./sample-table.ts";

export interface Growth {
  /** True when done. */
  advance(budget: number): boolean;
  forest(): Forest;
}

const noise = 0.5;
const depthMax = 30;
/** So many tokens are put in the table in the time in which one is visited where splits are looked for. */
const tabulatedPerToken = 4;

export function growForest(
  samples: readonly Sample[],
  labels: readonly number[],
  seed: number,
  growing: Growing = certain,
): Growth {
  const tabulating = tabulate(samples);
  let made: { readonly table: Table; readonly counter: Counter } | null = null;
  const [nodes, votes, roots]: [number[], number[], number[]] = [[], [], []];
  const rows = Math.ceil(growing.share * samples.length);
  const pending: Part[] = [];
  let random = createRandom(seed);

  function makeTable(): number {
    const next = tabulating.next();
    if (next.done !== true) return next.value / tabulatedPerToken;
    const table = next.value;
    made = { table, counter: createCounter(table, labels, samples, growing) };
    return 0;
  }

  function startTree(counter: Counter): void {
    random = createRandom(seed + 7919 * roots.length);
    roots.push(nodes.length);
    const to = roots.length === 1 ? samples.length : rows;
    if (to < samples.length) counter.shuffle(random);
    pending.push({ from: 0, to, node: place(nodes), depth: 0 });
  }

  function growOne(part: Part, { table, counter }: { readonly table: Table; readonly counter: Counter }): number {
    if (part.depth < depthMax && !counter.count(part)) {
      pending.push(part);
      return counter.work;
    }
    const split = part.depth < depthMax ? counter.bestSplit(part, roots.length === 1 ? 0 : noise, random) : null;
    if (split !== null && "dropped" in split) {
      pending.push({ ...part, from: part.from + split.dropped });
      return counter.work;
    }
    if (split === null) {
      nodes[part.node] = leaf;
      nodes[part.node + 1] = votes.length;
      nodes[part.node + 2] = counter.writeVotes(part, votes);
      return part.to - part.from;
    }
    const middle = counter.partition(part, split.column);
    const [without, withIt] = [place(nodes), place(nodes)];
    nodes[part.node] = table.columns[split.column] ?? leaf;
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
        if (made === null) {
          left -= makeTable();
          continue;
        }
        if (pending.length === 0) {
          if (roots.length === growing.trees) return true;
          startTree(made.counter);
        }
        const part = pending.pop();
        if (part !== undefined) left -= growOne(part, made);
      }
      return made !== null && pending.length === 0 && roots.length === growing.trees;
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

function place(nodes: number[]): number {
  nodes.push(leaf, 0, 0);
  return nodes.length - 3;
}
