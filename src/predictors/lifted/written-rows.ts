/** The rows of a trainer as plain JSON, and back: blocks that rows share are written once. */
import type { Forest } from "./forest.ts";
import type { Row } from "./rows.ts";
import type { Strain } from "./strain.ts";
import { type Block, blockOf } from "./tokens.ts";
import type { PathMemory, RestoredPath, Trainer } from "./trainer.ts";
import { numbersText, textNumbers } from "./written.ts";

export interface WrittenRows {
  /** Of this file: rows of another are refused. */
  readonly format: number;
  /** Tokens of the blocks that rows are made of. */
  readonly blocks: readonly string[];
  readonly paths: readonly WrittenPath[];
}

interface WrittenPath {
  readonly key: string;
  readonly fittedAt: number;
  /** Absent in what was written before it was told apart. */
  readonly renewedAt?: number;
  readonly errors: number;
  readonly strain: Strain;
  readonly offered: number;
  readonly seen: readonly [kept: number, changed: number];
  readonly kept: readonly WrittenRow[];
  readonly changed: readonly WrittenRow[];
}

type WrittenRow = readonly [blocks: readonly number[], labels: readonly number[], count: number, at: number];

export function writeRows(trainer: Trainer): WrittenRows {
  const places = new Map<Block, number>();
  const paths = [...trainer.paths.values()].map((path) => writePath(path, places));
  return { format, blocks: [...places.keys()].map(({ tokens }) => numbersText(tokens)), paths };
}

function writePath(
  { key, rows, fittedAt, renewedAt, errors, strain }: PathMemory,
  places: Map<Block, number>,
): WrittenPath {
  const write = (row: Row) => writeRow(row, places);
  return {
    key,
    fittedAt,
    renewedAt,
    errors,
    strain,
    offered: rows.offered,
    seen: [rows.seenKept, rows.seenChanged],
    kept: rows.kept.map(write),
    changed: rows.changed.map(write),
  };
}

function writeRow({ blocks, labels, count, at }: Row, places: Map<Block, number>): WrittenRow {
  const numbers = blocks.map((block) => {
    const place = places.get(block) ?? places.size;
    places.set(block, place);
    return place;
  });
  return [numbers, labels, count, at];
}

const format = 2;

/** Throws where the rows were written in another format. */
export function restoreRows(
  trainer: { restore(path: RestoredPath): void },
  written: WrittenRows,
  forestOf: (key: string) => Forest | null,
): void {
  if (written.format !== format)
    throw new Error(
      `rows of format ${written.format ?? 1}, where format ${format} is read: learn anew with \`driftline reset driftline-learn --to start\``,
    );
  const blocks = written.blocks.map((text) => blockOf(textNumbers(text)));
  const read = ([numbers, labels, count, at]: WrittenRow): Row => ({
    blocks: numbers.flatMap((number) => blocks[number] ?? []),
    labels,
    count,
    at,
  });
  for (const { key, fittedAt, renewedAt = fittedAt, errors, strain, offered, kept, changed, seen } of written.paths)
    trainer.restore({
      key,
      fittedAt,
      renewedAt,
      errors,
      strain,
      offered,
      forest: forestOf(key),
      kept: kept.map(read),
      changed: changed.map(read),
      seen,
    });
}
