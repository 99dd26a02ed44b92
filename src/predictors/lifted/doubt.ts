/**
 * How many trees a forest has, and how they differ: each tree after the first weighs what every token is worth by a factor of its own. The
 * factor hangs on the token and the tree alone. So trees differ where the evidence does not decide, but a forest is the same however its rows are
 * ordered, and what was learnt of one part of the rows is learnt in the same way again when rows of another part have come.
 */
import { mix } from "./hash.ts";

/** A tree halves a token's score at most. */
const doubtMax = 0.5;
const treesMin = 5;
const treesMax = 11;
/** Rows of all trees together, where that is more than the least number of trees has. */
const treeRows = 1_000;

/** Few rows leave much to chance, and trees of few rows cost little: more of them are asked. */
export function treesOf(rows: number): number {
  return Math.max(treesMin, Math.min(treesMax, Math.floor(treeRows / Math.max(1, rows))));
}

/** By column: the factor, in (0.5, 1]. All are 1 for the first tree (0). */
export function trustsOf(columns: Int32Array, seed: number, tree: number): Float64Array {
  const own = mix(seed, tree);
  return Float64Array.from(columns, (token) =>
    tree === 0 ? 1 : 1 - doubtMax * ((mix(token, own) >>> 0) / 4_294_967_296),
  );
}
