/**
 * Grows a forest from rows: entropy trees whose split score is gain × prior of the token's family, each tree after the first with noise on
 * the score, so that the trees differ where the evidence does not decide. `byAction`: where no token saves more bits than chance, rows are
 * parted by their action, for what decides by one may be the opposite by another. The work is sliced: `advance(budget)` visits about `budget`
 * tokens and comes back, so that growing never stalls what runs beside it. Same rows, same seed: same forest, however it was sliced.
 */

import { createRandom } from "../../stats/random.ts";
import { type Forest, leaf } from "./forest.ts";
import { type Sample, tableOf } from "./sample-table.ts";
import { createCounter, type Part } from "./splits.ts";

export interface Growth {
  /** True when done. */
  advance(budget: number): boolean;
  forest(): Forest;
}

export const treesCount = 5;
const noise = 0.5;
const depthMax = 30;

export function growForest(
  samples: readonly Sample[],
  labels: readonly number[],
  seed: number,
  byAction = false,
): Growth {
  const table = tableOf(samples);
  const [nodes, votes, roots]: [number[], number[], number[]] = [[], [], []];
  const counter = createCounter(table, labels, samples, byAction);
  const pending: Node[] = [];
  let random = createRandom(seed);

  function startTree(): void {
    random = createRandom(seed + 7919 * roots.length);
    roots.push(nodes.length);
    pending.push({ from: 0, to: samples.length, node: place(nodes), depth: 0 });
  }

  function growOne(part: Node): number {
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

/** A part of the rows, and the node that is to be made of it. */
interface Node extends Part {
  readonly node: number;
  readonly depth: number;
}

function place(nodes: number[]): number {
  nodes.push(leaf, 0, 0);
  return nodes.length - 3;
}
