/** What published versions and snapshots of learners have in common on paper: forests, confidence. Plain JSON; typed arrays as base64. */
import type { Calibration } from "./calibration.ts";
import { type Confidence, calibrationOf } from "./confidence.ts";
import type { Forest } from "./forest.ts";

export interface WrittenForest {
  readonly nodes: string;
  readonly roots: string;
  readonly votes: string;
  readonly labels: readonly number[];
  readonly support: number;
}

export function writeForest(forest: Forest): WrittenForest {
  return {
    nodes: numbersText(forest.nodes),
    roots: numbersText(forest.roots),
    votes: numbersText(forest.votes),
    labels: forest.labels,
    support: forest.support,
  };
}

/** Throws where the forest points outside itself: a vote must end. */
export function readForest(written: WrittenForest): Forest {
  const forest: Forest = {
    nodes: textNumbers(written.nodes),
    roots: textNumbers(written.roots),
    votes: textNumbers(written.votes),
    labels: written.labels,
    support: written.support,
  };
  checkForest(forest);
  return forest;
}

function checkForest({ nodes, roots, votes, labels }: Forest): void {
  for (const root of roots) if (root < 0 || root >= nodes.length) throw new Error("a root outside the forest");
  for (let at = 0; at < nodes.length; at += 3) {
    const [token, a, b] = [nodes[at] ?? 0, nodes[at + 1] ?? 0, nodes[at + 2] ?? 0];
    const fine =
      token === -1
        ? a >= 0 && b >= 0 && a + 2 * b <= votes.length
        : a > at && b > at && a < nodes.length && b < nodes.length;
    if (!fine) throw new Error("a node that leads nowhere");
  }
  for (let at = 0; at < votes.length; at += 2)
    if ((votes[at] ?? 0) < 0 || (votes[at] ?? 0) >= labels.length) throw new Error("a vote for no label");
}

export function numbersText(numbers: Int32Array): string {
  return Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength).toString("base64");
}

export function textNumbers(text: string): Int32Array {
  const bytes = Buffer.from(text, "base64");
  const copy = new Uint8Array(bytes);
  return new Int32Array(copy.buffer, 0, copy.length >> 2);
}

/** The confidence: what a version predicts with, by the settled calibration where there is one. */
export interface WrittenConfidence {
  readonly weights: readonly number[];
  readonly counts: readonly number[];
  readonly overall: readonly [hits: number, tries: number];
  readonly records: readonly (readonly [kind: number, hits: number, tries: number, seen: number])[];
}

export function writeConfidence(
  confidence: Confidence,
  { counts }: Calibration = calibrationOf(confidence),
): WrittenConfidence {
  const { weights, overall, records } = confidence;
  return {
    weights: [...weights],
    counts: [...counts],
    overall: [overall.hits, overall.tries],
    records: [...records.entries()].map(([kind, { hits, tries, seen }]) => [kind, hits, tries, seen]),
  };
}

/** Fills a new confidence. */
export function readConfidence(confidence: Confidence, written: WrittenConfidence): void {
  confidence.weights.set(written.weights);
  confidence.calibration.counts.set(written.counts);
  [confidence.overall.hits, confidence.overall.tries] = written.overall;
  for (const [kind, hits, tries, seen] of written.records) confidence.records.restore(kind, { hits, tries, seen });
}
