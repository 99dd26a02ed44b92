/**
 * A compiled ensemble: flat typed arrays, no objects, no allocation while it is asked. A node is three integers (token, where without it,
 * where with it); a leaf is (−1, start, count) into the votes. The answer is the mean of the leaves' smoothed label shares.
 */
import { type Places, placeOf, type TokenSet } from "./tokens.ts";

export interface Forest {
  /** Three integers a node. */
  readonly nodes: Int32Array;
  /** The root of each tree. */
  readonly roots: Int32Array;
  /** Label index and count, two integers a vote. */
  readonly votes: Int32Array;
  /** The labels (edit expressions) by index. */
  readonly labels: readonly number[];
  /** Rows it was grown from. */
  readonly support: number;
}

/** A choice of which nothing was learnt. */
export const emptyForest: Forest = {
  nodes: new Int32Array(),
  roots: new Int32Array(),
  votes: new Int32Array(),
  labels: [],
  support: 0,
};

/** Smoothing of a leaf: a label never seen there keeps this many votes. */
const smoothing = 0.02;

/** Fills `shares` (one a label) and returns the index of the greatest. `sets`: the tokens that hold, in one set or by place. */
export function vote(forest: Forest, sets: readonly TokenSet[], shares: Float64Array): number {
  const { nodes, roots, votes, labels } = forest;
  const count = labels.length;
  shares.fill(0, 0, count);
  let smoothed = 0;
  for (let tree = 0; tree < roots.length; tree++) {
    let node = roots[tree] ?? 0;
    let token = nodes[node] ?? leaf;
    while (token !== leaf) {
      node = (has(sets, token) ? nodes[node + 2] : nodes[node + 1]) ?? 0;
      token = nodes[node] ?? leaf;
    }
    const start = nodes[node + 1] ?? 0;
    const end = start + 2 * (nodes[node + 2] ?? 0);
    let total = smoothing * count;
    for (let at = start; at < end; at += 2) total += votes[at + 1] ?? 0;
    smoothed += smoothing / total;
    for (let at = start; at < end; at += 2) {
      const label = votes[at] ?? 0;
      shares[label] = (shares[label] ?? 0) + (votes[at + 1] ?? 0) / total;
    }
  }
  let best = 0;
  for (let at = 0; at < count; at++) {
    shares[at] = ((shares[at] ?? 0) + smoothed) / roots.length;
    if ((shares[at] ?? 0) > (shares[best] ?? 0)) best = at;
  }
  return best;
}

/** The index of the greatest of the first shares; of equal ones the first. */
export function greatest(shares: Float64Array, count: number): number {
  let best = 0;
  for (let at = 1; at < count; at++) if ((shares[at] ?? 0) > (shares[best] ?? 0)) best = at;
  return best;
}

/** The places of all tokens that the trees may ask for. */
export function placesAsked({ nodes }: Forest): Places {
  let asked: Places = 0;
  for (let at = 0; at < nodes.length; at += 3) {
    const token = nodes[at] ?? leaf;
    if (token !== leaf) asked |= 1 << placeOf(token);
  }
  return asked;
}

/** The way to a label. */
export interface Trace {
  /** In the order in which it was asked. */
  readonly asked: readonly { readonly token: number; readonly present: boolean }[];
  /** Rows at its end that speak for the label. */
  readonly votes: number;
}

/** For explanations: through the tree that is surest of the label, of equals the first. Others may have been of another mind. */
export function trace(forest: Forest, sets: readonly TokenSet[], label: number): Trace {
  let best: Trace = { asked: [], votes: 0 };
  let most = -1;
  for (const root of forest.roots) {
    const { asked, votes, share } = traceFrom(root, forest, sets, label);
    if (share <= most) continue;
    best = { asked, votes };
    most = share;
  }
  return best;
}

function traceFrom(root: number, { nodes, votes }: Forest, sets: readonly TokenSet[], label: number) {
  const asked: { token: number; present: boolean }[] = [];
  let node = root;
  for (let token = nodes[node] ?? leaf; token !== leaf; token = nodes[node] ?? leaf) {
    const present = has(sets, token);
    asked.push({ token, present });
    node = (present ? nodes[node + 2] : nodes[node + 1]) ?? 0;
  }
  let [all, own] = [0, 0];
  const [start, length] = [nodes[node + 1] ?? 0, nodes[node + 2] ?? 0];
  for (let at = start; at < start + 2 * length; at += 2) {
    const count = votes[at + 1] ?? 0;
    all += count;
    if (votes[at] === label) own = count;
  }
  return { asked, votes: own, share: all === 0 ? 0 : own / all };
}

/** Rows in the leaf of the first tree: how many truths the answer rests on. */
export function leafSupport(forest: Forest, sets: readonly TokenSet[]): number {
  let node = forest.roots[0] ?? 0;
  for (let token = forest.nodes[node] ?? leaf; token !== leaf; token = forest.nodes[node] ?? leaf) {
    node = (has(sets, token) ? forest.nodes[node + 2] : forest.nodes[node + 1]) ?? 0;
  }
  let total = 0;
  const [start, length] = [forest.nodes[node + 1] ?? 0, forest.nodes[node + 2] ?? 0];
  for (let at = start; at < start + 2 * length; at += 2) total += forest.votes[at + 1] ?? 0;
  return total;
}

/** Marks a leaf. No token has it: its low four bits name no family. */
export const leaf = -1;

/** Of the tokens that hold, in one set or by place. */
export function has(sets: readonly TokenSet[], token: number): boolean {
  return sets[sets.length === 1 ? 0 : placeOf(token)]?.has(token) === true;
}
