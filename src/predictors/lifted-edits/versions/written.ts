/** What published versions and snapshots have in common on paper: lore and models. Plain JSON; typed arrays as base64. */
import { readForest, type WrittenForest, writeForest } from "../../lifted/written.ts";
import type { EntryKeys } from "../expressions/entry-keys.ts";
import { parseExpression, type Source, textOf } from "../expressions/expression.ts";
import { emptyLore, type LoreDraft } from "../learning/lore.ts";
import type { RowModel } from "../rules/row-model.ts";
import { createKinds } from "../situation/kinds.ts";
import type { Lore } from "../situation/scene.ts";
import type { Path, Paths, PathText } from "../state/paths.ts";

export interface WrittenLore {
  readonly vocabulary: readonly string[];
  readonly mutable: WrittenSets;
  readonly appearing: WrittenSets;
  readonly types: readonly (readonly [string, PathText])[];
  readonly leaving: WrittenSets;
  readonly anchors: WrittenSets;
  readonly walked: readonly string[];
  readonly parts: readonly (readonly [string, string])[];
  /** Absent in versions from before there were any. */
  readonly marks?: WrittenSets;
  readonly kinds?: readonly (readonly [collection: string, byField: readonly (readonly [string, string])[]])[];
  readonly strides?: WrittenCounts;
  readonly headings?: WrittenCounts;
  readonly comers?: readonly (readonly [name: string, times: number])[];
  readonly keys?: readonly (readonly [argument: string, collection: string, PathText])[];
  readonly entries?: readonly (readonly [
    collection: string,
    lifted: string,
    map: PathText,
    sources: readonly Source[],
  ])[];
  /** The paths that `appearing` and `marks` speak of. */
  readonly paths: readonly PathText[];
}

type WrittenCounts = readonly (readonly [string, readonly number[]])[];
type WrittenSets = readonly (readonly [string, readonly string[]])[];

export function writeLore(lore: Lore, paths: Paths): WrittenLore {
  const sets = (map: ReadonlyMap<string, ReadonlySet<string>>): WrittenSets =>
    [...map].map(([key, set]) => [key, [...set]]);
  const texts = new Set([...lore.appearing.values(), ...lore.marks.values()].flatMap((set) => [...set]));
  return {
    vocabulary: [...lore.vocabulary],
    mutable: sets(lore.mutable),
    appearing: sets(lore.appearing),
    types: [...lore.types].map(([key, path]) => [key, paths.write(path)]),
    kinds: [...lore.kinds].map(([collection, { byField }]) => [collection, [...byField]]),
    leaving: sets(lore.leaving),
    anchors: sets(lore.anchors),
    walked: [...lore.walked],
    parts: [...lore.parts],
    marks: sets(lore.marks),
    strides: [...lore.strides],
    headings: [...lore.headings],
    comers: [...lore.comers],
    keys: [...lore.keys].flatMap(([argument, keys]) =>
      keys.map(({ collection, path }) => [argument, collection, paths.write(path)] as const),
    ),
    entries: [...lore.entries].flatMap(([collection, own]) =>
      [...own].map(([lifted, { map, sources }]) => [collection, lifted, paths.write(map), sources] as const),
    ),
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
  for (const [collection, byField] of written.kinds ?? []) lore.kinds.set(collection, createKinds(byField));
  for (const [key, set] of written.leaving) lore.leaving.set(key, new Set(set));
  for (const [key, set] of written.anchors) lore.anchors.set(key, new Set(set));
  for (const one of written.walked) lore.walked.add(one);
  for (const [part, whole] of written.parts) lore.parts.set(part, whole);
  for (const [key, set] of written.marks ?? []) lore.marks.set(key, new Set(set));
  for (const [kind, counts] of written.strides ?? []) lore.strides.set(kind, counts);
  for (const [name, times] of written.comers ?? []) lore.comers.set(name, times);
  for (const [key, counts] of written.headings ?? []) lore.headings.set(key, counts);
  for (const [argument, collection, path] of written.keys ?? [])
    lore.keys.set(argument, [...(lore.keys.get(argument) ?? []), { collection, path: paths.read(path) }]);
  for (const [collection, lifted, map, sources] of written.entries ?? []) {
    const own = lore.entries.get(collection) ?? new Map<string, EntryKeys>();
    lore.entries.set(collection, own.set(lifted, { map: paths.read(map), sources }));
  }
  return lore;
}

export interface WrittenModel extends WrittenForest {
  readonly key: string;
  readonly expressions: readonly string[];
}

export function writeModel({ key, forest, expressions }: RowModel): WrittenModel {
  return { key, expressions: expressions.map(textOf), ...writeForest(forest) };
}

/** Throws where the forest points outside itself: a vote must end. */
export function readModel(written: WrittenModel): RowModel {
  const forest = readForest(written);
  if (written.expressions.length !== forest.labels.length)
    throw new Error("a model with other expressions than labels");
  return { key: written.key, forest, expressions: written.expressions.map(parseExpression) };
}
