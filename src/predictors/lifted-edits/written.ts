/** What published versions and snapshots have in common on paper: lore, forests, tallies. Plain JSON; typed arrays as base64. */
import type { Json } from "../../json/json.ts";
import type { Confidence } from "../lifted/confidence.ts";
import type { Forest } from "../lifted/forest.ts";
import { parseExpression, textOf } from "./expression.ts";
import { emptyLore, type LoreDraft } from "./lore.ts";
import type { Path, Paths, PathText } from "./paths.ts";
import type { RowModel } from "./row-model.ts";
import type { Lore } from "./scene.ts";

export interface WrittenLore {
  readonly vocabulary: readonly string[];
  readonly mutable: WrittenSets;
  readonly appearing: WrittenSets;
  readonly types: readonly (readonly [string, PathText])[];
  readonly leaving: WrittenSets;
  readonly anchors: WrittenSets;
  readonly walked: readonly string[];
  readonly parts: readonly (readonly [string, string])[];
  /** The paths that `appearing` speaks of. */
  readonly paths: readonly PathText[];
}

type WrittenSets = readonly (readonly [string, readonly string[]])[];

export function writeLore(lore: Lore, paths: Paths): WrittenLore {
  const sets = (map: ReadonlyMap<string, ReadonlySet<string>>): WrittenSets =>
    [...map].map(([key, set]) => [key, [...set]]);
  const texts = new Set([...lore.appearing.values()].flatMap((set) => [...set]));
  return {
    vocabulary: [...lore.vocabulary],
    mutable: sets(lore.mutable),
    appearing: sets(lore.appearing),
    types: [...lore.types].map(([key, path]) => [key, paths.write(path)]),
    leaving: sets(lore.leaving),
    anchors: sets(lore.anchors),
    walked: [...lore.walked],
    parts: [...lore.parts],
    paths: [...texts].flatMap((text) => writtenPath(paths.find(text), paths)),
  };
}

function writtenPath(path: Path | null, paths: Paths): readonly PathText[] {
  return path === null ? [] : [paths.write(path)];
}

export function readLore(written: WrittenLore, paths: Paths): LoreDraft {
  const lore = emptyLore();
  for (const path of written.paths) paths.read(path);
  for (const word of written.vocabulary) lore.vocabulary.add(word);
  for (const [key, set] of written.mutable) lore.mutable.set(key, new Set(set));
  for (const [key, set] of written.appearing) lore.appearing.set(key, new Set(set));
  for (const [key, path] of written.types) lore.types.set(key, paths.read(path));
  for (const [key, set] of written.leaving) lore.leaving.set(key, new Set(set));
  for (const [key, set] of written.anchors) lore.anchors.set(key, new Set(set));
  for (const one of written.walked) lore.walked.add(one);
  for (const [part, whole] of written.parts) lore.parts.set(part, whole);
  return lore;
}

export interface WrittenModel {
  readonly key: string;
  readonly expressions: readonly string[];
  readonly nodes: string;
  readonly roots: string;
  readonly votes: string;
  readonly labels: readonly number[];
  readonly support: number;
}

export function writeModel({ key, forest, expressions }: RowModel): WrittenModel {
  return {
    key,
    expressions: expressions.map(textOf),
    nodes: numbersText(forest.nodes),
    roots: numbersText(forest.roots),
    votes: numbersText(forest.votes),
    labels: forest.labels,
    support: forest.support,
  };
}

/** Throws where the forest points outside itself: a vote must end. */
export function readModel(written: WrittenModel): RowModel {
  const forest: Forest = {
    nodes: textNumbers(written.nodes),
    roots: textNumbers(written.roots),
    votes: textNumbers(written.votes),
    labels: written.labels,
    support: written.support,
  };
  checkForest(forest);
  if (written.expressions.length !== forest.labels.length)
    throw new Error("a model with other expressions than labels");
  return { key: written.key, forest, expressions: written.expressions.map(parseExpression) };
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

export type { Json };

/** The confidence as it is: what a version predicts with. */
export interface WrittenConfidence {
  readonly weights: readonly number[];
  readonly counts: readonly number[];
  readonly overall: readonly [hits: number, tries: number];
  readonly records: readonly (readonly [kind: number, hits: number, tries: number, seen: number])[];
}

export function writeConfidence({ weights, calibration, overall, records }: Confidence): WrittenConfidence {
  return {
    weights: [...weights],
    counts: [...calibration.counts],
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
